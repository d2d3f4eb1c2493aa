"""Compiled validators: built once at start with jsonschema-rs, used for every body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import jsonschema_rs

from common.document import Json
from common.errors import Problem
from common.schema import messages
from common.schema.formats import FORMATS
from common.schema.json_schemas import JsonSchemas, Schema


class Validator:
    """Tells every problem of a value at once; safe to share between requests. `schema` is what it was compiled from."""

    def __init__(self, schema: Schema):
        self.schema = schema
        self._compiled = jsonschema_rs.Draft7Validator(schema, formats=dict(FORMATS), validate_formats=True)

    def problems(self, value: Json) -> list[Problem]:
        """Returns what is wrong with `value`, in the order of its pointers; empty where it is valid."""
        if self._compiled.is_valid(value):
            return []
        problems = {problem for error in self._compiled.iter_errors(value) for problem in messages.problems(error)}
        return sorted(problems, key=lambda problem: (problem.pointer, problem.rule))


def compile_object(properties: Mapping[str, Schema], required: Iterable[str], normal: JsonSchemas) -> Validator:
    """Returns a validator of a body: published nodes by attribute name, of which `required` must be there; others
    may be."""
    schema: Schema = {
        "type": "object",
        "properties": normal.properties(properties),
        "required": sorted(required),
    }
    return Validator({**schema, "$defs": reachable(schema, normal.definitions)})


def compile_schema(name: str, normal: JsonSchemas) -> Validator:
    """Returns a validator of one component as it stands, for instance an event."""
    schema: Schema = {"$ref": "#/$defs/" + name}
    return Validator({**schema, "$defs": reachable(schema, normal.definitions)})


def reachable(schema: Schema, defs: Mapping[str, Schema]) -> dict[str, Schema]:
    """Returns the definitions that `schema` leads to."""
    components: dict[str, Schema] = {}
    waiting = list(_references(schema))
    while waiting:
        name = waiting.pop()
        if name not in components:
            components[name] = defs[name]
            waiting += _references(defs[name])
    return components


def _references(node: Json) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value.removeprefix("#/$defs/")
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
