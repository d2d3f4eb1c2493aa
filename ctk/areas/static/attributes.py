"""The attributes that the server's published document declares, against those of ours (area `static`)."""

from __future__ import annotations

from ctk.exchange import Untestable
from ctk.profile import Resource
from ctk.standard.document import Attribute, Node, Operation
from ctk.standard.schemas import spelled
from ctk.target.published import Published, foreign, published, success
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge, operation_of

_EXACT = ("date-time", "date", "time", "byte", "binary", "base64", "duration")
"""Formats that change how a value is read; `uri`, `float` and the like only describe it."""


def answers(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The attributes of what is read."""
    found = published(stage)
    node = _read_schema(found, resource)
    theirs = found.readable.attributes(node)
    for name in resource.mandatory:
        judge("STA-25", name.partition(".")[0] in theirs, f"{name} is not declared", found.exchange, item=name)
    promised = found.readable.required(node)
    for name in judge.items("STA-33"):
        judge("STA-33", name in promised, f"{name} is not required", found.exchange, item=name)
    ours = stage.document.attributes(stage.document.schema(resource.schema))
    for name, one in ours.items():
        judge("STA-26", name in theirs, f"{name} is not declared", found.exchange, item=name)
        if name in theirs:
            _attribute(one, theirs[name], found, judge)
        else:
            for rule in ("STA-27", "STA-28"):
                judge.untested(rule, f"{name} is not declared", item=name)
            if one.enum:
                judge.untested("STA-29", f"{name} is not declared", item=name)


def _attribute(ours: Attribute, theirs: Attribute, found: Published, judge: Judge) -> None:
    shown, name = found.exchange, ours.name
    if theirs.kind == "any" and ours.kind != "any" and ours.many == theirs.many:
        judge.untested("STA-27", f"its document gives {name} no type", item=name)
    else:
        same = (theirs.kind, theirs.many) == (ours.kind, ours.many)
        judge("STA-27", same, f"{name} is {theirs}, ours is {ours}", shown, item=name)
    judge.equal("STA-28", _exact(theirs), _exact(ours), shown, item=name)
    if not ours.enum:
        return
    known = [spelled(value) for value in theirs.enum]
    missing = [value for value in ours.enum if theirs.enum and spelled(value) not in known]
    judge("STA-29", not missing, f"{name} lacks {', '.join(map(str, missing))}", shown, item=name)


def _exact(one: Attribute) -> str:
    return one.format if one.format in _EXACT else ""


def creation(stage: Stage, resource: Resource, judge: Judge) -> None:
    """What a creation must and may have."""
    if "create" not in resource.operations:
        return
    found = published(stage)
    theirs = _operation(found, resource, "create")
    body = _body(theirs)
    declared, required = found.readable.attributes(body), found.readable.required(body)
    ours = stage.document.operations[operation_of("create", resource.name)].body
    beyond = sorted(required - stage.document.required(ours))
    judge("STA-30", not beyond, f"it requires {', '.join(beyond)} too", found.exchange)
    for name in resource.required:
        judge("STA-31", name in declared, f"{name} is not declared", found.exchange, item=name)
        judge("STA-32", name in required, f"{name} is not required", found.exchange, item=name)


def changes(stage: Stage, resource: Resource, judge: Judge) -> None:
    """What a patch may have."""
    if "patch" not in resource.operations:
        return
    found = published(stage)
    theirs = found.readable.attributes(_body(_operation(found, resource, "patch")))
    for name in resource.protected:
        if not theirs:
            judge.untested("STA-34", "its document says nothing of what a patch may have", item=name)
        else:
            judge("STA-34", name not in theirs, f"{name} is among what a patch may have", found.exchange, item=name)


def _operation(found: Published, resource: Resource, verb: str) -> Operation:
    theirs = found.operation(verb, resource)
    if theirs is None:
        raise Untestable(f"its document does not declare how to {verb} {resource.name}")
    return theirs


def _body(theirs: Operation) -> Node:
    if not theirs.body or foreign(theirs.body):
        raise Untestable(f"its document has no schema for what {theirs.method.upper()} {theirs.path} takes")
    return theirs.body


def _read_schema(found: Published, resource: Resource) -> Node:
    """The schema of one resource: what a retrieval answers, or each element of what a list does."""
    told = [found.operation(verb, resource) for verb in ("retrieve", "list")]
    if not any(told):
        raise Untestable(f"its document declares no way to read {resource.name}")
    for theirs in told:
        node = success(theirs) if theirs else {}
        element = found.readable.element(node)
        node = node if element is None else element
        if found.readable.attributes(node):
            return node
    if any(foreign(theirs.answers) for theirs in told if theirs):
        raise Untestable(f"its document keeps the schema of {resource.name} in another file")
    return {}
