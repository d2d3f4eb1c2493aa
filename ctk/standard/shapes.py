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
    "uri": "https://ctk.example/smallest_object",
    "url": "https://ctk.example/smallest_object",
    "base64": "Y3Rr",
    "byte": "Y3Rr",
    "float": 1.5,
}
_DEPTH = 5


def alternatives(document: Document, node: Node) -> dict[str, Node]:
    """Returns the branches of a union by the `@type` that names each; empty where the node is no union."""
    node = document.resolve(node)
    if not node.get("oneOf") and not node.get("anyOf"):
        return {}
    branches = [str(branch.get("$ref", "")) for branch in document.branches(node)]
    named = {name: at for name, at in _mapping(node).items() if at in branches}
    missing = {_name(at): at for at in branches if at and at not in named.values()}
    return {name: {"$ref": at} for name, at in (named | missing).items()}


def subtypes(document: Document, node: Node) -> dict[str, Node]:
    """Returns the schemas that the `@type` of an object without a union may name, its own among them."""
    node = document.resolve(node)
    return {} if alternatives(document, node) else {name: {"$ref": at} for name, at in _mapping(node).items()}


def unions(document: Document, node: Node) -> list[str]:
    """Returns where a union stands in an object:

    `""` where the object is one, or the names of its attributes that are.
    """
    if alternatives(document, node):
        return [""]
    return [name for name, attribute in document.attributes(node).items() if alternatives(document, attribute.node)]


def objects(document: Document, node: Node, value: Any, path: Path = ()) -> Iterator[Place]:
    """Yields every object in a value of a schema, the outer ones first; what no schema declares is passed over."""
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
    """Returns what stands at a path. Returns None where nothing does."""
    for part in path:
        if isinstance(part, int):
            value = value[part] if isinstance(value, list) and part < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def sample(document: Document, attribute: Attribute, depth: int = 0) -> Any:
    """Returns a value of an attribute, as small as its schema allows."""
    value = (
        smallest_object(document, attribute.node, attribute.schema_name, depth)
        if attribute.kind == "object"
        else _scalar(attribute)
    )
    return [value] if attribute.many else value


def smallest_object(document: Document, node: Node, name: str, depth: int = 0) -> dict[str, Any]:
    """Returns an object of a schema with what is mandatory, and its `@type` where it has one."""
    choice = alternatives(document, node)
    if choice:
        name, node = next(iter(choice.items()))
    declared, value = document.attributes(node), dict[str, Any]()
    # What some documents forget to ask of a creation, and ask of an answer: a reference has an id.
    needed = document.required(node) | ({"id"} if "@referredType" in declared else set())
    for inner in sorted(needed & declared.keys()):
        if depth < _DEPTH and inner != "@type":
            value[inner] = sample(document, declared[inner], depth + 1)
    if "@type" in declared and name:
        value["@type"] = plain(name)
    return value


def _scalar(attribute: Attribute) -> Any:
    if attribute.enum:
        return attribute.enum[0]
    return {"string": _TEXTS.get(attribute.format, "ctk"), "integer": 7, "number": 1.5, "boolean": True}.get(
        attribute.kind, "ctk"
    )


def _mapping(node: Node) -> Mapping[str, str]:
    discriminator = node.get("discriminator")
    return discriminator.get("mapping", {}) if isinstance(discriminator, dict) else {}


def _name(reference: str) -> str:
    return plain(reference.rpartition("/")[2])


def plain(name: str) -> str:
    """Returns a schema's name as `@type` has it: without what says that it is for creations."""
    return name.removesuffix("_FVO").removesuffix("_Create")


def _refers(document: Document, node: Node, depth: int = 0) -> bool:
    declared = document.attributes(node)
    inner = (attribute.node for attribute in declared.values() if attribute.kind == "object")
    return "@referredType" in declared or (
        depth < 1 and any(_refers(document, inner_node, depth + 1) for inner_node in inner)
    )


SORTS: Mapping[str, Callable[[Document, Attribute], bool]] = {
    "sent": lambda _, attribute: attribute.name != "",
    "changed": lambda _, attribute: attribute.name != "",
    "enums": lambda _, attribute: bool(attribute.enum),
    "dates": lambda _, attribute: attribute.format in ("date", "date-time") and not attribute.many,
    "arrays": lambda _, attribute: attribute.many,
    "complex": lambda document, attribute: attribute.kind == "object" and bool(document.attributes(attribute.node)),
    "marked": lambda document, attribute: "@type" in document.attributes(attribute.node),
    "referring": lambda document, attribute: _refers(document, attribute.node),
    "unions": lambda document, attribute: bool(unions(document, attribute.node)),
    "subtypes": lambda document, attribute: len(subtypes(document, attribute.node)) > 1,
    "characteristics": lambda _, attribute: (
        attribute.schema_name.startswith("Characteristic") and "Spec" not in attribute.schema_name
    ),
}
"""Sorts of attributes that a creation may have (`changed`: a change); rules are asked of each of a sort."""
