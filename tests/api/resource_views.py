"""Every resource of every API in every version, and bodies that its create schema accepts, made from the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from common import apis
from common.binding import ServedOperation, bind, read_documents
from common.resource_view import ResourceView
from common.schema.flat import flatten
from common.schema.json_schemas import name_of

_SAMPLES = {
    "date-time": "2026-05-01T08:30:00Z",
    "uri": "https://example.com/schemas/one.json",
    "base64": "aGVsbG8=",
}


@dataclass(frozen=True)
class Case:
    """One view under test with the operations its document declares and its document's components."""

    code: str
    view: ResourceView
    verbs: frozenset[str]
    create: str
    components: Mapping[str, Any]

    @property
    def path(self) -> str:
        return f"{self.view.base}/{self.view.resource.name_in(self.view.version)}"

    @property
    def name(self) -> str:
        return f"{self.code}-{self.view.version}-{self.view.resource.name_in(self.view.version)}"

    @property
    def text_attribute(self) -> str:
        """A plain text attribute that may be sent and changed, and that the server leaves alone."""
        candidates = (
            "description",
            "familyName",
            "name",
            "reason",
            "url",
            "cancellationReason",
            *self.view.schema.attributes.names,
        )
        taken = {self.view.resource.status, "version", "id", "href"}
        schema = self.view.schema
        return next(
            name
            for name in candidates
            if name in schema.creatable
            and name not in taken
            and not name.startswith("@")
            and self._is_text(name)
            and ("patch" not in self.verbs or name in schema.patchable)
        )

    def _is_text(self, name: str) -> bool:
        attribute = self.view.schema.attributes.find((name,))
        return attribute is not None and attribute.kind == "string" and not attribute.many

    def body(self, text: str = "a sample") -> dict[str, Any]:
        """A small valid create body with `text` in its text attribute."""
        made = sample({"$ref": self.create}, dict(self.components))
        assert isinstance(made, dict)
        value = _SAMPLES["uri"] + "?" + text.replace(" ", "-") if self.text_attribute == "url" else text
        return {**made, self.text_attribute: value}


def sample(schema: dict[str, Any], components: dict[str, Any], depth: int = 0) -> Any:
    """A value that the schema accepts: what is mandatory alone, the first branch of a union, the first enum value."""
    if "enum" in schema:
        return schema["enum"][0]
    if "$ref" in schema:
        target = components[name_of(schema["$ref"])]
        if "oneOf" in target:
            return sample(target["oneOf"][0], components, depth + 1)
        if "enum" in target or target.get("type") not in (None, "object"):
            return sample(target, components, depth + 1)
        made = _object(schema, components, depth)
        if "@type" in flatten(schema, components).properties:
            made["@type"] = name_of(schema["$ref"]).removesuffix("_FVO").removesuffix("_Create")
        return made
    kind = schema.get("type")
    if kind == "array":
        return [sample(schema["items"], components, depth + 1) for _ in range(max(1, schema.get("minItems", 0)))]
    if kind == "string":
        return _SAMPLES.get(schema.get("format", ""), "some text")
    if kind in ("integer", "number"):
        return 7
    if kind == "boolean":
        return True
    return _object(schema, components, depth)


def _object(schema: dict[str, Any], components: dict[str, Any], depth: int) -> dict[str, Any]:
    """What is mandatory; an id as well in a nested object that may have one, for a reference without is none."""
    flat = flatten(schema, components)
    names = flat.required | ({"id"} & flat.properties.keys() if depth else set())
    return {
        name: sample(flat.properties[name], components, depth + 1)
        for name in sorted(names)
        if name in flat.properties and name != "@type"
    }


@cache
def bound() -> tuple[ServedOperation, ...]:
    """Every operation of the suite."""
    return bind(read_documents(apis.declared()))


@cache
def cases() -> tuple[Case, ...]:
    """Every view of the suite."""
    components = {read.version.base: read.document.components for read in read_documents(apis.declared())}
    found: dict[str, Case] = {}
    for one in bound():
        if one.view is None:
            continue
        mine = [b for b in bound() if b.view is one.view]
        create = next((b.operation.body for b in mine if b.operation.verb == "create"), None)
        assert create
        verbs = frozenset(b.operation.verb for b in mine)
        case = Case(one.api.code, one.view, verbs, create, components[one.view.base])
        found[case.name] = case
    return tuple(found.values())


def every(*verbs: str) -> pytest.MarkDecorator:
    """Parametrises a test over every view that has these verbs."""
    chosen = [case for case in cases() if set(verbs) <= case.verbs]
    return pytest.mark.parametrize("case", chosen, ids=[case.name for case in chosen])
