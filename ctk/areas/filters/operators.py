"""Operators on every attribute that conditions name, each tried on two resources that differ there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ctk.areas.filters.pair import Pair, Probe, Trial
from ctk.areas.filters.value import Named, ending, literal, pair, pattern, spelt
from ctk.exchange import Exchange

_SHOWN = 60
_Trials = Callable[[Pair, Probe, str], list[Trial]]


class Unfit(Exception):
    """An operator has no meaning for an attribute; the message tells why."""


def operators(two: Pair) -> None:
    """Each operator on each attribute."""
    for name in two.resource.filters:
        probe = two.probe(name)
        for rule, trials in RULES.items():
            if not two.asks(rule, name):
                continue
            try:
                answers = two.holds(rule, trials(two, _single(probe, name), _narrow(two, name)), name)
            except Unfit as reason:
                two.judge.untested(rule, str(reason), name)
                answers = ()
            if rule == "FLT-05":
                _total(two, answers[:1], name)


def _single(probe: Probe | None, name: str) -> Probe:
    if probe is None:
        raise Unfit(f"the created resources have no {name}, or several")
    return probe


def _narrow(two: Pair, name: str) -> str:
    """A second condition on another attribute, so that other resources do not disturb."""
    return pair("id", two.a.id) if name == two.resource.text else two.mark


def _both(two: Pair, probe: Probe) -> str:
    return "a" if probe.name == two.resource.text else "ab"


def _total(two: Pair, answers: Sequence[Exchange], name: str) -> None:
    """The number of what two conditions find."""
    for answer in answers:
        total, count = answer.headers.get("x-total-count"), len(answer.elements)
        if answer.status not in (200, 206) or "a" not in two.found(answer):
            two.judge.untested("FLT-04", f"the conditions found nothing to count, answered {answer.status}", name)
        elif total is None:
            two.judge.untested("FLT-04", "the answer has no X-Total-Count", name)
        else:
            two.judge("FLT-04", total == str(count), f"X-Total-Count is {total} for {count} found", answer, item=name)


def _together(two: Pair, probe: Probe, narrow: str) -> list[Trial]:
    """Both conditions must hold."""
    own = f"{narrow}&{pair(probe.name, probe.of('a'))}"
    if probe.differs:
        return [(own, "a")]
    return [(own, _both(two, probe)), (f"{narrow}&{pair(probe.name, _nowhere(two, probe))}", "")]


def _unequal(two: Pair, probe: Probe, narrow: str) -> list[Trial]:
    name = f"{probe.name}.ne"
    if probe.differs:
        return [(f"{pair(name, probe.of('b'))}&{narrow}", "a")]
    other = f"{pair(name, _nowhere(two, probe))}&{narrow}"
    return [(other, _both(two, probe)), (f"{pair(name, probe.of('a'))}&{narrow}", "")]


def _from(two: Pair, probe: Probe, narrow: str) -> list[Trial]:
    """At least this (gte), and less than that (lt)."""
    low, high, _ = _bounds(probe)
    name = probe.name
    between = f"{pair(f'{name}.gte', low)}&{pair(f'{name}.lt', high)}&{narrow}"
    if probe.differs:
        return [(between, probe.ordered[0])]
    none = f"{pair(f'{name}.lt', low)}&{narrow}", f"{pair(f'{name}.gte', high)}&{narrow}"
    return [(between, _both(two, probe)), *((query, "") for query in none)]


def _above(two: Pair, probe: Probe, narrow: str) -> list[Trial]:
    """More than this (gt), and at most that (lte)."""
    low, high, below = _bounds(probe)
    name = probe.name
    if probe.differs:
        return [(f"{pair(f'{name}.gt', low)}&{pair(f'{name}.lte', high)}&{narrow}", probe.ordered[1])]
    between = f"{pair(f'{name}.gt', below)}&{pair(f'{name}.lte', low)}&{narrow}"
    none = f"{pair(f'{name}.gt', low)}&{narrow}", f"{pair(f'{name}.lte', below)}&{narrow}"
    return [(between, _both(two, probe)), *((query, "") for query in none)]


def _bounds(probe: Probe) -> tuple[str, str, str]:
    """The lesser and the greater value; for one and the same, itself, one after it and one before it."""
    if probe.kind not in ("number", "moment"):
        raise Unfit(f"{probe.name} is a {probe.kind}, whose order is the server's own")
    if probe.differs:
        first, second = probe.ordered
        return probe.of(first), probe.of(second), ""
    after, before = probe.attribute.after(probe.a), probe.attribute.after(probe.a, -1)
    if after is None or before is None:
        raise Unfit(f"nothing comes before or after {probe.a!r}")
    return spelt(probe.a), spelt(after), spelt(before)


def _pattern(two: Pair, probe: Probe, narrow: str) -> list[Trial]:
    if probe.kind != "text":
        raise Unfit(f"{probe.name} is a {probe.kind}, in which no pattern is searched")
    name = f"{probe.name}.regex"
    if probe.differs:
        return [(f"{pair(name, ending(probe.a))}&{narrow}", "a")]
    found = f"^{pattern(probe.a[:_SHOWN])}"
    none = f"{pair(name, f'^{two.stage.unique()}')}&{narrow}"
    return [(f"{pair(name, found)}&{narrow}", _both(two, probe)), (none, "")]


def _jsonpath(two: Pair, probe: Probe, narrow: str) -> list[Trial]:
    def asked(value: Any) -> str:
        return f"{pair('filter', f'$[?({jsonpath(two.a.body, probe.attribute, value)})]')}&{narrow}"

    if probe.differs:
        return [(asked(probe.a), "a")]
    return [
        (asked(probe.a), _both(two, probe)),
        (asked(probe.attribute.absent(probe.a, two.stage.unique())), ""),
    ]


def jsonpath(body: Mapping[str, Any], attribute: Named, value: Any, sign: str = "==") -> str:
    """The JSONPath that an attribute is a value; where arrays stand on the way, of one element each."""
    node: Any = body
    text, closing = "@", ""
    for step in attribute.path:
        if isinstance(node, list):
            text, closing, node = f"{text}[?(@", ")]" + closing, node[0]
        text += f".{step}" if step.isidentifier() else f"['{step}']"
        node = node[step]
    return f"{text}{sign}{literal(value)}{closing}"


def _nowhere(two: Pair, probe: Probe) -> str:
    return spelt(probe.attribute.absent(probe.a, two.stage.unique()))


RULES: Mapping[str, _Trials] = {
    "FLT-05": _together,
    "FLT-06": _unequal,
    "FLT-07": _from,
    "FLT-08": _above,
    "FLT-09": _pattern,
    "FLT-10": _jsonpath,
}
