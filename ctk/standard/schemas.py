"""Whether answers and events are what the published document declares, judged by openapi-core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from ctk.exchange import JSON, Exchange
from ctk.standard.document import Document

ANYWHERE = (206, 304, 400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 429, 431, 501, 503)
"""Codes that any server may answer, declared or not."""
_SHOWN = 5
_HOME = "urn:ctk:document"
_TRUSTED = Config(spec_validator_cls=None)  # type: ignore[arg-type]
"""Our documents are known to be valid: openapi-core need not look again, which takes longest."""


class Reading(StrEnum):
    """Says how unions and discriminators are read.

    `lenient`: by any branch that fits. `strict`: by the branch that `@type` names. `plain`: as JSON Schema stands,
    where a union takes exactly one branch.
    """

    LENIENT = "lenient"
    STRICT = "strict"
    PLAIN = "plain"


class Schemas:
    """Validates by the schemas of one document, served at `base` (a whole address), in one reading."""

    def __init__(self, document: Document, base: str, reading: Reading):
        self._document = document
        self._reading = reading
        parts = urlsplit(base)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._base = parts.path.rstrip("/")

    @cached_property
    def _validator(self) -> OpenAPI:
        content = {**self._document.content, "servers": [{"url": self._origin + self._base}]}
        return OpenAPI.from_dict(_readable(content, self._reading), config=_TRUSTED)

    @cached_property
    def _events(self) -> OpenAPI:
        """Returns the same document with a path for each schema, whose answer it is: openapi-core validates answers."""
        names = self._document.schemas
        paths = {f"/{name}": {"get": {"responses": {"200": _answer(name)}}} for name in names}
        content = {**self._document.content, "paths": paths, "servers": [{"url": "http://schemas.invalid"}]}
        return OpenAPI.from_dict(_readable(content, self._reading), config=_TRUSTED)

    @cached_property
    def _values(self) -> Registry[Any]:
        """Returns the same document for single values, where each attribute of a schema has an address of its own."""
        document = self._document
        own = {name: document.properties(node) for name, node in document.schemas.items()}
        content = _readable({**document.content, "x-attributes": own}, self._reading)
        whole = Resource.from_contents(content, default_specification=DRAFT4)
        empty: Registry[Any] = Registry()
        return empty.with_resources([(_HOME, whole)])

    def problems(self, exchange: Exchange) -> list[str]:
        """Returns what is wrong with an answer of a declared operation, each in a sentence; empty where nothing is.

        An undeclared code, media type or operation is a problem too; headers are not looked at.
        """
        path = exchange.url.removeprefix(self._origin).partition("?")[0].rstrip("/") or "/"
        if exchange.operation:
            path = self._base + exchange.operation.partition(" ")[2].replace("{id}", "id")
        request = MockRequest(self._origin, exchange.method.lower(), path, content_type=JSON)
        return _problems(
            self._validator, request, MockResponse(exchange.content, exchange.status, {}, exchange.media or "none/none")
        )

    def of_schema(self, name: str, content: bytes) -> list[str]:
        """Returns what is wrong with a JSON text that should have this schema."""
        request = MockRequest("http://schemas.invalid", "get", f"/{name}")
        return _problems(self._events, request, MockResponse(content, 200, {}, JSON))

    def of_attribute(self, schema: str, attribute: str, value: Any) -> list[str]:
        """Returns what is wrong with a value that an attribute of a schema should be able to have."""
        pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in (schema, attribute))
        node = {"$ref": f"{_HOME}#/x-attributes/{pointer}"}
        expect = OAS30ReadValidator(node, registry=self._values, format_checker=oas30_format_checker)
        return _sentences(islice(expect.iter_errors(value), _SHOWN))


_SPELLINGS = {"deceaded": "deceased"}
"""Values that published documents misspell, and what servers say in their place."""


def spelled(value: Any) -> Any:
    """Returns a value of an enumeration as servers spell it:

    published documents have blanks at its end, and mistakes.
    """
    return _SPELLINGS.get(value.strip(), value.strip()) if isinstance(value, str) else value


def _answer(name: str) -> Mapping[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": name, "content": {"application/json": {"schema": schema}}}


def _problems(expect: OpenAPI, request: MockRequest, answer: MockResponse) -> list[str]:
    try:
        expect.validate_response(request, answer)
    except OpenAPIError as problem:
        cause: BaseException | None = problem
        while cause is not None:
            if isinstance(cause, InvalidSchemaValue):
                return _sentences(list(cause.schema_errors)[:_SHOWN])
            cause = cause.__cause__ or cause.__context__
        return [f"{type(problem).__name__}: {problem}"[:400]]
    return []


def _sentences(errors: Iterable[Any]) -> list[str]:
    return [f"/{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:300]}" for error in errors]


def _readable(node: Any, reading: Reading) -> Any:
    """Returns a document as openapi-core can read it; enumerations take every spelling.

    A discriminator outside a union, which may map a schema to itself, makes openapi-core recurse for ever.
    """
    if isinstance(node, list):
        return [_readable(element, reading) for element in node]
    if not isinstance(node, dict):
        return node
    discriminated = "discriminator" in node and isinstance(node["discriminator"], dict)
    union = "oneOf" in node or "anyOf" in node
    dropped = {"discriminator"} if discriminated and not (union and reading is Reading.STRICT) else set[str]()
    kept = {key: _readable(value, reading) for key, value in node.items() if key not in dropped}
    if isinstance(values := kept.get("enum"), list):
        kept["enum"] = list(dict.fromkeys([*values, *map(spelled, values)]))
    if discriminated and "oneOf" in kept and reading is Reading.LENIENT:
        kept["anyOf"] = kept.pop("oneOf")
    return kept
