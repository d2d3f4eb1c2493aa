"""Servers that bear nothing odd."""

from __future__ import annotations

import json

from tests.ctk.mutants.proxy import Answer, Ask, Asking, Mutant, Proxy, body, status

_ALL = ("list", "create", "retrieve", "patch", "delete")
_JSON = {"content-type": "application/json"}


def odd(ask: Ask) -> bool:
    """Whether a request has a letter that is not plain, or is no JSON where it has a body."""
    plain = (ask.path + ask.query).encode() + ask.content
    return ask.verb in _ALL and (b"%" in plain or b"\\u" in plain or (bool(ask.content) and ask.json is None))


def answered(code: int, headers: dict[str, str], content: bytes) -> Asking:
    """What is odd is answered so."""
    return lambda ask, proxy: Answer(code, dict(headers), content) if odd(ask) else None


def _never_again(ask: Ask, proxy: Proxy) -> Answer | None:
    proxy.memory["odd"] = proxy.memory.get("odd") or odd(ask)
    broken = proxy.memory["odd"] and ask.verb == "list" and not odd(ask)
    return Answer(503, dict(_JSON), b'{"code": "503", "reason": "broken"}') if broken else None


def _taken(ask: Ask, proxy: Proxy) -> Answer | None:
    return Answer(201, dict(_JSON), b'{"id": 7}') if ask.verb == "create" else None


_REFUSAL = json.dumps({"code": "500", "reason": "Internal error", "@type": "Error"}).encode()

MUTANTS = (
    Mutant("fails on odd letters", ("FUZ-01",), ask=answered(500, _JSON, _REFUSAL)),
    Mutant(
        "shows an HTML page for odd letters",
        ("FUZ-02", "FUZ-03"),
        ask=answered(400, {"content-type": "text/html"}, b"<h1>Bad Request</h1>"),
    ),
    Mutant("refuses odd letters without a reason", ("FUZ-03",), ask=answered(400, _JSON, b'{"code": "400"}')),
    Mutant("is a teapot to odd letters", ("FUZ-04",), ask=answered(418, _JSON, _REFUSAL)),
    Mutant("creates whatever is sent, it says", ("FUZ-05",), ask=_taken),
    Mutant("lists numbers for ids", ("FUZ-06",), answer=body(lambda one: one.update(id=7), "list")),
    Mutant("lists nothing more after an odd request", ("FUZ-07",), ask=_never_again),
    Mutant(
        "breaks down at a wrong request", ("FUZ-01",), answer=status(502, *_ALL, where=lambda a: a.status in (400, 404))
    ),
)
