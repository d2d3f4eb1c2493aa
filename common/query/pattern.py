"""A client's regular expression -> one that cannot explode and means the same to Python's `re` and to PCRE.

Read are I-Regexps (RFC 9485) and what people add to them: `^`, `$`, `(?:...)`, `\\d \\w \\s` and a leading `(?i)`. The
expression becomes a small tree, which `common.query.pattern_tree` judges.
"""

from __future__ import annotations

import re
from functools import cache

from common.errors import InvalidQuery
from common.query.conditions import Pattern
from common.query.pattern_tree import (
    CARET,
    DOLLAR,
    Broken,
    Part,
    Ranges,
    complement,
    group,
    is_single,
    joined,
    merged,
    needed,
    repeat,
    require_quick,
)

_DEPTH = 20
_SHORT = {"d": ((48, 57),), "w": ((48, 57), (65, 90), (95, 95), (97, 122)), "s": ((9, 13), (32, 32))}
_CONTROLS = {"n": 10, "r": 13, "t": 9}
_SPECIAL, _SPECIAL_IN_CLASS = frozenset(".^$|?*+()[]{}\\"), frozenset("\\[]^-&~|")
_QUANTIFIER = re.compile(r"[?*+]|\{([0-9]{1,9})(,([0-9]{1,9})?)?\}")
_GROUPS = {"=": "a look-ahead", "!": "a look-ahead", "<": "a look-behind or a named group", "P": "a named group"}
_ESCAPES = {"b": "a word boundary", "p": "a category of characters", "a": "an anchor", "z": "an anchor"}


def parse_pattern(name: str, text: str, longest: int) -> Pattern:
    """Returns the portable form of the parameter's expression, which the same texts have. It leaves out repetitions
    at the ends that a search does not need, so what it matches can be shorter.

    Raises InvalidQuery where it is empty, longer than `longest`, no expression of this kind, or can take forever.
    """
    try:
        if len(text) > longest:
            raise Broken(f"is longer than {longest} characters, the most that are read here")
        ignore_case = text.startswith("(?i)")
        tree = _Reader(text[4:] if ignore_case else text, ignore_case).whole()
        branches = [needed(branch) for branch in tree.branches]
        require_quick(group(branches))
    except Broken as broken:
        raise InvalidQuery(f"{name}: {text[:80]} {broken}.") from None
    return Pattern("|".join(map(joined, branches)), ignore_case)


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, text: str, ignore_case: bool) -> None:
        self.text, self.ignore_case, self.at = text, ignore_case, 0

    def whole(self) -> Part:
        if not self.text:
            raise Broken("is an empty expression; leave the parameter out")
        if re.search("[\0\ud800-\udfff]", self.text):
            raise Broken("holds NUL or half a character, which no text holds")
        tree = self.choice(0)
        if self.at < len(self.text):
            raise Broken(r"has a ) without its (; write \) for the character")
        return tree

    def choice(self, depth: int) -> Part:
        if depth > _DEPTH:
            raise Broken(f"has more than {_DEPTH} groups inside each other")
        branches = [self.branch(depth)]
        while self.takes("|"):
            branches.append(self.branch(depth))
        return group(branches)

    def branch(self, depth: int) -> tuple[Part, ...]:
        parts = [CARET] if self.takes("^") else []
        while self.ahead() not in ("", "|", ")"):
            parts.append(self.part(depth))
        return tuple(parts)

    def ahead(self, steps: int = 0) -> str:
        return self.text[self.at + steps : self.at + steps + 1]

    def takes(self, expected: str) -> bool:
        is_there = self.text.startswith(expected, self.at)
        self.at += len(expected) if is_there else 0
        return is_there

    def part(self, depth: int) -> Part:
        if self.takes("$"):
            if self.ahead() not in ("", "|", ")"):
                raise Broken(r"has a $ before the end of a branch; write \$ for the character")
            return DOLLAR
        body = self.atom(depth)
        match = _QUANTIFIER.match(self.text, self.at)
        if match:
            self.at = match.end()
            if self.ahead() in ("?", "+"):
                raise Broken(f"has a lazy or possessive repetition, {match[0]}{self.ahead()}, which is not read here")
            if _QUANTIFIER.match(self.text, self.at):
                raise Broken("repeats a repetition, which can take forever; write one of the two")
            return repeat(body, *_bounds(match))
        if self.ahead() == "{" and self.ahead(1) in (*"0123456789,",):
            raise Broken(r"has a { that begins no {n}, {n,} or {n,m}; write \{ for the character")
        return body

    def atom(self, depth: int) -> Part:
        if _QUANTIFIER.match(self.text, self.at):
            raise Broken(f"has a {self.ahead()} with nothing before it to repeat")
        letter = self.ahead()
        self.at += 1
        if letter == "(":
            return self.group(depth)
        if letter == "[":
            return self.bracket()
        if letter == "^":
            raise Broken(r"has a ^ after the start of a branch; write \^ for the character")
        if letter == ".":
            return Part(".", complement(((10, 10),)))
        if letter == "\\":
            ranges, negated = self.escape()
            return self.chars(ranges, negated)
        return self.chars(((ord(letter), ord(letter)),))

    def group(self, depth: int) -> Part:
        if not self.takes("?:") and self.ahead() == "?":
            construct = _GROUPS.get(self.ahead(1), "flags after the start or a special group")
            raise Broken(f"has {construct}, (?{self.ahead(1)}, which is not read here")
        inner = self.choice(depth + 1)
        if not self.takes(")"):
            raise Broken(r"has a ( without its ); write \( for the character")
        return inner

    def escape(self) -> tuple[Ranges, bool]:
        """Returns what the backslash just taken begins, and whether everything else is meant."""
        letter = self.ahead()
        self.at += 1
        if letter.lower() in _SHORT:
            return _SHORT[letter.lower()], letter.isupper()
        if letter in _CONTROLS or (letter and letter.isascii() and not letter.isalnum()):
            code = _CONTROLS.get(letter) or ord(letter)
            return ((code, code),), False
        construct = (
            "a back-reference" if letter in (*"123456789k",) else _ESCAPES.get(letter.lower(), "an unknown escape")
        )
        raise Broken(f"has {construct}, \\{letter}, which is not read here")

    def bracket(self) -> Part:
        negated, members = self.takes("^"), list[tuple[int, int]]()
        while not members or not self.takes("]"):
            member = self.member(not members)
            if is_single(member) and self.ahead() == "-" and self.ahead(1) not in ("", "]"):
                self.at += 1
                end = self.member(True)
                if not is_single(end) or end < member:
                    raise Broken("has a range in [ ] that does not go upwards from one character to another")
                member = ((member[0][0], end[0][0]),)
            members.extend(member)
        return self.chars(merged(members), negated)

    def member(self, may_be_dash: bool) -> Ranges:
        """Returns one character inside brackets, or a short class."""
        if self.takes("\\"):
            ranges, negated = self.escape()
            return complement(self.closed(ranges)) if negated else ranges
        letter = self.ahead()
        if not letter:
            raise Broken(r"has a [ without its ]; write \[ for the character")
        if letter in "[]" or (letter == "-" and not may_be_dash and self.ahead(1) != "]"):
            raise Broken(f"has a bare {letter} inside [ ]; write \\{letter} for the character")
        self.at += 1
        return ((ord(letter), ord(letter)),)

    def chars(self, members: Ranges, negated: bool = False) -> Part:
        ranges = self.closed(members)
        # Python ignores the case of more letters than PCRE (i and s have four and three), so those are written out.
        if is_single(members) and not negated and sum(high - low + 1 for low, high in ranges) < 3:
            return Part(_written(members[0][0], _SPECIAL), ranges)
        inner = "".join("-".join(_written(code, _SPECIAL_IN_CLASS) for code in sorted({*pair})) for pair in ranges)
        size = 1 if inner.isascii() else len(ranges)
        return Part(f"[{'^' * negated}{inner}]", complement(ranges) if negated else ranges, size)

    def closed(self, ranges: Ranges) -> Ranges:
        """Returns the ranges with every case of their characters, where case is ignored."""
        if not self.ignore_case:
            return ranges
        families, result = _families(), list(ranges)
        for low, high in ranges:
            codes = families if high - low > len(families) else range(low, high + 1)
            result.extend((case, case) for code in codes if low <= code <= high for case in families.get(code, ()))
        return merged(result)


def _written(code: int, special: frozenset[str]) -> str:
    letter = chr(code)
    return f"\\x{code:02x}" if code < 32 or code == 127 else f"\\{letter}" if letter in special else letter


@cache
def _families() -> dict[int, tuple[int, ...]]:
    """Returns every character of which others differ in case alone -> all of them."""
    families: dict[str, list[int]] = {}
    for code in range(0x1E960):
        # The dotted capital I has a lower case of two characters, of which Python takes the first.
        families.setdefault(chr(code).upper().casefold().replace("i\u0307", "i"), []).append(code)
    return {code: tuple(family) for family in families.values() if len(family) > 1 for code in family}


def _bounds(match: re.Match[str]) -> tuple[int, int | None]:
    """Returns the least and the most of a quantifier."""
    if match[0] in "?*+":
        return int(match[0] == "+"), 1 if match[0] == "?" else None
    low = int(match[1])
    high = low if not match[2] else int(match[3]) if match[3] else None
    if high is not None and (high < low or high == 0):
        raise Broken(f"counts {match[0]}, which is nothing or goes downwards")
    return low, high
