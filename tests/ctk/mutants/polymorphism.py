"""Servers that lose types, refuse what `@type` may choose, or take what it may not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.ctk.mutants.errors import takes
from tests.ctk.mutants.proxy import Answer, Answering, Ask, Asking, Mutant, Proxy, body

_READ = ("create", "retrieve", "patch")


def everywhere(change: Callable[[dict[str, Any]], Any]) -> Answering:
    """Every object inside a resource is changed in place."""

    def inside(one: dict[str, Any]) -> None:
        for value in one.values():
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, dict):
                    inside(inner)
                    change(inner)

    return body(inside, *_READ)


def _top(change: Callable[[dict[str, Any]], Any]) -> Answering:
    return body(change, *_READ)


def _said(**told: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda one: one.update({name.replace("at_", "@"): value for name, value in told.items()})


def _lost(*names: str) -> Callable[[dict[str, Any]], Any]:
    def change(one: dict[str, Any]) -> None:
        for name in names:
            one.pop(name, None)

    return change


def _values(change: Callable[[Any], Any]) -> Answering:
    """The values of characteristics are stored as something else."""

    def changed(one: dict[str, Any]) -> None:
        if "value" in one:
            one["value"] = change(one["value"])

    return everywhere(changed)


def refuses(when: Callable[[dict[str, Any]], bool]) -> Asking:
    """Creations are refused where an object anywhere in them is of a kind."""

    def made(ask: Ask, proxy: Proxy) -> Answer | None:
        if ask.verb != "create" or not any(when(one) for one in _objects(ask.json)):
            return None
        return Answer(400, {"content-type": "application/json"}, b'{"code":"400","reason":"unknown type"}')

    return made


def _objects(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        return [node, *(found for inner in node.values() for found in _objects(inner))]
    return [found for inner in node for found in _objects(inner)] if isinstance(node, list) else []


def _reads(change: Callable[[dict[str, Any]], Any]) -> Asking:
    """What is sent is read otherwise: every object in it is changed first."""

    def made(ask: Ask, proxy: Proxy) -> None:
        if ask.verb in ("create", "patch") and isinstance(sent := ask.json, dict):
            for one in _objects(sent):
                change(one)
            ask.json = sent

    return made


def _untyped(one: dict[str, Any]) -> None:
    if not isinstance(one.get("@type"), str) or one["@type"] == "":
        one.pop("@type", None)


def _only_known(one: dict[str, Any]) -> None:
    if "Ctk" in str(one.get("@type")):
        one["@type"] = one.get("@baseType", "Entity")


def _reference(one: dict[str, Any]) -> bool:
    return str(one.get("@type", "")).endswith("Ref")


def _closed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A patch leaves extensions as they were."""
    if ask.verb == "patch" and isinstance(found := answer.json, dict) and "ctkColour" in found:
        answer.json = {**found, "ctkColour": "red"}


def _blind(ask: Ask, proxy: Proxy) -> None:
    """Extensions are kept, but not looked at: the schema's values stand in for those that break it."""
    if ask.verb in ("create", "patch") and b"ctkColour" in ask.content:
        sent = ask.json
        for one in _objects(sent):
            if "ctkColour" in one:
                one["ctkColour"] = "red"
        ask.json = sent


def _lenient(ask: Ask, proxy: Proxy) -> None:
    """What an extension makes mandatory is filled in."""
    if ask.verb == "create" and isinstance(sent := ask.json, dict) and "@schemaLocation" in sent:
        ask.json = {"ctkColour": "red", **sent}


def _no_schema(ask: Ask, proxy: Proxy) -> None:
    """A schema that cannot be read is done without."""
    if ask.verb == "create" and b"ctk-no-such-schema" in ask.content:
        ask.content = json.dumps(
            {name: value for name, value in ask.json.items() if name not in ("@schemaLocation", "ctkColour")}
        ).encode()


def _insists(ask: Ask, proxy: Proxy) -> Answer | None:
    """A creation without a type is refused."""
    if ask.verb != "create" or not isinstance(sent := ask.json, dict) or "@type" in sent:
        return None
    return Answer(400, {"content-type": "application/json"}, b'{"code":"400","reason":"no @type"}')


def _names_none(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status == 400:
        answer.json = {"code": "400", "reason": "Invalid body"}


MUTANTS = (
    Mutant("gives no type", ("POL-01", "POL-02", "POL-06"), answer=_top(_lost("@type"))),
    Mutant("insists on a type of the resource", ("POL-01",), ask=_insists),
    Mutant("calls everything an entity", ("POL-02", "POL-06"), answer=_top(_said(at_type="Entity"))),
    Mutant("passes over types that are none", ("POL-03", "POL-04", "POL-12", "POL-13"), ask=_reads(_untyped)),
    Mutant("refuses types it does not know", ("POL-05", "POL-16"), ask=refuses(lambda o: "Ctk" in str(o.get("@type")))),
    Mutant("knows its own types alone", ("POL-06", "POL-16"), ask=_reads(_only_known)),
    Mutant("gives no type inside", ("POL-10", "POL-11", "POL-16", "POL-21"), answer=everywhere(_lost("@type"))),
    Mutant("calls everything inside an entity", ("POL-10", "POL-21"), answer=everywhere(_said(at_type="Entity"))),
    Mutant("forgets what references refer to", ("POL-14",), answer=everywhere(_lost("@referredType"))),
    Mutant("drops what it does not know inside", ("POL-15",), answer=everywhere(_lost("ctkBeyond"))),
    Mutant("refuses references", ("POL-20",), ask=refuses(_reference)),
    Mutant(
        "takes a reference to nothing", ("POL-22",),
        answer=takes("create", lambda ask, told: "mandatory here" in told),
    ),
    Mutant(
        "refuses lists in characteristics", ("POL-23", "POL-35", "POL-36", "POL-37"),
        ask=refuses(lambda one: "ArrayCharacteristic" in str(one.get("@type"))),
    ),
    Mutant(
        "keeps of a subtype what its base has", ("POL-24",),
        answer=everywhere(_lost("value", "emailAddress", "phoneNumber", "socialNetworkId")),
    ),
    Mutant(
        "looks at the base of a subtype alone", ("POL-25", "POL-38"),
        answer=takes("create", lambda ask, told: "is not of type" in told),
    ),
    Mutant(
        "refuses contact by post", ("POL-23",),
        ask=refuses(lambda one: "GeographicAddress" in str(one.get("@type"))),
        apis=("TMF629-v5",), resources=("customer",),
    ),
    Mutant(
        "stores every value as a text", ("POL-31", "POL-32", "POL-33", "POL-34", "POL-35", "POL-36", "POL-37"),
        answer=_values(str), apis=("TMF621-v5", "TMF629-v4"), resources=("troubleTicket", "customer"),
    ),
    Mutant("reads digits as a number", ("POL-30",), answer=_values(lambda v: int(v) if v == "7" else v)),
    Mutant("rounds numbers", ("POL-32", "POL-36"), answer=_values(
        lambda v: [round(n) for n in v] if v == [2.5, 1] else round(v) if isinstance(v, float) else v
    )),
    Mutant("stores truth as a number", ("POL-33",), answer=_values(lambda v: int(v) if isinstance(v, bool) else v)),
    Mutant("sorts lists and drops doubles", ("POL-35",), answer=_values(
        lambda v: sorted(set(v)) if isinstance(v, list) and isinstance(v[0], str) else v
    )),
    Mutant("drops attributes of extensions", ("POL-41",), answer=_top(_lost("ctkColour"))),
    Mutant("forgets where the schema is", ("POL-42",), answer=_top(_lost("@schemaLocation"))),
    Mutant("does not look at extensions", ("POL-43", "POL-48", "POL-49"), ask=_blind),
    Mutant("does not name what breaks a schema", ("POL-44",), answer=_names_none),
    Mutant("fills extensions in", ("POL-45",), ask=_lenient),
    Mutant("does without a schema that is not there", ("POL-46",), ask=_no_schema),
    Mutant("never changes an extension", ("POL-47",), answer=_closed),
)  # fmt: skip
