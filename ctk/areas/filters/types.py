"""Instants and numbers: what a query spells in another way is compared by its meaning."""

from __future__ import annotations

from datetime import UTC

from ctk.areas.filters.pair import Pair, Probe
from ctk.areas.filters.value import instant, moment, pair

_HALF_A_DAY = 12


def types(two: Pair) -> None:
    """Conditions on an instant and on a number."""
    _instants(two)
    _numbers(two)


def _instants(two: Pair) -> None:
    probe = two.telling("moment")
    when = instant(probe.a) if probe else None
    if probe is None or when is None:
        for rule in ("FLT-46", "FLT-47", "FLT-48", "FLT-49"):
            two.judge.untested(rule, "no instant that conditions name tells two resources apart")
        return
    name = probe.name
    two.holds("FLT-46", [(f"{pair(name, moment(when, 2))}&{two.mark}", "a")])
    two.holds("FLT-47", [(f"{name}={moment(when)[:-1]}+00:00&{two.mark}", "a")])
    two.holds("FLT-48", _across(two, probe))
    fraction = when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    two.holds("FLT-49", [(f"{pair(name, fraction)}&{two.mark}", "a")])


def _across(two: Pair, probe: Probe) -> list[tuple[str, str]]:
    """The bounds, spelt where it is half a day earlier and later: as texts they would let in what they leave out."""
    first, second = probe.ordered
    low, high = (instant(probe.of(letter)) for letter in (first, second))
    if low is None or high is None:
        return []
    earlier, later = moment(low, -_HALF_A_DAY), moment(high, _HALF_A_DAY)
    return [
        (f"{pair(f'{probe.name}.gt', earlier)}&{two.mark}", second),
        (f"{pair(f'{probe.name}.lt', later)}&{two.mark}", first),
    ]


def _numbers(two: Pair) -> None:
    probe = two.telling("number")
    if probe is None:
        for rule in ("FLT-50", "FLT-51"):
            two.judge.untested(rule, "no number that conditions name tells two resources apart")
        return
    first, second = probe.ordered
    low, high = probe.of(first), probe.of(second)
    if (low < high) is True:
        two.judge.untested("FLT-50", f"{low} and {high} have the same order as texts")
    else:
        two.holds("FLT-50", [(f"{pair(f'{probe.name}.lt', high)}&{two.mark}", first)])
    declared = probe.attribute.declared
    if declared is None or declared.kind != "number" or "." in probe.of("a"):
        two.judge.untested("FLT-51", f"{probe.name} is a whole number, which has no other spelling")
    else:
        two.holds("FLT-51", [(f"{pair(probe.name, probe.of('a') + '.0')}&{two.mark}", "a")])
