"""Instants and numbers: what a query spells in another way is compared by its meaning."""

from __future__ import annotations

from datetime import UTC

from ctk.areas.filters.pair import Contrast, Pair
from ctk.areas.filters.value import instant, moment, parameter

_HALF_A_DAY = 12


def types(two: Pair) -> None:
    """Tries conditions on an instant and on a number."""
    _instants(two)
    _numbers(two)


def _instants(two: Pair) -> None:
    contrast = two.telling("moment")
    when = instant(contrast.a) if contrast else None
    if contrast is None or when is None:
        for rule in ("FLT-46", "FLT-47", "FLT-48", "FLT-49"):
            two.expect.untested(rule, "no instant that conditions name tells two resources apart")
        return
    name = contrast.name
    two.holds("FLT-46", [(f"{parameter(name, moment(when, 2))}&{two.mark}", "a")])
    two.holds("FLT-47", [(f"{name}={moment(when)[:-1]}+00:00&{two.mark}", "a")])
    two.holds("FLT-48", _across(two, contrast))
    fraction = when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    two.holds("FLT-49", [(f"{parameter(name, fraction)}&{two.mark}", "a")])


def _across(two: Pair, contrast: Contrast) -> list[tuple[str, str]]:
    """Returns the bounds, spelt half a day earlier and later: as texts they would let in what they leave out."""
    first, second = contrast.ordered
    low, high = (instant(contrast.of(letter)) for letter in (first, second))
    if low is None or high is None:
        return []
    earlier, later = moment(low, -_HALF_A_DAY), moment(high, _HALF_A_DAY)
    return [
        (f"{parameter(f'{contrast.name}.gt', earlier)}&{two.mark}", second),
        (f"{parameter(f'{contrast.name}.lt', later)}&{two.mark}", first),
    ]


def _numbers(two: Pair) -> None:
    contrast = two.telling("number")
    if contrast is None:
        for rule in ("FLT-50", "FLT-51"):
            two.expect.untested(rule, "no number that conditions name tells two resources apart")
        return
    first, second = contrast.ordered
    low, high = contrast.of(first), contrast.of(second)
    if (low < high) is True:
        two.expect.untested("FLT-50", f"{low} and {high} have the same order as texts")
    else:
        two.holds("FLT-50", [(f"{parameter(f'{contrast.name}.lt', high)}&{two.mark}", first)])
    declared = contrast.attribute.declared
    if declared is None or declared.kind != "number" or "." in contrast.of("a"):
        two.expect.untested("FLT-51", f"{contrast.name} is a whole number, which has no other spelling")
    else:
        two.holds("FLT-51", [(f"{parameter(contrast.name, contrast.of('a') + '.0')}&{two.mark}", "a")])
