"""The types of a document: shorthand nodes -> schemas, and the variants that are sent derived from what is read.

Shorthand: `string`, `string(date-time)`, `Note` (another type), `[Note]` (an array), else JSON Schema's own words;
`subtypes` lists the values of a discriminator that name themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from copy import deepcopy
from typing import Any

Node = Any
KINDS = ("string", "integer", "number", "boolean", "object", "array")
_HOLDING = ("allOf", "oneOf", "anyOf", "items", "additionalProperties", "$ref")
_FORMAT = re.compile(r"(\w+)\((.+)\)")


def variant(base: Node, suffix: str, names: Container[str], delta: Mapping[str, Any]) -> Node:
    """Returns what is sent of a type: every type in it that has such a variant (`names`) is replaced by it. `delta`:
    `omit`, attributes that are not sent; `required`, the list in place of the read one (empty: none); `is`, a
    definition of its own."""
    if "is" in delta:
        return deepcopy(delta["is"])
    made = _replaced(base, lambda name: name + suffix if name + suffix in names else name)
    part = own_part(made)
    for name in delta.get("omit", ()):
        part["properties"].pop(name)
    if "required" in delta:
        part.pop("required", None)
        if delta["required"]:
            part["required"] = list(delta["required"])
    return made


def own_part(node: Node) -> Node:
    """Returns the part of a definition that declares its own attributes: itself, or the last object of its `allOf`."""
    own = [part for part in node.get("allOf", ()) if isinstance(part, dict) and "properties" in part]
    return own[-1] if own else node


def _replaced(node: Node, rename: Callable[[str], str]) -> Node:
    if isinstance(node, str):
        return rename(node)
    if isinstance(node, list):
        return [_replaced(item, rename) for item in node]
    made: dict[str, Any] = {}
    for key, value in node.items():
        if key == "properties":
            made[key] = {name: _replaced(inner, rename) for name, inner in value.items()}
        elif key in _HOLDING and not isinstance(value, bool):
            made[key] = _replaced(value, rename)
        elif key == "subtypes":
            made["mapping"] = {name: rename(name) for name in value}
        elif key == "mapping":
            made[key] = {mark: rename(name) for mark, name in value.items()}
        else:
            made[key] = deepcopy(value)
    return made


def schema(node: Node) -> dict[str, Any]:
    """Returns a shorthand node as an OpenAPI 3.0 schema."""
    if isinstance(node, str):
        return _named(node)
    if isinstance(node, list):
        return {"type": "array", "items": schema(node[0])}
    made: dict[str, Any] = {}
    for key, value in node.items():
        if key == "$ref":
            made.update(_named(value))
        elif key in ("items", "additionalProperties") and not isinstance(value, bool):
            made[key] = schema(value)
        elif key in ("allOf", "oneOf", "anyOf"):
            made[key] = [schema(part) for part in value]
        elif key == "properties":
            made[key] = {name: schema(inner) for name, inner in value.items()}
        elif key == "discriminator":
            made[key] = {"propertyName": value, **_mapping(node)}
        elif key not in ("subtypes", "mapping"):
            made[key] = deepcopy(value)
    if "$ref" in made and len(made) > 1:
        # OpenAPI 3.0 ignores what stands beside a reference.
        return {"allOf": [{"$ref": made.pop("$ref")}], **made}
    return made


def _mapping(node: Mapping[str, Any]) -> dict[str, Any]:
    pairs = {name: name for name in node.get("subtypes", ())} | dict(node.get("mapping", {}))
    return {"mapping": {mark: _reference(name) for mark, name in pairs.items()}} if pairs else {}


def _named(text: str) -> dict[str, Any]:
    if text == "any":
        return {}
    match = _FORMAT.fullmatch(text)
    if match and match[1] in KINDS:
        return {"type": match[1], "format": match[2]}
    return {"type": text} if text in KINDS else {"$ref": _reference(text)}


def _reference(name: str) -> str:
    return name if "/" in name else "#/components/schemas/" + name
