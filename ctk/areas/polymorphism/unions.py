"""Attributes that may hold one of several schemas, chosen by `@type`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctk.areas.shared.good_values import good_values, keeps, stored
from ctk.areas.shared.refusals import Attempts
from ctk.profile import Resource
from ctk.standard.document import Attribute, Node
from ctk.standard.shapes import alternatives, sample, subtypes, thing, unions
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge, taken

_SET_BY_SERVERS = {"@type", "lastUpdate", "lifecycleStatus"}
"""TMF620 v5 makes them mandatory in what a client sends, though servers set them."""


def alternatives_of(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Each alternative of each union: taken, kept, and asked for what it makes mandatory."""
    items = judge.items("POL-20")
    if not items:
        return
    declared = taken(stage.document, "create", resource.name)
    attempts = Attempts(stage, resource)
    for item, base in good_values(stage, resource, items).items():
        for type_, node, place in _choices(stage, declared[item]):
            made = thing(stage.document, node, type_)
            answer = stored(stage, resource, {item: _placed(declared[item], base, place, made, stage)})
            judge("POL-20", answer.status < 300, f"{type_} was answered with {answer.status}", answer, item=item)
            if answer.status >= 300:
                continue
            judge("POL-21", keeps(answer.body.get(item), made, "@type"), f"{type_} is lost", answer, item=item)
            for gone in sorted(stage.document.required(node) & made.keys() - _SET_BY_SERVERS):
                less = {name: value for name, value in made.items() if name != gone}
                refused = attempts(**{item: _placed(declared[item], base, place, less, stage)})
                told = f"{type_} without {gone} was answered with {refused.status}"
                judge("POL-22", refused.status == 400, told, refused, item=item)


def subtypes_of(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Each declared subtype of an attribute: taken, and kept with what it adds."""
    items = judge.items("POL-23")
    if not items:
        return
    declared = taken(stage.document, "create", resource.name)
    attempts = Attempts(stage, resource)
    for item in items:
        judge.untested("POL-25", "no subtype adds an attribute", item=item)
        for name, node in subtypes(stage.document, declared[item].node).items():
            own = _own(stage, declared[item], node)
            made = thing(stage.document, node, name) | {one.name: sample(stage.document, one) for one in own}
            answer = stored(stage, resource, {item: _many(declared[item], made)})
            judge("POL-23", answer.status < 300, f"{name} was answered with {answer.status}", answer, item=item)
            if answer.status >= 300:
                continue
            first = _within(answer.body.get(item))
            lost = [key for key, value in made.items() if not isinstance(first, dict) or first.get(key) != value]
            judge("POL-24", not lost, f"{name} lost {', '.join(lost)}", answer, item=item)
            if own:
                wrong = {**made, own[0].name: "ctk" if own[0].kind == "object" and not own[0].many else {"ctk": 1}}
                refused = attempts(**{item: _many(declared[item], wrong)})
                told = f"{name} with a wrong {own[0].name} was answered with {refused.status}"
                judge("POL-25", refused.status == 400, told, refused, item=item)


def _choices(stage: Stage, one: Attribute) -> Iterator[tuple[str, Node, str]]:
    """Every alternative of the unions at an attribute: its `@type`, its schema, and the attribute inside that is the
    union (empty: none)."""
    inside = stage.document.attributes(one.node)
    for place in unions(stage.document, one.node):
        for name, node in alternatives(stage.document, inside[place].node if place else one.node).items():
            yield name, node, place


def _placed(one: Attribute, base: Any, place: str, made: Any, stage: Stage) -> Any:
    """A value of the attribute with this thing at its union."""
    if not place:
        return _many(one, made)
    around = _within(base) or {}
    inner = stage.document.attributes(one.node)[place]
    return _many(one, {**around, place: _many(inner, made)})


def _within(value: Any, place: str = "") -> Any:
    """The first thing of a value, or of its attribute with this name."""
    first = value[0] if isinstance(value, list) and value else value
    return _within(first.get(place)) if place and isinstance(first, dict) else first


def _many(one: Attribute, made: Any) -> Any:
    return [made] if one.many else made


def _own(stage: Stage, one: Attribute, node: Node) -> list[Attribute]:
    """What a subtype has beyond the attribute's schema."""
    base = {name for part in stage.document.parts(one.node) for name in part.get("properties", {})}
    return [inner for name, inner in stage.document.attributes(node).items() if name not in base]
