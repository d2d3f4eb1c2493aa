"""A published OpenAPI document, 2.0 or 3, ours or another's, read as the kit compares it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

SPECS = Path(__file__).resolve().parents[2] / "specs"
METHODS = ("get", "post", "patch", "delete", "put")

Node = Mapping[str, Any]

_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unreadable(Exception):
    """Says why a text is no OpenAPI document."""


@dataclass(frozen=True)
class Attribute:
    """Holds one attribute of a schema.

    `kind` is a JSON type, `format` its format, `many` says that it is an array of that, `schema_name` is the schema it
    refers to (empty: none), `node` its schema.
    """

    name: str
    kind: str
    format: str
    many: bool
    schema_name: str
    enum: tuple[Any, ...]
    node: Node

    @property
    def scalar(self) -> bool:
        """Returns whether its values are single texts, numbers or truth values."""
        return not self.many and self.kind in ("string", "integer", "number", "boolean")

    def __str__(self) -> str:
        plain = f"{self.kind}({self.format})" if self.format else self.kind
        return f"[{plain}]" if self.many else plain


@dataclass(frozen=True)
class Operation:
    """Holds one operation as its document declares it.

    `takes` and `sends` are media types, `queries` parameter names, `answers` the schema of each code (an empty one
    where there is none).
    """

    method: str
    path: str
    id: str
    codes: tuple[str, ...]
    queries: frozenset[str]
    takes: frozenset[str]
    sends: frozenset[str]
    body: Node
    answers: Mapping[str, Node]

    def declares(self, code: int) -> bool:
        """Returns whether a code is declared: by itself, or by its hundred (`4XX`)."""
        return str(code) in self.codes or f"{code // 100}XX" in [declared.upper() for declared in self.codes]


class Document:
    """Reads what a document says; schemas are looked up by name, references are followed.

    What is not built as OpenAPI has it counts as not there. References to other files are not followed.
    """

    def __init__(self, content: Any):
        if not isinstance(content, dict) or not ("swagger" in content or "openapi" in content):
            raise Unreadable("neither `swagger` nor `openapi` stands at its top")
        self.content: dict[str, Any] = content
        self.old = "swagger" in content
        components = content if self.old else _object(content.get("components"))
        self.schemas: Mapping[str, Node] = _object(components.get("definitions" if self.old else "schemas"))
        self.operations = {(operation.method, operation.path): operation for operation in self._operations()}

    @property
    def title(self) -> str:
        """Returns the title of its API."""
        return str(_object(self.content.get("info")).get("title", ""))

    @property
    def version(self) -> str:
        """Returns the version of its API."""
        return str(_object(self.content.get("info")).get("version", ""))

    def bases(self) -> tuple[str, ...]:
        """Returns the paths of the addresses at which it says its API is; one empty text where it names none."""
        if self.old:
            return (str(self.content.get("basePath", "")).rstrip("/"),)
        return tuple(_path_of(_object(server)) for server in _list(self.content.get("servers"))) or ("",)

    def operation(self, method: str, path: str, base: str = "") -> Operation | None:
        """Returns the operation of a path under a base address. Returns None where there is none.

        Parameters of paths match whatever they are called. The declared path may stand under the base address or hold
        it; a path that ends so counts where no other does.
        """
        short, candidates = (
            _plain(path),
            [operation for operation in self.operations.values() if operation.method == method],
        )
        for wanted in (short, _plain(base) + short):
            for operation in candidates:
                if _plain(operation.path) == wanted:
                    return operation
        ending = [operation for operation in candidates if _plain(operation.path).endswith(short)]
        return ending[0] if len(ending) == 1 else None

    def resolve(self, node: Node) -> Node:
        """Returns the node, or what it refers to; an empty one where that is not there."""
        seen = 0
        while "$ref" in node and seen < 20:
            node, seen = self._at(str(node["$ref"])), seen + 1
        return node

    def _at(self, reference: str) -> Node:
        node: Any = self.content if reference.startswith("#/") else {}
        for part in reference.removeprefix("#/").split("/"):
            node = node.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(node, dict) else {}
        return _object(node)

    def parts(self, node: Node, inside: tuple[int, ...] = ()) -> Iterator[Node]:
        """Yields what `allOf` names, then the node itself; a schema inside itself is passed over."""
        node = self.resolve(node)
        if id(node) in inside:
            return
        for part in _list(node.get("allOf")):
            yield from self.parts(_object(part), (*inside, id(node)))
        yield node

    def branches(self, node: Node) -> tuple[Node, ...]:
        """Returns the alternatives of a union, or the node alone."""
        node = self.resolve(node)
        branches = _list(node.get("oneOf")) or _list(node.get("anyOf"))
        return tuple(_object(branch) for branch in branches) or (node,)

    def properties(self, node: Node) -> dict[str, dict[str, Any]]:
        """Returns the schemas of an object's attributes, inherited ones included; of a union, those of all branches."""
        return {
            name: _object(inner)
            for branch in self.branches(node)
            for part in self.parts(branch)
            for name, inner in _object(part.get("properties")).items()
        }

    def attributes(self, node: Node) -> dict[str, Attribute]:
        """Returns the attributes of a schema by name, inherited ones included; of a union, those of all branches."""
        return {name: self._attribute(name, inner) for name, inner in self.properties(node).items()}

    def required(self, node: Node) -> frozenset[str]:
        """Returns the attributes an object schema makes mandatory; of a union, those that every branch does."""
        sets = [
            frozenset(str(name) for part in self.parts(branch) for name in _list(part.get("required")))
            for branch in self.branches(node)
        ]
        return frozenset.intersection(*sets)

    def schema(self, name: str) -> Node:
        """Returns a schema by its name; an empty one where there is none."""
        return _object(self.schemas.get(name))

    def element(self, node: Node) -> Node | None:
        """Returns the schema of a list's elements. Returns None where the schema is no list."""
        merged = self._merged(node)
        return _object(merged.get("items")) if _kind(merged) == "array" else None

    def _attribute(self, name: str, node: Node) -> Attribute:
        schema_name = _schema_name(node)
        merged = self._merged(node)
        many = _kind(merged) == "array"
        if many:
            inner = _object(merged.get("items"))
            schema_name, merged = _schema_name(inner), self._merged(inner)
        kind = _kind(merged) or (
            "object" if "properties" in merged or "oneOf" in merged or "anyOf" in merged else "any"
        )
        return Attribute(
            name, kind, str(merged.get("format", "")), many, schema_name, tuple(_list(merged.get("enum"))), merged
        )

    def _merged(self, node: Node) -> Node:
        merged: dict[str, Any] = {}
        for part in self.parts(node):
            for key, value in part.items():
                if key == "properties":
                    merged[key] = {**merged.get(key, {}), **_object(value)}
                else:
                    merged[key] = value
        return merged

    def _operations(self) -> Iterator[Operation]:
        for path, item in _object(self.content.get("paths")).items():
            for method in METHODS:
                if method in _object(item):
                    yield self._operation(method, str(path), _object(item[method]), _list(item.get("parameters")))

    def _operation(self, method: str, path: str, node: Node, shared: list[Any]) -> Operation:
        parameters = [self.resolve(_object(parameter)) for parameter in (*shared, *_list(node.get("parameters")))]
        queries = frozenset(str(parameter.get("name")) for parameter in parameters if parameter.get("in") == "query")
        responses = {
            str(code): self.resolve(_object(response)) for code, response in _object(node.get("responses")).items()
        }
        answers: dict[str, Node]
        if self.old:
            body: Node = next(
                (_object(parameter.get("schema")) for parameter in parameters if parameter.get("in") == "body"), {}
            )
            takes = _types(node.get("consumes", self.content.get("consumes")) if body else ())
            sends = _types(node.get("produces", self.content.get("produces")))
            answers = {code: _object(response.get("schema")) for code, response in responses.items()}
        else:
            content = _object(self.resolve(_object(node.get("requestBody"))).get("content"))
            contents = {code: _object(response.get("content")) for code, response in responses.items()}
            body, takes = _first(content), _types(content)
            sends = _types(media for code, media_types in contents.items() if code < "3" for media in media_types)
            answers = {code: _first(media_types) for code, media_types in contents.items()}
        identity = str(node.get("operationId", ""))
        return Operation(method, path, identity, tuple(sorted(responses)), queries, takes, sends, body, answers)


def _object(node: Any) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}


def _list(node: Any) -> list[Any]:
    return node if isinstance(node, list) else []


def _kind(node: Node) -> str:
    """Returns the JSON type of a schema; OpenAPI 3.1 has a list where `null` is allowed too."""
    types = node.get("type", "")
    named = [str(name) for name in (types if isinstance(types, list) else [types]) if name != "null"]
    return named[0] if len(named) == 1 else ""


def _first(content: Mapping[str, Any]) -> Node:
    """Returns the schema of the first media type that has one."""
    return next(
        (schema for media_type in content.values() if (schema := _object(_object(media_type).get("schema")))), {}
    )


def _schema_name(node: Node) -> str:
    inherited = (_object(part).get("$ref") for part in _list(node.get("allOf")))
    reference = node.get("$ref") or next((name for name in inherited if name), "")
    return str(reference).rpartition("/")[2]


def _types(types: Iterable[Any] | None) -> frozenset[str]:
    """Returns media types without their parameters: published v4 documents say `application/json;charset=utf-8`."""
    return frozenset(str(media_type).partition(";")[0].strip().lower() for media_type in types or ())


def _plain(path: str) -> str:
    """Returns a path with nameless parameters and no slash at its end."""
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")


def _path_of(server: Node) -> str:
    """Returns the path of a server's address, its variables at their defaults."""
    url = str(server.get("url", ""))
    for name, variable in _object(server.get("variables")).items():
        url = url.replace(f"{{{name}}}", str(_object(variable).get("default", "")))
    return urlsplit(url).path.rstrip("/")


def read_document(content: bytes) -> Document:
    """Returns the document that a text in JSON or YAML is. Raises Unreadable."""
    try:
        return Document(json.loads(content))
    except ValueError:
        pass
    try:
        return Document(yaml.load(content, _YAML))  # noqa: S506 -- a safe loader either way
    except (yaml.YAMLError, ValueError) as problem:
        raise Unreadable(f"it is neither JSON nor YAML: {problem}"[:200]) from None


@cache
def ours(name: str) -> Document:
    """Returns the document of this project by its name, `TMF621-v5`."""
    return Document(json.loads((SPECS / f"{name}.json").read_bytes()))
