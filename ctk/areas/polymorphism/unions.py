"""Attributes that may hold one of several schemas, chosen by `@type`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctk.areas.shared.good_values import create_and_read, good_values, keeps
from ctk.areas.shared.refusals import Attempts
from ctk.standard.document import Attribute, Node
from ctk.standard.operations import writable_attributes
from ctk.standard.profile import Resource
from ctk.standard.shapes import alternatives, sample, smallest_object, subtypes, unions
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_SET_BY_SERVERS = {"@type", "lastUpdate", "lifecycleStatus"}
"""TMF620 v5 makes them mandatory in what a client sends, though servers set them."""


def alternatives_of(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends each alternative of each union, whole, and without what it makes mandatory."""
    items = expect.items("POL-20")
    if not items:
        return
    declared = writable_attributes(target.document, "create", resource.name)
    attempts = Attempts(target, resource)
    for item, base in good_values(target, resource, items).items():
        for type_name, node, place in _choices(target, declared[item]):
            branch = smallest_object(target.document, node, type_name)
            answer = create_and_read(target, resource, {item: _placed(declared[item], base, place, branch, target)})
            expect("POL-20", answer.status < 300, f"{type_name} was answered with {answer.status}", answer, item=item)
            if answer.status >= 300:
                continue
            expect("POL-21", keeps(answer.body.get(item), branch, "@type"), f"{type_name} is lost", answer, item=item)
            for left_out in sorted(target.document.required(node) & branch.keys() - _SET_BY_SERVERS):
                incomplete = {name: value for name, value in branch.items() if name != left_out}
                refused = attempts(**{item: _placed(declared[item], base, place, incomplete, target)})
                reason = f"{type_name} without {left_out} was answered with {refused.status}"
                expect("POL-22", refused.status == 400, reason, refused, item=item)


def subtypes_of(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends each declared subtype of an attribute, with what it adds."""
    items = expect.items("POL-23")
    if not items:
        return
    declared = writable_attributes(target.document, "create", resource.name)
    attempts = Attempts(target, resource)
    for item in items:
        expect.untested("POL-25", "no subtype adds an attribute", item=item)
        for name, node in subtypes(target.document, declared[item].node).items():
            own = _own(target, declared[item], node)
            subtype = smallest_object(target.document, node, name) | {
                attribute.name: sample(target.document, attribute) for attribute in own
            }
            answer = create_and_read(target, resource, {item: _many(declared[item], subtype)})
            expect("POL-23", answer.status < 300, f"{name} was answered with {answer.status}", answer, item=item)
            if answer.status >= 300:
                continue
            first = _within(answer.body.get(item))
            lost = [key for key, value in subtype.items() if not isinstance(first, dict) or first.get(key) != value]
            expect("POL-24", not lost, f"{name} lost {', '.join(lost)}", answer, item=item)
            if own:
                wrong = {**subtype, own[0].name: "ctk" if own[0].kind == "object" and not own[0].many else {"ctk": 1}}
                refused = attempts(**{item: _many(declared[item], wrong)})
                reason = f"{name} with a wrong {own[0].name} was answered with {refused.status}"
                expect("POL-25", refused.status == 400, reason, refused, item=item)


def _choices(target: Target, attribute: Attribute) -> Iterator[tuple[str, Node, str]]:
    """Yields every alternative of the unions at an attribute: `@type`, schema, and place.

    The place is the attribute inside that is the union (empty: the attribute itself is).
    """
    inside = target.document.attributes(attribute.node)
    for place in unions(target.document, attribute.node):
        for name, node in alternatives(target.document, inside[place].node if place else attribute.node).items():
            yield name, node, place


def _placed(attribute: Attribute, base: Any, place: str, branch: Any, target: Target) -> Any:
    """Returns a value of the attribute with `branch` at its union."""
    if not place:
        return _many(attribute, branch)
    around = _within(base) or {}
    inner = target.document.attributes(attribute.node)[place]
    return _many(attribute, {**around, place: _many(inner, branch)})


def _within(value: Any, place: str = "") -> Any:
    """Returns the first object of a value, or of its attribute with this name."""
    first = value[0] if isinstance(value, list) and value else value
    return _within(first.get(place)) if place and isinstance(first, dict) else first


def _many(attribute: Attribute, value: Any) -> Any:
    return [value] if attribute.many else value


def _own(target: Target, attribute: Attribute, node: Node) -> list[Attribute]:
    """Returns what a subtype has beyond the attribute's schema."""
    base = {name for part in target.document.parts(attribute.node) for name in part.get("properties", {})}
    return [inner for name, inner in target.document.attributes(node).items() if name not in base]
