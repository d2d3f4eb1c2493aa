"""Characteristics: their values keep their JSON type."""

from __future__ import annotations

from typing import Any

from ctk.areas.shared.good_values import good_values, stored
from ctk.areas.shared.refusals import Attempts
from ctk.profile import Resource
from ctk.standard.document import Attribute
from ctk.standard.shapes import subtypes
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge, taken

_VALUES: dict[str, tuple[str, Any]] = {
    "POL-30": ("StringCharacteristic", "7"),
    "POL-31": ("IntegerCharacteristic", 7),
    "POL-32": ("NumberCharacteristic", 0.1),
    "POL-33": ("BooleanCharacteristic", False),
    "POL-34": ("ObjectCharacteristic", {"ctk": {"depth": [1, "2", None]}}),
    "POL-35": ("StringArrayCharacteristic", ["b", "a", "a"]),
    "POL-36": ("NumberArrayCharacteristic", [2.5, 1]),
    "POL-37": ("ObjectArrayCharacteristic", [{"ctk": 2}, {"ctk": 1}]),
}


def values(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A characteristic of each JSON type."""
    items = judge.items("POL-30")
    declared = taken(stage.document, "create", resource.name)
    for item, usual in good_values(stage, resource, items).items():
        if (good := stored(stage, resource, {item: usual})).status >= 300:
            for rule in _VALUES:
                judge.untested(rule, f"a usual value was answered with {good.status}", item=item)
            continue
        known = subtypes(stage.document, declared[item].node)
        for rule, (type_, value) in _VALUES.items():
            sent = _characteristic(declared[item], type_ if type_ in known else "Characteristic", value)
            answer = stored(stage, resource, {item: sent})
            found = answer.body.get(item)
            first = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}
            told = f"{value!r} became {first.get('value')!r}" if first else f"{value!r} was answered {answer.status}"
            judge(rule, _same(first.get("value"), value), told, answer, item=item)
    for item in judge.items("POL-38"):
        answer = Attempts(stage, resource)(**{item: _characteristic(declared[item], "IntegerCharacteristic", "seven")})
        judge("POL-38", answer.status == 400, f"answered {answer.status}", answer, item=item)


def _characteristic(one: Attribute, type_: str, value: Any) -> Any:
    made = {"@type": type_, "name": "ctk", "value": value}
    return [made] if one.many else made


def _same(found: Any, wanted: Any) -> bool:
    """Equal, and of one JSON type: True is no 1, though 1 may be written 1.0."""
    if isinstance(wanted, bool) or isinstance(found, bool):
        return found is wanted
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(_same, found, wanted))
    return bool(found == wanted) and isinstance(found, str) == isinstance(wanted, str)
