"""The document that a server publishes of itself: looked for at the usual places, or where the user says it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ctk.exchange import Exchange, Unreachable, Untestable
from ctk.profile import Resource
from ctk.standard.document import Document, Node, Operation, Unreadable, read
from ctk.target.target import Stage
from ctk.verdict.ledger import operation_of

_PLACES = (
    "/openapi.json", "/openapi.yaml", "/swagger.json", "/swagger.yaml", "/api-docs", "/v3/api-docs", "/v2/api-docs",
    "/openapi", "/q/openapi",
)  # fmt: skip
_ACCEPT = {"accept": "application/json, application/yaml, text/yaml, */*;q=0.5"}


@dataclass(frozen=True)
class Published:
    """A server's document and the exchange that brought it; without a document `told` says why it cannot be read."""

    document: Document | None
    told: str
    exchange: Exchange
    base: str

    def operation(self, verb: str, resource: Resource) -> Operation | None:
        """What it declares for an operation of a resource; None where it does not."""
        return self.readable.operation(*operation_of(verb, resource.name), self.base)

    @property
    def readable(self) -> Document:
        """The document. Raises Untestable where it cannot be read."""
        if self.document is None:
            raise Untestable(f"its document cannot be read: {self.told}")
        return self.document


def published(stage: Stage) -> Published:
    """The document of this API that the server publishes, asked for once. Raises Untestable where there is none."""
    if "published" not in stage.memory:
        stage.memory["published"] = _sought(stage)
    found = stage.memory["published"]
    if not isinstance(found, Published):
        raise Untestable(str(found))
    return found


def success(operation: Operation) -> Node:
    """The schema of an operation's first successful answer that has one; an empty one where none has."""
    return next((node for code, node in sorted(operation.answers.items()) if code[:1] == "2" and node), {})


def foreign(node: Any) -> bool:
    """Whether anything inside refers to another file."""
    if isinstance(node, list):
        return any(foreign(one) for one in node)
    if not isinstance(node, dict):
        return False
    reference = node.get("$ref")
    if isinstance(reference, str) and not reference.startswith("#"):
        return True
    return any(foreign(one) for one in node.values())


def _sought(stage: Stage) -> Published | str:
    """The first document that declares something of this API; one that cannot be read, where there is no better one;
    or why there is none."""
    broken: Published | None = None
    given = stage.options.document
    for place in [given] if given else _places(stage.http.base):
        try:
            answer = stage.http("get", place, headers=_ACCEPT)
        except Unreachable as problem:
            if given:
                return str(problem)
            continue
        if answer.status != 200 or (not given and answer.media == "text/html"):
            continue
        one = _read(answer, urlsplit(stage.http.base).path)
        if one.document is None:
            broken = broken or one
        elif any(one.operation(verb, kind) for kind in stage.profile.resources.values() for verb in kind.operations):
            return one
    if broken:
        return broken
    looked = given or f"{stage.http.base}{_PLACES[0]} and the other usual places"
    return f"no document of this API is published at {looked}"


def _places(base: str) -> Iterator[str]:
    parts = urlsplit(base)
    for root in dict.fromkeys((base, f"{parts.scheme}://{parts.netloc}")):
        yield from (root + place for place in _PLACES)


def _read(answer: Exchange, base: str) -> Published:
    try:
        return Published(read(answer.content), "", answer, base)
    except Unreadable as problem:
        return Published(None, str(problem), answer, base)
