"""Values of attributes that a server accepts, alone and together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ctk.exchange import Exchange
from ctk.standard.operations import writable_attributes
from ctk.standard.profile import Resource
from ctk.standard.shapes import sample
from ctk.target.target import Instance, Target

Values = Mapping[str, Any]


def good_values(target: Target, resource: Resource, names: Iterable[str]) -> dict[str, Any]:
    """Returns a good value of each attribute: that of the full body, or one made by its schema."""
    full, declared = target.body(resource), writable_attributes(target.document, "create", resource.name)
    return {name: full.get(name) or sample(target.document, declared[name]) for name in names}


def together(target: Target, resource: Resource, values: Values) -> dict[str, Exchange]:
    """Returns for each name what the server makes of its value.

    This is one answer for all, the resource as it is stored, or, where the server refuses them in one body, one answer
    for each. Empty where there are no values.
    """
    if not values:
        return {}
    answer = create_and_read(target, resource, values)
    if answer.status < 300 or len(values) == 1:
        return dict.fromkeys(values, answer)
    return {name: create_and_read(target, resource, {name: value}) for name, value in values.items()}


def create_and_read(target: Target, resource: Resource, values: Values) -> Exchange:
    """Returns a creation with these values as a later retrieval shows it; the refusal where there is one."""
    sent = target.body(resource, "minimal", **values)
    answer = target.post(resource, sent)
    key = answer.body.get("id")
    if answer.status != 201 or not isinstance(key, str) or not resource.has("retrieve"):
        return answer
    return target.get(Instance(resource, sent, answer.body, target.path(resource, key), answer))


def keeps(stored_value: Any, sent: Any, name: str) -> bool:
    """Returns whether every text that `name` has anywhere in what was sent is stored too, in whatever order."""
    expected, actual = Counter(_texts_of(sent, name)), Counter(_texts_of(stored_value, name))
    return bool(expected) and expected <= actual


def _texts_of(node: Any, name: str) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get(name), str):
            yield node[name]
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _texts_of(inner, name)
