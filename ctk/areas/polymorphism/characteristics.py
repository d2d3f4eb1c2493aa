"""Characteristics: their values keep their JSON type."""

from __future__ import annotations

from typing import Any

from ctk.areas.shared.good_values import create_and_read, good_values
from ctk.areas.shared.refusals import Attempts
from ctk.standard.document import Attribute
from ctk.standard.operations import writable_attributes
from ctk.standard.profile import Resource
from ctk.standard.shapes import subtypes
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

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


def values(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends a characteristic of each JSON type."""
    items = expect.items("POL-30")
    declared = writable_attributes(target.document, "create", resource.name)
    for item, usual in good_values(target, resource, items).items():
        if (good := create_and_read(target, resource, {item: usual})).status >= 300:
            for rule in _VALUES:
                expect.untested(rule, f"a usual value was answered with {good.status}", item=item)
            continue
        types = subtypes(target.document, declared[item].node)
        for rule, (type_name, value) in _VALUES.items():
            sent = _characteristic(declared[item], type_name if type_name in types else "Characteristic", value)
            answer = create_and_read(target, resource, {item: sent})
            kept = answer.body.get(item)
            first = kept[0] if isinstance(kept, list) and kept and isinstance(kept[0], dict) else {}
            reason = f"{value!r} became {first.get('value')!r}" if first else f"{value!r} was answered {answer.status}"
            expect(rule, _same(first.get("value"), value), reason, answer, item=item)
    for item in expect.items("POL-38"):
        answer = Attempts(target, resource)(**{item: _characteristic(declared[item], "IntegerCharacteristic", "seven")})
        expect("POL-38", answer.status == 400, f"answered {answer.status}", answer, item=item)


def _characteristic(attribute: Attribute, type_name: str, value: Any) -> Any:
    characteristic = {"@type": type_name, "name": "ctk", "value": value}
    return [characteristic] if attribute.many else characteristic


def _same(actual: Any, expected: Any) -> bool:
    """Returns whether both are equal and of one JSON type: True is no 1, though 1 may be written 1.0."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return actual is expected
    if isinstance(expected, list):
        return isinstance(actual, list) and len(actual) == len(expected) and all(map(_same, actual, expected))
    return bool(actual == expected) and isinstance(actual, str) == isinstance(expected, str)
