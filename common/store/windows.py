"""Windows: how to read newest first from a server that sorts everything before it limits.

Such a server (SecantusDB) reads every match of an open range, sorts it, and throws all but a page away; a closed range
of an indexed whole number it reads alone. So the time of creation is walked in closed windows, each wider than the one
before, until the page is full. What is walked in vain costs one look into an index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_LOWEST, _HIGHEST = -(2**62), 2**62
_GROWTH = 4
_ROOM = 2


@dataclass(frozen=True, slots=True)
class Stride:
    """What is known of a collection: when its newest resource was created, and how long it took for a page to fill, in
    microseconds."""

    newest: int
    width: int = 1_000_000


def windows(start: int | None, stride: Stride) -> Iterator[tuple[int, int]]:
    """Closed ranges (low, high) of creation times, each following the one before without a gap, from `start` (None: the
    newest end) into the past."""
    high = _HIGHEST if start is None else start
    width = stride.width
    low = (stride.newest if start is None else start) - width + 1
    while low > _LOWEST:
        yield low, high
        width *= _GROWTH
        low, high = low - width, low - 1
    yield _LOWEST, high


def learnt(stride: Stride, newest: int, oldest: int, wanted: int, found: int) -> Stride:
    """The stride after a walk from the newest end that wanted some resources and found others between two times."""
    width = (newest - oldest + 1) * wanted * _ROOM // max(1, found)
    return Stride(max(newest, stride.newest), max(1, width))
