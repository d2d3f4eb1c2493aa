"""What a document declares of each resource: its operations, the schemas of what is read and sent, an example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ctk.standard.document import Attribute, Document, Node, Operation
from ctk.standard.operations import VERBS, operation_of
from ctk.standard.shapes import sample, smallest_object

_READ = "_RES"
"""How some documents end the name of a schema that is answered, beside the one of the resource."""


@dataclass(frozen=True)
class Body:
    """Holds the schema of what is read or sent: its name, its attributes, and which of them it makes mandatory."""

    name: str
    attributes: Mapping[str, Attribute]
    required: frozenset[str]


@dataclass(frozen=True)
class Declaration:
    """Holds what a document declares of one resource.

    `operations` go by verb (`list`, `create`, `retrieve`, `patch`, `delete`), those alone that the document has.
    `create` and `patch` are None where there is no such operation. `example` creates the resource.
    """

    name: str
    operations: Mapping[str, Operation]
    read: Body
    create: Body | None
    patch: Body | None
    example: Mapping[str, Any]


@cache
def declarations(document: Document) -> Mapping[str, Declaration]:
    """Returns what a document declares of each resource, in its order: each path of one segment but `/hub`."""
    names = dict.fromkeys(path[1:] for _, path in document.operations if path.count("/") == 1 and path != "/hub")
    return {name: _declaration(document, name) for name in names}


def _declaration(document: Document, name: str) -> Declaration:
    places = {verb: operation_of(verb, name) for verb in VERBS}
    operations = {verb: document.operations[at] for verb, at in places.items() if at in document.operations}
    create, patch = operations.get("create"), operations.get("patch")
    return Declaration(
        name,
        operations,
        _read(document, name, operations),
        _body(document, create.body) if create else None,
        _body(document, patch.body) if patch else None,
        _example(document, create) if create else {},
    )


def _read(document: Document, name: str, operations: Mapping[str, Operation]) -> Body:
    """Returns the schema of the resource that its operations answer."""
    answers = [operations[verb].answers for verb in ("retrieve", "create", "patch", "list") if verb in operations]
    nodes = [answer[code] for answer in answers for code in ("200", "201") if answer.get(code)]
    node = next((document.element(node) or node for node in nodes), document.schema(name[:1].upper() + name[1:]))
    plain = _name(node).removesuffix(_READ)
    return _body(document, {"$ref": _name_of(document, plain)} if document.schema(plain) else node)


def _body(document: Document, node: Node) -> Body:
    return Body(_name(node), document.attributes(node), document.required(node))


def _name(node: Node) -> str:
    return str(node.get("$ref", "")).rpartition("/")[2]


def _name_of(document: Document, schema: str) -> str:
    return f"#/{'definitions' if document.old else 'components/schemas'}/{schema}"


def _example(document: Document, create: Operation) -> Mapping[str, Any]:
    """Returns the example of a creation called `create`, else the first one, else one made from its schema."""
    return next(_examples(document, create), None) or _smallest_body(document, create.body)


def _examples(document: Document, create: Operation) -> Iterator[Mapping[str, Any]]:
    declared = document.content["paths"][create.path][create.method]
    for media in document.resolve(declared.get("requestBody", {})).get("content", {}).values():
        examples = {name: document.resolve(inner) for name, inner in media.get("examples", {}).items()}
        values = [example.get("value") for example in (examples.pop("create", {}), *examples.values())]
        yield from (value for value in (*values, media.get("example")) if isinstance(value, dict))


def _smallest_body(document: Document, node: Node) -> Mapping[str, Any]:
    """Returns a body with every attribute that may be sent, each as small as its schema allows."""
    body = smallest_object(document, node, _name(node))
    optional = {
        name: attribute for name, attribute in document.attributes(node).items() if name not in body and name[:1] != "@"
    }
    return {**body, **{name: sample(document, attribute) for name, attribute in optional.items()}}
