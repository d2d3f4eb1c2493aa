"""Alternatives, operators and combinations as queries spell them, tried on two resources that differ."""

from __future__ import annotations

from ctk.areas.filters.pair import Contrast, Pair, Trial
from ctk.areas.filters.value import ending, parameter, pattern

_SIGNS = {"FLT-31": "%3E", "FLT-32": "%3E%3D", "FLT-33": "%3C", "FLT-34": "%3C%3D"}
_NONE = "no attribute that conditions name tells two resources apart"


def alternatives(two: Pair) -> None:
    """Asks for one value or another."""
    contrast = _contrast(two, "FLT-20", "FLT-21", "FLT-22", "FLT-23", "FLT-24", "FLT-25", "FLT-26")
    if contrast is None:
        return
    name, a, b = contrast.name, parameter(contrast.name, contrast.of("a")), parameter(contrast.name, contrast.of("b"))
    none = parameter(name, f"nothing-{two.target.unique()}")
    many = parameter(name, contrast.of("a")) + "," + b.partition("=")[2]
    some = none + "," + a.partition("=")[2]
    two.holds("FLT-20", [(f"{some}&{two.mark}", "a")])
    two.holds("FLT-21", [(f"{none}&{a}&{two.mark}", "a"), (f"{a}&{none}&{two.mark}", "a")])
    two.holds("FLT-22", [(f"{none};{a}&{two.mark}", "a")])
    key = parameter("id", two.b.id)
    two.holds("FLT-23", [(f"{none};{key}&{two.mark}", "b")])
    two.holds("FLT-24", [(f"{many}&{key}", "b")])
    two.holds("FLT-26", [(f"{a}&{key}", ""), (f"{key}&{a}", "")])
    two.holds("FLT-25", [(f"{parameter('id', two.a.id)},{two.b.id}", "ab")])


def suffixes(two: Pair) -> None:
    """Tries operators as suffixes, and the names of attributes."""
    contrast = _contrast(two, "FLT-19", "FLT-30", "FLT-37", "FLT-38", "FLT-39", "FLT-40", "FLT-41", "FLT-42")
    if contrast is None:
        return
    name, value = contrast.name, contrast.of("a")
    two.holds("FLT-30", [(f"{parameter(name + '.eq', value)}&{two.mark}", "a")])
    two.holds("FLT-37", [(f"{parameter(name, value, '%3D%3D')}&{two.mark}", "a")])
    encoded = "".join(f"%{ord(sign):02X}" if sign.isalpha() else sign for sign in name)
    two.holds("FLT-38", [(f"{encoded}={parameter(name, value).partition('=')[2]}&{two.mark}", "a")])
    two.holds("FLT-39", [(parameter(two.resource.text, _text(two).swapcase()), "")])
    two.holds("FLT-42", [(parameter(two.resource.text, _text(two)[:-1]), "")])
    two.holds(
        "FLT-19", [(f"{parameter(name, f'{value[0]}*')}&{two.mark}", ""), (f"{parameter(name, '.*')}&{two.mark}", "")]
    )
    patterned = f"{name}.regex"
    inner = (f"{parameter(patterned, pattern(contrast.of('b')[1:]))}&{two.mark}", "b")
    two.holds("FLT-40", [inner])
    within = f"{parameter(patterned, f'^{pattern(value[1:])}$')}&{two.mark}"
    two.holds("FLT-41", [inner, (f"{parameter(patterned, f'^{pattern(value)}$')}&{two.mark}", "a"), (within, "")])


def signs(two: Pair) -> None:
    """Tries operators as signs."""
    ordered = two.telling("number", "moment", "text")
    for rule, sign in _SIGNS.items():
        if ordered is None:
            two.expect.untested(rule, _NONE)
        else:
            two.holds(rule, _signed(two, ordered, rule, sign))
    contrast = two.telling("text")
    for rule, sign in {"FLT-35": "*=", "FLT-36": "=~"}.items():
        if contrast is None:
            two.expect.untested(rule, _NONE)
        else:
            two.holds(rule, [(f"{parameter(contrast.name, ending(contrast.of('a')), sign)}&{two.mark}", "a")])


def _signed(two: Pair, contrast: Contrast, rule: str, sign: str) -> list[Trial]:
    first, second = contrast.ordered
    low, high = (f"{parameter(contrast.name, contrast.of(letter), sign)}&{two.mark}" for letter in (first, second))
    return {
        "FLT-31": [(low, second)],
        "FLT-32": [(high, second)],
        "FLT-33": [(high, first)],
        "FLT-34": [(low, first)],
    }[rule]


def combinations(two: Pair) -> None:
    """Tries conditions beside an order, selected attributes and pages."""
    contrast = _contrast(two, "FLT-43", "FLT-44", "FLT-45")
    if contrast is None:
        return
    _sorted(two)
    own = f"{parameter(contrast.name, contrast.of('a'))}&{two.mark}"
    two.holds("FLT-44", [(f"{own}&fields=id", "a"), (f"{two.mark}&fields=id", "ab")])
    _paged(two)


def _sorted(two: Pair) -> None:
    if not two.asks("FLT-43"):
        return
    ascending, descending = (two.ask(f"{two.mark}&sort={sign}id") for sign in ("", "-"))
    keys = [[element.get("id") for element in answer.elements] for answer in (ascending, descending)]
    reason = f"answered {ascending.status} and {descending.status}, found {keys[0]} and, the other way, {keys[1]}"
    fits = set(keys[0]) == {two.a.id, two.b.id} and keys[0] == keys[1][::-1]
    two.expect("FLT-43", fits, reason, ascending, descending)


def _paged(two: Pair) -> None:
    if not two.asks("FLT-45"):
        return
    first, second = (two.ask(f"{two.mark}&limit=1&offset={offset}") for offset in (0, 1))
    letters = sorted(two.letters_of(first) + two.letters_of(second))
    reason = f"answered {first.status} and {second.status}, found {len(first.elements)} and {len(second.elements)}"
    fits = letters == ["a", "b"] and len(first.elements) == len(second.elements) == 1
    two.expect("FLT-45", fits, f"{reason}, wanted one of the two each", first, second)


def _text(two: Pair) -> str:
    return str(two.a.body[two.resource.text])


def _contrast(two: Pair, *rules: str) -> Contrast | None:
    contrast = two.telling("text")
    for rule in rules if contrast is None else ():
        two.expect.untested(rule, _NONE)
    return contrast
