"""Servers that break what the area `lists` asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ctk.standard.document import ours
from ctk.standard.profile import profiles
from tests.ctk.mutants.proxy import (
    Answer,
    Answering,
    Ask,
    Asking,
    Mutant,
    Proxy,
    body,
    on,
    status,
    without,
    without_header,
)

Elements = list[dict[str, Any]]


def array(change: Callable[[Elements], Any]) -> Answering:
    """The array of a list is changed into another value."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb == "list" and isinstance(answer.json, list):
            answer.json = change(answer.json)

    return changed


def header(name: str, change: Callable[[str], str]) -> Answering:
    """A header of lists has another value, where it is there."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb == "list" and name in answer.headers:
            answer.headers[name] = change(answer.headers[name])

    return changed


def asked(change: Callable[[list[tuple[str, str]]], list[tuple[str, str]]], *verbs: str) -> Asking:
    """The query of these verbs (none named: of lists) reaches the server as other pairs."""

    def changed(ask: Ask, proxy: Proxy) -> None:
        if ask.verb in (verbs or ("list",)):
            ask.query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in change(ask.pairs))

    return changed


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" if chr(byte) in "&=;%#+ " or byte > 126 else chr(byte) for byte in text.encode())


def _stripped(node: Any) -> Any:
    """Objects inside a resource lose everything."""
    if isinstance(node, list):
        return [_stripped(one) for one in node]
    return {name: _stripped(one) for name, one in node.items() if isinstance(one, (list, dict))} if _is(node) else node


def _is(node: Any) -> bool:
    return isinstance(node, dict)


def _empty_inside(one: dict[str, Any]) -> None:
    for name, value in one.items():
        one[name] = _stripped(value)


def _otherwise(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A retrieved resource has another value for everything, and something for what it lacks."""
    if ask.verb == "retrieve" and answer.status == 200:
        schema = profiles()[ask.api].resources[ask.rest[0]].schema
        document = ours(ask.api)
        declared = document.attributes(document.schema(schema))
        answer.json = dict.fromkeys([*declared, *answer.json], "otherwise")


def _hides_new(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """What was created through this proxy is listed nowhere."""
    made = proxy.memory.setdefault("made", set())
    if ask.verb == "create" and answer.status == 201:
        made.add(answer.json["id"])
    if ask.verb == "list" and isinstance(answer.json, list):
        answer.json = [one for one in answer.json if one.get("id") not in made]


def _keeps_old(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A list is answered as it was before a resource was changed or deleted."""
    kept = proxy.memory.setdefault("kept", {})
    key = (ask.path, ask.query)
    if ask.verb == "list" and isinstance(answer.json, list):
        now = {one["id"]: one for one in answer.json if "id" in one}
        gone = [one for identifier, one in kept.get(key, {}).items() if identifier not in now]
        kept.setdefault(key, {}).update(now)
        answer.json = [*answer.json, *gone]


def _keeps_created(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A list shows each resource as it was created."""
    made = proxy.memory.setdefault("made", {})
    if ask.verb == "create" and answer.status == 201:
        made[answer.json["id"]] = answer.json
    if ask.verb == "list" and isinstance(answer.json, list):
        answer.json = [made.get(one.get("id"), one) for one in answer.json]


def _other_order_each_time(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if ask.verb == "list" and isinstance(answer.json, list):
        proxy.memory["turn"] = turn = not proxy.memory.get("turn", False)
        answer.json = answer.json[::-1] if turn else answer.json


def _nothing_is_missing(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if ask.verb == "list" and answer.json == []:
        answer.status, answer.json = 404, {"code": "404", "reason": "Not found"}


def _knows_no_slash(ask: Ask, proxy: Proxy) -> Answer | None:
    return Answer(404, {}, b"") if ask.path.endswith("/") else None


def _drops_unknown(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    if ask.verb == "list" and answer.status == 400:
        return proxy.send(Ask(ask.method, ask.path, "", ask.headers, b""))
    return None


MUTANTS: tuple[Mutant, ...] = (
    Mutant("answers a list with 202", ("LST-01",), answer=status(202, "list")),
    Mutant("wraps a list in an object", ("LST-02",), answer=array(lambda found: {"items": found})),
    Mutant(
        "says that a list is HTML",
        ("LST-03",),
        answer=on("list")(lambda ask, answer, proxy: answer.headers.update({"content-type": "text/html"})),
    ),
    Mutant("lists resources without their attributes", ("LST-04", "LST-07"), answer=without(lambda n: True, "list")),
    Mutant(
        "lists a mandatory attribute as null",
        ("LST-04",),
        answer=body(lambda one: one.update(dict.fromkeys([n for n in one if n != "id"])), "list"),
    ),
    Mutant("empties the objects inside listed resources", ("LST-05",), answer=body(_empty_inside, "list")),
    Mutant("lists addresses alone", ("LST-06",), answer=array(lambda found: [one.get("href") for one in found])),
    Mutant("mixes nulls into a list", ("LST-06",), answer=array(lambda found: [*found, None])),
    Mutant("lists ids as numbers", ("LST-07",), answer=body(lambda one: one.update(id=7), "list")),
    Mutant("lists everything twice", ("LST-08",), answer=array(lambda found: [*found, *found])),
    Mutant("does not count in all", ("LST-09",), answer=without_header("x-total-count", "list")),
    Mutant("says `many` for a total", ("LST-09",), answer=header("x-total-count", lambda told: "many")),
    Mutant("does not count what it gives", ("LST-10",), answer=without_header("x-result-count", "list")),
    Mutant("counts with a fraction", ("LST-10",), answer=header("x-result-count", lambda told: f"{told}.0")),
    Mutant(
        "counts one too many",
        ("LST-11", "LST-20", "LST-22"),
        answer=header("x-result-count", lambda t: str(int(t) + 1)),
    ),
    Mutant("says that the total is 0", ("LST-12", "LST-21"), answer=header("x-total-count", lambda told: "0")),
    Mutant(
        "says that the total is 1 at least", ("LST-19",), answer=header("x-total-count", lambda t: t.replace("0", "1"))
    ),
    Mutant("hides what was just created", ("LST-13",), answer=_hides_new),
    Mutant("retrieves another resource than it lists", ("LST-14",), answer=_otherwise),
    Mutant(
        "lists a summary of each resource",
        ("LST-14",),
        answer=without(lambda name: name not in ("id", "href", "@type"), "list"),
    ),
    Mutant(
        "lists the address of the collection as href",
        ("LST-15",),
        answer=body(lambda one: one.update(href="/"), "list"),
    ),
    Mutant("lists the oldest first", ("LST-16",), answer=array(lambda found: found[::-1])),
    Mutant("lists in another order each time", ("LST-17",), answer=_other_order_each_time),
    Mutant("answers an empty list with 404", ("LST-18",), answer=_nothing_is_missing),
    Mutant(
        "answers an empty list with 204",
        ("LST-18",),
        answer=status(204, "list", where=lambda answer: answer.status < 300 and answer.json == []),
    ),
    Mutant("passes over a filter on id", ("LST-18",), ask=asked(lambda pairs: [p for p in pairs if p[0] != "id"])),
    Mutant("takes no trailing slash", ("LST-23",), ask=_knows_no_slash),
    Mutant("passes over unknown parameters", ("LST-24",), answer=_drops_unknown),
    Mutant("lists resources as they were created", ("LST-25",), answer=_keeps_created),
    Mutant("goes on listing what was deleted", ("LST-26",), answer=_keeps_old),
)
