"""Conditions on arrays: met by any element, by different ones, by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ctk.areas.filters.pair import Bench
from ctk.areas.filters.value import named, pair
from ctk.exchange import Untestable
from ctk.profile import Resource
from ctk.target.target import Created, Stage
from ctk.verdict.ledger import Judge

_RULES = ("FLT-52", "FLT-53", "FLT-54", "FLT-55", "FLT-56")
_TRIES = 3


@dataclass(frozen=True)
class Two:
    """An array of two elements, and the two attributes by which conditions tell them: `left` and `right`, with the
    values `l1` and `r1` in the first element, `l2` and `r2` in the second."""

    array: str
    left: str
    right: str
    unique: str

    def element(self, old: Mapping[str, Any], number: int) -> dict[str, Any]:
        """An element of the array."""
        return {**old, self.left: self.value("l", number), self.right: self.value("r", number)}

    def value(self, side: str, number: int) -> str:
        """A value of one of the two attributes."""
        return f"{side}{number}-{self.unique}"


def elements(stage: Stage, resource: Resource, judge: Judge) -> None:
    """One resource with two elements in an array."""
    if not any(judge.items(rule) for rule in _RULES):
        return
    two, made = _made(stage, resource)
    bench = Bench(stage, judge, resource, {"a": made})
    left, right = f"{two.array}.{two.left}", f"{two.array}.{two.right}"
    first, other = pair(left, two.value("l", 1)), pair(left, two.value("l", 2))
    nobody = pair(left, two.value("l", 3))
    bench.holds("FLT-52", [(other, "a"), (nobody, "")])
    bench.holds("FLT-53", [(f"{first}&{pair(right, two.value('r', 2))}", "a")])
    chosen = f"{two.array}[{two.left}={two.value('l', 1)}].{two.right}"
    matching, crossed = two.value("r", 1), two.value("r", 2)
    bench.holds("FLT-54", [(f"{chosen}={matching}", "a"), (pair(chosen, crossed), "")])
    test = f"$[?(@.{two.array}[?(@.{two.left}=='{two.value('l', 1)}' && @.{two.right}=='%s')])]"
    bench.holds("FLT-55", [(pair("filter", test % matching), "a"), (pair("filter", test % crossed), "")])
    path = f"$.{two.array}[?(@.{two.left}=='%s')]"
    bench.holds(
        "FLT-56", [(pair("filter", path % two.value("l", number)), found) for number, found in ((2, "a"), (3, ""))]
    )


def _made(stage: Stage, resource: Resource) -> tuple[Two, Created]:
    body = stage.body(resource)
    for _, two in zip(range(_TRIES), _arrays(stage, resource, body), strict=False):
        old = body[two.array][0]
        try:
            changes: dict[str, Any] = {two.array: [two.element(old, 1), two.element(old, 2)]}
            made = stage.create(resource, **changes)
        except Untestable:
            continue
        kept = [one.get(two.left) for one in made.body.get(two.array, ()) if isinstance(one, dict)]
        if kept == [two.value("l", 1), two.value("l", 2)]:
            return two, made
    raise Untestable(f"no array of {resource.name} whose elements two texts tell apart")


def _arrays(stage: Stage, resource: Resource, body: Mapping[str, Any]) -> Iterator[Two]:
    for name, value in body.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            free = [step for step, text in value[0].items() if _free(stage, resource, f"{name}.{step}", text)]
            if len(free) > 1:
                yield Two(name, free[0], free[1], stage.unique())


def _free(stage: Stage, resource: Resource, name: str, value: Any) -> bool:
    """Whether an attribute is declared to hold any text."""
    declared = named(stage.document, resource, name).declared
    plain = declared is not None and declared.kind == "string" and not declared.format and not declared.enum
    return plain and isinstance(value, str) and name.rpartition(".")[2].isidentifier()
