"""Servers that break what the area `fields` asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ctk.standard.document import ours
from ctk.standard.profile import profiles
from tests.ctk.mutants.lists import asked
from tests.ctk.mutants.proxy import Answer, Answering, Ask, Asking, Mutant, Proxy, without_header

Pairs = list[tuple[str, str]]
_BESIDE = ("id", "href", "@type")


def selected(change: Callable[[dict[str, Any], list[str]], Any], *verbs: str) -> Answering:
    """Each resource in a successful answer to a request with `fields` is changed, given the names."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        names = [name.strip() for key, value in ask.pairs if key == "fields" for name in value.split(",")]
        if names and ask.verb in verbs and answer.status < 300:
            found = answer.json
            for one in found if isinstance(found, list) else [found]:
                change(one, names)
            answer.json = found

    return changed


def passes_over(condition: Callable[[Ask], bool], *verbs: str) -> Asking:
    """The parameter `fields` does not reach the server where the condition holds."""
    dropped = asked(lambda pairs: [pair for pair in pairs if pair[0] != "fields"], *verbs)
    return lambda ask, proxy: dropped(ask, proxy) if condition(ask) else None


def written(change: Callable[[str], str], *verbs: str) -> Asking:
    """The query of these verbs reaches the server as another text."""

    def changed(ask: Ask, proxy: Proxy) -> None:
        if ask.verb in verbs and "fields=" in ask.query:
            ask.query = change(ask.query)

    return changed


def known(change: Callable[[Ask], str]) -> Asking:
    """What fields names is changed, given a request with `fields`; each name stands beside what is declared."""

    def changed(ask: Ask, proxy: Proxy) -> None:
        if any(name == "fields" for name, _ in ask.pairs) and ask.verb in ("retrieve", "list"):
            ask.query = change(ask)

    return changed


def _drop_named(one: dict[str, Any], names: list[str]) -> None:
    for name in names:
        one.pop(name, None)


def _blur_named(one: dict[str, Any], names: list[str]) -> None:
    """What is named is there, with another value, even where the resource has none."""
    one.update(dict.fromkeys(names, "otherwise"))


def _add_more(one: dict[str, Any], names: list[str]) -> None:
    one["ctkMore"] = "unasked"


def _drop_beside(one: dict[str, Any], names: list[str]) -> None:
    for name in set(_BESIDE) - set(names):
        one.pop(name, None)


def _cut_inside(one: dict[str, Any], names: list[str]) -> None:
    """Objects lose the attribute that a path ends with."""
    for outer, _, inner in (name.partition(".") for name in names):
        for node in _objects(one.get(outer)) if inner else ():
            node.pop(inner, None)


def _add_inside(one: dict[str, Any], names: list[str]) -> None:
    for outer in {name.partition(".")[0] for name in names if "." in name}:
        for node in _objects(one.get(outer)):
            node["ctkMore"] = "unasked"


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _several(ask: Ask) -> bool:
    return "," in "".join(value for name, value in ask.pairs if name == "fields")


def _with(word: str) -> Callable[[Ask], bool]:
    return lambda ask: any(name == word for name, _ in ask.pairs)


def _nothing(one: dict[str, Any], names: list[str]) -> None:
    if names == ["none"]:
        one["ctkMore"] = "unasked"


def _drops_unknown(ask: Ask) -> str:
    """Undeclared names are passed over."""
    schema = profiles()[ask.api].resources[ask.rest[0]].schema
    declared = {*ours(ask.api).attributes(ours(ask.api).schema(schema)), "none"}
    return re.sub(
        r"fields=([^&]*)",
        lambda found: "fields=" + (",".join(n for n in found[1].split(",") if n.partition(".")[0] in declared) or "id"),
        ask.query,
    )


def _fails_at_unknown(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if _with("fields")(ask) and answer.status == 400:
        answer.status = 500


def _stores_what_it_shows(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """Of what was written with `fields`, the rest is lost: it is shown no more."""
    kept = proxy.memory.setdefault("kept", {})
    if ask.verb in ("create", "patch") and _with("fields")(ask) and answer.status < 300:
        kept[answer.json["id"]] = set(answer.json)
    if ask.verb == "retrieve" and answer.status == 200 and answer.json.get("id") in kept:
        answer.json = {name: one for name, one in answer.json.items() if name in kept[answer.json["id"]]}


def _finds_in_what_it_shows(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A filter on an attribute that is not shown finds nothing."""
    names = [name for key, value in ask.pairs if key == "fields" for name in value.split(",")]
    filters = {name for name, _ in ask.pairs} - {"fields", "limit", "offset", "sort"}
    if ask.verb == "list" and names and answer.status < 300 and not filters <= {*names, "id"}:
        answer.json = []


def _finds_all(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    if ask.verb == "retrieve" and answer.status == 404 and _with("fields")(ask):
        return Answer(200, {"content-type": "application/json"}, b"{}")
    return None


def _counts_attributes(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if ask.verb == "list" and _with("fields")(ask) and answer.status < 300:
        answer.headers |= {"x-total-count": "0", "x-result-count": "99"}


def _forgets_in_links(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if "link" in answer.headers:
        answer.headers["link"] = re.sub(r"fields=[^&>]*&", "", answer.headers["link"])


def _says_text(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if _with("fields")(ask):
        answer.headers["content-type"] = "text/plain"


def _first_alone(pairs: Pairs) -> Pairs:
    """Of a repeated name, the first value counts."""
    return list(dict(reversed(pairs)).items())[::-1]


def _partial(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if ask.verb in ("retrieve", "list") and _with("fields")(ask) and answer.status == 200:
        answer.status = 203


def _drop_last(one: dict[str, Any], names: list[str]) -> None:
    if len(names) > 1:
        one.pop(names[-1], None)


MUTANTS: tuple[Mutant, ...] = (
    Mutant("drops what fields names", ("FLD-01", "FLD-06"), answer=selected(_drop_named, "retrieve")),
    Mutant("shows another value than the whole resource has", ("FLD-01",), answer=selected(_blur_named, "retrieve")),
    Mutant(
        "has never heard of fields",
        ("FLD-02", "FLD-04", "FLD-07", "FLD-09", "FLD-12", "FLD-13", "FLD-20", "FLD-21", "FLD-33", "FLD-34"),
        ask=passes_over(lambda ask: True, "retrieve", "list"),
    ),
    Mutant("shows one attribute more than fields names", ("FLD-02",), answer=selected(_add_more, "retrieve")),
    Mutant("drops what fields names in lists", ("FLD-03", "FLD-08"), answer=selected(_drop_named, "list")),
    Mutant("selects resources, but not lists", ("FLD-04", "FLD-09"), ask=passes_over(lambda ask: True, "list")),
    Mutant("answers a selection with 203", ("FLD-05",), answer=_partial),
    Mutant("shows the last of several attributes never", ("FLD-06",), answer=selected(_drop_last, "retrieve")),
    Mutant("selects one attribute, but not several", ("FLD-07",), ask=passes_over(_several, "retrieve")),
    Mutant("shows the last of several attributes never in lists", ("FLD-08",), answer=selected(_drop_last, "list")),
    Mutant("shows what is named alone", ("FLD-10", "FLD-11"), answer=selected(_drop_beside, "retrieve")),
    Mutant("shows more where none is asked for", ("FLD-12", "FLD-13"), answer=selected(_nothing, "retrieve", "list")),
    Mutant("takes the first of two fields", ("FLD-14",), ask=asked(_first_alone, "retrieve")),
    Mutant(
        "takes a blank for a part of the name", ("FLD-15",), ask=written(lambda q: q.replace(",%20", ",x"), "retrieve")
    ),
    Mutant(
        "takes a comma at the end for a name", ("FLD-16",), ask=written(lambda q: re.sub(r",$", ",x", q), "retrieve")
    ),
    Mutant(
        "refuses a name that stands twice",
        ("FLD-17",),
        ask=written(lambda q: re.sub(r"fields=(\w+),(\w+),\1$", r"fields=\1,\2,ctkTwice", q), "retrieve"),
    ),
    Mutant(
        "takes an encoded comma for a part of the name",
        ("FLD-18",),
        ask=written(lambda q: q.replace("%2C", "x"), "retrieve"),
    ),
    Mutant("drops the inner attribute that fields names", ("FLD-19",), answer=selected(_cut_inside, "retrieve")),
    Mutant("shows more beside an inner attribute", ("FLD-20",), answer=selected(_add_inside, "retrieve")),
    Mutant(
        "takes a path in fields for its first name",
        ("FLD-20", "FLD-21"),
        ask=written(lambda q: re.sub(r"(fields=[^&]*?)\.\w+", r"\1", q), "retrieve", "list"),
    ),
    Mutant("passes over unknown names in fields", ("FLD-22", "FLD-23", "FLD-24"), ask=known(_drops_unknown)),
    Mutant("fails at an unknown name in fields", ("FLD-25",), answer=_fails_at_unknown),
    Mutant("shows all of what was created", ("FLD-27",), ask=passes_over(lambda ask: True, "create")),
    Mutant("shows nothing of what was created", ("FLD-26", "FLD-27"), answer=selected(_drop_named, "create")),
    Mutant("shows all of what was changed", ("FLD-30",), ask=passes_over(lambda ask: True, "patch")),
    Mutant("shows nothing of what was changed", ("FLD-29", "FLD-30"), answer=selected(_drop_named, "patch")),
    Mutant("stores what it shows alone", ("FLD-28", "FLD-31"), answer=_stores_what_it_shows),
    Mutant("finds by what it shows alone", ("FLD-32",), answer=_finds_in_what_it_shows),
    Mutant("selects unless it filters", ("FLD-33",), ask=passes_over(lambda ask: not _with("limit")(ask), "list")),
    Mutant("selects unless it pages", ("FLD-34",), ask=passes_over(_with("limit"), "list")),
    Mutant(
        "gives no pages of selected attributes",
        ("FLD-35",),
        ask=asked(lambda pairs: [p for p in pairs if p[0] != "limit"] if "fields" in dict(pairs) else pairs),
    ),
    Mutant("counts otherwise where it selects", ("FLD-36", "FLD-37"), answer=_counts_attributes),
    Mutant(
        "does not count where it selects",
        ("FLD-36",),
        answer=lambda ask, answer, proxy: (
            without_header("x-total-count", "list")(ask, answer, proxy) if _with("fields")(ask) else None
        ),
    ),
    Mutant(
        "sorts by what it shows alone",
        ("FLD-38",),
        ask=asked(lambda pairs: [p for p in pairs if p[0] != "sort"] if "fields" in dict(pairs) else pairs),
    ),
    Mutant("finds everything where it selects", ("FLD-39",), answer=_finds_all),
    Mutant("forgets fields in its links", ("FLD-40",), answer=_forgets_in_links),
    Mutant("says that a selection is plain text", ("FLD-41",), answer=_says_text),
)
