"""The marks of what stands inside a resource: `@type`, `@baseType`, `@referredType`, and attributes beyond a schema."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from ctk.areas.shared.good_values import Values, good_values, keeps, together
from ctk.areas.shared.refusals import Attempts
from ctk.exchange import Exchange
from ctk.profile import Resource
from ctk.standard.document import Attribute, Document
from ctk.standard.shapes import objects, plain, sample
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge, taken

_OWN = "CtkInnerType"
_BEYOND = "ctkBeyond"
Mark = Callable[[Document, Attribute, Any], None]
"""Changes the marks of a value in place."""


def kept(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Marks that are sent are kept, and a missing `@type` is given."""
    values = accepted(stage, resource, judge, ("POL-10", "POL-11", "POL-14", "POL-15", "POL-16"))
    for rule, mark, name in (
        ("POL-10", _typed, "@type"),
        ("POL-14", _referring, "@referredType"),
        ("POL-15", _beyond, _BEYOND),
        ("POL-16", _own, "@type"),
    ):
        sent = marked(stage, resource, {item: values[item] for item in judge.items(rule) if item in values}, mark)
        for item, answer in together(stage, resource, sent).items():
            told = f"answered {answer.status}" if answer.status >= 300 else f"{name} inside is not what was sent"
            judge(rule, keeps(answer.body.get(item), sent[item], name), told, answer, item=item)
    bare = marked(stage, resource, {item: values[item] for item in judge.items("POL-11") if item in values}, _untyped)
    for item, answer in together(stage, resource, bare).items():
        judge("POL-11", _all_typed(stage, resource, item, answer), "an object inside has no @type", answer, item=item)


def wrong(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A `@type` inside that is no text, or an empty one."""
    values = accepted(stage, resource, judge, ("POL-12", "POL-13"))
    if not values:
        return
    attempts = Attempts(stage, resource)
    for rule, mark in (("POL-12", _number), ("POL-13", _empty)):
        sent = marked(stage, resource, {item: values[item] for item in judge.items(rule) if item in values}, mark)
        for item, value in sent.items():
            answer = attempts(**{item: value})
            judge(rule, answer.status == 400, f"answered {answer.status}", answer, item=item)


def accepted(stage: Stage, resource: Resource, judge: Judge, rules: tuple[str, ...]) -> dict[str, Any]:
    """Good values that the server takes, of the items of these rules; the others are not tested."""
    items = dict.fromkeys(item for rule in rules for item in judge.items(rule))
    values = good_values(stage, resource, items)
    for item, answer in together(stage, resource, values).items():
        if answer.status >= 300 or not answer.body.get(item):
            del values[item]
            for rule in rules:
                if item in judge.items(rule):
                    judge.untested(rule, f"a usual value was answered with {answer.status}", item=item)
    return values


def marked(stage: Stage, resource: Resource, values: Values, mark: Mark) -> dict[str, Any]:
    """The values with other marks."""
    declared, changed = taken(stage.document, "create", resource.name), deepcopy(dict(values))
    for name, value in changed.items():
        mark(stage.document, declared[name], value)
    return changed


def outer(value: Any) -> list[dict[str, Any]]:
    """The objects of a value that are not inside others."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _typed(_: Document, one: Attribute, value: Any) -> None:
    for found in outer(value):
        found.setdefault("@type", plain(one.target))


def _untyped(document: Document, one: Attribute, value: Any) -> None:
    for _, node, found in list(objects(document, one.node, value)):
        if "@type" in document.attributes(node):
            found.pop("@type", None)


def _referring(document: Document, one: Attribute, value: Any) -> None:
    if "@referredType" not in (declared := document.attributes(one.node)):
        within = [inner for inner in declared.values() if "@referredType" in document.attributes(inner.node)]
        for found in outer(value):
            found.setdefault(within[0].name, sample(document, within[0]))
    for _, node, found in objects(document, one.node, value):
        if "@referredType" in document.attributes(node):
            found["@referredType"] = "CtkThing"


def _beyond(_: Document, __: Attribute, value: Any) -> None:
    for found in outer(value):
        found[_BEYOND] = "ctk"


def _own(_: Document, one: Attribute, value: Any) -> None:
    for found in outer(value):
        found.update({"@baseType": found.get("@type", plain(one.target)), "@type": _OWN})


def _number(_: Document, __: Attribute, value: Any) -> None:
    outer(value)[0]["@type"] = 7


def _empty(_: Document, __: Attribute, value: Any) -> None:
    outer(value)[0]["@type"] = ""


def _all_typed(stage: Stage, resource: Resource, item: str, answer: Exchange) -> bool:
    one = taken(stage.document, "create", resource.name)[item]
    places = objects(stage.document, one.node, answer.body.get(item))
    types = [found.get("@type") for _, node, found in places if "@type" in stage.document.attributes(node)]
    return bool(types) and all(isinstance(name, str) and name for name in types)
