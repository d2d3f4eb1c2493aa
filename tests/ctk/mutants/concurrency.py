"""Servers without memory for what a client has seen."""

from __future__ import annotations

from collections.abc import Callable

from tests.ctk.mutants.patching import patching, reading, refusal
from tests.ctk.mutants.proxy import Answer, Answering, Ask, Asking, Mutant, Proxy, on, status, without_header
from tests.ctk.mutants.races import RACES

_ALL = ("create", "retrieve", "patch")


def heeding(change: Callable[[dict[str, str], Ask, Proxy], Answer | None], *verbs: str) -> Asking:
    """The headers of a request are changed in place, or make an answer; of patches where no verb is named."""
    return lambda ask, proxy: change(ask.headers, ask, proxy) if ask.verb in (verbs or ("patch",)) else None


def deaf(name: str, *verbs: str, where: Callable[[str], bool] = lambda value: True) -> Asking:
    """A header is passed over, where its value is such."""

    def change(headers: dict[str, str], ask: Ask, proxy: Proxy) -> None:
        if name in headers and where(headers[name]):
            del headers[name]

    return heeding(change, *(verbs or ("patch", "delete")))


def hard(name: str, code: int, *verbs: str, where: Callable[[str], bool] = lambda value: True) -> Asking:
    """A header is answered with a code, where its value is such."""
    return heeding(
        lambda headers, ask, proxy: refusal(code) if name in headers and where(headers[name]) else None,
        *(verbs or ("patch",)),
    )


def read_as(name: str, change: Callable[[str], str], *verbs: str) -> Asking:
    """A header is read as another one."""

    def changed(headers: dict[str, str], ask: Ask, proxy: Proxy) -> None:
        if name in headers:
            headers[name] = change(headers[name])

    return heeding(changed, *verbs)


def tagged(change: Callable[[str], str], *verbs: str) -> Answering:
    """ETags are others."""

    def answered(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb in verbs and "etag" in answer.headers:
            answer.headers["etag"] = change(answer.headers["etag"])

    return answered


def counted(*verbs: str, where: Callable[[Answer], bool]) -> Answering:
    """ETags have a counter, which such answers to such requests move."""

    def answered(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb in verbs and where(answer):
            proxy.memory[ask.path] = proxy.memory.get(ask.path, 0) + 1
        if "etag" in answer.headers and ask.path in proxy.memory:
            answer.headers["etag"] = f'{answer.headers["etag"][:-1]}-{proxy.memory[ask.path]}"'

    return answered


def tagged_before(ask: Ask, proxy: Proxy) -> Answer:
    """A change is answered with the tag of what was there before."""
    before, answer = reading(ask, proxy), proxy.send(ask)
    if answer.status == 200:
        answer.headers["etag"] = before.headers["etag"]
    return answer


def anyway(*verbs: str) -> Answering:
    """A request whose condition does not hold is done, and answered with 412."""

    def answered(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb in verbs and answer.status == 412:
            headers = {name: value for name, value in ask.headers.items() if not name.startswith("if-")}
            proxy.send(Ask(ask.method, ask.path, ask.query, headers, ask.content))

    return answered


def one_condition(dropped: str, beside: str, *verbs: str) -> Asking:
    """Of two conditions the wrong one counts."""

    def changed(headers: dict[str, str], ask: Ask, proxy: Proxy) -> None:
        if dropped in headers and beside in headers:
            del headers[dropped]

    return heeding(changed, *verbs)


def wordless(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A condition that does not hold, told to browsers."""
    if ask.verb == "patch" and answer.status == 412:
        answer.headers["content-type"], answer.content = "text/html", b"<p>Precondition Failed</p>"


def tag_of_a_version(ask: Ask, proxy: Proxy) -> Answer | None:
    """What the other version changed leaves the tags of this one as they are."""
    if ask.verb == "patch":
        if proxy.memory.get(ask.rest[1], ask.api) != ask.api:
            ask.headers.pop("if-match", None)
        proxy.memory[ask.rest[1]] = ask.api
    return None


MUTANTS = (
    Mutant("gives no ETag at creation", ("CON-01",), answer=without_header("etag", "create")),
    Mutant("gives no ETag at a read", ("CON-02",), answer=without_header("etag", "retrieve")),
    Mutant("gives no ETag at a change", ("CON-03",), answer=without_header("etag", "patch")),
    Mutant("forgets the quotes of an ETag", ("CON-04",), answer=tagged(lambda tag: tag.strip('"'), *_ALL)),
    Mutant(
        "gives what is created a tag of its own",
        ("CON-05",),
        answer=tagged(lambda tag: tag[:-1] + '-new"', "create"),
    ),
    Mutant("gives every read another tag", ("CON-06",), answer=counted("retrieve", where=lambda answer: True)),
    Mutant("answers a change with the old tag", ("CON-07",), ask=patching(tagged_before)),
    Mutant("gives everything the same tag", ("CON-08",), answer=tagged(lambda tag: '"1"', *_ALL)),
    Mutant(
        "gives another tag for every patch",
        ("CON-09",),
        answer=counted("patch", where=lambda answer: answer.status == 200),
    ),
    Mutant(
        "gives another tag for a refusal",
        ("CON-10",),
        answer=counted("patch", where=lambda answer: answer.status > 299),
    ),
    Mutant(
        "answers every If-Match with 412",
        ("CON-11",),
        ask=hard("if-match", 412, "patch", "delete"),
    ),
    Mutant(
        "passes over If-Match",
        ("CON-12", "CON-13", "CON-14", "CON-16", "CON-25", "CON-26", "CON-40"),
        ask=deaf("if-match"),
    ),
    Mutant(
        "takes any list of tags", ("CON-13",), ask=read_as("if-match", lambda value: "*" if "," in value else value)
    ),
    Mutant("takes any weak tag", ("CON-14",), ask=deaf("if-match", where=lambda value: value.startswith("W/"))),
    Mutant("passes over If-Unmodified-Since", ("CON-15",), ask=deaf("if-unmodified-since")),
    Mutant("says 412 and does it", ("CON-16", "CON-26", "CON-42"), answer=anyway("patch", "delete")),
    Mutant("says 412 to browsers", ("CON-17",), answer=wordless),
    Mutant("knows no star", ("CON-18",), ask=hard("if-match", 412, where=lambda value: value == "*")),
    Mutant("reads the first tag alone", ("CON-19",), ask=read_as("if-match", lambda value: value.partition(",")[0])),
    Mutant(
        "insists on If-Match",
        ("CON-20", "CON-21"),
        ask=heeding(lambda headers, ask, proxy: None if "if-match" in headers else refusal(428)),
    ),
    Mutant(
        "refuses what is no date",
        ("CON-21",),
        ask=hard("if-unmodified-since", 400, where=lambda value: "GMT" not in value),
    ),
    Mutant("lets the date count, not the tag", ("CON-22",), ask=one_condition("if-match", "if-unmodified-since")),
    Mutant("finds every date too early", ("CON-23",), ask=hard("if-unmodified-since", 412)),
    Mutant(
        "finds what is not there",
        ("CON-24", "CON-54"),
        answer=status(200, "patch", where=lambda answer: answer.status in (404, 412)),
    ),
    Mutant("passes over If-Match when it deletes", ("CON-25", "CON-26"), ask=deaf("if-match", "delete")),
    Mutant("deletes on no condition", ("CON-27",), ask=hard("if-match", 412, "delete")),
    Mutant(
        "passes over If-None-Match",
        ("CON-28", "CON-30", "CON-31", "CON-32"),
        ask=deaf("if-none-match", "retrieve"),
    ),
    Mutant(
        "forgets the tag of what has not changed",
        ("CON-29",),
        answer=on("retrieve")(
            lambda ask, answer, proxy: answer.headers.pop("etag", None) and None if answer.status == 304 else None
        ),
    ),
    Mutant(
        "reads the first tag of a read alone",
        ("CON-30",),
        ask=read_as("if-none-match", lambda value: value.partition(",")[0], "retrieve"),
    ),
    Mutant(
        "knows no star at a read", ("CON-31",), ask=deaf("if-none-match", "retrieve", where=lambda value: value == "*")
    ),
    Mutant(
        "compares strongly at a read",
        ("CON-32",),
        ask=deaf("if-none-match", "retrieve", where=lambda value: value.startswith("W/")),
    ),
    Mutant("says that nothing ever changed", ("CON-33", "CON-36"), ask=hard("if-none-match", 304, "retrieve")),
    Mutant("passes over If-Modified-Since", ("CON-34",), ask=deaf("if-modified-since", "retrieve")),
    Mutant("says that nothing changed since", ("CON-35",), ask=hard("if-modified-since", 304, "retrieve")),
    Mutant(
        "lets the date of a read count, not the tag",
        ("CON-36",),
        ask=one_condition("if-none-match", "if-modified-since", "retrieve"),
    ),
    Mutant("keeps tags for each version", ("CON-37",), ask=tag_of_a_version),
    Mutant(
        "breaks at a tag that came too late",
        ("CON-12", "CON-41"),
        answer=status(500, "patch", where=lambda answer: answer.status == 412),
    ),
    *RACES,
)
