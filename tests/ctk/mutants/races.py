"""Servers that confuse what happens at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ctk.exchange import JSON, MERGE
from tests.ctk.mutants.patching import media, operating, pretended, refusal, resource
from tests.ctk.mutants.proxy import Answer, Ask, Asking, Mutant, Proxy, status

_PAUSE = 0.04


def overlapping(verb: str, late: Callable[[Ask, Proxy], Answer | None]) -> Asking:
    """Requests for the same path that come while another one is under way are answered like this."""

    def asked(ask: Ask, proxy: Proxy) -> Answer | None:
        if ask.verb != verb or "if-match" in ask.headers:
            return None
        with proxy.lock:
            first = not proxy.memory.get(ask.path)
            proxy.memory[ask.path] = True
        if not first:
            return late(ask, proxy)
        try:
            time.sleep(_PAUSE)
            return proxy.send(ask)
        finally:
            proxy.memory[ask.path] = False

    return asked


def unmade(ask: Ask, proxy: Proxy) -> Answer | None:
    """A change that is acknowledged and lost."""
    return pretended(ask.json, ask, proxy) if media(ask) in (JSON, MERGE) and isinstance(ask.json, dict) else None


def half_seen(ask: Ask, proxy: Proxy) -> Answer | None:
    """While a resource changes, its first text is new, all else old."""
    if ask.verb == "patch" and isinstance(ask.json, dict) and len(set(ask.json) - {"@type"}) > 1:
        proxy.memory[ask.path] = ask.json
        time.sleep(2 * _PAUSE)
        answer = proxy.send(ask)
        del proxy.memory[ask.path]
        return answer
    if ask.verb == "retrieve":
        time.sleep(_PAUSE)
        if not (coming := proxy.memory.get(ask.path)):
            return None
        answer, text = proxy.send(ask), resource(ask).text
        answer.json = {**answer.json, text: coming.get(text)}
        return answer
    return None


def same_number(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """Every second id is the one before it."""
    if ask.verb == "create" and answer.status == 201:
        with proxy.lock:
            before = proxy.memory.pop("id", None)
            if before is None:
                proxy.memory["id"] = answer.json["id"]
            else:
                answer.json = {**answer.json, "id": before}


def mixed(ask: Ask, proxy: Proxy) -> Answer | None:
    """A creation that comes during another one is told as that one, and lost."""
    answer = proxy.send(ask)
    if answer.status == 201:
        proxy.memory.setdefault("lost", set()).add(f"{ask.path.rstrip('/')}/{answer.json['id']}")
    return answer


def mixed_shown(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """What came of it."""
    if ask.path in proxy.memory.get("lost", ()):
        answer.json = {"id": ask.rest[1]}


def undead(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    """What was deleted is still shown."""
    if ask.verb == "create" and answer.status == 201:
        proxy.memory[f"{ask.path.rstrip('/')}/{answer.json['id']}"] = answer.content
    if ask.verb == "retrieve" and answer.status == 404 and ask.path in proxy.memory:
        return Answer(200, {"content-type": JSON}, proxy.memory[ask.path])
    return None


def untested(sent: list[dict[str, Any]], ask: Ask, proxy: Proxy) -> list[dict[str, Any]]:
    """Tests are passed over, and what was read is old by now."""
    time.sleep(_PAUSE)
    return [one for one in sent if one.get("op") != "test"]


def late(*verbs: str) -> Asking:
    """Requests without a condition wait."""

    def asked(ask: Ask, proxy: Proxy) -> None:
        if ask.verb in verbs and "if-match" not in ask.headers:
            time.sleep(_PAUSE)

    return asked


RACES: tuple[Mutant, ...] = (
    Mutant("loses one of two changes at once", ("CON-43",), ask=overlapping("patch", unmade)),
    Mutant("shows half of a change", ("CON-44",), ask=half_seen),
    Mutant("creates one at a time", ("CON-45",), ask=overlapping("create", lambda ask, proxy: refusal(503))),
    Mutant("gives an id twice", ("CON-46", "CON-47"), answer=same_number),
    Mutant("loses what is created at once", ("CON-47",), ask=overlapping("create", mixed), answer=mixed_shown),
    Mutant(
        "says 204 to every deletion",
        ("CON-48", "CON-49"),
        answer=status(204, "delete", where=lambda answer: answer.status == 404),
    ),
    Mutant(
        "breaks at the second deletion",
        ("CON-49",),
        answer=status(500, "delete", where=lambda answer: answer.status == 404),
    ),
    Mutant("shows what is deleted", ("CON-50", "CON-53"), answer=undead),
    Mutant("passes over tests that others have outrun", ("CON-51",), ask=operating(untested)),
    Mutant(
        "breaks at a change of what is deleted",
        ("CON-52", "CON-54"),
        ask=late("patch"),
        answer=status(500, "patch", where=lambda answer: answer.status == 404),
    ),
)
