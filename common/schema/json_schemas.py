"""An OpenAPI 3.0 document's schemas -> JSON Schema definitions that accept real traffic.

The published form uses `oneOf` with a discriminator over structurally equal branches, which a plain validator
always refuses. Here every discriminator becomes a choice by `@type`: a known one selects its branch, an unknown one
with a known `@baseType` selects that, any other fits where any branch fits (TMF630 part 1, polymorphism).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

_PLAIN = "~plain"
_TYPE_MARK = {"type": "string", "minLength": 1}
_NOT_CHECKED = {
    "discriminator",
    "description",
    "example",
    "examples",
    "default",
    "title",
    "nullable",
    "readOnly",
    "xml",
}


def name_of(ref: str) -> str:
    """Returns the schema name at the end of a `$ref`."""
    return ref.rsplit("/", 1)[-1]


def without_required(schema: Schema, attributes: Iterable[str]) -> Schema:
    """Returns the schema, its own `allOf` parts included, no longer requiring `attributes`."""
    less = frozenset(attributes)
    copy = dict(schema)
    if "required" in copy:
        copy["required"] = [name for name in copy["required"] if name not in less]
    if "allOf" in copy:
        copy["allOf"] = [without_required(part, less) for part in copy["allOf"]]
    return copy


def _mapping(schema: Schema) -> dict[str, str]:
    pairs = schema.get("discriminator", {}).get("mapping", {})
    return {key: name_of(ref) for key, ref in pairs.items()}


def _subtypes(name: str, schema: Schema) -> dict[str, str]:
    """Returns the `@type` values that select another schema than `name` itself; none for a union."""
    if "oneOf" in schema:
        return {}
    return {key: target for key, target in _mapping(schema).items() if target != name}


def _ref(name: str) -> Schema:
    return {"$ref": "#/$defs/" + name}


def _choice(mapping: Mapping[str, str], otherwise: Schema) -> Schema:
    """Returns a schema that branches on `@type`, then on `@baseType`, then takes `otherwise`."""
    by_base = _branches("@baseType", mapping, otherwise)
    return {"type": "object", "properties": {"@type": _TYPE_MARK}, **_branches("@type", mapping, by_base)}


def _branches(mark: str, mapping: Mapping[str, str], otherwise: Schema) -> Schema:
    has_mark = {"properties": {mark: {"enum": sorted(mapping)}}, "required": [mark]}
    branches: list[Schema] = [
        {"if": {"properties": {mark: {"const": key}}, "required": [mark]}, "then": _ref(target)}
        for key, target in mapping.items()
    ]
    return {"allOf": [*branches, {"if": has_mark, "else": otherwise}]}


class JsonSchemas:
    """One document's schemas as JSON Schema: `definitions` by name.

    A supertype has two forms: one that branches on `@type`, for the places that name it, and a plain one, for the
    schemas that inherit from it. `dropped` are (schema, attribute) pairs that are not required after all, `added` are
    (schema, value) pairs that an enum has as well.
    """

    def __init__(
        self,
        components: Mapping[str, Schema],
        dropped: Iterable[tuple[str, str]] = (),
        added: Iterable[tuple[str, str]] = (),
    ):
        less, more = frozenset(dropped), tuple(added)
        self._branching = frozenset(name for name, schema in components.items() if _subtypes(name, schema))
        self.definitions: dict[str, Schema] = {}
        for name, schema in components.items():
            attributes = {attribute for owner, attribute in less if owner == name}
            loose = without_required(schema, attributes)
            values = [value for owner, value in more if owner == name]
            if values:
                loose["enum"] = [*schema["enum"], *values]
            self.definitions.update(self._definition(name, loose))

    def properties(self, published: Mapping[str, Schema]) -> dict[str, Schema]:
        """Returns attribute nodes as published -> as JSON Schema."""
        return {name: _TYPE_MARK if name == "@type" else self._node(node) for name, node in published.items()}

    def _definition(self, name: str, schema: Schema) -> dict[str, Schema]:
        if "oneOf" in schema and _mapping(schema):
            members = [_ref(name_of(part["$ref"])) for part in schema["oneOf"]]
            return {name: _choice(_mapping(schema), {"anyOf": members})}
        if name not in self._branching:
            return {name: self._node(schema, inherits=True)}
        branched = _choice(_subtypes(name, schema), _ref(name + _PLAIN))
        return {name: branched, name + _PLAIN: self._node(schema, inherits=True)}

    def _node(self, schema: Any, inherits: bool = False) -> Any:
        """Returns one schema node; `inherits` where its `allOf` names supertypes, whose own branching must not
        apply."""
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            name = name_of(schema["$ref"])
            return _ref(name + _PLAIN if inherits and name in self._branching else name)
        out = {key: self._keyword(key, value, inherits) for key, value in schema.items() if key not in _NOT_CHECKED}
        return {"anyOf": [out, {"type": "null"}]} if schema.get("nullable") else out

    def _keyword(self, key: str, value: Any, inherits: bool) -> Any:
        if key == "allOf":
            return [self._node(part, inherits) for part in value]
        if key in ("oneOf", "anyOf"):
            return [self._node(part) for part in value]
        if key == "properties":
            return self.properties(value)
        if key in ("items", "additionalProperties", "not"):
            return self._node(value)
        return value
