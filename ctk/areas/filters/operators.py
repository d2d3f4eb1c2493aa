"""Operators on every attribute that conditions name, each tried on two resources that differ there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ctk.areas.filters.pair import Contrast, Pair, Trial
from ctk.areas.filters.value import FilterAttribute, ending, literal, parameter, pattern, spelt
from ctk.exchange import Exchange

_SHOWN = 60
_Trials = Callable[[Pair, Contrast, str], list[Trial]]


class Unfit(Exception):
    """Says why an operator has no meaning for an attribute."""


def operators(two: Pair) -> None:
    """Tries each operator on each attribute."""
    for name in two.resource.filters:
        contrast = two.contrast(name)
        for rule, trials in RULES.items():
            if not two.asks(rule, name):
                continue
            try:
                answers = two.holds(rule, trials(two, _single(contrast, name), _narrow(two, name)), name)
            except Unfit as reason:
                two.expect.untested(rule, str(reason), name)
                answers = ()
            if rule == "FLT-05":
                _total(two, answers[:1], name)


def _single(contrast: Contrast | None, name: str) -> Contrast:
    if contrast is None:
        raise Unfit(f"the created resources have no {name}, or several")
    return contrast


def _narrow(two: Pair, name: str) -> str:
    """Returns a second condition on another attribute, so that other resources do not disturb."""
    return parameter("id", two.a.id) if name == two.resource.text else two.mark


def _both(two: Pair, contrast: Contrast) -> str:
    return "a" if contrast.name == two.resource.text else "ab"


def _total(two: Pair, answers: Sequence[Exchange], name: str) -> None:
    """Expects the total to be the number of what two conditions find."""
    for answer in answers:
        total, count = answer.headers.get("x-total-count"), len(answer.elements)
        if answer.status not in (200, 206) or "a" not in two.letters_of(answer):
            two.expect.untested("FLT-04", f"the conditions found nothing to count, answered {answer.status}", name)
        elif total is None:
            two.expect.untested("FLT-04", "the answer has no X-Total-Count", name)
        else:
            two.expect("FLT-04", total == str(count), f"X-Total-Count is {total} for {count} found", answer, item=name)


def _together(two: Pair, contrast: Contrast, narrow: str) -> list[Trial]:
    """Returns trials in which both conditions must hold."""
    own = f"{narrow}&{parameter(contrast.name, contrast.of('a'))}"
    if contrast.differs:
        return [(own, "a")]
    return [(own, _both(two, contrast)), (f"{narrow}&{parameter(contrast.name, _nowhere(two, contrast))}", "")]


def _unequal(two: Pair, contrast: Contrast, narrow: str) -> list[Trial]:
    name = f"{contrast.name}.ne"
    if contrast.differs:
        return [(f"{parameter(name, contrast.of('b'))}&{narrow}", "a")]
    other = f"{parameter(name, _nowhere(two, contrast))}&{narrow}"
    return [(other, _both(two, contrast)), (f"{parameter(name, contrast.of('a'))}&{narrow}", "")]


def _from(two: Pair, contrast: Contrast, narrow: str) -> list[Trial]:
    """Returns trials of at least this (gte), and less than that (lt)."""
    low, high, _ = _bounds(contrast)
    name = contrast.name
    between = f"{parameter(f'{name}.gte', low)}&{parameter(f'{name}.lt', high)}&{narrow}"
    if contrast.differs:
        return [(between, contrast.ordered[0])]
    none = f"{parameter(f'{name}.lt', low)}&{narrow}", f"{parameter(f'{name}.gte', high)}&{narrow}"
    return [(between, _both(two, contrast)), *((query, "") for query in none)]


def _above(two: Pair, contrast: Contrast, narrow: str) -> list[Trial]:
    """Returns trials of more than this (gt), and at most that (lte)."""
    low, high, below = _bounds(contrast)
    name = contrast.name
    if contrast.differs:
        return [(f"{parameter(f'{name}.gt', low)}&{parameter(f'{name}.lte', high)}&{narrow}", contrast.ordered[1])]
    between = f"{parameter(f'{name}.gt', below)}&{parameter(f'{name}.lte', low)}&{narrow}"
    none = f"{parameter(f'{name}.gt', low)}&{narrow}", f"{parameter(f'{name}.lte', below)}&{narrow}"
    return [(between, _both(two, contrast)), *((query, "") for query in none)]


def _bounds(contrast: Contrast) -> tuple[str, str, str]:
    """Returns the lesser and the greater value, and an empty text.

    Where both are one value: itself, one after it and one before it. Raises Unfit where it has no order.
    """
    if contrast.kind not in ("number", "moment"):
        raise Unfit(f"{contrast.name} is a {contrast.kind}, whose order is the server's own")
    if contrast.differs:
        first, second = contrast.ordered
        return contrast.of(first), contrast.of(second), ""
    after, before = contrast.attribute.after(contrast.a), contrast.attribute.after(contrast.a, -1)
    if after is None or before is None:
        raise Unfit(f"nothing comes before or after {contrast.a!r}")
    return spelt(contrast.a), spelt(after), spelt(before)


def _pattern(two: Pair, contrast: Contrast, narrow: str) -> list[Trial]:
    if contrast.kind != "text":
        raise Unfit(f"{contrast.name} is a {contrast.kind}, in which no pattern is searched")
    name = f"{contrast.name}.regex"
    if contrast.differs:
        return [(f"{parameter(name, ending(contrast.a))}&{narrow}", "a")]
    start = f"^{pattern(contrast.a[:_SHOWN])}"
    none = f"{parameter(name, f'^{two.target.unique()}')}&{narrow}"
    return [(f"{parameter(name, start)}&{narrow}", _both(two, contrast)), (none, "")]


def _jsonpath(two: Pair, contrast: Contrast, narrow: str) -> list[Trial]:
    def asked(value: Any) -> str:
        return f"{parameter('filter', f'$[?({jsonpath(two.a.body, contrast.attribute, value)})]')}&{narrow}"

    if contrast.differs:
        return [(asked(contrast.a), "a")]
    return [
        (asked(contrast.a), _both(two, contrast)),
        (asked(contrast.attribute.absent(contrast.a, two.target.unique())), ""),
    ]


def jsonpath(body: Mapping[str, Any], attribute: FilterAttribute, value: Any, sign: str = "==") -> str:
    """Returns the JSONPath that an attribute is a value; where arrays stand on the way, of one element each."""
    node: Any = body
    text, closing = "@", ""
    for step in attribute.path:
        if isinstance(node, list):
            text, closing, node = f"{text}[?(@", ")]" + closing, node[0]
        text += f".{step}" if step.isidentifier() else f"['{step}']"
        node = node[step]
    return f"{text}{sign}{literal(value)}{closing}"


def _nowhere(two: Pair, contrast: Contrast) -> str:
    return spelt(contrast.attribute.absent(contrast.a, two.target.unique()))


RULES: Mapping[str, _Trials] = {
    "FLT-05": _together,
    "FLT-06": _unequal,
    "FLT-07": _from,
    "FLT-08": _above,
    "FLT-09": _pattern,
    "FLT-10": _jsonpath,
}
