"""Reads a document: what it declares becomes operations, once, at start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import orjson
import yaml

from common.errors import StartRefused
from common.schema.json_schemas import Schema, name_of

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXTS = ("description", "example", "examples")
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_COLLECTION = {"get": "list", "post": "create"}
_ITEM = {"get": "retrieve", "patch": "patch", "delete": "delete"}
_HUB = {("hub", "post"): "subscribe", ("hub/{id}", "get"): "subscription", ("hub/{id}", "delete"): "unsubscribe"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document: what it is asked with and what it does.

    `verb`: list, create, retrieve, patch, delete, subscribe, subscription, unsubscribe or listen; `segment`: the
    resource's path segment (the event's for `listen`, `hub` for subscriptions); `body`, `answer`: names of component
    schemas, or None.
    """

    operation_id: str
    method: str
    path: str
    verb: str
    segment: str
    body: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class ApiDocument:
    """A document read: its name for messages, the operations, the component schemas (inline ones given names)."""

    file: str
    raw: Mapping[str, Any]
    operations: tuple[Operation, ...]
    components: Mapping[str, Schema]


def read_document(file: FilePath) -> ApiDocument:
    """Returns the document in `file` (YAML or JSON, OpenAPI 3.0). Raises StartRefused with the file and what is
    wrong."""
    try:
        raw = _parsed(file)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise StartRefused(f"The document {file} cannot be read: {error}") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("paths"), dict):
        raise StartRefused(f"The document {file} has no paths.")
    return described(raw, str(file))


def _parsed(file: FilePath) -> Any:
    """Returns the document, from the JSON that `make specs` writes beside it where that is there: thirty times
    faster."""
    beside = file.with_suffix(".json")
    if beside.is_file():
        return orjson.loads(beside.read_bytes())
    return yaml.load(file.read_bytes(), Loader=_LOADER)  # noqa: S506  # a safe loader, ten times faster where C is


def _bare(node: Any) -> Any:
    """Returns a schema without its texts and examples, and without the `allOf` that carries a text beside a
    reference."""
    if isinstance(node, list):
        return [_bare(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {
        name: {key: _bare(inner) for key, inner in value.items()} if name == "properties" else _bare(value)
        for name, value in node.items()
        if name not in _TEXTS
    }
    return result["allOf"][0] if result.keys() == {"allOf"} and len(result["allOf"]) == 1 else result


def described(raw: Mapping[str, Any], file: str) -> ApiDocument:
    """Returns the operations and schemas of a parsed document. Raises StartRefused for a path of no known kind."""
    components = {name: _bare(node) for name, node in raw.get("components", {}).get("schemas", {}).items()}
    operations = tuple(_operations(raw, components, file))
    return ApiDocument(file, raw, operations, components)


def _operations(raw: Mapping[str, Any], components: dict[str, Schema], file: str) -> Iterator[Operation]:
    for path, item in raw["paths"].items():
        for method, node in item.items():
            if method not in _METHODS:
                continue
            verb, segment = _kind(path, method, file)
            identifier = node.get("operationId") or f"{method}{path}"
            body = _schema_name(node.get("requestBody", {}), components, f"{identifier}_body", raw)
            answers = [node["responses"][code] for code in sorted(node.get("responses", {})) if str(code)[0] == "2"]
            answer = _schema_name(answers[0], components, f"{identifier}_answer", raw) if answers else None
            yield Operation(identifier, method.upper(), path, verb, segment, body, answer)


def _kind(path: str, method: str, file: str) -> tuple[str, str]:
    """Returns the verb and the segment of a path of TMF630's shapes."""
    steps = path.strip("/").split("/")
    if steps[0] == "hub":
        verb = _HUB.get((path.strip("/"), method))
    elif steps[0] == "listener":
        verb = "listen" if method == "post" and len(steps) == 2 else None
        steps = steps[1:]
    elif len(steps) == 2:
        verb = _ITEM.get(method) if steps[1] == "{id}" else None
    else:
        verb = _COLLECTION.get(method) if len(steps) == 1 else None
    if verb is None:
        raise StartRefused(f"The document {file} declares {method.upper()} {path}, which no verb of the suite serves.")
    return verb, steps[0]


def _schema_name(
    message: Mapping[str, Any], components: dict[str, Schema], name: str, raw: Mapping[str, Any]
) -> str | None:
    """Returns the component behind a request or answer body; the element's, for an array. An inline schema gets
    `name`."""
    if "$ref" in message:
        kind = message["$ref"].split("/")[-2]
        message = raw["components"][kind][name_of(message["$ref"])]
    content = message.get("content", {})
    schema = next((content[media].get("schema") for media in ("application/json", *content) if media in content), None)
    if schema and schema.get("type") == "array":
        schema = schema["items"]
    if not schema:
        return None
    if "$ref" in schema:
        return name_of(schema["$ref"])
    components[name] = schema
    return name
