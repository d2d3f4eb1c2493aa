"""A schema with its supertypes folded in: which attributes it declares, of what type, and which it requires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from common.schema.json_schemas import Schema, name_of


@dataclass(frozen=True, slots=True)
class FlatSchema:
    """The declared attributes of an object schema; `properties` holds the published nodes, references unresolved."""

    properties: Mapping[str, Schema] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


def flatten(schema: Schema, components: Mapping[str, Schema], seen: frozenset[str] = frozenset()) -> FlatSchema:
    """Folds `$ref` and `allOf`; later parts win. Unions declare what any of their members declares."""
    properties: dict[str, Schema] = {}
    required: set[str] = set()
    if "$ref" in schema:
        name = name_of(schema["$ref"])
        return FlatSchema() if name in seen else flatten(components.get(name, {}), components, seen | {name})
    for part in schema.get("allOf", []):
        inherited = flatten(part, components, seen)
        properties.update(inherited.properties)
        required |= inherited.required
    for part in [*schema.get("oneOf", []), *schema.get("anyOf", [])]:
        properties.update(flatten(part, components, seen).properties)
    properties.update(schema.get("properties", {}))
    return FlatSchema(properties, frozenset(required | set(schema.get("required", []))))


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a schema declares of one attribute path: `kind` is its JSON type (string, number, integer, boolean, object,
    any), `format` its format or empty, `many` whether an array lies on the way, `is_array` whether one ends it."""

    kind: str
    format: str
    many: bool
    is_array: bool


class Attributes:
    """The attribute paths that a schema declares, subtypes of its nested objects included."""

    def __init__(self, schema: Schema, components: Mapping[str, Schema]):
        self._components = components
        self._subtypes = _subtypes_of(components)
        self._root = schema
        self._flat: dict[str, list[FlatSchema]] = {}
        self._found: dict[tuple[str, ...], Attribute | None] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The first-level attribute names, in the document's order."""
        return tuple(flatten(self._root, self._components).properties)

    def names_below(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """Returns the attribute names of the object, or of an array's elements, at a declared path."""
        nodes: list[Schema] = [self._root]
        for name in path:
            inner = [flat.properties[name] for node in nodes for flat in self._flats(node) if name in flat.properties]
            resolved = [self._resolved(node) for node in inner]
            nodes = [node.get("items", {}) if node.get("type") == "array" else node for node in resolved]
        return tuple(dict.fromkeys(name for node in nodes for flat in self._flats(node) for name in flat.properties))

    def find(self, path: tuple[str, ...]) -> Attribute | None:
        """Returns the attribute at `path` (names alone, array positions left out). Returns None where nothing
        declares it."""
        if path not in self._found:
            if len(self._found) > 4096:
                self._found.clear()
            self._found[path] = self._look(path)
        return self._found[path]

    def _look(self, path: tuple[str, ...]) -> Attribute | None:
        nodes, many, is_array = [self._root], False, False
        for name in path:
            inner = [flat.properties[name] for node in nodes for flat in self._flats(node) if name in flat.properties]
            if not inner:
                return Attribute("any", "", many, False) if any(self._is_open(node) for node in nodes) else None
            resolved = [self._resolved(node) for node in inner]
            is_array = any(node.get("type") == "array" for node in resolved)
            many = many or is_array
            nodes = [node.get("items", {}) if node.get("type") == "array" else node for node in resolved]
        return self._attribute(nodes, many, is_array)

    def _attribute(self, nodes: list[Schema], many: bool, is_array: bool) -> Attribute:
        kinds = {self._resolved(node).get("type", "any" if self._is_open(node) else "object") for node in nodes}
        formats = {self._resolved(node).get("format", "") for node in nodes}
        kind = kinds.pop() if len(kinds) == 1 else "any"
        return Attribute(kind, formats.pop() if len(formats) == 1 else "", many, is_array)

    def _resolved(self, node: Schema) -> Schema:
        seen: set[str] = set()
        while True:
            wrapped = node.get("allOf", [])
            if "$ref" not in node and len(wrapped) == 1 and "properties" not in node:
                node = wrapped[0]
            if "$ref" not in node:
                return node
            name = name_of(node["$ref"])
            if name in seen:
                return {}
            seen.add(name)
            node = self._components.get(name, {})
            if "properties" in node or "allOf" in node:
                return {"type": "object", "$ref": "#/" + name, **node}

    def _is_open(self, node: Schema) -> bool:
        """Returns True where any attribute may stand: an untyped value, or an object that declares none."""
        resolved = self._resolved(node)
        if resolved.get("type", "object") != "object":
            return False
        return "$ref" not in node and not any(flat.properties for flat in self._flats(node))

    def _flats(self, node: Schema) -> list[FlatSchema]:
        """Returns the node's own attributes, and those of each of its subtypes."""
        if "$ref" not in node:
            return [flatten(node, self._components)]
        name = name_of(node["$ref"])
        if name not in self._flat:
            nodes = [node, *(self._components[subtype] for subtype in self._subtypes.get(name, ()))]
            self._flat[name] = [flatten(schema, self._components) for schema in nodes]
        return self._flat[name]


def _subtypes_of(components: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    pairs = {name: schema.get("discriminator", {}).get("mapping", {}) for name, schema in components.items()}
    return {
        name: tuple(name_of(ref) for ref in mapping.values() if name_of(ref) in components)
        for name, mapping in pairs.items()
    }
