"""Missing `@type`s, set from their places: the resource, or the declared schema of the attribute (TMF630 part 2).

At a union the member is found by what the object looks like: a reference has `@referredType` or an id and nothing that
only the value has; a party reference is told from a party role reference by the type it refers to; a characteristic by
the JSON type of its value; a contact medium by the attribute that is filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from common.document import Document, Json
from common.schema.flat import flatten
from common.schema.json_schemas import Schema, name_of

_SUFFIXES = ("_FVO", "_MVO", "_RES", "_Create", "_Update")
_PARTIES = frozenset({"Individual", "Organization", "Party"})
_PARTY_REFERENCES = frozenset({"PartyRef", "PartyRoleRef"})
_ADDRESS = frozenset({"id", "href", "name", "@type", "@baseType", "@schemaLocation", "@referredType"})
_MEDIA = (
    ("emailAddress", "EmailContactMedium"),
    ("phoneNumber", "PhoneContactMedium"),
    ("faxNumber", "FaxContactMedium"),
    ("socialNetworkId", "SocialContactMedium"),
    ("street1", "GeographicAddressContactMedium"),
    ("city", "GeographicAddressContactMedium"),
    ("geographicAddress", "GeographicAddressContactMedium"),
)


@dataclass(slots=True)
class _Place:
    """What may stand at one schema: its own type name (None where it has no `@type`), its attributes that hold marked
    objects, and the other schemas that a known `@type` selects, by that type; of a union its members, and which of them
    are references and which values."""

    name: str
    mark: str | None = None
    inner: dict[str, _Place] = field(default_factory=dict)
    selects: dict[str, _Place] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    references: frozenset[str] = frozenset()
    values: tuple[str, ...] = ()
    attributes: frozenset[str] = frozenset()


def type_name(schema_name: str) -> str:
    """Returns a component's type: its name without the suffix that says what it is used for."""
    return next((schema_name.removesuffix(s) for s in _SUFFIXES if schema_name.endswith(s)), schema_name)


class TypeMarks:
    """Fills missing `@type`s by one document's component schemas; places are found once and kept."""

    def __init__(self, components: Mapping[str, Schema]):
        self._components = components
        self._places: dict[str, _Place] = {}

    def fill(self, schema_name: str, document: Document) -> Document:
        """Returns a document with every missing `@type` that the schema's places tell; shares what did not change."""
        filled: Document = _filled(self._place(schema_name), document)
        return filled

    def unfill(self, schema_name: str, document: Document) -> Document:
        """Returns a document without the `@type`s that its places say and `fill` sets again; shares what did not
        change."""
        bare: Document = _without_marks(self._place(schema_name), document)
        return bare

    def _place(self, name: str) -> _Place:
        if name in self._places:
            return self._places[name]
        place = self._places[name] = _Place(name)
        schema = self._components.get(name, {})
        flat = flatten(schema, self._components)
        place.attributes = frozenset(flat.properties)
        if "@type" in flat.properties:
            place.mark = type_name(name)
        place.members = tuple(type_name(name_of(part["$ref"])) for part in schema.get("oneOf", []) if "$ref" in part)
        place.references = frozenset(member for member in place.members if member.endswith("Ref"))
        place.values = tuple(member for member in place.members if member not in place.references)
        mapping = schema.get("discriminator", {}).get("mapping", {})
        others = {key: name_of(ref) for key, ref in mapping.items() if name_of(ref) != name}
        place.selects = {key: self._place(other) for key, other in others.items()}
        if not place.members:
            place.inner = {key: inner for key, node in flat.properties.items() if (inner := self._inner(node))}
        return place

    def _inner(self, node: Schema) -> _Place | None:
        """Returns the place that an attribute's value or elements stand at, where they may have marks."""
        if node.get("type") == "array":
            node = node["items"]
        parts = node.get("allOf", [])
        if "$ref" not in node and len(parts) == 1:
            node = parts[0]
        return self._place(name_of(node["$ref"])) if "$ref" in node else None


def _filled(place: _Place, value: Json) -> Json:
    if isinstance(value, list):
        elements = [_filled(place, element) for element in value]
        return elements if any(new is not old for new, old in zip(elements, value, strict=True)) else value
    if not isinstance(value, dict):
        return value
    mark = value.get("@type") if "@type" in value else _mark(place, value)
    selected = place.selects.get(mark, place) if isinstance(mark, str) else place
    changes = {
        name: new
        for name, inner in selected.inner.items()
        if name in value and (new := _filled(inner, value[name])) is not value[name]
    }
    if "@type" not in value and mark is not None:
        changes["@type"] = mark
    return {**value, **changes} if changes else value


def _without_marks(place: _Place, value: Json) -> Json:
    if isinstance(value, list):
        elements = [_without_marks(place, element) for element in value]
        return elements if any(new is not old for new, old in zip(elements, value, strict=True)) else value
    if not isinstance(value, dict):
        return value
    mark = value.get("@type")
    selected = place.selects.get(mark, place) if isinstance(mark, str) else place
    changes = {
        name: new
        for name, inner in selected.inner.items()
        if name in value and (new := _without_marks(inner, value[name])) is not value[name]
    }
    is_implied = isinstance(mark, str) and _is_implied(place, mark, value)
    if not changes and not is_implied:
        return value
    return {name: changes.get(name, inner) for name, inner in value.items() if not (is_implied and name == "@type")}


def _is_implied(place: _Place, mark: str, value: Document) -> bool:
    """Returns True where the place says the mark; one value among several of a union is only guessed from its looks."""
    return mark == _mark(place, value) and not (len(place.values) > 1 and mark in place.values)


def _mark(place: _Place, value: Document) -> str | None:
    """Returns the `@type` that an object without one has at this place, whatever its own says."""
    if place.members:
        return _member(place, value)
    if place.mark and place.selects:
        member = _characteristic(place.mark, value) or _medium(place.mark, value)
        return member if member in place.selects else place.mark
    return place.mark


def _member(place: _Place, value: Document) -> str:
    if place.references and (not place.values or is_reference(value)):
        if place.references >= _PARTY_REFERENCES:
            referred = value.get("@referredType")
            return "PartyRef" if isinstance(referred, str) and referred in _PARTIES else "PartyRoleRef"
        return next(name for name in place.members if name in place.references)
    unnamed = value.keys() - _ADDRESS
    attributes = {name: place.selects[name].attributes for name in place.values if name in place.selects}
    return max(attributes, key=lambda name: len(unnamed & attributes[name])) if attributes else place.members[0]


def is_reference(value: Document) -> bool:
    """Returns True where an object looks like a reference: a referred type, or an id and nothing that only a value
    has."""
    return "@referredType" in value or ("id" in value and value.keys() <= _ADDRESS)


def _characteristic(mark: str, value: Document) -> str | None:
    """Returns the subtype of a characteristic, or of a characteristic's value specification, by the JSON type of its
    value."""
    if mark not in ("Characteristic", "CharacteristicValueSpecification") or "value" not in value:
        return None
    held = value["value"]
    many = isinstance(held, list)
    kinds = {_kind(element) for element in held} if many else {_kind(held)}
    if kinds == {"Integer", "Number"}:
        kinds = {"Number"}
    kind = kinds.pop() if len(kinds) == 1 else ""
    return f"{kind}{'Array' if many else ''}{mark}" if kind else None


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, str):
        return "String"
    if isinstance(value, int):
        return "Integer"
    if isinstance(value, float):
        return "Number"
    return "Object" if isinstance(value, dict) else ""


def _medium(mark: str, value: Document) -> str | None:
    if mark != "ContactMedium":
        return None
    return next((subtype for attribute, subtype in _MEDIA if attribute in value), None)
