"""Servers that choose by other conditions than they are asked for."""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from tests.ctk.mutants.proxy import Answer, Answering, Ask, Asking, Mutant, Proxy, on

_OWN = ("fields", "offset", "limit", "sort", "filter")
_TEXTS = ("name", "description")
_ROWS = {"apis": ("TMF621-v5",), "resources": ("troubleTicket",)}
_TYPED = {"apis": ("TMF666-v5",), "resources": ("billingCycleSpecification",)}
_LANGUAGE = {"apis": ("TMF621-v5",), "resources": ("language alone",)}
_NUMBERS = {"apis": ("TMF666-v5",), "resources": ("language alone",)}
_MONEY = {"apis": ("TMF620-v4",), "resources": ("language alone",)}
_ARRAYS = {"apis": ("TMF621-v5",), "resources": ("troubleTicket",)}

Parts = list[str]


def query(change: Callable[[Parts], Parts]) -> Asking:
    """Lists are asked with other pairs."""

    def asking(ask: Ask, proxy: Proxy) -> None:
        if ask.verb == "list" and ask.query:
            ask.query = "&".join(change(ask.query.split("&")))

    return asking


def each(change: Callable[[str, str], str]) -> Asking:
    """Each condition is another one: `change` takes its name and value as they are sent; empty drops it."""

    def changed(part: str) -> str:
        name, _, value = part.partition("=")
        return part if name in _OWN else change(name, value)

    return query(lambda parts: [new for part in parts if (new := changed(part))])


def value(change: Callable[[str], str]) -> Asking:
    """Each condition has another value."""
    return each(lambda name, old: f"{name}={change(old)}")


def spelt(found: str, instead: str) -> Asking:
    """Each condition is spelt in another way, where a pattern is found in it."""
    return query(lambda parts: [p if p.partition("=")[0] in _OWN else re.sub(found, instead, p) for p in parts])


def passed_over(found: str) -> Asking:
    """Conditions in which a pattern is found count for nothing."""
    return query(lambda parts: [part for part in parts if not re.search(found, part)])


def path(found: str, instead: str) -> Asking:
    """Each JSONPath is another one, where a pattern is found in it."""

    def changed(part: str) -> str:
        name, _, text = part.partition("=")
        return f"filter={quote(re.sub(found, instead, unquote(text)), safe='')}" if name == "filter" else part

    return query(lambda parts: [changed(part) for part in parts])


def answered(found: str, status: int, content: object = None, was: int = 0) -> Answering:
    """Lists whose query has a pattern in it are answered in another way, where they were answered with `was`."""

    def change(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if re.search(found, ask.query) and was in (0, answer.status):
            answer.status, answer.json = status, content

    return on("list")(change)


def _nobody(ask: Ask, proxy: Proxy) -> None:
    if ask.verb == "list" and ask.query:
        ask.query = "id=nobody"


def _missing(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.json == [] and any(name not in _OWN for name, _ in ask.pairs):
        answer.status, answer.json = 404, {"code": "404", "reason": "nothing found"}


def _everything(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    answer.headers["x-total-count"] = proxy.send(Ask("GET", ask.path, "", ask.headers, b"")).headers["x-total-count"]


def _neighbours(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A resource beside those that fit."""
    if isinstance(answer.json, list) and answer.json and ask.query:
        answer.json = [*answer.json, {"id": "another", "href": "https://another.example/1", "@type": "Another"}]


def _ranged(name: str, old: str) -> str:
    """Every text that begins so."""
    return f"{name}.gte={old}&{name}.lt={old}~~" if name in _TEXTS else f"{name}={old}"


def _caseless(name: str, old: str) -> str:
    if name not in _TEXTS:
        return f"{name}={old}"
    escaped = re.sub(r"([.^$*+?()|{}\[\]\\])", r"\\\1", unquote(old))
    return f"{name}.regex={quote(f'(?i)^{escaped}$', safe='')}"


def _once(parts: Parts) -> Parts:
    """The first of each name alone."""
    return list({part.partition("=")[0]: part for part in reversed(parts)}.values())[::-1]


def _last(parts: Parts) -> Parts:
    """The last of each name alone."""
    return list({part.partition("=")[0]: part for part in parts}.values())


def _shown(parts: Parts) -> Parts:
    """Conditions on what is shown."""
    chosen = next((part.partition("=")[2].split(",") for part in parts if part.startswith("fields=")), None)
    return [p for p in parts if chosen is None or (n := p.partition("=")[0]) in _OWN or n in chosen]


def _first_element(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """Of each array the first element alone is looked at."""

    def at(node: object, steps: Parts) -> object:
        node = node[0] if isinstance(node, list) and node else node
        return at(node.get(steps[0]), steps[1:]) if steps and isinstance(node, dict) else node

    asked = [(name, text) for name, text in ask.pairs if "." in name and "[" not in name]
    if isinstance(answer.json, list) and asked:
        kept = [one for one in answer.json if all(at(one, name.split(".")) == text for name, text in asked)]
        answer.json = kept


def _one_element(parts: Parts) -> Parts:
    """Two conditions on one array are of one element."""
    split = [re.fullmatch(r"(\w+)\.(\w+)=(.*)", part) for part in parts]
    if len(parts) == 2 and split[0] and split[1] and split[0][1] == split[1][1]:
        return [f"{split[0][1]}[{split[0][2]}={split[0][3]}].{split[1][2]}={split[1][3]}"]
    return parts


def _in_two(name: str, old: str) -> str:
    """Brackets are two conditions."""
    found = re.fullmatch(r"(\w+)\[(\w+=[^\]]*)\]\.(\w+)", unquote(f"{name}={old}").rpartition("=")[0])
    return f"{found[1]}.{found[2]}&{found[1]}.{found[3]}={old.rpartition('=')[2]}" if found else f"{name}={old}"


def _bracketed(parts: Parts) -> Parts:
    return [_in_two(*part.rpartition("=")[::2]) for part in parts]


def _nameless(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status == 400:
        answer.json = {"code": "400", "reason": "Bad Request", "message": "The query is wrong."}


MUTANTS = (
    Mutant("finds nothing by conditions", ("FLT-01",), ask=_nobody, **_ROWS),
    Mutant("passes over every condition", ("FLT-03", "FLT-05", "FLT-06"), ask=each(lambda *_: ""), **_ROWS),
    Mutant("finds others, too", ("FLT-02", "FLT-05"), answer=on("list")(_neighbours), **_ROWS),
    Mutant("answers 404 where nothing is found", ("FLT-03",), answer=on("list")(_missing), **_ROWS),
    Mutant("counts what no condition has left out", ("FLT-04",), answer=on("list")(_everything), **_ROWS),
    Mutant("looks at the first condition alone", ("FLT-05", "FLT-26"), ask=query(lambda parts: parts[:1]), **_ROWS),
    Mutant("looks at the last condition alone", ("FLT-26",), ask=query(lambda parts: parts[-1:]), **_LANGUAGE),
    Mutant("takes & for OR", ("FLT-05", "FLT-26"), ask=query(lambda parts: [";".join(parts)]), **_ROWS),
    Mutant("passes over .ne", ("FLT-06",), ask=passed_over(r"\.ne="), **_ROWS),
    Mutant("turns .ne round", ("FLT-06",), ask=spelt(r"\.ne=", "="), **_ROWS),
    Mutant("takes .lt for .lte", ("FLT-07",), ask=spelt(r"\.lt=", ".lte="), **_ROWS),
    Mutant("takes .gte for .gt", ("FLT-07",), ask=spelt(r"\.gte=", ".gt="), **_ROWS),
    Mutant("takes .gt for .gte", ("FLT-08",), ask=spelt(r"\.gt=", ".gte="), **_ROWS),
    Mutant("takes .lte for .lt", ("FLT-08",), ask=spelt(r"\.lte=", ".lt="), **_ROWS),
    Mutant("passes over .regex", ("FLT-09", "FLT-40", "FLT-41"), ask=passed_over(r"\.regex="), **_ROWS),
    Mutant("has no place for patterns", ("FLT-09",), answer=answered(r"\.regex=", 400), **_ROWS),
    Mutant("passes over JSONPaths", ("FLT-10", "FLT-60", "FLT-66", "FLT-69"), ask=passed_over("^filter="), **_ROWS),
    Mutant("refuses JSONPaths", ("FLT-10", "FLT-63", "FLT-67"), answer=answered(r"filter=", 400), **_ROWS),
    # Values.
    Mutant("cuts a value at its first blank", ("FLT-11",), ask=value(lambda v: v.partition("%20")[0]), **_LANGUAGE),
    Mutant("breaks at a quote", ("FLT-11", "FLT-86"), answer=answered("^[^$]*%27", 500), **_LANGUAGE),
    Mutant("decodes values twice", ("FLT-12",), ask=value(lambda v: quote(unquote(unquote(v)), safe="")), **_LANGUAGE),
    Mutant("takes a plus for a blank once more", ("FLT-12",), ask=spelt("%2B", "%20"), **_LANGUAGE),
    Mutant("parts queries after decoding them", ("FLT-13",), ask=spelt("%26", "&"), **_LANGUAGE),
    Mutant(
        "reads queries as Latin-1",
        ("FLT-14",),
        ask=value(lambda v: quote(unquote(v, "latin-1"), safe="") if re.search("%[89A-F]", v) else v),
        **_LANGUAGE,
    ),
    Mutant("parts every value at its commas", ("FLT-15",), ask=value(lambda v: v.replace("%2C", "%01")), **_LANGUAGE),
    Mutant("parts values at encoded semicolons", ("FLT-16",), ask=spelt("%3B.*", ""), **_LANGUAGE),
    Mutant("keeps a plus for a plus", ("FLT-17",), ask=spelt(r"\+", "%2B"), **_LANGUAGE),
    Mutant(
        "takes values for patterns",
        ("FLT-19",),
        ask=spelt(r"^([a-z]\w*)=(.{0,3}%2A)$", r"\1.regex=\2"),
        **_LANGUAGE,
    ),
    # Alternatives.
    Mutant("takes commas for text", ("FLT-20", "FLT-24", "FLT-25"), ask=spelt(",", "%01"), **_LANGUAGE),
    Mutant("keeps the first of a name given twice", ("FLT-21", "FLT-68"), ask=query(_once), **_LANGUAGE),
    Mutant("keeps the last of a name given twice", ("FLT-21",), ask=query(_last), **_LANGUAGE),
    Mutant("takes semicolons for text", ("FLT-22", "FLT-23"), ask=spelt(";", "%01"), **_LANGUAGE),
    Mutant("lets a comma end a condition", ("FLT-20", "FLT-24", "FLT-25"), ask=spelt(",.*", ""), **_LANGUAGE),
    # Spellings.
    Mutant("passes over .eq", ("FLT-30",), ask=passed_over(r"\.eq="), **_LANGUAGE),
    Mutant("takes > for >=", ("FLT-31",), ask=spelt(r"^([\w.]+%3E)(?!%3D)", r"\1%3D"), **_LANGUAGE),
    Mutant("takes >= for >", ("FLT-32",), ask=spelt(r"^([\w.]+%3E)%3D", r"\1"), **_LANGUAGE),
    Mutant("takes < for <=", ("FLT-33",), ask=spelt(r"^([\w.]+%3C)(?!%3D)", r"\1%3D"), **_LANGUAGE),
    Mutant("takes <= for <", ("FLT-34",), ask=spelt(r"^([\w.]+%3C)%3D", r"\1"), **_LANGUAGE),
    Mutant("passes over *=", ("FLT-35",), ask=passed_over(r"^[\w.]+\*="), **_LANGUAGE),
    Mutant("passes over =~", ("FLT-36",), ask=passed_over(r"^[\w.]+=~"), **_LANGUAGE),
    Mutant("passes over ==", ("FLT-37",), ask=passed_over(r"^[\w.]+%3D%3D"), **_LANGUAGE),
    Mutant("does not know encoded names", ("FLT-38",), ask=passed_over(r"^%[4-7]"), **_LANGUAGE),
    Mutant("does not tell cases apart", ("FLT-39",), ask=each(_caseless), **_LANGUAGE),
    Mutant(
        "holds every pattern to both ends", ("FLT-40",), ask=spelt(r"\.regex=(.*)", r".regex=%5E\1%24"), **_LANGUAGE
    ),
    Mutant("takes anchors out of patterns", ("FLT-41",), ask=spelt(r"\.regex=%5E", ".regex="), **_LANGUAGE),
    Mutant("finds what begins so", ("FLT-42", "FLT-05"), ask=each(_ranged), **_ROWS),
    Mutant("sorts nothing that it has chosen", ("FLT-43",), ask=passed_over("^sort="), **_LANGUAGE),
    Mutant("knows conditions on what is shown alone", ("FLT-44",), ask=query(_shown), **_LANGUAGE),
    Mutant("shows all that it has chosen", ("FLT-45",), ask=passed_over("^limit="), **_LANGUAGE),
    # Types.
    Mutant("drops time zones", ("FLT-46", "FLT-48"), ask=spelt("(%2B|-)[0-9]{2}%3A00$", "Z"), **_LANGUAGE),
    Mutant("refuses a plus that became a blank", ("FLT-47",), ask=spelt(r"\+00:00$", "%2A"), **_LANGUAGE),
    Mutant(
        "compares instants as texts", ("FLT-46", "FLT-49"), ask=spelt(r"(%2B\d\d%3A00|\.\d{6}Z)$", ".123Z"), **_LANGUAGE
    ),
    Mutant("compares numbers as texts", ("FLT-50", "FLT-07"), ask=spelt(r"\.lt=10$|\.lt=10(?=&)", ".lt=1"), **_TYPED),
    Mutant("knows no decimals", ("FLT-51",), answer=answered(r"=9\.0", 400), **_MONEY),
    # Arrays.
    Mutant("looks at the first element alone", ("FLT-52",), answer=on("list")(_first_element), **_ARRAYS),
    Mutant("lets one element meet all conditions", ("FLT-53",), ask=query(_one_element), **_ARRAYS),
    Mutant("takes brackets for another condition", ("FLT-54",), ask=query(_bracketed), **_ARRAYS),
    Mutant(
        "lets different elements meet a JSONPath",
        ("FLT-55",),
        ask=path(r"(@\.\w+)\[\?\((@[^&]*?) && (@[^)]*)\)\]", r"\1[?(\2)] && \1[?(\3)]"),
        **_ARRAYS,
    ),
    Mutant("passes over paths into arrays", ("FLT-56",), ask=passed_over("^filter=%24.[a-z]"), **_ARRAYS),
    # JSONPath.
    Mutant("takes != for == in a JSONPath", ("FLT-60",), ask=path("!=", "=="), **_LANGUAGE),
    Mutant("takes > for >= in a JSONPath", ("FLT-61",), ask=path(">(?!=)", ">="), **_LANGUAGE),
    Mutant("takes >= for > in a JSONPath", ("FLT-61",), ask=path(">=", ">"), **_LANGUAGE),
    Mutant("takes < for <= in a JSONPath", ("FLT-62",), ask=path("<(?!=)", "<="), **_LANGUAGE),
    Mutant("takes <= for < in a JSONPath", ("FLT-62",), ask=path("<=", "<"), **_LANGUAGE),
    Mutant("passes over =~ in a JSONPath", ("FLT-63",), ask=passed_over("^filter=.*%3D~"), **_LANGUAGE),
    Mutant("takes && for || in a JSONPath", ("FLT-64",), ask=path("&&", "||"), **_LANGUAGE),
    Mutant("takes || for && in a JSONPath", ("FLT-65", "FLT-73"), ask=path(r"\|\|", "&&"), **_LANGUAGE),
    Mutant("passes over ! in a JSONPath", ("FLT-66",), ask=path(r"!\(", "("), **_LANGUAGE),
    Mutant("wants the $ of a JSONPath", ("FLT-67",), answer=answered("filter=%5B", 400), **_LANGUAGE),
    Mutant(
        "passes over conditions beside a JSONPath",
        ("FLT-69",),
        ask=query(lambda parts: [p for p in parts if p.startswith("filter=")] or parts),
        **_LANGUAGE,
    ),
    Mutant("knows single quotes alone", ("FLT-70",), answer=answered("filter=.*%22", 400), **_LANGUAGE),
    Mutant(
        "finds nothing by a malformed query",
        ("FLT-71", "FLT-72", "FLT-80", "FLT-83"),
        answer=answered(".", 200, [], 400),
        **_LANGUAGE,
    ),
    Mutant(
        "reads a JSONPath from the left",
        ("FLT-73",),
        ask=path(r"\?\((@[^()]* \|\| @[^()]*) && ", r"?((\1) && "),
        **_LANGUAGE,
    ),
    Mutant("ends a text at a quoted quote", ("FLT-74",), ask=path(r"\\'", "'"), **_LANGUAGE),
    # Refusals.
    Mutant("passes over unknown attributes", ("FLT-80",), ask=passed_over("^noSuch"), **_LANGUAGE),
    Mutant("does not say what is wrong", ("FLT-81",), answer=on("list")(_nameless), **_LANGUAGE),
    Mutant(
        "finds nothing by a value of another type", ("FLT-82",), answer=answered("=certainly", 200, []), **_LANGUAGE
    ),
    Mutant("passes over unknown operators", ("FLT-83",), ask=passed_over(r"\.near="), **_LANGUAGE),
    Mutant("breaks at a malformed pattern", ("FLT-84",), answer=answered(r"\.regex=%5B&", 500), **_LANGUAGE),
    Mutant("breaks at a pattern that never ends", ("FLT-85",), answer=answered(r"\.regex=%28", 500), **_LANGUAGE),
    Mutant("reads values as database queries", ("FLT-86",), ask=passed_over("=%7B%22%24ne"), **_LANGUAGE),
    Mutant("reads names as database queries", ("FLT-87",), ask=passed_over("^[^=]*%5B%24ne"), **_LANGUAGE),
    Mutant("breaks at bytes that are no text", ("FLT-88",), answer=answered("=%00|=%FF", 500), **_LANGUAGE),
    Mutant("passes over empty values", ("FLT-89",), ask=passed_over("^[^=]+=$"), **_LANGUAGE),
    Mutant("breaks at a long value", ("FLT-90",), answer=answered("x{5000}", 500), **_LANGUAGE),
)
