"""What one version of one resource lets a body be: the rules of creation and of change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from common.document import Document, is_same, pointer
from common.errors import InvalidBody, Problem
from common.schema.compile import Validator
from common.schema.flat import Attributes
from common.schema.messages import nearest, shown

IDENTITY = frozenset({"id", "href"})
MARKS = frozenset({"@type", "@baseType", "@schemaLocation"})


@dataclass(frozen=True, slots=True)
class BodySchema:
    """The compiled rules of one resource in one version.

    `readable`, `creatable`, `patchable`: the first-level attributes of the read, create and update schemas.
    `server_set`: attributes that the server sets whatever was sent. `mandatory`: attributes that may not be removed.
    """

    type_name: str
    attributes: Attributes
    create: Validator
    update: Validator
    readable: frozenset[str]
    creatable: frozenset[str]
    patchable: frozenset[str]
    server_set: frozenset[str]
    mandatory: frozenset[str]


def check_create(schema: BodySchema, body: Document) -> Document:
    """Returns the body without what the server sets itself. Raises InvalidBody with every problem.

    An attribute that the create schema lacks is dropped where the server sets it anyway and refused otherwise.
    """
    sent = {name: value for name, value in body.items() if not _ignored(schema, name)}
    problems = [*_unknown(schema, sent, sent), *_not_creatable(schema, sent), *schema.create.problems(sent)]
    if problems:
        raise InvalidBody(problems)
    return sent


def _ignored(schema: BodySchema, name: str) -> bool:
    return name == "href" or (name in schema.server_set | IDENTITY and name not in schema.creatable)


def _not_creatable(schema: BodySchema, body: Document) -> Iterable[Problem]:
    for name in body:
        if name in schema.readable and name not in schema.creatable:
            yield Problem(pointer((name,)), "this attribute is set by the server and may not be sent at creation")


def check_update(schema: BodySchema, before: Document, after: Document) -> None:
    """Raises InvalidBody where the change from `before` to `after` breaks a rule of the update schema.

    What the change leaves alone is not judged again: it was accepted once, perhaps in the other version.
    """
    unchanged = {name for name in before.keys() & after.keys() if is_same(before[name], after[name])}
    changed = (before.keys() | after.keys()) - unchanged
    part = {name: after[name] for name in after if name in changed}
    problems = [*_unknown(schema, part, after), *_not_patchable(schema, before, after, changed)]
    problems += _removed(schema, changed - after.keys())
    problems += [p for p in schema.update.problems(part) if not _stood_before(p, before, after)]
    if problems:
        raise InvalidBody(problems)


def _not_patchable(schema: BodySchema, before: Document, after: Document, changed: set[str]) -> Iterable[Problem]:
    for name in sorted(changed):
        fixed = name in schema.readable and name not in schema.patchable
        if name in IDENTITY or fixed:
            rule = f"may not be changed; it is {shown(before.get(name))}, {shown(after.get(name))} was sent"
            yield Problem(pointer((name,)), f"this attribute {rule}")


def _removed(schema: BodySchema, gone: set[str]) -> Iterable[Problem]:
    for name in sorted(gone & schema.mandatory):
        yield Problem(pointer((name,)), "this attribute is mandatory and may not be removed")


def _unknown(schema: BodySchema, sent: Document, whole: Document) -> Iterable[Problem]:
    """Returns attributes that no schema declares; `@schemaLocation` in the whole body says where theirs is."""
    declared = schema.readable | schema.creatable | MARKS
    if "@schemaLocation" in whole:
        return
    for name in sorted(sent.keys() - declared):
        near = nearest(name, declared)
        hint = f"; the {near}" if near else ""
        rule = f'{schema.type_name} declares no attribute "{name}"{hint}; an extension needs @schemaLocation'
        yield Problem(pointer((name,)), rule)


def _stood_before(problem: Problem, before: Document, after: Document) -> bool:
    """Returns True where the problem lies in an array element that was there, as it is, before the change."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in problem.pointer.split("/")[1:]]
    if len(steps) < 2 or not isinstance(after.get(steps[0]), list) or not isinstance(before.get(steps[0]), list):
        return False
    element = after[steps[0]][int(steps[1])]
    return any(is_same(element, old) for old in before[steps[0]])
