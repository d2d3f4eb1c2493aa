"""Servers whose published document says something else than ours; what they do is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ctk.standard.document import METHODS, Attribute, Document
from ctk.standard.operations import operation_of
from ctk.standard.profile import Profile, profiles
from tests.ctk.mutants.proxy import Answer, Answering, Ask, Mutant, Proxy

Node = dict[str, Any]
_ALL = ("list", "create", "retrieve", "patch", "delete")
_PROSE = {"type": "object", "properties": {"prose": {"type": "string"}}}


def document(change: Callable[[Node, Profile], None]) -> Answering:
    """The published document is changed in place."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb == "document" and answer.status == 200:
            found = answer.json
            if found is None:
                return
            change(found, profiles()[ask.api])
            answer.json = found

    return changed


def text(change: Callable[[bytes], bytes]) -> Answering:
    """The published document is another text."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb == "document" and answer.status == 200:
            answer.content = change(answer.content)

    return changed


def each(change: Callable[[Node], None], *verbs: str) -> Answering:
    """These operations of every resource are declared otherwise."""

    def changed(found: Node, profile: Profile) -> None:
        for resource in profile.resources.values():
            for verb in set(verbs) & set(resource.operations):
                method, path = operation_of(verb, resource.name)
                change(found["paths"][path][method])

    return document(changed)


def hidden(verb: str) -> Answering:
    """An operation is declared of no resource."""

    def changed(found: Node, profile: Profile) -> None:
        for resource in profile.resources:
            method, path = operation_of(verb, resource)
            found["paths"].get(path, {}).pop(method, None)

    return document(changed)


def attributes(change: Callable[[Attribute], Node]) -> Answering:
    """Every attribute that is read is declared otherwise, and all remain required as they were."""

    def changed(found: Node, profile: Profile) -> None:
        read = Document(found)
        made = {}
        for resource in profile.resources.values():
            node = read.schema(resource.schema)
            own = {name: change(one) for name, one in read.attributes(node).items()}
            made[resource.schema] = {"type": "object", "properties": own, "required": sorted(read.required(node))}
            made[resource.schema]["required"] = made[resource.schema]["required"] or ["id"]
        found["components"]["schemas"].update(made)

    return document(changed)


def bodies(verb: str, change: Callable[[Node, Any], Node]) -> Answering:
    """What an operation takes has another schema."""

    def changed(found: Node, profile: Profile) -> None:
        for resource in profile.resources.values():
            if verb in resource.operations:
                method, path = operation_of(verb, resource.name)
                for one in found["paths"][path][method]["requestBody"]["content"].values():
                    one["schema"] = change(one["schema"], resource)

    return document(changed)


def _half(content: bytes) -> bytes:
    """Half of the JSON; of the YAML nothing, whose half could be read."""
    return content[: len(content) // 2] if content[:1] == b"{" else b""


def _operations(found: Node) -> Iterator[Node]:
    for item in found["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def _without_query(name: str) -> Answering:
    def change(operation: Node) -> None:
        given = operation.get("parameters", ())
        operation["parameters"] = [
            one for one in given if name not in (one.get("name"), one.get("$ref", "")[-len(name) :])
        ]

    return each(change, "list", "retrieve")


def _takes(*types: str) -> Answering:
    def change(operation: Node) -> None:
        schema = next(iter(operation["requestBody"]["content"].values()))
        operation["requestBody"]["content"] = dict.fromkeys(types, schema)

    return each(change, "create", "patch")


def _succeeds_with(operation: Node) -> None:
    operation["responses"] = {"299" if code[0] == "2" else code: one for code, one in operation["responses"].items()}


def _refuses_nothing(operation: Node) -> None:
    operation["responses"] = {code: one for code, one in operation["responses"].items() if code not in ("400", "404")}


def _answers(schema: Callable[[Node], Node]) -> Callable[[Node], None]:
    def change(operation: Node) -> None:
        for code, one in operation["responses"].items():
            for media in one.get("content", {}).values() if code[0] == "2" else ():
                media["schema"] = schema(media.get("schema", {}))

    return change


def _answers_deletion(operation: Node) -> None:
    operation["responses"]["204"]["content"] = {"application/json": {"schema": {"type": "object"}}}


def _renumbered(operation: Node) -> None:
    operation["operationId"] = operation["operationId"] + "UsingMethod1"


def _no_path(start: str) -> Callable[[Node, Profile], None]:
    def change(found: Node, profile: Profile) -> None:
        found["paths"] = {path: one for path, one in found["paths"].items() if not path.startswith(start)}

    return change


def _bare_events(found: Node, profile: Profile) -> None:
    for path, item in found["paths"].items():
        if path.startswith("/listener"):
            for media in item["post"]["requestBody"]["content"].values():
                media["schema"] = {"type": "object", "properties": {"eventId": {"type": "string"}}}


def _codeless(found: Node, profile: Profile) -> None:
    found["components"]["schemas"]["Error"] = {"type": "object", "properties": {"error": {"type": "string"}}}


def _renamed(found: Node, profile: Profile) -> None:
    for resource in profile.resources.values():
        found["components"]["schemas"][resource.schema] = dict(_PROSE)


def _optional(found: Node, profile: Profile) -> None:
    read = Document(found)
    for resource in profile.resources.values():
        inner = {name: dict(one) for name, one in read.properties(read.schema(resource.schema)).items()}
        found["components"]["schemas"][resource.schema] = {"type": "object", "properties": inner}


def _swapped_kind(one: Attribute) -> Node:
    node = {"type": "integer" if one.kind == "string" else "string"}
    return {"type": "array", "items": node} if one.many else node


def _swapped_many(one: Attribute) -> Node:
    node = {"type": one.kind} if one.kind != "any" else {"type": "object"}
    return node if one.many else {"type": "array", "items": node}


def _swapped_format(one: Attribute) -> Node:
    node = {"type": one.kind if one.kind != "any" else "string"}
    node["format"] = "date" if one.format == "date-time" else "date-time"
    return {"type": "array", "items": node} if one.many else node


def _enumerated(one: Attribute) -> Node:
    node = {"type": one.kind, "enum": ["ctk"]} if one.enum else dict(one.node)
    return {"type": "array", "items": node} if one.many else node


def _demanding(schema: Node, resource: Any) -> Node:
    return {"allOf": [schema, {"required": ["sponsor"], "properties": {"sponsor": {"type": "string"}}}]}


def _protected(schema: Node, resource: Any) -> Node:
    return {"allOf": [schema, {"properties": {name: {"type": "string"} for name in resource.protected}}]}


MUTANTS = (
    Mutant("publishes a list of documents", ("STA-01",), answer=text(lambda content: b'["v4", "v5"]')),
    Mutant("publishes half of its document", ("STA-01",), answer=text(_half)),
    Mutant("publishes a text that is no YAML", ("STA-01",), answer=text(lambda content: b"openapi: [3.0.3")),
    Mutant(
        "publishes a document without a title",
        ("STA-02", "STA-03"),
        answer=document(lambda d, _: d["info"].pop("title") and None),
    ),
    Mutant(
        "publishes an operation without responses",
        ("STA-02",),
        answer=document(lambda d, _: next(_operations(d)).pop("responses") and None),
    ),
    Mutant(
        "calls its API by another name",
        ("STA-03",),
        answer=document(lambda d, _: d["info"].update(title="Our back office")),
    ),
    Mutant(
        "counts its document's versions from one",
        ("STA-04",),
        answer=document(lambda d, _: d["info"].update(version="1.7.0")),
    ),
    Mutant(
        "says it is elsewhere",
        ("STA-05",),
        answer=document(lambda d, _: d.update(servers=[{"url": "https://a.example/api"}])),
    ),
    Mutant("declares no hub", ("STA-06", "STA-07"), answer=document(_no_path("/hub"))),
    Mutant("declares no end of a subscription", ("STA-07",), answer=document(_no_path("/hub/"))),
    *(Mutant(f"does not declare how to {verb}", ("STA-08",), answer=hidden(verb)) for verb in _ALL),
    Mutant("declares codes of its own for success", ("STA-09",), answer=each(_succeeds_with, *_ALL)),
    Mutant("takes XML alone, it says", ("STA-10", "STA-11", "STA-12"), answer=_takes("application/xml")),
    Mutant("declares one kind of patch", ("STA-12",), answer=_takes("application/json")),
    Mutant("declares no fields", ("STA-13", "STA-16"), answer=_without_query("fields")),
    Mutant("declares no offset", ("STA-14",), answer=_without_query("offset")),
    Mutant("declares no limit", ("STA-15",), answer=_without_query("limit")),
    Mutant("declares no sort", ("STA-17",), answer=_without_query("sort")),
    Mutant("declares no filter", ("STA-18",), answer=_without_query("filter")),
    Mutant("declares no usual refusals", ("STA-19",), answer=each(_refuses_nothing, *_ALL)),
    Mutant("declares errors of its own shape", ("STA-20",), answer=document(_codeless)),
    Mutant(
        "declares a list as one resource",
        ("STA-21",),
        answer=each(_answers(lambda node: node.get("items", {})), "list"),
    ),
    Mutant(
        "wraps a resource in an array, it says",
        ("STA-21",),
        answer=each(_answers(lambda node: {"type": "array", "items": node}), "create", "retrieve", "patch"),
    ),
    Mutant("declares a body after a deletion", ("STA-21",), answer=each(_answers_deletion, "delete")),
    Mutant("has operationIds of its generator", ("STA-22",), answer=each(_renumbered, *_ALL)),
    Mutant("declares no listeners", ("STA-23",), answer=document(_no_path("/listener"))),
    Mutant("declares events without their content", ("STA-24",), answer=document(_bare_events)),
    Mutant(
        "declares another resource than it has", ("STA-21", "STA-25", "STA-26", "STA-33"), answer=document(_renamed)
    ),
    Mutant("declares other kinds of values", ("STA-27",), answer=attributes(_swapped_kind)),
    Mutant("declares many for one and one for many", ("STA-27",), answer=attributes(_swapped_many)),
    Mutant("mixes up dates and date-times", ("STA-28",), answer=attributes(_swapped_format)),
    Mutant("declares enumerations of its own", ("STA-29",), answer=attributes(_enumerated)),
    Mutant("demands more of a creation", ("STA-30",), answer=bodies("create", _demanding)),
    Mutant(
        "declares another creation than it takes",
        ("STA-31", "STA-32"),
        answer=bodies("create", lambda *_: dict(_PROSE)),
    ),
    Mutant("promises nothing of what is read", ("STA-33",), answer=document(_optional)),
    Mutant("offers everything to a patch", ("STA-34",), answer=bodies("patch", _protected)),
)
