"""Clients' regular expressions: what is read, what is refused, and that nothing read explodes."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from common.errors import InvalidQuery
from common.query.conditions import LONGEST_SEARCHED, Matching, Pattern
from common.query.matcher import holds
from common.query.pattern import parse_pattern

_LONGEST = 200
_BOUND_SECONDS = 60


def _parsed(text: str) -> Pattern:
    return parse_pattern("name", text, _LONGEST)


def _finds(pattern: Pattern, text: str) -> bool:
    return re.search(pattern.text, text, re.IGNORECASE if pattern.ignore_case else re.NOFLAG) is not None


def _accepts(text: str) -> bool:
    try:
        _parsed(text)
    except InvalidQuery:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "portable"),
    [
        ("^Jo", "^Jo"),
        ("smith$", "smith$"),
        (".*foo.*", "foo"),
        (".*.*.*x", "x"),
        (".*", ""),
        ("^foo.*bar", "^foo.*bar"),
        ("[A-Z]{2}[0-9]{4,6}", "[A-Z]{2}[0-9]{4,6}"),
        ("gold|silver", "gold|silver"),
        ("^(gold|silver) .*plan$", "^(?:gold|silver) .*plan$"),
        (r"[a-z]+@[a-z]+\.com", r"[a-z]+@[a-z]+\.com"),
        (r"\d{4}-\d{2}", "[0-9]{4}-[0-9]{2}"),
        (r"\w\W", "[0-9A-Z_a-z][^0-9A-Z_a-z]"),
        (r"a\sb", r"a[\x09-\x0d ]b"),
        (r"\n\r\t", r"\x0a\x0d\x09"),
        ("a.c", "a.c"),
        ("x{1,3}", "x{1,3}"),
        (r"^[^@]+@example\.com$", r"^[^@]+@example\.com$"),
        (r"C\+\+", r"C\+\+"),
        (r"\(draft\)", r"\(draft\)"),
        ("{draft}]", r"\{draft\}\]"),
        ("Zürich", "Zürich"),
        (r"[\]\[&&^-]", r"[\&\-\[\]-\^]"),
        ("(^|,)red(,|$)", "(?:^|,)red(?:,|$)"),
        ("code [0-9]+", "code [0-9]"),
    ],
)
def test_an_expression_is_written_for_both_engines(text: str, portable: str) -> None:
    assert _parsed(text) == Pattern(portable)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("(?i)", "empty"),
        ("a" * (_LONGEST + 1), "longer than 200"),
        ("a\0", "NUL"),
        ("\ud800", "half a character"),
        ("(?=a)", "look-ahead"),
        ("(?!a)", "look-ahead"),
        ("(?<=a)b", "look-behind"),
        ("(?P<n>a)", "named group"),
        ("(?<n>a)", "named group"),
        ("(?>a)", "special group"),
        ("a(?i)", "flags"),
        (r"(a)\1", "back-reference"),
        (r"\bfoo", "word boundary"),
        (r"\Afoo", "anchor"),
        (r"\p{Lu}", "category"),
        (r"\x41", "escape"),
        (r"\é", "escape"),
        ("\\", "escape"),
        ("[", "without its ]"),
        ("[a", "without its ]"),
        ("[a-", "bare -"),
        ("[]", "bare ]"),
        ("[[:alpha:]]", "bare ["),
        ("[a-c-e]", "bare -"),
        (r"[\d-z]", "bare -"),
        (r"[a-\d]", "upwards"),
        ("[z-a]", "upwards"),
        ("(", "without its )"),
        (")", "without its ("),
        ("*a", "nothing before it"),
        ("a|*", "nothing before it"),
        ("^*", "nothing before it"),
        ("a**", "repeats a repetition"),
        ("a{2}{3}", "repeats a repetition"),
        ("a+?", "lazy"),
        ("a++", "possessive"),
        ("a{2,1}", "downwards"),
        ("a{0}", "nothing"),
        ("a{,3}", "begins no"),
        ("a{99999}", "more than 1000"),
        ("(a{40}){40}", "more than 1000"),
        ("a$b", "$ before the end"),
        ("a^b", "^ after the start"),
        ("(^a)+", "stand once"),
        ("(" * 30 + "a" + ")" * 30, "inside each other"),
    ],
)
def test_a_refusal_names_the_parameter_the_expression_and_the_rule(text: str, told: str) -> None:
    with pytest.raises(InvalidQuery) as refused:
        _parsed(text)
    message = refused.value.message
    assert message.startswith(f"name: {text[:80]} ")
    assert told in message
    assert message.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+$", "(a*)*", "(a|a)*$", "(a|ab)*c", "(.*)*", "(.*a){20}", "a*a*a*b", "a*a*b", "(x+x+)+y",
        "([a-z]+)*$", "(a?){50}a{50}", "(a|aa)+$", "(a|a?)+$", "(.*)+x", "(a*)+b", "((a*))*b", r"(\d+)+x",
        r"(\w+\s?)*$", r"^(\w+\s?)*$", r"(\s*a\s*)*b", r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@)",
        r"^(([a-z])+.)+[A-Z]([a-z])+$", "(a[ab]?)*c", "(ab?b?)*c", "(aa?)*c", "(a{1,2})*c", "(a|b|ab)*c",
        "a?" * 40 + "a" * 40, "(a|ab|b)" * 20 + "c", "a{1,3}" * 20 + "b", "(a{1,3}){20}b", "(a|a){30}b",
        "a{0,900}" * 3 + "b", "(a?|b?)" * 20 + "$", "(()|a|)" * 20 + "b", "a.*b.*c.*d", "x.*y.*z",
        r"\s+\s+\s+$", r"^.*.*.*x$", "[^x]*a{1000}b", "(?i)(a|A)*c", "(?i)(k|\u212a)*c", "(?i)(s|\u017f)*c",
        "(?i)[a-f]*[A-F]*[a-f]*x", "(a{20}a?){20}b", "(.{1,30}a){10}b", "^(([^,]*,)|.)*x", "(.|\\n|\\s)*x",
        "(a|[^b])*c", "([ab]|[bc])*d", "(a(b|b)?)*c", "((ab)*)*c", "(a*b*)*c", "(a*|b)*c", "((a|b)|(b|c))*d",
    ],
)  # fmt: skip
def test_an_expression_that_can_explode_is_refused(text: str) -> None:
    assert not _accepts(text)


@pytest.mark.parametrize(
    ("text", "found", "missed"),
    [
        ("(?i)fibre", "A FIBRE", "fib"),
        ("(?i)istanbul", "İSTANBUL", "stanbul"),
        ("(?i)[a-c]+x", "zzBX", "x"),
        ("(?i)[^a]b", "xB", "AB"),
        (r"(?i)x\Wy", "X-Y", "X_Y"),
        (r"^\S+$", "ab", "a b"),
        (r"^[\s\S]$", "\n", "ab"),
        ("^.$", "a", "\n"),
        ("^[+--]$", ",", "*"),
        ("a|", "b", None),
        ("a.*", "xa", "x"),
        ("b+", "ab", "a"),
    ],
)
def test_a_read_expression_finds_what_it_says(text: str, found: str, missed: str | None) -> None:
    pattern = _parsed(text)
    assert pattern.ignore_case == text.startswith("(?i)")
    assert _finds(pattern, found)
    assert missed is None or not _finds(pattern, missed)


_ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "[b-c]", r"\w", r"\W", r"\d", r"\s", r"[\Wa]"])
_QUANTIFIERS = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{1,2}", "{2,}", "{0,12}"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    branch = st.lists(inner, max_size=3).map("".join)
    group = st.lists(branch, min_size=1, max_size=3).map(lambda branches: f"({'|'.join(branches)})")
    return st.tuples(inner | group, _QUANTIFIERS).map("".join)


_PIECES = st.recursive(st.tuples(_ATOMS, _QUANTIFIERS).map("".join), _grown, max_leaves=6)
_BRANCHES = st.tuples(st.sampled_from(["", "", "^"]), st.lists(_PIECES, max_size=4).map("".join))
_EXPRESSIONS = st.lists(
    st.tuples(_BRANCHES.map("".join), st.sampled_from(["", "", "$"])).map("".join), min_size=1, max_size=2
).map("|".join)
_TEXTS = st.lists(st.text(alphabet="abcABC1 \n", max_size=8), min_size=1, max_size=8)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(_EXPRESSIONS, st.booleans(), _TEXTS)
def test_the_portable_text_is_found_where_the_original_is(text: str, ignore_case: bool, searched: list[str]) -> None:
    written = f"(?i){text}" if ignore_case else text
    assume(_accepts(written))
    original = re.compile(written, re.ASCII)
    for one in searched:
        assert _finds(_parsed(written), one) == (original.search(one) is not None)


_WORKER = """
import re, sys
for line in sys.stdin:
    pattern, ignore_case = eval(line)
    for unit in ("a", "b", "ab", "ba", "aab", "abb", "abc", "acb", "a ", "ab\\n"):
        for text in ((unit * 2000)[:2000], (unit * 2000)[:1999] + "!", (unit * 2000)[:1000] + "b" * 1000):
            re.search(pattern, text, re.IGNORECASE if ignore_case else 0)
    print("done", flush=True)
"""


def _searched(patterns: list[Pattern]) -> int:
    """How many of the patterns a process of its own gets through in the time."""
    given_lines = "".join(f"{(pattern.text, pattern.ignore_case)!r}\n" for pattern in patterns)
    command = [sys.executable, "-c", _WORKER]
    try:
        ran = subprocess.run(
            command, input=given_lines, capture_output=True, text=True, timeout=_BOUND_SECONDS, check=True
        )
    except subprocess.TimeoutExpired as late:
        return bytes(late.stdout or b"").count(b"done")
    return ran.stdout.count("done")


@settings(max_examples=8, deadline=None)
@given(st.lists(_EXPRESSIONS, min_size=3, max_size=12))
def test_every_read_expression_is_quick_on_long_texts(texts: list[str]) -> None:
    read = [_parsed(text) for text in texts if _accepts(text)]
    assert _searched(read) == len(read)


def test_the_heaviest_expressions_that_are_read_are_quick_on_long_texts() -> None:
    texts = ["^a*a*b", "a.*b", "^.*a.*b$", "[ab]*a?a?a?c", "^.*[ab]{0,10}c", "a{0,900}b", "^a{900}a{900}b", "(ab?)*b"]
    assert _searched([_parsed(text) for text in texts]) == len(texts)


@pytest.mark.parametrize("length", [10_000, 10_001, 1_000_000])
def test_what_repeats_is_found_in_texts_of_bounded_length_alone(length: int):
    endless = parse_pattern("name", "[ab]+c", 100)
    text = "a" * (length - 1) + "c"
    assert holds(Matching(("name",), endless), {"name": text}) is (length <= LONGEST_SEARCHED)
    assert holds(Matching(("name",), parse_pattern("name", "ac$", 100)), {"name": text})
