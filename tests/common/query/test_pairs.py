"""How a query string falls into pairs: the scanner means what the expression that it replaced meant."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from hypothesis import given, settings
from hypothesis import strategies as st

from common.query.pairs import SUFFIXES, SYMBOLS, Pair, pair

# The expression of before, which takes twice as long for each further pair of brackets.
_SYMBOL = r"[=<>!*~]|%(?:3[CDEcde]|21|2[Aa]|7[Ee])"
_NAME = rf"(?:(?:\[|%5[Bb]).*?(?:\]|%5[Dd])|(?!{_SYMBOL}|\[|%5[Bb]).)*"
_OPERATOR = r"=[=~]|%3[Dd](?:[=~]|%3[Dd]|%7[Ee])|(?:[<>!*]|%3[CEce]|%21|%2[Aa])(?:%3[Dd]|=)|[=<>]|%3[CDEcde]"
_PAIR = re.compile(rf"(?P<name>{_NAME})(?P<operator>{_OPERATOR})(?P<value>.*)", re.DOTALL)

_PIECES = (
    *("[", "]", "%5B", "%5b", "%5D", "%5d", "=", "~", "!", "<", ">", "*", "%3D", "%3e", "%21", "%7E", "%2A", "%", "3"),
    *("a", ".", ".gt", ".eq", "\n", "+", "%20"),
)


def _by_expression(text: str) -> Pair:
    match = _PAIR.fullmatch(text)
    if match is None:
        return Pair(unquote_plus(text), "", "")
    name, symbol = unquote_plus(match["name"]), unquote_plus(match["operator"])
    stem, _, suffix = name.rpartition(".")
    if stem and suffix in SUFFIXES and symbol.startswith("="):
        return Pair(stem, suffix, text[len(match["name"]) + (3 if match["operator"].startswith("%") else 1) :])
    return Pair(name, SYMBOLS[symbol], match["value"])


@settings(max_examples=3000, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_a_pair_is_read_as_the_expression_read_it(text: str):
    assert pair(text) == _by_expression(text)


def test_thousands_of_brackets_are_one_pair_without_an_operator():
    text = "[]" * 20_000
    assert pair(text) == Pair(text, "", "")
    assert pair(text + "a=x") == Pair(text + "a", "eq", "x")
