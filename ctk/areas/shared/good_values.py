"""Values of attributes that a server takes, alone and together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ctk.exchange import Exchange
from ctk.profile import Resource
from ctk.standard.shapes import sample
from ctk.target.target import Created, Stage
from ctk.verdict.ledger import taken

Values = Mapping[str, Any]


def good_values(stage: Stage, resource: Resource, names: Iterable[str]) -> dict[str, Any]:
    """A good value of each attribute: that of the full body, or one made by its schema."""
    full, declared = stage.body(resource), taken(stage.document, "create", resource.name)
    return {name: full.get(name) or sample(stage.document, declared[name]) for name in names}


def together(stage: Stage, resource: Resource, values: Values) -> dict[str, Exchange]:
    """What the server makes of these values: the resource that has them all as it is stored, or, where it does not take
    them in one body, one for each."""
    if not values:
        return {}
    answer = stored(stage, resource, values)
    if answer.status < 300 or len(values) == 1:
        return dict.fromkeys(values, answer)
    return {name: stored(stage, resource, {name: value}) for name, value in values.items()}


def stored(stage: Stage, resource: Resource, values: Values) -> Exchange:
    """A creation with these values as a later retrieval shows it; the refusal where there is one."""
    sent = stage.body(resource, "minimal", **values)
    answer = stage.post(resource, sent)
    key = answer.body.get("id")
    if answer.status != 201 or not isinstance(key, str) or not resource.has("retrieve"):
        return answer
    return stage.get(Created(resource, sent, answer.body, stage.path(resource, key), answer))


def keeps(found: Any, sent: Any, name: str) -> bool:
    """Whether every value that an attribute has anywhere in what was sent is found, too, in whatever order."""
    wanted, there = Counter(_all(sent, name)), Counter(_all(found, name))
    return bool(wanted) and wanted <= there


def _all(node: Any, name: str) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get(name), str):
            yield node[name]
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _all(inner, name)
