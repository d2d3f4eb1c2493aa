"""The marks of what stands inside a resource: `@type`, `@baseType`, `@referredType`, attributes beyond a schema."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from ctk.areas.shared.good_values import Values, good_values, keeps, together
from ctk.areas.shared.refusals import Attempts
from ctk.exchange import Exchange
from ctk.standard.document import Attribute, Document
from ctk.standard.operations import writable_attributes
from ctk.standard.profile import Resource
from ctk.standard.shapes import objects, plain, sample
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_OWN = "CtkInnerType"
_BEYOND = "ctkBeyond"
Mark = Callable[[Document, Attribute, Any], None]
"""Changes the marks of a value in place."""


def kept_marks(target: Target, resource: Resource, expect: Expect) -> None:
    """Expects marks that are sent to be kept, and a missing `@type` to be given."""
    values = accepted_values(target, resource, expect, ("POL-10", "POL-11", "POL-14", "POL-15", "POL-16"))
    for rule, mark, name in (
        ("POL-10", _typed, "@type"),
        ("POL-14", _referring, "@referredType"),
        ("POL-15", _beyond, _BEYOND),
        ("POL-16", _own, "@type"),
    ):
        sent = with_marks(target, resource, {item: values[item] for item in expect.items(rule) if item in values}, mark)
        for item, answer in together(target, resource, sent).items():
            reason = f"answered {answer.status}" if answer.status >= 300 else f"{name} inside is not what was sent"
            expect(rule, keeps(answer.body.get(item), sent[item], name), reason, answer, item=item)
    bare = with_marks(
        target, resource, {item: values[item] for item in expect.items("POL-11") if item in values}, _untyped
    )
    for item, answer in together(target, resource, bare).items():
        expect("POL-11", _all_typed(target, resource, item, answer), "an object inside has no @type", answer, item=item)


def wrong_marks(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends a `@type` inside that is no text, or an empty one."""
    values = accepted_values(target, resource, expect, ("POL-12", "POL-13"))
    if not values:
        return
    attempts = Attempts(target, resource)
    for rule, mark in (("POL-12", _number), ("POL-13", _empty)):
        sent = with_marks(target, resource, {item: values[item] for item in expect.items(rule) if item in values}, mark)
        for item, value in sent.items():
            answer = attempts(**{item: value})
            expect(rule, answer.status == 400, f"answered {answer.status}", answer, item=item)


def accepted_values(target: Target, resource: Resource, expect: Expect, rules: tuple[str, ...]) -> dict[str, Any]:
    """Returns good values that the server accepts, of the items of these rules; the others are not tested."""
    items = dict.fromkeys(item for rule in rules for item in expect.items(rule))
    values = good_values(target, resource, items)
    for item, answer in together(target, resource, values).items():
        if answer.status >= 300 or not answer.body.get(item):
            del values[item]
            for rule in rules:
                if item in expect.items(rule):
                    expect.untested(rule, f"a usual value was answered with {answer.status}", item=item)
    return values


def with_marks(target: Target, resource: Resource, values: Values, mark: Mark) -> dict[str, Any]:
    """Returns the values with other marks."""
    declared, changed = writable_attributes(target.document, "create", resource.name), deepcopy(dict(values))
    for name, value in changed.items():
        mark(target.document, declared[name], value)
    return changed


def outer(value: Any) -> list[dict[str, Any]]:
    """Returns the objects of a value that are not inside others."""
    return [element for element in (value if isinstance(value, list) else [value]) if isinstance(element, dict)]


def _typed(_: Document, attribute: Attribute, value: Any) -> None:
    for inner in outer(value):
        inner.setdefault("@type", plain(attribute.schema_name))


def _untyped(document: Document, attribute: Attribute, value: Any) -> None:
    for _, node, inner in list(objects(document, attribute.node, value)):
        if "@type" in document.attributes(node):
            inner.pop("@type", None)


def _referring(document: Document, attribute: Attribute, value: Any) -> None:
    if "@referredType" not in (declared := document.attributes(attribute.node)):
        within = [inner for inner in declared.values() if "@referredType" in document.attributes(inner.node)]
        for reference in outer(value):
            reference.setdefault(within[0].name, sample(document, within[0]))
    for _, node, inner_object in objects(document, attribute.node, value):
        if "@referredType" in document.attributes(node):
            inner_object["@referredType"] = "CtkThing"


def _beyond(_: Document, __: Attribute, value: Any) -> None:
    for inner in outer(value):
        inner[_BEYOND] = "ctk"


def _own(_: Document, attribute: Attribute, value: Any) -> None:
    for inner in outer(value):
        inner.update({"@baseType": inner.get("@type", plain(attribute.schema_name)), "@type": _OWN})


def _number(_: Document, __: Attribute, value: Any) -> None:
    outer(value)[0]["@type"] = 7


def _empty(_: Document, __: Attribute, value: Any) -> None:
    outer(value)[0]["@type"] = ""


def _all_typed(target: Target, resource: Resource, item: str, answer: Exchange) -> bool:
    attribute = writable_attributes(target.document, "create", resource.name)[item]
    places = objects(target.document, attribute.node, answer.body.get(item))
    types = [inner.get("@type") for _, node, inner in places if "@type" in target.document.attributes(node)]
    return bool(types) and all(isinstance(name, str) and name for name in types)
