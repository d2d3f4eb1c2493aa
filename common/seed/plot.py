"""The plot of a story: which resource is told in which place, so that any size is a beginning of the longest one.

It is the sum of what the APIs declare (`common.seed.share`). A story begins with every opening: what an operator has
before its first customer. It goes on in scenes: a few people and companies, and what they have to do with the operator.
A resource refers to what was told before it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import TopologicalSorter
from math import isqrt

from common import apis
from common.seed.share import Passage, PlotShare

LARGEST = 1_000_000


@cache
def shares() -> Mapping[str, PlotShare]:
    """Returns every API's share by its code, each after those that it refers to, otherwise in the order of the codes.

    Raises ValueError where two shares have resources of one name, or one comes after a name that none has.
    """
    by_code = {api.code: api.seed for api in apis.declared() if isinstance(api.seed, PlotShare)}
    owners: dict[str, str] = {}
    for code, share in by_code.items():
        for kind in share.kinds:
            if owners.setdefault(kind, code) != code:
                raise ValueError(f"{owners[kind]} and {code} both seed resources named {kind}")
    if unknown := sorted({kind for share in by_code.values() for kind in share.after} - owners.keys()):
        raise ValueError(f"no API seeds {', '.join(unknown)}")
    sorter = TopologicalSorter({code: {owners[kind] for kind in share.after} for code, share in by_code.items()})
    sorter.prepare()
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += ready
        sorter.done(*ready)
    return {code: by_code[code] for code in ordered}


@cache
def opening() -> Passage:
    """Returns what is told before the first scene."""
    return tuple(line for share in shares().values() for line in share.opening)


@cache
def scene() -> Passage:
    """Returns what is told in every scene."""
    return tuple(line for share in shares().values() for line in share.scene)


@cache
def squares() -> Passage:
    """Returns what is told besides at the beginning of scene 1, 4, 9 and so on."""
    return tuple(line for share in shares().values() for line in share.squares)


@cache
def smallest() -> int:
    """Returns the smallest size of a story: 100, or more where the openings and one scene need it."""
    return max(100, length(opening()) + length(scene()))


def length(part: Passage) -> int:
    """Returns how many resources a part tells."""
    return sum(many for _, many in part)


def before(place: int) -> int:
    """Returns how many resources are told before scene number `place`, counted from 0, and what comes with it."""
    return length(opening()) + place * length(scene()) + _squares_before(place) * length(squares())


def count_by(place: int, kind: str) -> int:
    """Returns how many resources of a kind there are as scene number `place` opens: from openings and squares alone."""
    return _many(opening(), kind) + isqrt(place) * _many(squares(), kind)


def counts(size: int) -> Mapping[str, int]:
    """Returns the number of resources of each kind among the first `size`; they add up to `size` exactly."""
    scenes = _whole_scenes(size)
    rest = size - before(scenes)
    ending = _beginning([*_squares_of(scenes), *scene()], rest)
    counts = dict.fromkeys((kind for share in shares().values() for kind in share.kinds), 0)
    for part, times in ((opening(), 1), (squares(), _squares_before(scenes)), (scene(), scenes), (ending, 1)):
        for kind, many in part:
            counts[kind] += many * times
    return counts


@cache
def _many(part: Passage, kind: str) -> int:
    return sum(many for name, many in part if name == kind)


def _squares_before(place: int) -> int:
    """Returns how many scenes before number `place` began with what comes at squares."""
    return isqrt(place - 1) if place > 0 else 0


def _squares_of(place: int) -> Passage:
    """Returns what comes at squares if scene number `place` is one."""
    return squares() if place > 0 and isqrt(place) ** 2 == place else ()


def _whole_scenes(size: int) -> int:
    """Returns how many scenes are told to their end within `size` resources."""
    scenes = max(0, (size - length(opening())) // length(scene()))
    while scenes and before(scenes) > size:
        scenes -= 1
    return scenes


def _beginning(part: Iterable[tuple[str, int]], wanted: int) -> Passage:
    """Returns the first `wanted` resources of a part."""
    taken: list[tuple[str, int]] = []
    for kind, many in part:
        taken.append((kind, min(many, wanted)))
        wanted -= taken[-1][1]
    return tuple(taken)
