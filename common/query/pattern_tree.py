"""The tree of a regular expression, and how long a backtracking engine can take with it.

`_weigh` counts the ways an engine can go through the tree: every choice that the next character does not decide
multiplies them. Allowed is the square of the text's length, times a small number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

Ranges = tuple[tuple[int, int], ...]

_COUNT, _DEGREE, _WAYS, _FEW = 1000, 2, 30, 10


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an expression: a repetition where it has a body, a group where it has branches, else one character or
    an anchor. `first` are the characters that it can begin with; `size` is its length as PCRE writes it out."""

    text: str
    first: Ranges
    size: int = 1
    optional: bool = False
    endless: bool = False
    anchored: bool = False
    body: Part | None = None
    low: int = 1
    high: int | None = 1
    branches: tuple[tuple[Part, ...], ...] = ()


_END: Ranges = ((-1, -1),)
CARET = Part("^", (), optional=True, anchored=True)
# Both engines let $ match at the very end and before one last newline, so it stays as it is.
DOLLAR = Part("$", _END, anchored=True)


class _Weight(NamedTuple):
    """How a match can go from one place: n**free * ways paths lead through a text of the length n; trying them takes
    n**peak."""

    free: int = 0
    peak: int = 0
    ways: int = 1


class Broken(Exception):
    """The expression breaks a rule; the text goes on where the expression stands before it."""


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Returns the code points of all ranges, as ranges in order that neither touch nor overlap."""
    result: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if result and low <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return tuple(result)


def complement(ranges: Ranges) -> Ranges:
    """Returns every other code point."""
    # PCRE knows no halves of characters, so they are in no class.
    covered = merged([*ranges, (0xD800, 0xDFFF)])
    starts, ends = (0, *(high + 1 for _, high in covered)), (*(low - 1 for low, _ in covered), 0x10FFFF)
    return tuple((low, high) for low, high in zip(starts, ends, strict=True) if low <= high)


def is_single(ranges: Ranges) -> bool:
    """Returns True for one code point alone."""
    return ranges[0][0] == ranges[-1][1]


def _overlap(first: Ranges, second: Ranges) -> bool:
    return any(low <= end and start <= high for low, high in first for start, end in second)


def joined(branch: tuple[Part, ...]) -> str:
    """Returns the portable text of parts that follow each other."""
    return "".join(part.text for part in branch)


def group(alternatives: Iterable[tuple[Part, ...]]) -> Part:
    """Returns one part of several alternatives."""
    branches = tuple(alternatives)
    parts = [part for branch in branches for part in branch]
    return Part(
        f"(?:{'|'.join(map(joined, branches))})",
        merged(pair for branch in branches for pair in _entry(branch, ())),
        size=sum(part.size for part in parts) + 1,
        optional=any(all(part.optional for part in branch) for branch in branches),
        endless=any(part.endless for part in parts),
        anchored=any(part.anchored for part in parts),
        branches=branches,
    )


def repeat(body: Part, low: int, high: int | None) -> Part:
    """Raises Broken where the repetition explodes, whatever stands around it."""
    if body.anchored:
        raise Broken("repeats ^ or $, which stand once")
    if high is None and body.endless:
        raise Broken("repeats a repetition, which can take forever; write it without the outer one")
    if body.optional:
        raise Broken("repeats what can be empty, which can take forever; let it hold one character at least")
    # PCRE keeps one repeated class once, and writes a repeated group out.
    size = max(low, high or 1) * (body.size if body.branches else 1)
    if size > _COUNT:
        raise Broken(f"repeats to more than {_COUNT} characters, the most that are counted here")
    inner = _weigh(body, body.first)
    if high is None and (inner.ways > 1 or inner.free):
        raise Broken("repeats parts that begin alike, which can take forever; let each begin differently")
    bounds = f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"
    text = body.text + {(0, None): "*", (1, None): "+", (0, 1): "?", (1, 1): ""}.get((low, high), bounds)
    return Part(text, body.first, size, low == 0, body.endless or high is None, body=body, low=low, high=high)


def needed(branch: tuple[Part, ...]) -> tuple[Part, ...]:
    """Returns the branch without what a search does not need: `.*` before it, and more than the least of a last
    repetition."""
    parts = list(branch)
    while parts and parts[0].text == ".*":
        del parts[0]
    while parts and parts[-1].body and parts[-1].high is None:
        last = parts.pop()
        if last.low and last.body:
            parts.append(repeat(last.body, last.low, last.low))
    return tuple(parts)


def require_quick(tree: Part) -> None:
    """Raises Broken where the whole expression can take longer than a search may."""
    for branch in tree.branches:
        if _weigh_branch(branch, _END).peak + (branch[:1] != (CARET,)) > _DEGREE:
            raise Broken("has too many repetitions that overlap what follows them; begin it with ^ or leave some out")
    if _weigh(tree, _END).ways > _WAYS:
        raise Broken("matches one text in too many ways; leave out optional parts and alternatives that begin alike")


def _weigh(part: Part, follow: Ranges) -> _Weight:
    """Returns the weight of a part behind which one of the characters `follow` comes next."""
    if part.body:
        return _weigh_repeat(part, part.body, follow)
    if not part.branches:
        return _Weight()
    free, peak, ways = zip(*(_weigh_branch(branch, follow) for branch in part.branches), strict=True)
    entries = sorted(pair for branch in part.branches for pair in _entry(branch, follow))
    alike = any(start <= end for (_, end), (start, _) in pairwise(entries))
    return _Weight(max(free), max(peak), sum(ways) if alike else max(ways))


def _weigh_branch(branch: tuple[Part, ...], follow: Ranges) -> _Weight:
    whole = _Weight()
    for part in reversed(branch):
        weight = _weigh(part, follow)
        whole = _Weight(weight.free + whole.free, max(weight.peak, weight.free + whole.peak), weight.ways * whole.ways)
        follow = _entry((part,), follow)
    return whole


def _weigh_repeat(part: Part, body: Part, follow: Ranges) -> _Weight:
    inner = _weigh(body, follow if part.high == 1 else merged([*body.first, *follow]))
    unclear = _overlap(body.first, follow) or inner.ways > 1 or inner.free > 0
    if part.high is None:
        return _Weight(int(unclear), 1, inner.ways)
    spread = part.high - part.low
    free = part.high * inner.free + int(unclear and spread > _FEW)
    peak = max(free, (part.high - 1) * inner.free + inner.peak, int(part.size > _FEW))
    ways = min(inner.ways, _COUNT) ** part.high * (spread + 1 if unclear and spread <= _FEW else 1)
    return _Weight(free, peak, min(ways, _COUNT))


def _entry(branch: tuple[Part, ...], follow: Ranges) -> Ranges:
    """Returns the characters that a branch can go on with, those of `follow` where it can be empty."""
    result: list[tuple[int, int]] = []
    for part in branch:
        result.extend(part.first)
        if not part.optional:
            return merged(result)
    return merged([*result, *follow])
