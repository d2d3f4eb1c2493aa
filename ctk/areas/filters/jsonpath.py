"""JSONPath expressions in `filter`, tried on two resources that differ."""

from __future__ import annotations

from ctk.areas.filters.operators import jsonpath
from ctk.areas.filters.pair import Contrast, Pair
from ctk.areas.filters.value import ending, parameter

_RULES = tuple(f"FLT-{number}" for number in range(60, 75))


def expressions(two: Pair) -> None:
    """Tries what JSONPath can say of a text."""
    contrast, ordered = two.telling("text"), two.telling("number", "moment", "text")
    if contrast is None or ordered is None:
        for rule in _RULES:
            two.expect.untested(rule, "no attribute that conditions name tells two resources apart")
        return
    _orders(two, ordered)
    _logic(two, contrast)
    _forms(two, contrast)
    two.refused("FLT-71", parameter("filter", f"$[?({_equal(two, contrast, 'a')}"))
    two.refused("FLT-72", parameter("filter", "$[?(@.noSuchAttribute=='x')]"))


def _orders(two: Pair, contrast: Contrast) -> None:
    """Tries operators beside the equality."""
    first, second = contrast.ordered
    low, high = (contrast.a, contrast.b) if first == "a" else (contrast.b, contrast.a)

    def asked(value: object, sign: str) -> str:
        return _asked(two, jsonpath(two.a.body, contrast.attribute, value, sign))

    two.holds("FLT-60", [(asked(low, "!="), second)])
    two.holds("FLT-61", [(asked(low, ">"), second), (asked(high, ">="), second)])
    two.holds("FLT-62", [(asked(high, "<"), first), (asked(low, "<="), first)])


def _logic(two: Pair, contrast: Contrast) -> None:
    """Tries how conditions are joined and denied."""
    a, b = (_equal(two, contrast, letter) for letter in "ab")
    none = jsonpath(two.a.body, contrast.attribute, "nothing-at-all")
    key_a, key_b = f"@.id=='{two.a.id}'", f"@.id=='{two.b.id}'"
    two.holds("FLT-64", [(_asked(two, f"{a} && {key_a}"), "a"), (_asked(two, f"{a} && {key_b}"), "")])
    two.holds("FLT-65", [(_asked(two, f"{none} || {b}"), "b")])
    two.holds("FLT-66", [(_asked(two, f"!({b})"), "a")])
    grouped = f"({a} || {b}) && {key_b}"
    two.holds("FLT-73", [(_asked(two, f"{a} || {b} && {key_b}"), "ab"), (_asked(two, grouped), "b")])
    whole_a, whole_b, whole_none = (parameter("filter", f"$[?({condition})]") for condition in (a, b, none))
    two.holds("FLT-68", [(f"{whole_none}&{whole_b}&{two.mark}", "b")])
    two.holds(
        "FLT-69", [(f"{whole_a}&{parameter('id', two.a.id)}", "a"), (f"{whole_a}&{parameter('id', two.b.id)}", "")]
    )


def _forms(two: Pair, contrast: Contrast) -> None:
    """Tries other ways of writing the same."""
    a = _equal(two, contrast, "a")
    searched = jsonpath(two.a.body, contrast.attribute, 0, "=~")
    regex = ending(contrast.of("a")).replace("/", "\\/")
    two.holds("FLT-63", [(_asked(two, searched.replace("=~0", f"=~/{regex}/")), "a")])
    two.holds("FLT-67", [(f"{parameter('filter', f'[?({a})]')}&{two.mark}", "a")])
    double = jsonpath(two.a.body, contrast.attribute, 0).replace(
        "==0", '=="' + contrast.of("a").replace('"', '\\"') + '"'
    )
    two.holds("FLT-70", [(_asked(two, double), "a")])
    out = "x' || @.id!='"
    two.harmless("FLT-74", [_asked(two, jsonpath(two.a.body, contrast.attribute, out))])


def _equal(two: Pair, contrast: Contrast, letter: str) -> str:
    return jsonpath(two.a.body, contrast.attribute, contrast.a if letter == "a" else contrast.b)


def _asked(two: Pair, expression: str) -> str:
    return f"{parameter('filter', f'$[?({expression})]')}&{two.mark}"
