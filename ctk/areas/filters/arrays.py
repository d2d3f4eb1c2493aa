"""Conditions on arrays: met by any element, by different ones, by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ctk.areas.filters.pair import Specimens
from ctk.areas.filters.value import filter_attribute, parameter
from ctk.exchange import Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Instance, Target
from ctk.verdict.ledger import Expect

_RULES = ("FLT-52", "FLT-53", "FLT-54", "FLT-55", "FLT-56")
_TRIES = 3


@dataclass(frozen=True)
class TwoElements:
    """Names an array of two elements and the attributes by which conditions tell them.

    `left` and `right` have the values `l1` and `r1` in the first element, `l2` and `r2` in the second.
    """

    array: str
    left: str
    right: str
    unique: str

    def element(self, old: Mapping[str, Any], number: int) -> dict[str, Any]:
        """Returns an element of the array."""
        return {**old, self.left: self.value("l", number), self.right: self.value("r", number)}

    def value(self, side: str, number: int) -> str:
        """Returns a value of one of the two attributes."""
        return f"{side}{number}-{self.unique}"


def elements(target: Target, resource: Resource, expect: Expect) -> None:
    """Filters one resource with two elements in an array."""
    if not any(expect.items(rule) for rule in _RULES):
        return
    two, instance = _created(target, resource)
    specimens = Specimens(target, expect, resource, {"a": instance})
    left, right = f"{two.array}.{two.left}", f"{two.array}.{two.right}"
    first, other = parameter(left, two.value("l", 1)), parameter(left, two.value("l", 2))
    nobody = parameter(left, two.value("l", 3))
    specimens.holds("FLT-52", [(other, "a"), (nobody, "")])
    specimens.holds("FLT-53", [(f"{first}&{parameter(right, two.value('r', 2))}", "a")])
    narrowed = f"{two.array}[{two.left}={two.value('l', 1)}].{two.right}"
    matching, crossed = two.value("r", 1), two.value("r", 2)
    specimens.holds("FLT-54", [(f"{narrowed}={matching}", "a"), (parameter(narrowed, crossed), "")])
    test = f"$[?(@.{two.array}[?(@.{two.left}=='{two.value('l', 1)}' && @.{two.right}=='%s')])]"
    specimens.holds("FLT-55", [(parameter("filter", test % matching), "a"), (parameter("filter", test % crossed), "")])
    path = f"$.{two.array}[?(@.{two.left}=='%s')]"
    specimens.holds(
        "FLT-56", [(parameter("filter", path % two.value("l", number)), finds) for number, finds in ((2, "a"), (3, ""))]
    )


def _created(target: Target, resource: Resource) -> tuple[TwoElements, Instance]:
    body = target.body(resource)
    for _, two in zip(range(_TRIES), _arrays(target, resource, body), strict=False):
        old = body[two.array][0]
        try:
            changes: dict[str, Any] = {two.array: [two.element(old, 1), two.element(old, 2)]}
            instance = target.create(resource, **changes)
        except Untestable:
            continue
        stored = [element.get(two.left) for element in instance.body.get(two.array, ()) if isinstance(element, dict)]
        if stored == [two.value("l", 1), two.value("l", 2)]:
            return two, instance
    raise Untestable(f"no array of {resource.name} whose elements two texts tell apart")


def _arrays(target: Target, resource: Resource, body: Mapping[str, Any]) -> Iterator[TwoElements]:
    for name, value in body.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            free = [step for step, text in value[0].items() if _free(target, resource, f"{name}.{step}", text)]
            if len(free) > 1:
                yield TwoElements(name, free[0], free[1], target.unique())


def _free(target: Target, resource: Resource, name: str, value: Any) -> bool:
    """Returns whether an attribute is declared to hold any text."""
    declared = filter_attribute(target.document, resource, name).declared
    plain = declared is not None and declared.kind == "string" and not declared.format and not declared.enum
    return plain and isinstance(value, str) and name.rpartition(".")[2].isidentifier()
