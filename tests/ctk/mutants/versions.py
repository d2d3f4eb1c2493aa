"""Servers whose two versions of an API do not hold together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.ctk.mutants.proxy import Answer, Answering, Ask, Asking, Mutant, Proxy

_OWN = ("id", "href", "@type")


def _elsewhere(ask: Ask, proxy: Proxy) -> bool:
    """Whether a request is about a resource that was created in the other version; a list, about the last one."""
    if len(ask.rest) == 2:
        return proxy.memory.get(ask.rest[1], ask.api) != ask.api
    return ask.verb == "list" and proxy.memory.get("last", ask.api) != ask.api


def _other(*verbs: str) -> Callable[[Answering], Answering]:
    """An answer is broken in the version in which the resource was not created."""

    def restricted(change: Answering) -> Answering:
        def answering(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
            _remembered(ask, answer, proxy)
            return change(ask, answer, proxy) if ask.verb in verbs and _elsewhere(ask, proxy) else None

        return answering

    return restricted


def _remembered(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """Where each resource was created, and as what."""
    if ask.verb == "create" and answer.status == 201:
        proxy.memory[answer.json["id"]] = proxy.memory["last"] = ask.api
        proxy.memory["made", answer.json["id"]] = answer.json


def _changed(change: Callable[[dict[str, Any], dict[str, Any]], object], *verbs: str) -> Answering:
    """In the other version a resource is changed in place; `change` is given what its creation answered, too."""

    @_other(*verbs)
    def answering(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if answer.status < 300 and isinstance(found := answer.json, dict):
            change(found, proxy.memory["made", ask.rest[1]])
            answer.json = found

    return answering


@_other("retrieve")
def _unknown(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    answer.status = 404


def _mangled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _mangled(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_mangled(inner) for inner in value]
    if isinstance(value, bool):
        return not value
    return f"{value} " if isinstance(value, str) else value + 1 if isinstance(value, int | float) else value


def _mangles(found: dict[str, Any], made: dict[str, Any]) -> None:
    found.update({name: _mangled(value) for name, value in found.items() if name not in _OWN})


def _stale(found: dict[str, Any], made: dict[str, Any]) -> None:
    """The texts are those of creation."""
    found.update({name: value for name, value in made.items() if name in found and isinstance(value, str | int)})


@_other("list")
def _lists_nothing(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    answer.json = []


@_other("list")
def _lists_deleted(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.json == [] and (key := dict(ask.pairs).get("id")):
        answer.json = [{"id": key}]


@_other("retrieve")
def _shows_deleted(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status == 404:
        answer.status, answer.json = 200, proxy.memory["made", ask.rest[1]]


def _pretends(ask: Ask, proxy: Proxy) -> Answer | None:
    """A patch in the other version is answered as if it were done."""
    if ask.verb == "patch" and _elsewhere(ask, proxy):
        got = proxy.send(Ask("GET", ask.path, "", {"accept": "application/json"}, b""))
        got.json = {**got.json, **ask.json}
        return got
    return None


def _refuses_addresses(ask: Ask, proxy: Proxy) -> Answer | None:
    """A patch in the other version that names what no patch may change, even unchanged, is refused."""
    if ask.verb == "patch" and _elsewhere(ask, proxy) and "href" in (ask.json or {}):
        return Answer(400, {"content-type": "application/json"}, b'{"code": "400", "reason": "href cannot be changed"}')
    return None


def _forgets(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """What the other version's patch answered is all that is left."""
    _remembered(ask, answer, proxy)
    if ask.verb == "patch" and answer.status == 200 and _elsewhere(ask, proxy):
        proxy.memory["left", ask.rest[1]] = set(answer.json)
    elif ask.verb == "retrieve" and answer.status == 200 and (left := proxy.memory.get(("left", ask.rest[1]))):
        answer.json = {name: value for name, value in answer.json.items() if name in left}


def _ignores_tags(ask: Ask, proxy: Proxy) -> None:
    if ask.verb == "patch":
        ask.headers.pop("if-match", None)


def _both(name: str, kills: tuple[str, ...], answer: Answering | None = None, ask: Asking | None = None) -> Mutant:
    """A mutant that remembers what is created, whatever it breaks."""
    return Mutant(name, kills, ask=ask, answer=answer or _other()(lambda ask, answer, proxy: None))


MUTANTS = (
    _both("knows a resource only in the version that made it", ("VER-01",), _unknown),
    _both("changes values from version to version", ("VER-02",), _changed(_mangles, "retrieve")),
    _both(
        "counts its ids anew in each version",
        ("VER-01",),
        _changed(lambda found, made: found.update(id="7"), "retrieve"),
    ),
    _both(
        "gives one href in every version",
        ("VER-03",),
        _changed(lambda found, made: found.update(href=made["href"]), "retrieve"),
    ),
    _both("shows the other version as it was at creation", ("VER-04", "VER-11"), _changed(_stale, "retrieve")),
    _both("only says that it patched in the other version", ("VER-05", "VER-10"), ask=_pretends),
    _both("loses what the other version does not know", ("VER-06",), _forgets),
    _both("deletes in one version alone", ("VER-07",), _shows_deleted),
    _both("lists nothing of the other version", ("VER-08", "VER-09"), _lists_nothing),
    _both("guards nothing", ("VER-10",), ask=_ignores_tags),
    _both("refuses its own answers in the other version", ("VER-12",), ask=_refuses_addresses),
    _both(
        "breaks the other version's schema",
        ("VER-13",),
        _changed(lambda found, made: found.update({"@schemaLocation": 7}), "retrieve"),
    ),
    _both(
        "gives one @type in every version",
        ("VER-14",),
        _changed(lambda found, made: found.update({"@type": "Resource"}), "retrieve"),
    ),
    _both("lists what was deleted in the other version", ("VER-15",), _lists_deleted),
)
