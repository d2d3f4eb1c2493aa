"""A query string -> its pairs: name, operator, value (TMF630 part 1, filtering)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

# An encoded sign after a plain `=` belongs to the value: `a=%3Dx` asks for the text "=x".
_OPERATOR = re.compile(
    r"=[=~]|%3[Dd](?:[=~]|%3[Dd]|%7[Ee])|(?:[<>!*]|%3[CEce]|%21|%2[Aa])(?:%3[Dd]|=)|[=<>]|%3[CDEcde]"
)
_SIGN = re.compile(r"(?P<open>\[|%5[Bb])|(?P<close>\]|%5[Dd])|[=<>!*~]|%(?:3[CDEcde]|21|2[Aa]|7[Ee])")
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
    end = _name_end(text)
    operator = None if end is None else _OPERATOR.match(text, end)
    if operator is None:
        return Pair(unquote_plus(text), "", "")
    name, symbol = unquote_plus(text[:end]), unquote_plus(operator[0])
    stem, _, suffix = name.rpartition(".")
    if stem and suffix in SUFFIXES and symbol.startswith("="):
        # The suffix is the operator, so of `==` and `=~` the second sign is the value's first.
        sign = 3 if operator[0].startswith("%") else 1
        return Pair(stem, suffix, text[operator.start() + sign :])
    return Pair(name, SYMBOLS[symbol], text[operator.end() :])


def _name_end(text: str) -> int | None:
    """Returns where the name ends and the operator begins; None where no name is followed by an operator.

    A name ends at its first sign outside brackets, which must begin an operator. A bracket ends at the first `]` behind
    which that is so. Each sign is looked at once, the last one first: what is behind it is known then.
    """
    end = behind_bracket = None
    for sign in reversed(list(_SIGN.finditer(text))):
        if sign["open"]:
            end = behind_bracket
        elif not sign["close"]:
            end = sign.start() if _OPERATOR.match(text, sign.start()) else None
        elif end is not None:
            behind_bracket = end
    return end
