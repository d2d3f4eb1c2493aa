"""Windows: how to read newest first from a server that sorts everything before it limits.

Such a server (SecantusDB) reads every match of an open range, sorts it, and throws all but a page away; a closed range
of an indexed whole number it reads alone. So the time of creation is walked in closed windows, each wider than the one
before, until the page is full. What is walked in vain costs one look into an index; what is guessed is learnt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_LOWEST, _HIGHEST = -(2**62), 2**62
_GROWTH = 4


@dataclass(frozen=True, slots=True)
class Density:
    """What is known of the resources that lists of one kind find, in microseconds: when the newest was created, and how
    far apart they were created, on average."""

    newest: int
    gap: int = 50_000


def windows(start: int | None, stride: Density, wanted: int) -> Iterator[tuple[int, int]]:
    """Closed ranges (low, high) of creation times, each following the one before without a gap, from `start` (None: the
    newest end) into the past; the first is about as wide as so many resources lie, and they widen ever faster: where
    the guess was wrong, six or seven reach the oldest end."""
    high = _HIGHEST if start is None else start
    width, growth = stride.gap * wanted + 1, _GROWTH
    low = (stride.newest if start is None else start) - width
    while low > _LOWEST:
        yield low, high
        width, growth = width * growth, growth * growth
        low, high = low - width, low - 1
    yield _LOWEST, high


def learnt(newest: int, oldest: int, found: int) -> Density:
    """The stride after a walk from the newest end that found so many resources between two times."""
    return Density(newest, (newest - oldest) // found + 1)
