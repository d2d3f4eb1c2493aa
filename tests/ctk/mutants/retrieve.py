"""Servers that answer reads wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from ctk.equality import instant
from tests.ctk.mutants.create import refused, refusing, spoiled, values
from tests.ctk.mutants.proxy import Answer, Ask, Asking, Mutant, Proxy, body, on, status, without, without_header


def _read(where: Callable[[Ask], Any]) -> Callable[[Ask], Any]:
    return lambda ask: ask.verb == "retrieve" and where(ask)


def _accepting(*types: str) -> Asking:
    """A server that reads an Accept as one media type, and knows not these."""
    return refusing(406, _read(lambda ask: ask.headers.get("accept", "") in types))


def _unheard(name: str, where: Callable[[str], bool] = lambda value: True) -> Asking:
    """A server that does not look at a header of a read."""

    def asked(ask: Ask, proxy: Proxy) -> None:
        if ask.verb == "retrieve" and where(ask.headers.get(name, "")):
            ask.headers.pop(name, None)

    return asked


def _unchanged(where: Callable[[Ask], Any]) -> Asking:
    """A server that calls some reads unchanged whatever it has."""
    return lambda ask, proxy: Answer(304, {"etag": '"x"'}, b"") if _read(where)(ask) else None


def _plain(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    answer.headers["content-type"] = "text/plain"


def _counted(name: str) -> Callable[[Ask, Answer, Proxy], None]:
    """A header or an attribute that is another with each read."""

    def answered(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if answer.status == 200:
            count = proxy.memory["count"] = proxy.memory.get("count", 0) + 1
            if name == "etag":
                answer.headers["etag"] = f'"{count}"'
            else:
                answer.json = {**answer.json, name: count}

    return on("retrieve")(answered)


def _bare(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if "etag" in answer.headers:
        answer.headers["etag"] = answer.headers["etag"].strip('"')


def _emptied(one: dict[str, Any]) -> None:
    for name, value in one.items():
        one[name] = [{} for _ in value] if isinstance(value, list) else {} if isinstance(value, dict) else value


def _last_emptied(one: dict[str, Any]) -> None:
    for value in one.values():
        if isinstance(value, list) and isinstance(value[-1], dict):
            value[-1] = {}


def _without_304_tag(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status == 304:
        answer.headers.pop("etag", None)


def _head(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if ask.method == "HEAD":
        for name in ("etag", "last-modified"):
            answer.headers.pop(name, None)


def _nothing_found(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    return Answer(200, {"content-type": "application/json"}, b"null") if answer.status == 404 else None


def _silent(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    return Answer(404, {"content-type": "application/json"}, b"{}") if answer.status == 404 else None


def _framework_error(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status == 404:
        answer.json = {"detail": "Not Found"}


def _head_always(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    return Answer(200, {"content-type": "application/json"}, b"") if ask.method == "HEAD" else None


def _open_href(one: dict[str, Any]) -> None:
    one["href"] = unquote(one["href"])


def _kept_id(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status == 201:
        proxy.memory.setdefault("ids", []).append(answer.json["id"])


def _nearest(ask: Ask, proxy: Proxy) -> None:
    """Asks for the first resource whose id begins as the one asked for, or the other way round."""
    if ask.verb == "retrieve":
        key = ask.rest[1]
        near = [one for one in proxy.memory.get("ids", []) if one.startswith(key) or key.startswith(one)]
        if near:
            ask.path = ask.path.removesuffix(key) + near[0]


def _blind_to_percent(ask: Ask, proxy: Proxy) -> Answer | None:
    return refused(404) if ask.verb == "retrieve" and "%" in ask.path else None


def _local(value: Any) -> Any:
    return value[:-1] + "+00:00" if isinstance(value, str) and instant(value) and value.endswith("Z") else value


MUTANTS = (
    Mutant("answers a read with 203", ("RET-01",), answer=status(203, "retrieve")),
    Mutant("says that a resource is plain text", ("RET-02",), answer=on("retrieve")(_plain)),
    Mutant(
        "returns another id than was asked for", ("RET-03",), answer=body(lambda one: one.update(id="1"), "retrieve")
    ),
    Mutant(
        "returns nothing but the id", ("RET-04", "RET-06", "RET-07"), answer=without(lambda n: n != "id", "retrieve")
    ),
    Mutant("returns a resource without its id", ("RET-03", "RET-04"), answer=without({"id"}, "retrieve")),
    Mutant(
        "returns null for all but an id",
        ("RET-04",),
        answer=body(lambda one: one.update({name: None for name in one if name != "id"}), "retrieve"),
    ),
    Mutant("empties what is inside an attribute", ("RET-05", "RET-06"), answer=body(_emptied, "retrieve")),
    Mutant("empties the last element of an array", ("RET-05",), answer=body(_last_emptied, "retrieve")),
    Mutant(
        "has written something of its own into every value", ("RET-06", "RET-07"), answer=values(spoiled, "retrieve")
    ),
    Mutant(
        "has an id of another form in reads",
        ("RET-07",),
        answer=body(lambda one: one.update(id=one["id"].upper()), "retrieve"),
    ),
    Mutant("reads moments in an offset of its own", ("RET-07",), answer=values(_local, "retrieve")),
    Mutant(
        "reads out what it keeps for itself", ("RET-08",), answer=body(lambda one: one.update(_version=1), "retrieve")
    ),
    Mutant(
        "has another href in reads",
        ("RET-07", "RET-09"),
        answer=body(lambda one: one.update(href=one["href"] + "?v=1"), "retrieve"),
    ),
    Mutant("counts reads in the resource", ("RET-10",), answer=_counted("reads")),
    Mutant("has another entity tag for each read", ("RET-11",), answer=_counted("etag")),
    Mutant("does not know that any type may be accepted", ("RET-12",), ask=_accepting("*/*")),
    Mutant("does not know that any application type may be accepted", ("RET-13",), ask=_accepting("application/*")),
    Mutant(
        "reads Accept as one type",
        ("RET-14",),
        ask=refusing(406, _read(lambda ask: "," in ask.headers.get("accept", ""))),
    ),
    Mutant(
        "answers in HTML where that is accepted too",
        ("RET-14",),
        answer=on("retrieve")(
            lambda ask, answer, proxy: _plain(ask, answer, proxy) if "html" in ask.headers.get("accept", "") else None
        ),
    ),
    Mutant(
        "does not know a slash after an id", ("RET-15",), ask=refusing(404, _read(lambda ask: ask.path.endswith("/")))
    ),
    Mutant("has no entity tag", ("RET-16",), answer=without_header("etag", "retrieve")),
    Mutant("has entity tags without quotes", ("RET-16",), answer=on("retrieve")(_bare)),
    Mutant("does not tell when it was modified", ("RET-17",), answer=without_header("last-modified", "retrieve")),
    Mutant(
        "tells in seconds when it was modified",
        ("RET-17",),
        answer=on("retrieve")(lambda ask, answer, proxy: answer.headers.update({"last-modified": "1764081929"})),
    ),
    Mutant("does not look at If-None-Match", ("RET-18", "RET-19"), ask=_unheard("if-none-match")),
    Mutant(
        "knows one tag in If-None-Match alone", ("RET-19",), ask=_unheard("if-none-match", lambda value: "," in value)
    ),
    Mutant("calls everything unchanged", ("RET-20",), ask=_unchanged(lambda ask: "if-none-match" in ask.headers)),
    Mutant("forgets the tag in a 304", ("RET-21",), answer=on("retrieve")(_without_304_tag)),
    Mutant("does not look at If-Modified-Since", ("RET-22",), ask=_unheard("if-modified-since")),
    Mutant(
        "calls everything unmodified",
        ("RET-23",),
        ask=_unchanged(lambda ask: "if-modified-since" in ask.headers and "if-none-match" not in ask.headers),
    ),
    Mutant(
        "looks at the date before the tag",
        ("RET-24",),
        ask=_unchanged(lambda ask: "if-modified-since" in ask.headers and "if-none-match" in ask.headers),
    ),
    Mutant("does not know HEAD", ("RET-25", "RET-26"), ask=refusing(405, lambda ask: ask.method == "HEAD")),
    Mutant("has fewer headers for a HEAD", ("RET-26",), answer=_head),
    Mutant("answers an unknown id with null", ("RET-27",), answer=on("retrieve")(_nothing_found)),
    Mutant(
        "takes an unknown id for a bad request",
        ("RET-27",),
        answer=status(400, "retrieve", where=lambda one: one.status == 404),
    ),
    Mutant("says no word about an unknown id", ("RET-28",), answer=on("retrieve")(_silent)),
    Mutant("has the errors of its framework", ("RET-28",), answer=on("retrieve")(_framework_error)),
    Mutant("answers every HEAD with 200", ("RET-29",), answer=_head_always),
    Mutant("does not decode ids", ("RET-30", "RET-31"), ask=_blind_to_percent),
    Mutant("does not encode ids in href", ("RET-31",), answer=body(_open_href, "create")),
    Mutant("finds what begins like an id", ("RET-32",), ask=_nearest, answer=on("create")(_kept_id)),
)
