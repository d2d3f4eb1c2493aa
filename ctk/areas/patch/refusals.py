"""Patches that must not succeed: broken bodies, protected attributes, mandatory ones removed."""

from __future__ import annotations

from typing import Any

from ctk.area import Check
from ctk.areas.shared.specimen import Specimen, at_once, has, refused, same, settled
from ctk.exchange import Exchange, Untestable
from ctk.standard.document import Attribute
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_LONG_AGO = "2001-01-01T00:00:00Z"


def refusals(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends all of them to one resource, which must withstand them."""
    specimen = Specimen.create(target, resource)
    answer = specimen.merge({specimen.text: specimen.new()})
    if answer.status != 200:
        raise Untestable(f"a change of a text answered {answer.status}: what is refused proves nothing")
    before = specimen.now()
    _bodies(specimen, expect, before)
    _values(specimen, expect, before)
    _protected(specimen, expect, before)
    _mandatory(specimen, expect, before)


def _bodies(specimen: Specimen, expect: Expect, before: Exchange) -> None:
    """Sends bodies that are no merge patch at all."""
    tried = [
        ("PAT-41", b'{"' + specimen.text.encode() + b'": "unfinished', "application/json", 400),
        ("PAT-45", ["ctk"], "application/json", 400),
        ("PAT-46", "ctk", "application/json", 400),
        ("PAT-47", b"", "application/json", 400),
        ("PAT-48", b"ctk", "text/plain", 415),
    ]
    answers = []
    for rule, body, media, code in tried:
        if expect.items(rule):
            answers.append(specimen.send(body, media))
            expect(rule, *has(answers[-1], {}, code), answers[-1])
    after = specimen.now()
    expect("PAT-49", before.body == after.body, "the resource is another one now", *answers, after)
    refusals = [answer for answer in answers if refused(answer)]
    for answer in refusals:
        good = all(isinstance(answer.body.get(name), str) for name in ("code", "reason"))
        expect("PAT-56", good, "the refusal has no code and reason", answer)
    if not refusals:
        expect.untested("PAT-56", "nothing was refused")


def _values(specimen: Specimen, expect: Expect, before: Exchange) -> None:
    """Sends values of another type, attributes that do not exist, and a patch of a resource that is not there."""
    answer = specimen.merge({specimen.text: {"ctk": True}})
    expect("PAT-42", refused(answer), f"an object as {specimen.text} is answered with {answer.status}", answer)
    expect("PAT-43", *has(answer, {}, 400), answer)
    after = specimen.now()
    kept = after.body.get(specimen.text) == before.body.get(specimen.text)
    expect("PAT-44", kept, f"{specimen.text} is {after.body.get(specimen.text)!r}", answer, after)
    if expect.items("PAT-50"):
        answer = specimen.merge({"ctkUnknown": "ctk"})
        expect("PAT-50", *has(answer, {}, 400), answer)
    path = specimen.target.path(specimen.resource, specimen.target.unique())
    missing = at_once(specimen.target.http("patch", path, body={specimen.text: specimen.new()}))
    expect("PAT-40", *has(missing, {}, 404), missing)


def _protected(specimen: Specimen, expect: Expect, before: Exchange) -> None:
    """Sends what the update schema lacks: changed, then as it is."""
    schema = specimen.target.document.schema(specimen.resource.schema)
    attributes = specimen.target.document.attributes(schema)
    sent, answers = {}, {}
    for name in expect.items("PAT-51"):
        sent[name] = _another(before.body.get(name), attributes.get(name))
        answers[name] = answer = specimen.merge({name: sent[name]})
        expect("PAT-52", *has(answer, {}, 400), answer, item=name)
        if answer.status < 300:
            after = specimen.target.get(specimen.instance)
            expect("PAT-51", *_unchanged(before, after, name, sent[name]), answer, after, item=name)
    after = specimen.target.get(specimen.instance)
    for name, answer in answers.items():
        if answer.status >= 300:
            expect("PAT-51", *_unchanged(before, after, name, sent[name]), answer, after, item=name)
    for name in expect.items("PAT-53"):
        if name not in before.body:
            expect.untested("PAT-53", f"the resource has no {name}", item=name)
            continue
        answer = specimen.merge({name: before.body[name]})
        expect("PAT-53", *has(answer, {}), answer, item=name)


def _unchanged(before: Exchange, after: Exchange, name: str, sent: Any) -> tuple[bool, str]:
    """Returns whether a protected attribute is what it was, and what to say of it; what was sent never arrives."""
    if after.status != 200:
        return False, f"reading it afterwards answered {after.status}"
    old, now = before.body.get(name), after.body.get(name)
    moved = name in before.body and name not in settled(before)
    holds = not same(now, sent) and (moved or same(now, old))
    return holds, f"{name} was {old!r}, and is {now!r}"


def _another(value: Any, declared: Attribute | None) -> Any:
    """Returns a value of an attribute's type that it does not have."""
    kind = declared.kind if declared else "string"
    plain: Any = "ctk-other"
    if declared and declared.format == "date-time":
        plain = _LONG_AGO
    elif declared and declared.format in ("uri", "url"):
        plain = "https://example.com/ctk-other"
    elif declared and declared.enum:
        plain = next((member for member in declared.enum if member != value), plain)
    elif kind in ("integer", "number"):
        plain = 77 if value != 77 else 78
    elif kind == "boolean":
        plain = value is not True
    elif kind not in ("string", "any"):
        plain = {"name": "ctk-other"}
    return [plain] if declared and declared.many else plain


def _mandatory(specimen: Specimen, expect: Expect, before: Exchange) -> None:
    """Removes what a resource must have."""
    answers = {}
    for name in dict.fromkeys((*expect.items("PAT-54"), *expect.items("PAT-55"))):
        if name in before.body:
            answers[name] = specimen.merge({name: None})
    after = specimen.target.get(specimen.instance)
    for rule in ("PAT-54", "PAT-55"):
        for name in expect.items(rule):
            if name not in answers:
                expect.untested(rule, f"the resource has no {name}", item=name)
            elif rule == "PAT-54":
                there = after.status == 200 and after.body.get(name) is not None
                expect(rule, there, f"{name} is gone", answers[name], after, item=name)
            else:
                expect(rule, *has(answers[name], {}, 400), answers[name], item=name)


CHECKS: tuple[Check, ...] = (refusals,)
