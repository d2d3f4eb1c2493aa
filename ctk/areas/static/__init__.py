"""Static: whether the server's published document says what ours does."""

from __future__ import annotations

from typing import Any

from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from referencing.exceptions import Unresolvable

from ctk.area import Area
from ctk.areas.static import attributes
from ctk.exchange import JSON, MERGE, Exchange
from ctk.standard.document import Document, Operation
from ctk.standard.operations import operation_of
from ctk.standard.profile import Resource
from ctk.target.published import PublishedDocument, refers_to_other_files, success_schema
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_QUERIES = {
    "list": {"STA-13": "fields", "STA-14": "offset", "STA-15": "limit", "STA-17": "sort", "STA-18": "filter"},
    "retrieve": {"STA-16": "fields"},
}
_REFUSALS = {
    "list": (400,), "create": (400,), "retrieve": (404,), "patch": (400, 404), "delete": (404,),
}  # fmt: skip
_EMPTY = ("204", "205")


def document(target: Target, expect: Expect) -> None:
    """Looks at the document itself, and at what it declares beside resources."""
    published = target.published_document()
    expect("STA-01", published.document is not None, published.problem, published.exchange)
    theirs, exchange = published.readable, published.exchange
    _valid(theirs, expect, exchange)
    number = target.profile.api.removeprefix("TMF")
    title = _letters(theirs.title)
    expect("STA-03", _letters(target.profile.title) in title or number in title, f"it is {theirs.title!r}", exchange)
    major = theirs.version.strip().lstrip("vV").partition(".")[0]
    expect("STA-04", f"v{major}" == target.profile.version, f"it is {theirs.version!r}", exchange)
    _addresses(theirs, expect, published)
    for rule, method, path in (("STA-06", "post", "/hub"), ("STA-07", "delete", "/hub/{id}")):
        expect(
            rule, theirs.operation(method, path, published.base) is not None, f"no {method.upper()} {path}", exchange
        )


def _valid(theirs: Document, expect: Expect, exchange: Exchange) -> None:
    if refers_to_other_files(theirs.content):
        expect.untested("STA-02", "it refers to other files")
        return
    version = str(theirs.content.get("openapi", ""))
    kind = OpenAPIV31SpecValidator if version.startswith("3.1") else OpenAPIV30SpecValidator
    validator = (OpenAPIV2SpecValidator if theirs.old else kind)(theirs.content)
    try:
        problem: Any = next(validator.iter_errors(), None)
        version = problem.message if problem else ""
    except (Unresolvable, AttributeError, KeyError, TypeError, ValueError) as stop:
        # the validator stumbles over what is no OpenAPI at all, and over references to nothing
        version = f"{type(stop).__name__}: {stop}"
    expect("STA-02", not version, version[:300], exchange)


def _addresses(theirs: Document, expect: Expect, published: PublishedDocument) -> None:
    """Expects one of its addresses to have the path of the base address, or its paths to begin with that."""
    whole = any(operation.path.startswith(published.base + "/") for operation in theirs.operations.values())
    said = theirs.bases()
    expect("STA-05", whole or published.base in said, f"it says {', '.join(said) or 'nothing'}", published.exchange)


def operations(target: Target, resource: Resource, expect: Expect) -> None:
    """Looks at what is declared for each operation of a resource."""
    published = target.published_document()
    for verb in resource.operations:
        theirs = published.operation(verb, resource)
        if theirs is None:
            _undeclared(target, resource, expect, verb, published)
            continue
        expect("STA-08", True, "", published.exchange, item=verb)
        _operation(target, resource, expect, verb, theirs, published)


def _undeclared(target: Target, resource: Resource, expect: Expect, verb: str, published: PublishedDocument) -> None:
    """Notes a missing operation; an optional one may be missing where the server does not have it."""
    method, path = operation_of(verb, resource.name)
    reason = f"no {method.upper()} {path}"
    for rule in ("STA-09", "STA-19", "STA-20", "STA-21", "STA-22"):
        expect.untested(rule, f"its document has {reason}", item=verb)
    if resource.operations[verb].mandatory:
        expect("STA-08", False, reason, published.exchange, item=verb)
        return
    expect.untested("STA-08", f"{verb} is optional; its document has {reason}, and it could not be tried", item=verb)
    instance = target.create(resource, "minimal")
    text = instance.body.get(resource.text, "ctk")
    answer = target.delete(instance) if verb == "delete" else target.patch(instance, {resource.text: text})
    if answer.status < 300:
        expect("STA-08", False, f"{reason}, but it answered {answer.status}", published.exchange, answer, item=verb)
    else:
        expect.untested("STA-08", f"{verb} is optional; the server does not have it either", item=verb)


def _operation(
    target: Target, resource: Resource, expect: Expect, verb: str, theirs: Operation, published: PublishedDocument
) -> None:
    exchange, ours = published.exchange, target.document.operations[operation_of(verb, resource.name)]
    good = [int(code) for code in ours.codes if code[:1] == "2"]
    codes = ", ".join(theirs.codes) or "nothing"
    expect("STA-09", any(theirs.declares(code) for code in good), f"it declares {codes}", exchange, item=verb)
    missing = [code for code in _REFUSALS[verb] if not theirs.declares(code) and "default" not in theirs.codes]
    expect("STA-19", not missing, f"it declares {codes}", exchange, item=verb)
    expect.equal("STA-22", theirs.id, ours.id, exchange, item=verb)
    _refusals(expect, verb, theirs, published)
    _answer(resource, expect, verb, theirs, published)
    for rule, name in _QUERIES.get(verb, {}).items():
        expect(rule, name in theirs.queries, f"no parameter {name}", exchange)
    takes = ", ".join(sorted(theirs.takes)) or "nothing"
    if verb == "create":
        expect("STA-10", JSON in theirs.takes, f"it takes {takes}", exchange)
    if verb == "patch":
        expect("STA-11", bool({JSON, MERGE} & theirs.takes), f"it takes {takes}", exchange)
        expect("STA-12", theirs.takes >= ours.takes, f"it takes {takes}", exchange)


def _refusals(expect: Expect, verb: str, theirs: Operation, published: PublishedDocument) -> None:
    errors = {code: node for code, node in theirs.answers.items() if code[:1] in ("4", "5")}
    if not errors:
        expect.untested("STA-20", "it declares no refusals", item=verb)
        return
    names = {"code", "reason"}
    wrong = [code for code, node in errors.items() if not names <= set(published.readable.attributes(node))]
    expect("STA-20", not wrong, f"{', '.join(wrong)} have no code and reason", published.exchange, item=verb)


def _answer(resource: Resource, expect: Expect, verb: str, theirs: Operation, published: PublishedDocument) -> None:
    """Expects a schema with the mandatory attributes; an array of it for a list; none for a deletion."""
    if verb == "delete":
        filled = [code for code in _EMPTY if theirs.answers.get(code)]
        expect("STA-21", not filled, f"{', '.join(filled)} has a body", published.exchange, item=verb)
        return
    document, node = published.readable, success_schema(theirs)
    element = document.element(node)
    if refers_to_other_files(node):
        expect.untested("STA-21", "its schema is in another file", item=verb)
        return
    names = set(document.attributes(node if element is None else element))
    missing = sorted(name for name in resource.mandatory if "." not in name and name not in names)
    reason = "it is an array" if element is not None else "it is no array"
    if (element is not None) == (verb == "list"):
        reason = f"{', '.join(missing)} are missing"
        expect("STA-21", not missing, reason, published.exchange, item=verb)
    else:
        expect("STA-21", False, reason, published.exchange, item=verb)


def events(target: Target, resource: Resource, expect: Expect) -> None:
    """Looks at the listener paths that clients are to have, and at what comes to them."""
    published = target.published_document()
    theirs = published.readable
    for event in target.profile.events_of(resource.name):
        ends = f"/{event.listener}".lower()
        listener = next(
            (
                operation
                for (method, path), operation in theirs.operations.items()
                if method == "post" and path.lower().endswith(ends)
            ),
            None,
        )
        expect(
            "STA-23", listener is not None, f"no path ends with {event.listener}", published.exchange, item=event.type
        )
        if listener is None:
            expect.untested("STA-24", "its listener is not declared", item=event.type)
            continue
        node = listener.body
        for part in event.content:
            inner = theirs.attributes(node).get(part)
            node = inner.node if inner else {}
        reason = f"no {'.'.join(event.content)} in it"
        expect("STA-24", bool(theirs.attributes(node)), reason, published.exchange, item=event.type)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


AREA = Area(
    "static",
    "whether the server's published document says what ours does",
    checks=(operations, attributes.answers, attributes.creation, attributes.changes, events),
    api_checks=(document,),
)
