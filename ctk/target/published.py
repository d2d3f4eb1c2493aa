"""The document that a server publishes of itself: looked for at the usual places, or where the user says it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ctk.exchange import Caller, Exchange, Unreachable, Untestable
from ctk.standard.document import Document, Node, Operation, Unreadable, read_document
from ctk.standard.operations import operation_of
from ctk.standard.profile import Profile, Resource

_PLACES = (
    "/openapi.json", "/openapi.yaml", "/swagger.json", "/swagger.yaml", "/api-docs", "/v3/api-docs", "/v2/api-docs",
    "/openapi", "/q/openapi",
)  # fmt: skip
_ACCEPT = {"accept": "application/json, application/yaml, text/yaml, */*;q=0.5"}


@dataclass(frozen=True)
class PublishedDocument:
    """Holds a server's document and the exchange that brought it.

    `document` is None where it cannot be read; `problem` then says why. `base` is the path of the base address.
    """

    document: Document | None
    problem: str
    exchange: Exchange
    base: str

    def operation(self, verb: str, resource: Resource) -> Operation | None:
        """Returns what the document declares for an operation of a resource. Returns None where it declares nothing.

        Raises Untestable where the document cannot be read.
        """
        return self.readable.operation(*operation_of(verb, resource.name), self.base)

    @property
    def readable(self) -> Document:
        """Returns the document. Raises Untestable where it cannot be read."""
        if self.document is None:
            raise Untestable(f"its document cannot be read: {self.problem}")
        return self.document


def success_schema(operation: Operation) -> Node:
    """Returns the schema of an operation's first successful answer that has one; an empty one where none has."""
    return next((node for code, node in sorted(operation.answers.items()) if code[:1] == "2" and node), {})


def refers_to_other_files(node: Any) -> bool:
    """Returns whether anything inside a node refers to another file."""
    if isinstance(node, list):
        return any(refers_to_other_files(element) for element in node)
    if not isinstance(node, dict):
        return False
    reference = node.get("$ref")
    if isinstance(reference, str) and not reference.startswith("#"):
        return True
    return any(refers_to_other_files(inner) for inner in node.values())


def find_published(http: Caller, profile: Profile, address: str = "") -> PublishedDocument | str:
    """Returns the first document that declares something of this API, or the reason why there is none.

    Looks at `address` alone where there is one, else at the usual places below the base address and the server's root.
    Returns a document that cannot be read only where no place has a better one.
    """
    unreadable: PublishedDocument | None = None
    for place in [address] if address else _places(http.base):
        try:
            answer = http("get", place, headers=_ACCEPT)
        except Unreachable as problem:
            if address:
                return str(problem)
            continue
        if answer.status != 200 or (not address and answer.media == "text/html"):
            continue
        published = _published(answer, urlsplit(http.base).path)
        if published.document is None:
            unreadable = unreadable or published
        elif _declares_any(published, profile):
            return published
    if unreadable:
        return unreadable
    looked = address or f"{http.base}{_PLACES[0]} and the other usual places"
    return f"no document of this API is published at {looked}"


def _declares_any(published: PublishedDocument, profile: Profile) -> bool:
    resources = profile.resources.values()
    return any(published.operation(verb, resource) for resource in resources for verb in resource.operations)


def _places(base: str) -> Iterator[str]:
    parts = urlsplit(base)
    for root in dict.fromkeys((base, f"{parts.scheme}://{parts.netloc}")):
        yield from (root + place for place in _PLACES)


def _published(answer: Exchange, base: str) -> PublishedDocument:
    try:
        return PublishedDocument(read_document(answer.content), "", answer, base)
    except Unreadable as problem:
        return PublishedDocument(None, str(problem), answer, base)
