import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The life of a trouble ticket, by the JDK's own client at its defaults, so with an offer of HTTP/2 in its requests.
 * Run by `java Tickets.java COLLECTION`; prints each method with the answer's status.
 */
class Tickets {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String collection = arguments[0];
        String ticket = collection + "/" + identifier(send("POST", collection, ticket("short")));
        send("GET", ticket, null);
        send("PATCH", ticket, "{\"severity\": \"high\"}");
        String read = send("GET", ticket, null);
        if (!read.contains("\"severity\":\"high\"")) {
            throw new AssertionError(read);
        }
        send("DELETE", ticket, null);
        send("GET", ticket, null);
        send("DELETE", collection + "/" + identifier(send("POST", collection, ticket("x".repeat(1_000_000)))), null);
    }

    private static String ticket(String description) {
        return "{\"name\": \"n\", \"severity\": \"low\", \"ticketType\": \"t\", \"description\": \"" + description + "\"}";
    }

    private static String identifier(String ticket) {
        Matcher matcher = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(ticket);
        if (!matcher.find()) {
            throw new AssertionError(ticket);
        }
        return matcher.group(1);
    }

    private static String send(String method, String address, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            String media = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
            request.header("Content-Type", media).method(method, BodyPublishers.ofString(body));
        }
        HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
        System.out.println(method + " " + answer.statusCode());
        return answer.body();
    }
}
