"""Conditions that no server can answer, and those by which somebody tries to see what is not asked for."""

from __future__ import annotations

from ctk.areas.filters.pair import Pair
from ctk.areas.filters.value import parameter
from ctk.exchange import Unreachable

_VALUES = ('{"$ne": null}', "' or '1'='1", "{$gt: ''}", "%", "x' || true || 'x")
_SLOW = ("(a+)+$", "(.*.*.*.*.*.*.*.*)+!!!")
_BROKEN = ("=%00", "=%FF%FE", "=%C3%28", "=%ZZ")
_LONG = 6000


def refusals(two: Pair) -> None:
    """Sends malformed conditions, which are to be refused and named."""
    if answer := two.refused("FLT-80", f"noSuchAttribute=x&{two.mark}"):
        names_it = answer.status == 400 and b"noSuchAttribute" in answer.content
        if answer.status == 400:
            two.expect("FLT-81", names_it, "the answer does not name it", answer)
        else:
            two.expect.untested("FLT-81", f"it was not refused with 400 but answered {answer.status}")
    _mistyped(two)
    contrast = two.telling("text")
    if contrast is None:
        for rule in ("FLT-83", "FLT-84", "FLT-85"):
            two.expect.untested(rule, "no text that conditions name tells two resources apart")
        return
    two.refused("FLT-83", f"{parameter(f'{contrast.name}.near', 'x')}&{two.mark}")
    two.refused("FLT-84", f"{parameter(f'{contrast.name}.regex', '[')}&{two.mark}")
    _slow(two)


def _mistyped(two: Pair) -> None:
    """Asks one attribute of each type that is no text to be a word."""
    contrasts = [
        contrast for name in two.resource.filters if (contrast := two.contrast(name)) and contrast.kind != "text"
    ]
    kinds = {contrast.kind: contrast.name for contrast in contrasts}
    if not kinds:
        two.expect.untested("FLT-82", "conditions name texts alone here")
    for name in kinds.values():
        two.refused("FLT-82", f"{parameter(name, 'certainly')}&{two.mark}")


def _slow(two: Pair) -> None:
    """Sends patterns that take some engines for ever."""
    if not two.asks("FLT-85"):
        return
    for regex in _SLOW:
        try:
            answer = two.ask(f"{parameter(f'{two.resource.text}.regex', regex)}&{two.mark}")
        except Unreachable as problem:
            two.expect("FLT-85", False, f"{regex}: {problem}")
            return
        if answer.status == 501:
            two.expect.untested("FLT-85", "answered 501: not implemented")
        else:
            two.expect("FLT-85", answer.status in (200, 206, 400), f"{regex}: answered {answer.status}", answer)


def injections(two: Pair) -> None:
    """Sends values and names that mean something else to a server which builds a database query of them."""
    contrast = two.telling("text")
    if contrast is None:
        for rule in ("FLT-86", "FLT-87", "FLT-88", "FLT-89", "FLT-90"):
            two.expect.untested(rule, "no text that conditions name tells two resources apart")
        return
    name = contrast.name
    two.harmless("FLT-86", [f"{parameter(name, value)}&{two.mark}" for value in _VALUES])
    names = (f"{name}[$ne]", f"{name}[$regex]", "$where", f"{name}' or '1'='1")
    values = ("nothing", ".*", "true", "x")
    two.harmless(
        "FLT-87", [f"{parameter(*name_and_value)}&{two.mark}" for name_and_value in zip(names, values, strict=True)]
    )
    two.harmless("FLT-88", [f"{name}{broken}&{two.mark}" for broken in _BROKEN])
    two.harmless("FLT-89", [f"{name}=&{two.mark}"])
    if two.asks("FLT-90"):
        answer = two.ask(f"{parameter(name, 'x' * _LONG)}&{two.mark}")
        fits = answer.status in (400, 413, 414, 431) or (answer.status in (200, 206) and not two.letters_of(answer))
        two.expect("FLT-90", fits, f"answered {answer.status}, {len(answer.elements)} found", answer)
