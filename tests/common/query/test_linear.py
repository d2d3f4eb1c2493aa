"""What clients send is read in linear steps: Python's are counted (not what C does in one), expressions weighed."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest

import common
from common.binding import channels
from common.clock import instant
from common.errors import InvalidQuery, Refusal
from common.hosts import AddressError, web_address
from common.hub.event_filter import parse_event_filter
from common.patch import query as patch_query
from common.precondition import is_unchanged
from common.query import jsonpath
from common.query.conditions import OneOf
from common.query.cursor import read_cursor
from common.query.language import FilterLimits, Limits
from common.query.parse import parse_list
from common.query.pattern import _Reader, parse_pattern
from common.query.pattern_tree import _END, _weigh_branch
from common.request import media_type, require_acceptable
from common.web.wire import RequestLimits, origin, read_headers
from tests.api.resource_views import bound
from tests.common.query.test_jsonpath import _LANGUAGE

_WIDE = Limits(10, 10, 10, 10**9, FilterLimits(10**9, 50, 10**9))
_DOOR = RequestLimits(0, trust_proxy=True, public_url=None)
_CHANNEL = channels(bound())[0]
_DOCUMENT = {"note": [{"author": "a", "text": "b"}], "a": {"a": {"a": 1}}}


def _listed(text: str) -> None:
    parse_list(text, _LANGUAGE, _WIDE)


def _filtered(text: str) -> None:
    jsonpath.parse_filter(text, _LANGUAGE, _WIDE.filter)


def _pattern(text: str) -> None:
    parse_pattern("name", text, 10**9)


def _alternatives(text: str) -> None:
    """Reads as many alternatives, each of its own, as the text has characters."""
    _pattern("|".join(chr(0x4E00 + number) for number in range(len(text))))


def _heard(text: str) -> None:
    parse_event_filter(text, _CHANNEL, _WIDE)


def _patched(text: str) -> None:
    patch_query._query_path(_DOCUMENT, text)


def _json_patched(text: str) -> None:
    list(patch_query.expand(_DOCUMENT, {"path": text}))


def _headers(text: str) -> None:
    headers = {"accept": text, "content-type": text, "if-none-match": text}
    media_type(headers)
    with suppress(Refusal):
        require_acceptable(headers)
    is_unchanged(headers, 1, 1)
    is_unchanged({"if-modified-since": text}, 1, 1)


def _origin(text: str) -> None:
    for name in ("host", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-prefix"):
        with suppress(Refusal):
            origin({}, {name: text}, _DOOR)


def _repeated(text: str) -> None:
    read_headers({"headers": [(b"accept", sign.encode()) for sign in text]})


def _cursor(text: str) -> None:
    read_cursor("after", [text], 1)


PARSERS: dict[Callable[[str], Any], tuple[tuple[str, str, str], ...]] = {
    # What stands before the repeated piece, the piece, what stands behind it.
    _listed: (
        *(
            ("", piece, "")
            for piece in ("[]", "[", "]", "[]~", "[~]", "[x]~", "=", "%5B%5D", "%5B", ".", ";", "&", "%")
        ),
        *(("", piece, "=x") for piece in ("[]", "[]~", "[~]", "a", "a.", "note[author=x].", "note.", "%5B%5D~")),
        *(("", "status=x&", ""), ("status=", "x,", ""), ("status=x;", "status=y;", ""), ("status=", "x;", "")),
        *(("priority=", "0", "1"), ("priority=", "1", ""), ("score=1.", "1", ""), ("score=1e", "1", "")),
        *(("priority=", "1,", "1"), ("orderDate=", "2", ""), ("orderDate=2026-01-01T00:00:00.", "1", "Z")),
        *(
            ("sort=", "a.", "a"),
            ("sort=", "a,", ""),
            ("fields=", "a.", "a"),
            ("fields=", "a,", ""),
            ("limit=", "1", ""),
        ),
        *(("after=", "A", ""), ("fields=", "extra.", "a"), ("sort=", "extra.", "1"), ("extra.", "a.", "1=x")),
        *(("name.regex=", "a", ""), ("note[author=", "x", "].text=y")),
    ),
    _filtered: (
        *(
            ("", piece, "")
            for piece in ("'", '"', "/", "\\", "[", "(", "[?", "!", "1", "-", ".", "a", "a(", "@.a", "$", "=")
        ),
        *(("?@.status=='", piece, "'") for piece in ("x", "\\\\", "\\n", " ")),
        *(("?@.status=~/", piece, "/") for piece in ("x", "\\/", "[x]")),
        *(
            ("?@.status=~/", "\\/", ""),
            ("?@.status=='", "\\'", ""),
            ("?@.priority==", "1", ""),
            ("?@.score==1.", "1", ""),
        ),
        *(("?@.status=='a'", piece, "") for piece in ("&&@.status=='a'", "||@.status=='a'", " ", "&&!@.name")),
        *(
            ("?@", ".extra", ""),
            ("$", ".note", ""),
            ("$", "['note']", ""),
            ("?@.status==", "(", ""),
            ("?@.a", "a", "("),
        ),
    ),
    _pattern: tuple(
        ("", piece, "")
        for piece in (
            "a",
            "a?b",
            "[ab]",
            "[a",
            "(",
            "()",
            "(?:a)",
            "a|",
            "|",
            "\\",
            "a*b",
            "a{2}",
            "{",
            "^",
            "$",
            "a?",
            "]",
        )
    ),
    _alternatives: (("", "a", ""),),
    _heard: (("", "[]", ""), ("", "fields=", ""), ("fields=", "id,", ""), ("", "eventType=x&", ""), ("", "&", "")),
    _patched: (
        *(
            ("/note?", "author=a&", "author=a"),
            ("", "/a", "?b=c"),
            ("/note?author=a", "/a", ""),
            ("/note?a=", "%2F", ""),
        ),
        *(("/a?", "a.", "=1"), ("/note?author=", "=", ""), ("/", "~1", "?a=b"), ("/note?author=/", "a/", "b")),
    ),
    _json_patched: (("$", ".a", ""), ("$[", "'", "]"), ("$.note[?@.a==", "(", ""), ("$.note[?@.author=='", "x", "']")),
    _headers: tuple(
        ("", piece, "") for piece in ("a", ",", ";", '"a",', "W/", " ", "1 ", ":", "a/b;q=0,", "-", "*/*,")
    ),
    _origin: tuple(("", piece, "") for piece in ("a", "a.", "/a", "/", ":1", "[", "[:", ",")),
    _repeated: (("", "a", ""),),
    _cursor: (("", "A", ""), ("", "=", ""), ("", "W1tb", "")),
    instant: (("", "1", ""), ("2026-01-01T00:00:00.", "1", "Z"), ("2026-01-01T00:00:00.", "1", "")),
    web_address: tuple(
        ("http://", piece, "/")
        for piece in ("a", "a.", ".", "1.", "\u00e9", "\u00e9.", "0x", "[", "@", ":", "%", "\u00ad")
    ),
}
_LENGTHS = {_alternatives: (150, 300, 600), _json_patched: (55, 110, 220), web_address: (55, 110, 220)}
"""Characters of the repeated part; where a parser refuses long texts at once, those that it reads."""

_CASES = [(parser, *pieces) for parser, rows in PARSERS.items() for pieces in rows]


def _steps(parser: Callable[[str], Any], text: str) -> int:
    """How many lines of Python run, those of libraries included, until the text is read or refused."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with suppress(Refusal, AddressError):
            parser(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    ("parser", "begin", "piece", "end"), _CASES, ids=[f"{c[0].__name__}-{c[1]}-{c[2]}-{c[3]}" for c in _CASES]
)
def test_twice_the_text_is_twice_the_steps(parser: Callable[[str], Any], begin: str, piece: str, end: str):
    texts = [begin + piece * (length // len(piece)) + end for length in _LENGTHS.get(parser, (600, 1200, 2400))]
    _steps(parser, texts[2])  # What is read once and kept is not counted.
    first, second, third = (_steps(parser, text) for text in texts)
    assert second <= 2.2 * first + 400
    assert third <= 2.2 * second + 400


@pytest.mark.parametrize("name", ["sort", "fields"])
@pytest.mark.parametrize("step", ["a", "extra"])
def test_a_path_of_many_steps_is_refused_before_it_is_looked_up(name: str, step: str):
    with pytest.raises(InvalidQuery, match="A path has 100 steps at most"):
        parse_list(f"{name}={step}{'.a' * 3000}", _LANGUAGE, _WIDE)


@pytest.mark.parametrize(("sign", "number"), [("", 7), ("-", -7)])
def test_zeros_before_a_number_are_as_many_as_one_likes(sign: str, number: int):
    condition = parse_list(f"priority={sign}{'0' * 5000}7", _LANGUAGE, _WIDE).condition
    assert condition == OneOf(("priority",), (number,))


ANCHORED = {
    *("clock._WRITTEN", "entity._ID", "hosts._LABEL", "hosts._LAST_NUMBER", "hosts._NUMBER", "hosts._ZONE"),
    *("hub.subscription._HEADER", "patch.operations._INDEX", "query.jsonpath._NUMBER"),
    *("query.pairs._OPERATOR", "query.pattern._QUANTIFIER", "query.terms._ELEMENT", "query.values._NUMBER"),
    *("schema.formats._URI", "web.admin._HOST", "web.wire._HOST", "web.wire._SCHEME"),
}
"""Expressions that are tried at one place of a text."""

SEARCHED = {"query.pairs._SIGN", "store.record._AWKWARD", "store.record._WRITTEN"}
"""Expressions that are tried at every place."""

EXCEPTIONS = {
    "web.wire._PREFIX": "a repetition in a repetition, but each round begins with a / and has no other",
    "request._LONG_NUMBER": "tried at every place, with 19 steps at most at each",
    "hub.event_filter._FIELDS": "tried at every place, but what it repeats is taken with the match",
    "hub.subscription._TEXT": "4,000 characters of one class, more than the weight counts",
    "hub.subscription._USER": "tried at every place, but in 200 characters alone",
}
"""Expressions that the weight cannot judge, or judges too heavy, and why they are linear all the same."""


def _expressions() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every expression that a module of common/ has compiled when it is loaded, by its name."""
    for module in pkgutil.walk_packages(common.__path__, "common."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{module.name.removeprefix('common.')}.{name}", value


EXPRESSIONS = dict(_expressions())


def _degree(text: str | bytes) -> int:
    """The power of a text's length that trying an expression at one place can take, by the weight of clients' own.

    What the reader of clients' expressions does not know is written in its words: named groups, codes of characters,
    `\\Z`; word boundaries are left out, for they take no steps.
    """
    plain = text if isinstance(text, str) else text.decode()
    plain = re.sub(r"\(\?P<\w+>", "(?:", plain).replace(r"\Z", "").replace(r"\b", "").replace(r"\x00", r"\x01")
    plain = re.sub(
        r"\\(?:x([0-9a-f]{2})|u([0-9A-F]{4})|U([0-9A-F]{8}))", lambda m: chr(int(m[1] or m[2] or m[3], 16)), plain
    )
    return max(_weigh_branch(branch, _END).peak for branch in _Reader(plain, False).whole().branches)


def test_every_expression_of_the_suite_is_judged():
    assert set(EXPRESSIONS) == ANCHORED | SEARCHED | set(EXCEPTIONS)


@pytest.mark.parametrize("name", sorted(ANCHORED))
def test_an_expression_at_one_place_takes_no_more_than_the_length(name: str):
    assert _degree(EXPRESSIONS[name].pattern) <= 1


@pytest.mark.parametrize("name", sorted(SEARCHED))
def test_an_expression_at_every_place_repeats_nothing(name: str):
    assert _degree(EXPRESSIONS[name].pattern) == 0


@pytest.mark.parametrize("lexer", [jsonpath._LEXER, patch_query._JSONPATH.lexer], ids=["filter", "patch"])
def test_a_token_of_a_jsonpath_takes_no_more_than_the_length(lexer: Any):
    # A token that is not found costs its length again, but then the next rule takes as much, or the text is refused.
    assert _degree(lexer.rules.pattern.replace("<>", "<")) <= 1


def test_the_weight_knows_what_explodes():
    assert _degree(r"[a-z]*[a-z0-9]*\Z") == 2
