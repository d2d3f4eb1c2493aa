"""Servers whose answers have another schema than their document says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ctk.standard.document import Attribute, ours
from ctk.standard.profile import profiles
from tests.ctk.mutants.proxy import Answer, Answering, Ask, Mutant, Proxy, body, on, status

_ALL = ("list", "create", "retrieve", "patch", "delete")


def refusals(change: Callable[[Answer], None], *codes: int) -> Answering:
    """Refusals with these codes are changed in place."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb in _ALL and answer.status in codes:
            change(answer)

    return changed


def values(change: Callable[[Attribute], Any], *verbs: str) -> Answering:
    """Every attribute that a resource may have, sent or not, has another value; what `change` makes None stays."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        resource = profiles()[ask.api].resources.get(ask.rest[0]) if ask.api and ask.rest else None
        if resource is None or ask.verb not in verbs or answer.status > 299:
            return
        document, found = ours(ask.api), answer.json
        new = {name: change(one) for name, one in document.attributes(document.schema(resource.schema)).items()}
        new = {name: value for name, value in new.items() if value is not None}
        for one in found if isinstance(found, list) else [found]:
            if isinstance(one, dict):
                one.update(new)
        answer.json = found

    return changed


def header(name: str, value: str) -> Answering:
    """Lists have a header with this value."""
    return on("list")(lambda ask, answer, proxy: answer.headers.update({name: value}))


def _wrong(one: Attribute) -> Any:
    if one.name == "id":
        return None
    return 7 if one.many or one.kind not in ("integer", "number") else "seven"


def _reasonless(answer: Answer) -> None:
    answer.json = {"error": "something went wrong"}


def _nested(change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], None]:
    def changed(one: dict[str, Any]) -> None:
        for value in one.values():
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, dict):
                    change(inner)

    return changed


def _zoneless(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    answer.content = re.sub(rb"(T\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|[+-]\d\d:\d\d)", rb"\1", answer.content)


def _wrapped(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status < 300:
        answer.json = {"items": answer.json}


def _told(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    if ask.verb == "delete" and answer.status == 204:
        return Answer(200, {"content-type": "application/json"}, b'{"deleted": true}')
    return None


def _another_media(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if ask.verb in _ALL and answer.content:
        answer.headers["content-type"] = "text/plain; charset=utf-8"


MUTANTS = (
    Mutant("answers numbers for everything", ("SCH-01", "SCH-10"), answer=values(_wrong, *_ALL)),
    Mutant("reads its ids as numbers", ("SCH-01", "SCH-10"), answer=body(lambda one: one.update(id=7), "retrieve")),
    Mutant(
        "forgets @type inside", ("SCH-01", "SCH-10"), answer=body(_nested(lambda one: one.pop("@type", None)), *_ALL)
    ),
    Mutant("wraps its lists", ("SCH-01",), answer=on("list")(_wrapped)),
    Mutant("tells what it deleted", ("SCH-01", "SCH-05"), answer=_told),
    Mutant("refuses without a reason", ("SCH-02",), answer=refusals(_reasonless, 400, 404)),
    Mutant(
        "refuses with nothing", ("SCH-02",), answer=refusals(lambda answer: setattr(answer, "content", b""), 400, 404)
    ),
    Mutant("refuses what is rare without a reason", ("SCH-03",), answer=refusals(_reasonless, 406, 412, 415)),
    Mutant("says that everything is plain text", ("SCH-04",), answer=_another_media),
    Mutant("has a code of its own for success", ("SCH-05",), answer=status(299, "list", "retrieve", "patch", "delete")),
    Mutant("has a code of its own for creation", ("SCH-05",), answer=status(299, "create")),
    Mutant("refuses with a code of its own", ("SCH-05",), answer=status(499, *_ALL, where=lambda a: a.status == 400)),
    Mutant(
        "fails where it should refuse", ("SCH-06",), answer=status(500, *_ALL, where=lambda a: a.status in (400, 404))
    ),
    Mutant("counts more or less", ("SCH-07",), answer=header("x-total-count", "about 50")),
    Mutant("counts in fractions", ("SCH-08",), answer=header("x-result-count", "3.0")),
    Mutant("forgets the time zone", ("SCH-09", "SCH-11"), answer=_zoneless),
    Mutant(
        "shows dates as its country does",
        ("SCH-11",),
        answer=values(lambda one: "04/05/2026" if one.format == "date-time" else None, *_ALL),
    ),
    Mutant(
        "describes addresses in words",
        ("SCH-12",),
        answer=values(lambda one: "see the catalog" if one.format in ("uri", "url") else None, *_ALL),
        apis=("TMF621-v4",),
    ),
)
