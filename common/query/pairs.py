"""A query string -> its pairs: name, operator, value (TMF630 part 1, filtering)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

_SYMBOL = r"[=<>!*~]|%(?:3[CDEcde]|21|2[Aa]|7[Ee])"
_NAME = rf"(?:(?:\[|%5[Bb]).*?(?:\]|%5[Dd])|(?!{_SYMBOL}|\[|%5[Bb]).)*"
# An encoded sign after a plain `=` belongs to the value: `a=%3Dx` asks for the text "=x".
_OPERATOR = r"=[=~]|%3[Dd](?:[=~]|%3[Dd]|%7[Ee])|(?:[<>!*]|%3[CEce]|%21|%2[Aa])(?:%3[Dd]|=)|[=<>]|%3[CDEcde]"
_PAIR = re.compile(rf"(?P<name>{_NAME})(?P<operator>{_OPERATOR})(?P<value>.*)", re.DOTALL)
SUFFIXES = ("eq", "ne", "gt", "gte", "lt", "lte", "regex")
SYMBOLS = {
    "=": "eq",
    "==": "eq",
    "!=": "ne",
    ">": "gt",
    ">=": "gte",
    "<": "lt",
    "<=": "lte",
    "*=": "regex",
    "=~": "regex",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair, its name decoded and its value not: `operator` is one of eq, ne, gt, gte, lt, lte, regex, or empty
    where the pair has none; a suffix (`.gt`) is no longer part of `name`."""

    name: str
    operator: str
    raw: str

    @property
    def value(self) -> str:
        """The value, decoded."""
        return unquote_plus(self.raw)


def pairs(query: str) -> Iterator[Pair]:
    """Yields the pairs of an undecoded query string, in their order."""
    for text in query.split("&"):
        if text:
            yield pair(text)


def pair(text: str) -> Pair:
    """Returns one undecoded pair."""
    match = _PAIR.fullmatch(text)
    if match is None:
        return Pair(unquote_plus(text), "", "")
    name, symbol = unquote_plus(match["name"]), unquote_plus(match["operator"])
    stem, _, suffix = name.rpartition(".")
    if stem and suffix in SUFFIXES and symbol.startswith("="):
        # The suffix is the operator, so of `==` and `=~` the second sign is the value's first.
        sign = 3 if match["operator"].startswith("%") else 1
        return Pair(stem, suffix, text[len(match["name"]) + sign :])
    return Pair(name, SYMBOLS[symbol], match["value"])
