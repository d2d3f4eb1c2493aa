"""JSON documents drawn from a published component schema: small, often incomplete, with what real traffic adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from common import apis
from common.binding import read_documents
from common.schema.flat import flatten
from common.schema.json_schemas import Schema, name_of
from tests.api.resource_views import Case, cases

DEPTH = 5
_TEXTS = st.sampled_from(["", "one", "two", "42", "007", "Ein Wort", "a.b", "\u00e9\u4e16"])
_NAMES = st.sampled_from(["open", "x.y", "$where", "%24", "isRef", "name", "id", "role", "characteristic"])
_FORMATS: Mapping[str, st.SearchStrategy[Any]] = {
    "date-time": st.sampled_from(["2026-05-01T08:30:00Z", "2026-05-01T10:30:00.5+02:00"]),
    "uri": st.sampled_from(["https://example.com/one", "/catalog/v1/two"]),
    "base64": st.sampled_from(["aGVsbG8=", ""]),
}
_PARTIES = st.sampled_from(["Individual", "Organization", "PartyRole", "Customer", "Geheim"])
_NUMBERS = st.sampled_from([0, 1, -3, 1.0, 0.5, 2.5, 1e300, 10**15])
_SCALARS = st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS)
_LISTS = st.lists(_SCALARS, max_size=3)
_OBJECTS = st.dictionaries(_NAMES, st.one_of(_SCALARS, _LISTS), max_size=3)
ANY = st.one_of(_SCALARS, _LISTS, _OBJECTS, st.lists(_OBJECTS, max_size=2))
"""Any JSON value, three levels deep at most."""


@dataclass(frozen=True)
class View:
    """One v4 view with the names of its read schemas, and both versions' components."""

    case: Case
    v4_name: str
    v5_name: str
    v5: Mapping[str, Schema]

    @property
    def shape(self) -> Any:
        return self.case.view.shape

    @property
    def v4(self) -> Mapping[str, Schema]:
        return self.case.components

    @property
    def name(self) -> str:
        return f"{self.case.code}-{self.v4_name}"

    def v4_documents(self) -> st.SearchStrategy[dict[str, Any]]:
        return documents(self.v4_name, self.case.code + "v4")

    def v5_documents(self) -> st.SearchStrategy[dict[str, Any]]:
        return documents(self.v5_name, self.case.code + "v5")


@cache
def _components() -> dict[str, Mapping[str, Schema]]:
    read = read_documents(apis.declared())
    return {one.api.code + one.version.name: one.document.components for one in read}


@cache
def views() -> tuple[View, ...]:
    """Every v4 view of the suite."""
    found = []
    for case in cases():
        shape: Any = case.view.shape
        if case.view.version == "v4":
            found.append(View(case, shape.plan.component, shape.schema_name, _components()[case.code + "v5"]))
    return tuple(found)


def view(v4_name: str, code: str) -> View:
    """The view of one v4 component."""
    return next(one for one in views() if one.v4_name == v4_name and one.case.code == code)


@cache
def documents(name: str, document: str) -> st.SearchStrategy[dict[str, Any]]:
    """Documents of the component `name` of an OpenAPI document (`TMF621v4`)."""
    made: st.SearchStrategy[dict[str, Any]] = _of_component(name, _components()[document], DEPTH)
    return made


@st.composite
def _of_component(draw: st.DrawFn, name: str, components: Mapping[str, Schema], depth: int) -> Any:
    """A value of a component: one of the union's members or subtypes, with the `@type` that selects it, mostly."""
    schema = components[name]
    if "enum" in schema or schema.get("type", "object") != "object":
        return draw(_of_node(schema, components, depth))
    mapping = schema.get("discriminator", {}).get("mapping", {})
    chosen, mark = name, None
    members = [name_of(part["$ref"]) for part in schema.get("oneOf", ())]
    if members and not mapping:
        chosen = mark = draw(st.sampled_from(members))
    elif mapping:
        mark = draw(st.sampled_from(sorted(mapping)))
        chosen = name_of(mapping[mark])
    flat = flatten({"$ref": chosen}, components)
    made = {key: draw(_of_node(flat.properties[key], components, depth - 1)) for key in _names(draw, flat, depth)}
    if made.get("@referredType") is not None:
        made["@referredType"] = draw(_PARTIES)
    if "@type" in flat.properties or mark:
        made.pop("@type", None)
        kind = mark or chosen.removesuffix("_RES")
        marks = draw(st.sampled_from([[kind], [kind], [], [kind + "Special"]]))
        if marks:
            made["@type"] = marks[0]
    if draw(st.integers(0, 9)) == 0:
        made[draw(_NAMES)] = draw(ANY)
    return made


def _names(draw: st.DrawFn, flat: Any, depth: int) -> list[str]:
    """The attributes of one object: some of the declared ones, most mandatory ones; few where it is deep."""
    if depth <= 0:
        return []
    declared = sorted(flat.properties)
    most = 8 if depth == DEPTH else 4
    chosen = draw(st.lists(st.sampled_from(declared), unique=True, max_size=most)) if declared else []
    if draw(st.integers(0, 4)):
        chosen += sorted((flat.required & set(declared)) - set(chosen))
    return chosen


@st.composite
def _of_node(draw: st.DrawFn, node: Schema, components: Mapping[str, Schema], depth: int) -> Any:
    parts = node.get("allOf", [])
    if "$ref" not in node and len(parts) == 1 and "properties" not in node:
        node = parts[0]
    if "$ref" in node:
        return draw(_of_component(name_of(node["$ref"]), components, depth))
    if "enum" in node:
        return draw(st.sampled_from(node["enum"]))
    kind = node.get("type")
    if kind == "array":
        lengths = st.sampled_from([0, 1, 1, 2, 3] if depth > 1 else [0, 1])
        return [draw(_of_node(node["items"], components, depth)) for _ in range(draw(lengths))]
    if kind == "string":
        return draw(_FORMATS.get(node.get("format", ""), _TEXTS))
    if kind == "integer":
        return draw(st.integers(-3, 10**6))
    if kind == "number":
        return draw(_NUMBERS)
    if kind == "boolean":
        return draw(st.booleans())
    return draw(ANY)
