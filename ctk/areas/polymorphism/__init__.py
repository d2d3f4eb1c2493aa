"""Subtypes, unions and extensions."""

from __future__ import annotations

from ctk.area import Area
from ctk.areas.polymorphism import characteristics, extensions, inner_types, unions
from ctk.areas.shared.good_values import stored
from ctk.areas.shared.refusals import Attempts
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_OWN = "CtkOwnType"


def types(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The `@type` of the resource itself: left out, sent, wrong, empty, one of the client's own."""
    attempts = Attempts(stage, resource)
    bare = attempts.without("@type")
    if bare.status == 201:
        judge("POL-01", bare.body.get("@type") == resource.schema, f"@type is {bare.body.get('@type')!r}", bare)
    else:
        judge("POL-01", False, f"a creation without @type was answered with {bare.status}", bare)
    told = stored(stage, resource, {"@type": resource.schema})
    if told.status < 300:
        judge.equal("POL-02", told.body.get("@type"), resource.schema, told)
    for rule, wrong in (("POL-03", 7), ("POL-04", "")):
        answer = attempts(**{"@type": wrong})
        judge(rule, answer.status == 400, f"@type {wrong!r} was answered with {answer.status}", answer)
    own = stored(stage, resource, {"@type": _OWN, "@baseType": resource.schema})
    judge("POL-05", own.status < 300, f"answered {own.status}", own)
    if own.status < 300:
        found = (own.body.get("@type"), own.body.get("@baseType"))
        judge.equal("POL-06", found, (_OWN, resource.schema), own)


AREA = Area(
    "polymorphism",
    "subtypes, unions and extensions",
    stories=(
        types,
        inner_types.kept,
        inner_types.wrong,
        unions.alternatives_of,
        unions.subtypes_of,
        characteristics.values,
        extensions.described,
        extensions.inside,
    ),
    odd=True,
)
