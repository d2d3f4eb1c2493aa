"""Formats: what the documents call a date-time, a uri, base64 and an e-mail address."""

import pytest

from common.schema.compile import compile_object
from common.schema.flat import Attributes
from common.schema.json_schemas import JsonSchemas

GOOD = {
    "date-time": [
        "2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.123+05:30",
        "2024-02-29T00:00:00-00:00",
        "2026-01-31T12:00Z",
        "2026-01-31T12:00:00+0530",
    ],
    "uri": [
        "https://example.com/a?b=c#d",
        "/tmf-api/party/v4/individual/1",
        "https://host:port/x",
        "urn:a:b",
        "http://[::1]/",
    ],
    "base64": ["", "aGVsbG8=", "aGVs\nbG8="],
    "byte": ["aGVsbG8="],
    "email": ["ada@example.com"],
}
BAD = {
    "date-time": [
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-02-30T12:00:00Z",
        "yesterday",
        "",
        "2026-01-31 12:00",
        "2026-01-31T12Z",
    ],
    "uri": [
        "not a uri",
        "relative/path",
        "",
        "http://exa mple.com",
        "https://example.com/%zz",
        "https://example.com/\n",
    ],
    "base64": ["a", "HBWEM", "äöü="],
    "byte": ["%"],
    "email": ["ada", "@example.com", ""],
}


def told(kind: str, value: object) -> list[str]:
    validator = compile_object({"it": {"type": "string", "format": kind}}, (), JsonSchemas({}))
    return [problem.rule for problem in validator.problems({"it": value})]


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in GOOD.items() for value in values])
def test_a_good_value_is_accepted(kind: str, value: str):
    assert told(kind, value) == []


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in BAD.items() for value in values])
def test_a_bad_value_is_refused_in_a_sentence(kind: str, value: str):
    (rule,) = told(kind, value)
    assert " is not " in rule


def test_a_long_value_is_cut_in_a_message():
    (rule,) = told("date-time", "x" * 5000)
    assert len(rule) < 200


COMPONENTS = {
    "Base": {"properties": {"@type": {"type": "string"}, "name": {"type": "string"}}},
    "Sub": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"size": {"type": "integer"}}}]},
    "Thing": {
        "allOf": [{"$ref": "#/components/schemas/Base"}],
        "properties": {
            "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
            "open": {},
            "when": {"type": "string", "format": "date-time"},
        },
    },
    "Part": {
        "properties": {
            "of": {"$ref": "#/components/schemas/Thing"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        "discriminator": {"propertyName": "@type", "mapping": {"Sub": "#/components/schemas/Sub"}},
    },
}


@pytest.mark.parametrize(
    ("path", "kind", "many"),
    [
        ("name", "string", False),
        ("parts", "object", True),
        ("parts.tags", "string", True),
        ("parts.size", "integer", True),
        ("parts.of.parts.of.when", "string", True),
        ("open", "any", False),
        ("open.a.b", "any", False),
        ("nothing", None, False),
        ("name.more", None, False),
        ("parts.nothing", None, False),
    ],
)
def test_an_attribute_is_found_by_its_path(path: str, kind: str | None, many: bool):
    found = Attributes({"$ref": "#/components/schemas/Thing"}, COMPONENTS).find(tuple(path.split(".")))
    assert (found and found.kind, bool(found and found.many)) == (kind, many)
