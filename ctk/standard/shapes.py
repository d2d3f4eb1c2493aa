"""What a document lets an attribute be: the alternatives of a union, the subtypes of a type, and a value of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ctk.standard.document import Attribute, Document, Node

Path = tuple[str | int, ...]
Place = tuple[Path, Node, dict[str, Any]]
"""An object somewhere in a value: its path, its schema, the object itself."""

_TEXTS = {
    "date-time": "2026-05-04T09:31:00Z",
    "date": "2026-05-04",
    "uri": "https://ctk.example/thing",
    "url": "https://ctk.example/thing",
    "base64": "Y3Rr",
    "byte": "Y3Rr",
    "float": 1.5,
}
_DEPTH = 5


def alternatives(document: Document, node: Node) -> dict[str, Node]:
    """The branches of a union by the `@type` that names each; none where the node is no union."""
    node = document.followed(node)
    if not node.get("oneOf") and not node.get("anyOf"):
        return {}
    branches = [str(one.get("$ref", "")) for one in document.branches(node)]
    named = {name: at for name, at in _mapping(node).items() if at in branches}
    missing = {_name(at): at for at in branches if at and at not in named.values()}
    return {name: {"$ref": at} for name, at in (named | missing).items()}


def subtypes(document: Document, node: Node) -> dict[str, Node]:
    """The schemas that the `@type` of an object without a union may name, its own among them."""
    node = document.followed(node)
    return {} if alternatives(document, node) else {name: {"$ref": at} for name, at in _mapping(node).items()}


def unions(document: Document, node: Node) -> list[str]:
    """Where a union stands in an object: `""` where the object is one, or the names of its attributes that are."""
    if alternatives(document, node):
        return [""]
    return [name for name, one in document.attributes(node).items() if alternatives(document, one.node)]


def objects(document: Document, node: Node, value: Any, path: Path = ()) -> Iterator[Place]:
    """Every object in a value of a schema, the outer ones first; what no schema declares is passed over."""
    if isinstance(value, list):
        for number, element in enumerate(value):
            yield from objects(document, node, element, (*path, number))
    elif isinstance(value, dict):
        yield path, node, value
        declared = document.attributes(node)
        for name, inner in value.items():
            if name in declared:
                yield from objects(document, declared[name].node, inner, (*path, name))


def at(value: Any, path: Path) -> Any:
    """What stands at a path; None where nothing does."""
    for part in path:
        if isinstance(part, int):
            value = value[part] if isinstance(value, list) and part < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def sample(document: Document, one: Attribute, depth: int = 0) -> Any:
    """A value of an attribute, as small as its schema allows."""
    value = thing(document, one.node, one.target, depth) if one.kind == "object" else _scalar(one)
    return [value] if one.many else value


def thing(document: Document, node: Node, name: str, depth: int = 0) -> dict[str, Any]:
    """An object of a schema with what is mandatory, and its `@type` where it has one."""
    choice = alternatives(document, node)
    if choice:
        name, node = next(iter(choice.items()))
    declared, made = document.attributes(node), dict[str, Any]()
    # What some documents forget to ask of a creation, and ask of an answer: a reference has an id.
    needed = document.required(node) | ({"id"} if "@referredType" in declared else set())
    for inner in sorted(needed & declared.keys()):
        if depth < _DEPTH and inner != "@type":
            made[inner] = sample(document, declared[inner], depth + 1)
    if "@type" in declared and name:
        made["@type"] = plain(name)
    return made


def _scalar(one: Attribute) -> Any:
    if one.enum:
        return one.enum[0]
    return {"string": _TEXTS.get(one.format, "ctk"), "integer": 7, "number": 1.5, "boolean": True}.get(one.kind, "ctk")


def _mapping(node: Node) -> Mapping[str, str]:
    told = node.get("discriminator")
    return told.get("mapping", {}) if isinstance(told, dict) else {}


def _name(reference: str) -> str:
    return plain(reference.rpartition("/")[2])


def plain(name: str) -> str:
    """A schema's name as `@type` has it: without what tells that it is for creations."""
    return name.removesuffix("_FVO").removesuffix("_Create")


def _refers(document: Document, node: Node, depth: int = 0) -> bool:
    declared = document.attributes(node)
    inner = (one.node for one in declared.values() if one.kind == "object")
    return "@referredType" in declared or (depth < 1 and any(_refers(document, one, depth + 1) for one in inner))


SORTS: Mapping[str, Callable[[Document, Attribute], bool]] = {
    "sent": lambda _, one: one.name != "",
    "changed": lambda _, one: one.name != "",
    "enums": lambda _, one: bool(one.enum),
    "dates": lambda _, one: one.format in ("date", "date-time") and not one.many,
    "arrays": lambda _, one: one.many,
    "complex": lambda document, one: one.kind == "object" and bool(document.attributes(one.node)),
    "marked": lambda document, one: "@type" in document.attributes(one.node),
    "referring": lambda document, one: _refers(document, one.node),
    "unions": lambda document, one: bool(unions(document, one.node)),
    "subtypes": lambda document, one: len(subtypes(document, one.node)) > 1,
    "characteristics": lambda _, one: one.target.startswith("Characteristic") and "Spec" not in one.target,
}
"""Sorts of attributes that a creation may have (`changed`: a change); rules are asked of each of a sort."""
