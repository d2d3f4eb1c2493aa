"""The compiled validators agree with the `jsonschema` library on every create schema, valid bodies and broken ones."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import jsonschema
import pytest

from common.schema.compile import compile_schema
from common.schema.formats import FORMATS
from common.schema.json_schemas import JsonSchemas
from tests.api.resource_views import Case, every

CHECKER = jsonschema.FormatChecker(formats=())
for _name, _check in FORMATS.items():
    CHECKER.checks(_name)(lambda value, check=_check: not isinstance(value, str) or check(value))


@CHECKER.checks("date-time", raises=ValueError)
def is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def broken(body: dict[str, Any]) -> Iterator[Any]:
    """The body with one thing changed at a time, at every place: another type, nothing, an odd type mark."""
    yield from (None, [], "text", {})
    for path in places(body):
        for value in (None, 3, "x", "", [], {}, [None], {"@type": "Strange"}, {"@type": ""}, True, 1.5):
            changed = copy.deepcopy(body)
            *way, last = path
            holder: Any = changed
            for step in way:
                holder = holder[step]
            holder[last] = value
            yield changed


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in pairs:
        yield from places(inner, (*at, step))


@every("create")
def test_both_validators_agree(case: Case):
    compiled = case.view.schema.create
    oracle = jsonschema.Draft7Validator(compiled.schema, format_checker=CHECKER)
    body = case.body()
    assert compiled.problems(case.view.fill_create(body)) == []
    for value in broken(body):
        assert (compiled.problems(value) == []) is oracle.is_valid(value), value


UNION = {
    "Ref": {
        "type": "object",
        "required": ["id"],
        "properties": {"@type": {"type": "string"}, "id": {"type": "string"}},
    },
    "Value": {
        "type": "object",
        "required": ["size"],
        "properties": {"@type": {"type": "string"}, "size": {"type": "integer"}},
    },
    "Either": {
        "oneOf": [{"$ref": "#/components/schemas/Ref"}, {"$ref": "#/components/schemas/Value"}],
        "discriminator": {
            "propertyName": "@type",
            "mapping": {"Ref": "#/components/schemas/Ref", "Value": "#/components/schemas/Value"},
        },
    },
    "Base": {
        "type": "object",
        "properties": {"@type": {"type": "string"}, "name": {"type": "string"}},
        "discriminator": {
            "propertyName": "@type",
            "mapping": {
                "Base": "#/components/schemas/Base",
                "Sub": "#/components/schemas/Sub",
                "Other": "#/components/schemas/Other",
            },
        },
    },
    "Other": {
        "allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["length"], "properties": {"length": {}}}],
    },
    "Bare": {"type": "object", "properties": {"id": {"type": "string"}}},
    "Unmarked": {
        "oneOf": [{"$ref": "#/components/schemas/Bare"}],
        "discriminator": {"propertyName": "@type", "mapping": {"Bare": "#/components/schemas/Bare"}},
    },
    "Sub": {
        "allOf": [
            {"$ref": "#/components/schemas/Base"},
            {"required": ["value"], "properties": {"value": {"type": "string"}}},
        ]
    },
}


@pytest.mark.parametrize(
    ("schema", "value", "valid"),
    [
        ("Either", {"@type": "Ref", "id": "1"}, True),
        ("Either", {"@type": "Ref", "size": 1}, False),
        ("Either", {"@type": "Value", "size": 1}, True),
        ("Either", {"@type": "Value", "id": "1"}, False),
        ("Either", {"@type": "RefOrValue", "id": "1"}, True),
        ("Either", {"@type": "RefOrValue", "name": "1"}, False),
        ("Either", {"@type": "Mine", "@baseType": "Value", "size": 1}, True),
        ("Either", {"@type": "Mine", "@baseType": "Value", "id": "1"}, False),
        ("Either", {"@type": "Mine", "@baseType": "Other", "id": "1"}, True),
        ("Either", {"id": "1", "size": 1}, True),
        ("Either", {"@type": "", "id": "1"}, False),
        ("Either", {"@type": 4, "id": "1"}, False),
        ("Either", "text", False),
        ("Base", {"@type": "Base"}, True),
        ("Base", {"@type": "Sub", "value": "v"}, True),
        ("Base", {"@type": "Sub"}, False),
        ("Base", {"@type": "Mine", "@baseType": "Sub"}, False),
        ("Base", {"@type": "Mine"}, True),
        ("Base", {"@type": "Mine", "name": 4}, False),
        ("Sub", {"@type": "Base", "value": "v"}, True),
        ("Sub", {"name": "n"}, False),
        ("Sub", {"@type": "Other", "value": "v"}, True),
        ("Base", {"@type": "Other", "value": "v"}, False),
        ("Unmarked", {"@type": "Bare", "id": "1"}, True),
        ("Unmarked", {"@type": "", "id": "1"}, False),
        ("Unmarked", {"@type": 7, "id": "1"}, False),
    ],
)
def test_a_discriminator_is_read_leniently(schema: str, value: Any, valid: bool):
    assert (compile_schema(schema, JsonSchemas(UNION)).problems(value) == []) is valid


def test_a_leniency_drops_a_mandatory_attribute_and_adds_an_enum_value():
    components = {
        "State": {"type": "string", "enum": ["on"]},
        "Lamp": {
            "type": "object",
            "required": ["state"],
            "properties": {"state": {"$ref": "#/components/schemas/State"}},
        },
    }
    strict = compile_schema("Lamp", JsonSchemas(components))
    lenient = compile_schema("Lamp", JsonSchemas(components, [("Lamp", "state")], [("State", "glowing")]))
    assert strict.problems({})
    assert strict.problems({"state": "glowing"})
    assert lenient.problems({}) == lenient.problems({"state": "glowing"}) == []
    assert lenient.problems({"state": "off"})
