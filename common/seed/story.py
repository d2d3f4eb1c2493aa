"""A seeded operator of any size; what it tells depends on numbers alone, so a larger story holds a smaller one."""

from __future__ import annotations

from dataclasses import dataclass

from common.seed import plot


@dataclass(frozen=True)
class Story:
    """A story of `size` resources over all APIs, from 100 to a million; raises ValueError for another size."""

    size: int

    def __post_init__(self) -> None:
        if not plot.smallest() <= self.size <= plot.LARGEST:
            raise ValueError(f"a story has {plot.smallest()} to {plot.LARGEST} resources, not {self.size}")

    def numbers(self, kind: str) -> range:
        """Returns the numbers of the resources of one kind, from 0."""
        return range(plot.counts(self.size)[kind])
