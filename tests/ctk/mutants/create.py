"""Servers that create wrongly."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from ctk.equality import instant, replaced
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

_OFFSET = re.compile(r"[+-]\d\d:\d\d$")
_FRACTION = re.compile(r"(:\d\d)\.\d+")
_STATES = {"status", "state", "lifecycleStatus"}


def refused(code: int) -> Answer:
    """A refusal as a proper server words it."""
    answer = Answer(code, {"content-type": "application/json"}, b"")
    answer.json = {"code": str(code), "reason": "Refused", "message": "This server does not.", "status": str(code)}
    return answer


def refusing(code: int, where: Callable[[Ask], Any]) -> Asking:
    """Refuses some requests."""
    return lambda ask, proxy: refused(code) if where(ask) else None


def values(change: Callable[[Any], Any], *verbs: str, but: tuple[str, ...] = ("id", "href")) -> Answering:
    """Every single value in a resource comes back changed."""

    def changed(one: dict[str, Any]) -> None:
        one.update({name: replaced(value, change) for name, value in one.items() if name not in but})

    return body(changed, *verbs)


def spoiled(value: Any) -> Any:
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | float) else f"{value} (copy)"


def texts(change: Callable[[str], str]) -> Asking:
    """Every text in the body of a creation is stored changed."""

    def asked(ask: Ask, proxy: Proxy) -> None:
        if ask.verb == "create":
            ask.json = replaced(ask.json, lambda one: change(one) if isinstance(one, str) else one)

    return asked


def _moments(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda one: change(one) if instant(one) else one


def _own_dates(change: Callable[[str], str]) -> Answering:
    """The dates that the server sets come back changed."""

    def answered(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if answer.status < 300:
            sent = ask.json
            answer.json = {
                name: change(value) if name not in sent and instant(value) else value
                for name, value in answer.json.items()
            }

    return on("create")(answered)


def _headers(**told: str) -> Answering:
    return on("create")(lambda ask, answer, proxy: answer.headers.update(told))


def _turned(value: Any) -> Any:
    """A value whose arrays are turned round."""
    if isinstance(value, dict):
        return {name: _turned(inner) for name, inner in value.items()}
    return [_turned(inner) for inner in reversed(value)] if isinstance(value, list) else value


def _collection(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    answer.headers["location"] = answer.headers.get("location", "").rpartition("/")[0]


def _relative(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    where = answer.headers.get("location", "")
    answer.headers["location"] = "/" + where.split("/", 3)[3] if "://" in where else where


def _first(ask: Ask, proxy: Proxy) -> Answer | None:
    """The answer of the first creation there was."""
    return proxy.memory.get(ask.path) if ask.verb == "create" else None


def _known(ask: Ask, proxy: Proxy) -> Answer | None:
    return proxy.memory.get(ask.content.decode()) if ask.verb == "create" else None


def _keep_first(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    proxy.memory.setdefault(ask.path, answer)


def _keep_known(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    proxy.memory.setdefault(ask.content.decode(), answer)


def _latin(ask: Ask, proxy: Proxy) -> None:
    if ask.verb == "create":
        ask.content = ask.content.decode("latin-1").encode()


def _literal(ask: Ask, proxy: Proxy) -> None:
    if ask.verb == "create":
        ask.content = re.sub(rb"(?<!\\)\\u", rb"\\\\u", ask.content)


def _own_id(ask: Ask, proxy: Proxy) -> None:
    if ask.verb == "create" and isinstance(ask.json, dict):
        ask.json = {name: value for name, value in ask.json.items() if name != "id"}


def _referring(change: Callable[[dict[str, Any]], Any]) -> Answering:
    """What names another resource by its id comes back changed; what it names does not."""

    def answered(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        known, made = proxy.memory.setdefault("ids", set()), answer.json
        if answer.status == 201:
            known.add(made["id"])
            if any(key.encode() in ask.content for key in known):
                change(made)
                answer.json = made

    return on("create")(answered)


def _clients_id(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status == 201 and "id" in ask.json:
        answer.json = {**answer.json, "id": ask.json["id"]}


def _overwritten(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    return Answer(201, {"content-type": "application/json"}, ask.content) if answer.status == 409 else None


def _no_fields(ask: Ask, proxy: Proxy) -> None:
    if ask.verb == "create":
        ask.query = ""


def _creation(where: Callable[[Ask], Any]) -> Callable[[Ask], Any]:
    return lambda ask: ask.verb == "create" and where(ask)


MUTANTS = (
    Mutant("answers a creation with 200", ("CRE-01", "CRE-02"), answer=status(200, "create")),
    Mutant(
        "says that the JSON of a creation is plain text", ("CRE-03",), answer=_headers(**{"content-type": "text/plain"})
    ),
    Mutant("counts its ids", ("CRE-04",), answer=body(lambda one: one.update(id=7), "create")),
    Mutant(
        "returns nothing of what was created but its id",
        ("CRE-05", "CRE-07"),
        answer=without(lambda n: n != "id", "create"),
    ),
    Mutant("does not tell the id", ("CRE-04", "CRE-05"), answer=without({"id"}, "create")),
    Mutant(
        "answers a creation with null for all but the id",
        ("CRE-06",),
        answer=body(lambda one: one.update({n: None for n in one if n != "id"}), "create"),
    ),
    Mutant("has null for an id", ("CRE-04", "CRE-06"), answer=body(lambda one: one.update(id=None), "create")),
    Mutant(
        "does not tell the id of what names another",
        ("CRE-04", "CRE-05"),
        answer=_referring(lambda one: one.pop("id")),
        apis=("TMF622-v5",),
        resources=("cancelProductOrder",),
    ),
    Mutant(
        "has null for the id of what names another",
        ("CRE-04", "CRE-06"),
        answer=_referring(lambda one: one.update(id=None)),
        apis=("TMF622-v5",),
        resources=("cancelProductOrder",),
    ),
    Mutant("writes something of its own into every value", ("CRE-07", "CRE-08"), answer=values(spoiled, "create")),
    Mutant("turns arrays round", ("CRE-08",), answer=body(lambda one: one.update(_turned(one)), "create")),
    Mutant(
        "writes moments with an offset of its own",
        ("CRE-08",),
        answer=values(
            lambda one: one[:-1] + "+00:00" if isinstance(one, str) and instant(one) and one.endswith("Z") else one,
            "create",
        ),
    ),
    Mutant(
        "writes numbers as texts",
        ("CRE-09",),
        answer=values(lambda one: str(one) if type(one) in (int, float) else one, "create"),
    ),
    Mutant(
        "keeps money as inexact numbers",
        ("CRE-09",),
        answer=values(lambda one: one + 1e-9 if isinstance(one, float) else one, "create"),
    ),
    Mutant(
        "writes whole numbers as decimals",
        ("CRE-10",),
        answer=values(lambda one: float(one) if type(one) is int else one, "create"),
        apis=("TMF621-v5",),
        resources=("troubleTicketSpecification",),
    ),
    Mutant(
        "takes false for nothing",
        ("CRE-11",),
        answer=values(lambda one: None if one is False else one, "create"),
        apis=("TMF621-v5",),
        resources=("troubleTicketSpecification",),
    ),
    Mutant(
        "writes truth values as texts",
        ("CRE-11",),
        answer=values(lambda one: str(one).lower() if isinstance(one, bool) else one, "create"),
    ),
    Mutant("reads bodies as Latin-1", ("CRE-12",), ask=_latin),
    Mutant(
        "knows no letters beyond the basic plane",
        ("CRE-12", "CRE-13"),
        ask=texts(lambda one: "".join("?" if ord(letter) > 0xFFFF else letter for letter in one)),
    ),
    Mutant("leaves escapes as they are", ("CRE-13",), ask=_literal),
    Mutant("doubles quotes", ("CRE-14",), ask=texts(lambda one: one.replace("'", "''"))),
    Mutant("drops backslashes", ("CRE-14",), ask=texts(lambda one: one.replace("\\", ""))),
    Mutant("joins lines", ("CRE-15",), ask=texts(lambda one: re.sub(r"[\r\n\t]+", " ", one))),
    Mutant("escapes markup", ("CRE-16",), ask=texts(lambda one: html.escape(one, quote=False))),
    Mutant("trims texts", ("CRE-17",), ask=texts(str.strip)),
    Mutant("cuts long texts", ("CRE-18",), ask=texts(lambda one: one[:1000])),
    Mutant(
        "forgets the time zone of what is sent", ("CRE-19",), ask=texts(_moments(lambda one: _OFFSET.sub("Z", one)))
    ),
    Mutant("drops fractions of a second", ("CRE-20",), ask=texts(_moments(lambda one: _FRACTION.sub(r"\1", one)))),
    Mutant("tells its dates without an offset", ("CRE-21",), answer=_own_dates(lambda one: one.rstrip("Z"))),
    Mutant("tells its dates as days", ("CRE-21",), answer=_own_dates(lambda one: one[:10])),
    Mutant("has a clock that began in 1970", ("CRE-22",), answer=_own_dates(lambda one: "1970" + one[4:])),
    Mutant("has an object for an href", ("CRE-23",), answer=body(lambda one: one.update(href={}), "create")),
    Mutant(
        "has hrefs that lead nowhere",
        ("CRE-24", "CRE-27"),
        answer=body(lambda one: one.update(href=f"{one['href']}0"), "create"),
    ),
    Mutant(
        "has the collection for an href",
        ("CRE-24",),
        answer=body(lambda one: one.update(href=one["href"].rpartition("/")[0]), "create"),
    ),
    Mutant("has no Location", ("CRE-25",), answer=without_header("location", "create")),
    Mutant("has the collection for a Location", ("CRE-26", "CRE-27"), answer=on("create")(_collection)),
    Mutant("has a Location without a host", ("CRE-27",), answer=on("create")(_relative)),
    Mutant("does not find what it has just created", ("CRE-28",), answer=status(404, "retrieve")),
    Mutant("takes every creation for the first", ("CRE-29", "CRE-30"), ask=_first, answer=on("create")(_keep_first)),
    Mutant("takes an equal body for the same request", ("CRE-30",), ask=_known, answer=on("create")(_keep_known)),
    Mutant("begins without a state", ("CRE-31",), answer=without(_STATES, "create")),
    Mutant("tells no type", ("CRE-32", "CRE-33"), answer=without({"@type"}, "create")),
    Mutant(
        "insists on a type in creations",
        ("CRE-33",),
        ask=refusing(400, _creation(lambda ask: "@type" not in (ask.json or {}))),
    ),
    Mutant("gives ids of its own", ("CRE-34",), ask=_own_id),
    Mutant("overwrites what has the id already", ("CRE-35",), answer=on("create")(_overwritten)),
    Mutant(
        "takes an id where the document has none", ("CRE-36",), answer=on("create")(_clients_id), apis=("TMF621-v4",)
    ),
    Mutant(
        "refuses a charset",
        ("CRE-37",),
        ask=refusing(415, _creation(lambda ask: "charset" in ask.headers["content-type"])),
    ),
    Mutant("passes over fields on a creation", ("CRE-38",), ask=_no_fields),
    Mutant("has no entity tag on a creation", ("CRE-39",), answer=without_header("etag", "create")),
    Mutant("has an entity tag of its own on a creation", ("CRE-40",), answer=_headers(etag='"created"')),
    Mutant(
        "does not know a slash after its collections",
        ("CRE-41",),
        ask=refusing(404, _creation(lambda ask: ask.path.endswith("/"))),
    ),
    Mutant(
        "stumbles over null", ("CRE-42",), ask=refusing(500, _creation(lambda ask: None in (ask.json or {}).values()))
    ),
)
