"""The attributes that the server's published document declares, against those of ours (area `static`)."""

from __future__ import annotations

from ctk.exchange import Untestable
from ctk.standard.document import Attribute, Node, Operation
from ctk.standard.operations import operation_of
from ctk.standard.profile import Resource
from ctk.standard.schemas import spelled
from ctk.target.published import PublishedDocument, refers_to_other_files, success_schema
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_EXACT = ("date-time", "date", "time", "byte", "binary", "base64", "duration")
"""Formats that change how a value is read; `uri`, `float` and the like only describe it."""


def answers(target: Target, resource: Resource, expect: Expect) -> None:
    """Looks at the attributes of what is read."""
    published = target.published_document()
    node = _read_schema(published, resource)
    theirs = published.readable.attributes(node)
    for name in resource.mandatory:
        expect("STA-25", name.partition(".")[0] in theirs, f"{name} is not declared", published.exchange, item=name)
    promised = published.readable.required(node)
    for name in expect.items("STA-33"):
        expect("STA-33", name in promised, f"{name} is not required", published.exchange, item=name)
    ours = target.document.attributes(target.document.schema(resource.schema))
    for name, attribute in ours.items():
        expect("STA-26", name in theirs, f"{name} is not declared", published.exchange, item=name)
        if name in theirs:
            _attribute(attribute, theirs[name], published, expect)
        else:
            for rule in ("STA-27", "STA-28"):
                expect.untested(rule, f"{name} is not declared", item=name)
            if attribute.enum:
                expect.untested("STA-29", f"{name} is not declared", item=name)


def _attribute(ours: Attribute, theirs: Attribute, published: PublishedDocument, expect: Expect) -> None:
    exchange, name = published.exchange, ours.name
    if theirs.kind == "any" and ours.kind != "any" and ours.many == theirs.many:
        expect.untested("STA-27", f"its document gives {name} no type", item=name)
    else:
        same = (theirs.kind, theirs.many) == (ours.kind, ours.many)
        expect("STA-27", same, f"{name} is {theirs}, ours is {ours}", exchange, item=name)
    expect.equal("STA-28", _exact(theirs), _exact(ours), exchange, item=name)
    if not ours.enum:
        return
    values = [spelled(value) for value in theirs.enum]
    missing = [value for value in ours.enum if theirs.enum and spelled(value) not in values]
    expect("STA-29", not missing, f"{name} lacks {', '.join(map(str, missing))}", exchange, item=name)


def _exact(attribute: Attribute) -> str:
    return attribute.format if attribute.format in _EXACT else ""


def creation(target: Target, resource: Resource, expect: Expect) -> None:
    """Looks at what a creation must and may have."""
    if "create" not in resource.operations:
        return
    published = target.published_document()
    theirs = _operation(published, resource, "create")
    body = _body(theirs)
    declared, required = published.readable.attributes(body), published.readable.required(body)
    ours = target.document.operations[operation_of("create", resource.name)].body
    beyond = sorted(required - target.document.required(ours))
    expect("STA-30", not beyond, f"it requires {', '.join(beyond)} too", published.exchange)
    for name in resource.required:
        expect("STA-31", name in declared, f"{name} is not declared", published.exchange, item=name)
        expect("STA-32", name in required, f"{name} is not required", published.exchange, item=name)


def changes(target: Target, resource: Resource, expect: Expect) -> None:
    """Looks at what a patch may have."""
    if "patch" not in resource.operations:
        return
    published = target.published_document()
    theirs = published.readable.attributes(_body(_operation(published, resource, "patch")))
    for name in resource.protected:
        if not theirs:
            expect.untested("STA-34", "its document says nothing of what a patch may have", item=name)
        else:
            expect(
                "STA-34", name not in theirs, f"{name} is among what a patch may have", published.exchange, item=name
            )


def _operation(published: PublishedDocument, resource: Resource, verb: str) -> Operation:
    theirs = published.operation(verb, resource)
    if theirs is None:
        raise Untestable(f"its document does not declare how to {verb} {resource.name}")
    return theirs


def _body(theirs: Operation) -> Node:
    if not theirs.body or refers_to_other_files(theirs.body):
        raise Untestable(f"its document has no schema for what {theirs.method.upper()} {theirs.path} takes")
    return theirs.body


def _read_schema(published: PublishedDocument, resource: Resource) -> Node:
    """Returns the schema of one resource: what a retrieval answers, or each element of what a list does."""
    operations = [published.operation(verb, resource) for verb in ("retrieve", "list")]
    if not any(operations):
        raise Untestable(f"its document declares no way to read {resource.name}")
    for theirs in operations:
        node = success_schema(theirs) if theirs else {}
        element = published.readable.element(node)
        node = node if element is None else element
        if published.readable.attributes(node):
            return node
    if any(refers_to_other_files(theirs.answers) for theirs in operations if theirs):
        raise Untestable(f"its document keeps the schema of {resource.name} in another file")
    return {}
