"""Whether the server's published document says what ours does."""

from __future__ import annotations

from typing import Any

from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from referencing.exceptions import Unresolvable

from ctk.area import Area
from ctk.areas.static import attributes
from ctk.exchange import JSON, MERGE, Exchange
from ctk.profile import Resource
from ctk.standard.document import Document, Operation
from ctk.target.published import Published, foreign, published, success
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge, operation_of

_QUERIES = {
    "list": {"STA-13": "fields", "STA-14": "offset", "STA-15": "limit", "STA-17": "sort", "STA-18": "filter"},
    "retrieve": {"STA-16": "fields"},
}
_REFUSALS = {
    "list": (400,), "create": (400,), "retrieve": (404,), "patch": (400, 404), "delete": (404,),
}  # fmt: skip
_EMPTY = ("204", "205")


def document(stage: Stage, judge: Judge) -> None:
    """The document itself, and what it declares beside resources."""
    found = published(stage)
    judge("STA-01", found.document is not None, found.told, found.exchange)
    theirs, shown = found.readable, found.exchange
    _valid(theirs, judge, shown)
    number = stage.profile.api.removeprefix("TMF")
    title = _letters(theirs.title)
    judge("STA-03", _letters(stage.profile.title) in title or number in title, f"it is {theirs.title!r}", shown)
    major = theirs.version.strip().lstrip("vV").partition(".")[0]
    judge("STA-04", f"v{major}" == stage.profile.version, f"it is {theirs.version!r}", shown)
    _addresses(theirs, judge, found)
    for rule, method, path in (("STA-06", "post", "/hub"), ("STA-07", "delete", "/hub/{id}")):
        judge(rule, theirs.operation(method, path, found.base) is not None, f"no {method.upper()} {path}", shown)


def _valid(theirs: Document, judge: Judge, shown: Exchange) -> None:
    if foreign(theirs.content):
        judge.untested("STA-02", "it refers to other files")
        return
    told = str(theirs.content.get("openapi", ""))
    kind = OpenAPIV31SpecValidator if told.startswith("3.1") else OpenAPIV30SpecValidator
    validator = (OpenAPIV2SpecValidator if theirs.old else kind)(theirs.content)
    try:
        problem: Any = next(validator.iter_errors(), None)
        told = problem.message if problem else ""
    except (Unresolvable, AttributeError, KeyError, TypeError, ValueError) as stop:
        # the validator stumbles over what is no OpenAPI at all, and over references to nothing
        told = f"{type(stop).__name__}: {stop}"
    judge("STA-02", not told, told[:300], shown)


def _addresses(theirs: Document, judge: Judge, found: Published) -> None:
    """One of its addresses has the path of the base address, or its paths hold that."""
    whole = any(one.path.startswith(found.base + "/") for one in theirs.operations.values())
    said = theirs.bases()
    judge("STA-05", whole or found.base in said, f"it says {', '.join(said) or 'nothing'}", found.exchange)


def operations(stage: Stage, resource: Resource, judge: Judge) -> None:
    """What is declared for each operation of a resource."""
    found = published(stage)
    for verb in resource.operations:
        theirs = found.operation(verb, resource)
        if theirs is None:
            _undeclared(stage, resource, judge, verb, found)
            continue
        judge("STA-08", True, "", found.exchange, item=verb)
        _operation(stage, resource, judge, verb, theirs, found)


def _undeclared(stage: Stage, resource: Resource, judge: Judge, verb: str, found: Published) -> None:
    """An optional operation may be missing where the server does not have it."""
    method, path = operation_of(verb, resource.name)
    told = f"no {method.upper()} {path}"
    for rule in ("STA-09", "STA-19", "STA-20", "STA-21", "STA-22"):
        judge.untested(rule, f"its document has {told}", item=verb)
    if resource.operations[verb].mandatory:
        judge("STA-08", False, told, found.exchange, item=verb)
        return
    judge.untested("STA-08", f"{verb} is optional; its document has {told}, and it could not be tried", item=verb)
    made = stage.create(resource, "minimal")
    text = made.body.get(resource.text, "ctk")
    answer = stage.delete(made) if verb == "delete" else stage.patch(made, {resource.text: text})
    if answer.status < 300:
        judge("STA-08", False, f"{told}, but it answered {answer.status}", found.exchange, answer, item=verb)
    else:
        judge.untested("STA-08", f"{verb} is optional; the server does not have it either", item=verb)


def _operation(stage: Stage, resource: Resource, judge: Judge, verb: str, theirs: Operation, found: Published) -> None:
    shown, ours = found.exchange, stage.document.operations[operation_of(verb, resource.name)]
    good = [int(code) for code in ours.codes if code[:1] == "2"]
    codes = ", ".join(theirs.codes) or "nothing"
    judge("STA-09", any(theirs.declares(code) for code in good), f"it declares {codes}", shown, item=verb)
    missing = [code for code in _REFUSALS[verb] if not theirs.declares(code) and "default" not in theirs.codes]
    judge("STA-19", not missing, f"it declares {codes}", shown, item=verb)
    judge.equal("STA-22", theirs.id, ours.id, shown, item=verb)
    _refusals(judge, verb, theirs, found)
    _answer(resource, judge, verb, theirs, found)
    for rule, name in _QUERIES.get(verb, {}).items():
        judge(rule, name in theirs.queries, f"no parameter {name}", shown)
    takes = ", ".join(sorted(theirs.takes)) or "nothing"
    if verb == "create":
        judge("STA-10", JSON in theirs.takes, f"it takes {takes}", shown)
    if verb == "patch":
        judge("STA-11", bool({JSON, MERGE} & theirs.takes), f"it takes {takes}", shown)
        judge("STA-12", theirs.takes >= ours.takes, f"it takes {takes}", shown)


def _refusals(judge: Judge, verb: str, theirs: Operation, found: Published) -> None:
    errors = {code: node for code, node in theirs.answers.items() if code[:1] in ("4", "5")}
    if not errors:
        judge.untested("STA-20", "it declares no refusals", item=verb)
        return
    names = {"code", "reason"}
    wrong = [code for code, node in errors.items() if not names <= set(found.readable.attributes(node))]
    judge("STA-20", not wrong, f"{', '.join(wrong)} have no code and reason", found.exchange, item=verb)


def _answer(resource: Resource, judge: Judge, verb: str, theirs: Operation, found: Published) -> None:
    """The resource, known by its mandatory attributes; an array of it for a list; nothing for a deletion."""
    if verb == "delete":
        filled = [code for code in _EMPTY if theirs.answers.get(code)]
        judge("STA-21", not filled, f"{', '.join(filled)} has a body", found.exchange, item=verb)
        return
    document, node = found.readable, success(theirs)
    element = document.element(node)
    if foreign(node):
        judge.untested("STA-21", "its schema is in another file", item=verb)
        return
    names = set(document.attributes(node if element is None else element))
    missing = sorted(name for name in resource.mandatory if "." not in name and name not in names)
    told = "it is an array" if element is not None else "it is no array"
    if (element is not None) == (verb == "list"):
        told = f"{', '.join(missing)} are missing"
        judge("STA-21", not missing, told, found.exchange, item=verb)
    else:
        judge("STA-21", False, told, found.exchange, item=verb)


def events(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The listener paths that clients are to have, and what comes to them."""
    found = published(stage)
    theirs = found.readable
    for event in stage.profile.events_of(resource.name):
        ends = f"/{event.listener}".lower()
        listener = next(
            (
                one
                for (method, path), one in theirs.operations.items()
                if method == "post" and path.lower().endswith(ends)
            ),
            None,
        )
        judge("STA-23", listener is not None, f"no path ends with {event.listener}", found.exchange, item=event.type)
        if listener is None:
            judge.untested("STA-24", "its listener is not declared", item=event.type)
            continue
        node = listener.body
        for part in event.content:
            inner = theirs.attributes(node).get(part)
            node = inner.node if inner else {}
        told = f"no {'.'.join(event.content)} in it"
        judge("STA-24", bool(theirs.attributes(node)), told, found.exchange, item=event.type)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


AREA = Area(
    "static",
    "whether the server's published document says what ours does",
    stories=(operations, attributes.answers, attributes.creation, attributes.changes, events),
    api_stories=(document,),
)
