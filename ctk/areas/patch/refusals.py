"""Patches that must not succeed: broken bodies, protected attributes, mandatory ones removed."""

from __future__ import annotations

from typing import Any

from ctk.area import Story
from ctk.areas.shared.specimen import Subject, at_once, has, refused, same, settled
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.standard.document import Attribute
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_LONG_AGO = "2001-01-01T00:00:00Z"


def refusals(stage: Stage, resource: Resource, judge: Judge) -> None:
    """One resource that must withstand all of it."""
    subject = Subject(stage, resource)
    answer = subject.merge({subject.text: subject.new()})
    if answer.status != 200:
        raise Untestable(f"a change of a text answered {answer.status}: what is refused proves nothing")
    before = subject.now()
    _bodies(subject, judge, before)
    _values(subject, judge, before)
    _protected(subject, judge, before)
    _mandatory(subject, judge, before)


def _bodies(subject: Subject, judge: Judge, before: Exchange) -> None:
    """Bodies that are no merge patch at all."""
    tried = [
        ("PAT-41", b'{"' + subject.text.encode() + b'": "unfinished', "application/json", 400),
        ("PAT-45", ["ctk"], "application/json", 400),
        ("PAT-46", "ctk", "application/json", 400),
        ("PAT-47", b"", "application/json", 400),
        ("PAT-48", b"ctk", "text/plain", 415),
    ]
    answers = []
    for rule, body, media, code in tried:
        if judge.items(rule):
            answers.append(subject.send(body, media))
            judge(rule, *has(answers[-1], {}, code), answers[-1])
    after = subject.now()
    judge("PAT-49", before.body == after.body, "the resource is another one now", *answers, after)
    told = [one for one in answers if refused(one)]
    for one in told:
        good = all(isinstance(one.body.get(name), str) for name in ("code", "reason"))
        judge("PAT-56", good, "the refusal has no code and reason", one)
    if not told:
        judge.untested("PAT-56", "nothing was refused")


def _values(subject: Subject, judge: Judge, before: Exchange) -> None:
    """Values of another type, attributes that do not exist, a resource that is not there."""
    answer = subject.merge({subject.text: {"ctk": True}})
    judge("PAT-42", refused(answer), f"an object as {subject.text} is answered with {answer.status}", answer)
    judge("PAT-43", *has(answer, {}, 400), answer)
    after = subject.now()
    kept = after.body.get(subject.text) == before.body.get(subject.text)
    judge("PAT-44", kept, f"{subject.text} is {after.body.get(subject.text)!r}", answer, after)
    if judge.items("PAT-50"):
        answer = subject.merge({"ctkUnknown": "ctk"})
        judge("PAT-50", *has(answer, {}, 400), answer)
    path = subject.stage.path(subject.resource, subject.stage.unique())
    missing = at_once(subject.stage.http("patch", path, body={subject.text: subject.new()}))
    judge("PAT-40", *has(missing, {}, 404), missing)


def _protected(subject: Subject, judge: Judge, before: Exchange) -> None:
    """What the update schema lacks: changed, then sent as it is."""
    schema = subject.stage.document.schema(subject.resource.schema)
    attributes = subject.stage.document.attributes(schema)
    sent, answers = {}, {}
    for name in judge.items("PAT-51"):
        sent[name] = _another(before.body.get(name), attributes.get(name))
        answers[name] = answer = subject.merge({name: sent[name]})
        judge("PAT-52", *has(answer, {}, 400), answer, item=name)
        if answer.status < 300:
            after = subject.stage.get(subject.made)
            judge("PAT-51", *_kept(before, after, name, sent[name]), answer, after, item=name)
    after = subject.stage.get(subject.made)
    for name, answer in answers.items():
        if answer.status >= 300:
            judge("PAT-51", *_kept(before, after, name, sent[name]), answer, after, item=name)
    for name in judge.items("PAT-53"):
        if name not in before.body:
            judge.untested("PAT-53", f"the resource has no {name}", item=name)
            continue
        answer = subject.merge({name: before.body[name]})
        judge("PAT-53", *has(answer, {}), answer, item=name)


def _kept(before: Exchange, after: Exchange, name: str, sent: Any) -> tuple[bool, str]:
    """Whether a protected attribute is what it was; what was sent never arrives."""
    if after.status != 200:
        return False, f"reading it afterwards answered {after.status}"
    old, now = before.body.get(name), after.body.get(name)
    moved = name in before.body and name not in settled(before)
    holds = not same(now, sent) and (moved or same(now, old))
    return holds, f"{name} was {old!r}, and is {now!r}"


def _another(value: Any, declared: Attribute | None) -> Any:
    """A value of an attribute's type that it does not have."""
    kind = declared.kind if declared else "string"
    plain: Any = "ctk-other"
    if declared and declared.format == "date-time":
        plain = _LONG_AGO
    elif declared and declared.format in ("uri", "url"):
        plain = "https://example.com/ctk-other"
    elif declared and declared.enum:
        plain = next((one for one in declared.enum if one != value), plain)
    elif kind in ("integer", "number"):
        plain = 77 if value != 77 else 78
    elif kind == "boolean":
        plain = value is not True
    elif kind not in ("string", "any"):
        plain = {"name": "ctk-other"}
    return [plain] if declared and declared.many else plain


def _mandatory(subject: Subject, judge: Judge, before: Exchange) -> None:
    """What a resource must have cannot be removed."""
    answers = {}
    for name in dict.fromkeys((*judge.items("PAT-54"), *judge.items("PAT-55"))):
        if name in before.body:
            answers[name] = subject.merge({name: None})
    after = subject.stage.get(subject.made)
    for rule in ("PAT-54", "PAT-55"):
        for name in judge.items(rule):
            if name not in answers:
                judge.untested(rule, f"the resource has no {name}", item=name)
            elif rule == "PAT-54":
                there = after.status == 200 and after.body.get(name) is not None
                judge(rule, there, f"{name} is gone", answers[name], after, item=name)
            else:
                judge(rule, *has(answers[name], {}, 400), answers[name], item=name)


STORIES: tuple[Story, ...] = (refusals,)
