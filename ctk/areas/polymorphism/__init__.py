"""Polymorphism: subtypes, unions and extensions."""

from __future__ import annotations

from ctk.area import Area
from ctk.areas.polymorphism import characteristics, extensions, inner_types, unions
from ctk.areas.shared.good_values import create_and_read
from ctk.areas.shared.refusals import Attempts
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_OWN = "CtkOwnType"


def types(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends the `@type` of the resource itself: left out, sent, wrong, empty, one of the client's own."""
    attempts = Attempts(target, resource)
    bare = attempts.without("@type")
    if bare.status == 201:
        expect("POL-01", bare.body.get("@type") == resource.schema, f"@type is {bare.body.get('@type')!r}", bare)
    else:
        expect("POL-01", False, f"a creation without @type was answered with {bare.status}", bare)
    typed = create_and_read(target, resource, {"@type": resource.schema})
    if typed.status < 300:
        expect.equal("POL-02", typed.body.get("@type"), resource.schema, typed)
    for rule, wrong in (("POL-03", 7), ("POL-04", "")):
        answer = attempts(**{"@type": wrong})
        expect(rule, answer.status == 400, f"@type {wrong!r} was answered with {answer.status}", answer)
    own = create_and_read(target, resource, {"@type": _OWN, "@baseType": resource.schema})
    expect("POL-05", own.status < 300, f"answered {own.status}", own)
    if own.status < 300:
        types_kept = (own.body.get("@type"), own.body.get("@baseType"))
        expect.equal("POL-06", types_kept, (_OWN, resource.schema), own)


AREA = Area(
    "polymorphism",
    "subtypes, unions and extensions",
    checks=(
        types,
        inner_types.kept_marks,
        inner_types.wrong_marks,
        unions.alternatives_of,
        unions.subtypes_of,
        characteristics.values,
        extensions.extension,
        extensions.inner_extension,
    ),
    negative=True,
)
