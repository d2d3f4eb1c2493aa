"""Extensions (TMF630 part 2): attributes beyond the document, described by the schema behind `@schemaLocation`.

A schema is found in a local directory (by its `$id` or file name) or fetched over HTTP from an allow-listed host;
anything else is left unread and its attributes are accepted as they are. It judges only what the document does not
declare, with the `jsonschema` library.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

import httpx
import jsonschema
from referencing.exceptions import Unresolvable

from common.document import Document, Json, Path, pointer
from common.errors import BadRequest, InvalidBody, Problem, StartRefused
from common.hosts import AddressError, plain_host, web_address
from common.schema.flat import Attributes, flatten

_LOG = logging.getLogger(__name__)
_TIMEOUT_SECONDS = 3.0
_LARGEST_BYTES = 1_000_000
_MOST_SCHEMAS = 256


class Registry:
    """The schemas behind `@schemaLocation`: those of a directory, and those fetched from allow-listed hosts."""

    def __init__(self, directory: FilePath | None = None, hosts: frozenset[str] = frozenset()):
        self._local = _read_directory(directory) if directory else {}
        self._hosts = frozenset(map(_host, hosts))
        self._fetched: dict[str, Json] = {}

    async def schema(self, location: str) -> Json | None:
        """Returns the schema at `location`, or None where it is neither local nor allow-listed. Raises BadRequest
        where an allow-listed host does not give one."""
        local = self._local.get(location, self._local.get(location.partition("?")[0].rsplit("/", 1)[-1]))
        url = None if local is not None else self._allowed(location)
        if url is None:
            return local
        if url not in self._fetched:
            if len(self._fetched) >= _MOST_SCHEMAS:
                self._fetched.clear()
            self._fetched[url] = await _fetch(url)
        return self._fetched[url]

    def _allowed(self, location: str) -> str | None:
        """Returns the address in the form that is judged and fetched; None where its host is not allow-listed."""
        try:
            address = web_address(location)
        except AddressError:
            return None
        is_allowed = not self._hosts.isdisjoint({address.host, f"{address.host}:{address.port}"})
        return address.url if is_allowed else None


def _host(entry: str) -> str:
    """Returns an entry of the allow-list, a host and perhaps a port, with the host in its one form."""
    name, colon, port = entry.partition(":")
    try:
        return plain_host(name) + colon + port
    except AddressError:
        return entry


def _read_directory(directory: FilePath) -> dict[str, Json]:
    places: dict[str, Json] = {}
    for file in sorted(directory.glob("*.json")):
        try:
            schema = json.loads(file.read_text())
        except ValueError as error:
            raise StartRefused(f"The extension schema {file} is not JSON: {error}") from error
        places[file.name] = schema
        if isinstance(schema, dict) and isinstance(schema.get("$id"), str):
            places[schema["$id"]] = schema
    return places


async def _fetch(location: str) -> Json:
    refused = BadRequest(f"@schemaLocation: the schema at {location} cannot be read.")
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, follow_redirects=False) as client:
            answer = await client.get(location)
        if answer.status_code != 200 or len(answer.content) > _LARGEST_BYTES:
            raise refused
        return answer.json()
    except (httpx.HTTPError, ValueError) as error:
        _LOG.warning("The extension schema at %s cannot be read: %s", location, error)
        raise refused from error


async def check_extensions(registry: Registry, attributes: Attributes, body: Document) -> None:
    """Raises InvalidBody where an attribute beyond the document breaks the schema its object names."""
    problems: list[Problem] = []
    for path, place in _places(body):
        schema = await registry.schema(place["@schemaLocation"])
        if isinstance(schema, dict):
            names = tuple(step for step in path if isinstance(step, str))
            problems += _judge(_beyond(schema, names, attributes), path, place)
    if problems:
        raise InvalidBody(problems)


def _places(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Document]]:
    """Yields every object that names a schema, with its path."""
    if isinstance(value, dict):
        if isinstance(value.get("@schemaLocation"), str):
            yield path, value
        for name, inner in value.items():
            yield from _places(inner, (*path, name))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _places(inner, (*path, position))


def _beyond(schema: Mapping[str, Any], names: Path, attributes: Attributes) -> dict[str, Any]:
    """Returns the part of an extension schema that speaks of attributes the document does not declare at this place."""
    components = {**schema.get("definitions", {}), **schema.get("$defs", {})}
    flat = flatten({key: value for key, value in schema.items() if key != "$ref"}, components)
    new = {name for name in flat.properties if _undeclared((*names, name), attributes)}
    return {
        **{key: schema[key] for key in ("$schema", "$id", "definitions", "$defs") if key in schema},
        "properties": {name: flat.properties[name] for name in new},
        "required": sorted(flat.required & new),
    }


def _undeclared(path: Path, attributes: Attributes) -> bool:
    attribute = attributes.find(path)
    return attribute is None or attribute.kind == "any"


def _judge(schema: dict[str, Any], path: tuple[str | int, ...], place: Document) -> Iterator[Problem]:
    kind = jsonschema.validators.validator_for(schema, jsonschema.Draft7Validator)
    try:
        kind.check_schema(schema)
        errors = list(kind(schema).iter_errors(place))
    except (jsonschema.SchemaError, Unresolvable, re.error, RecursionError) as broken:
        fault = f"the schema at {place['@schemaLocation']} cannot be used: {type(broken).__name__}"
        yield Problem(pointer((*path, "@schemaLocation")), fault)
        return
    for error in errors:
        rule = f"{error.message} (rule of the extension schema {place['@schemaLocation']})"
        yield Problem(pointer((*path, *error.absolute_path)), rule)
