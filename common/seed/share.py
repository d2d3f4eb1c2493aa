"""What an API declares of the story: its share of the plot, and what the other shares may ask about its resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from common.document import Document

Passage = tuple[tuple[str, int], ...]
"""Resource names, each with how many of them there are, in the order in which they are told."""


class Plotted(Protocol):
    """A story of some size, as far as a share needs to know it."""

    def numbers(self, kind: str) -> range:
        """Returns the numbers of the resources of this name that the story has, from 0."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How the resources of one name are made, each from its number, which counts from 0.

    `id`: the pattern of their ids, with one number in it. `document`: number -> v5 document.
    `name`: number -> the name that references carry; None where they carry none.
    `minute`: number -> the minute of the story in which it came to be; None where nobody asks.
    """

    id: str
    document: Callable[[int], Document]
    name: Callable[[int], str] | None = None
    minute: Callable[[int], int] | None = None


@dataclass(frozen=True, slots=True)
class PlotShare:
    """One API's share of the story; called with a story, it yields the API's resources.

    `kinds`: by resource name, in the order in which they are written.
    `opening`: what there is before the first scene. `scene`: what comes with every scene. `squares`: what comes at the
    beginning of scene 1, 4, 9, 16 and so on besides.
    `after`: names of the other APIs' resources that this share's refer to; their shares come first in every scene.
    `cast`: by a name that other shares use, number -> the reference to the party that plays this part.
    """

    kinds: Mapping[str, Kind]
    opening: Passage = ()
    scene: Passage = ()
    squares: Passage = ()
    after: tuple[str, ...] = ()
    cast: Mapping[str, Callable[[int], Document]] = field(default_factory=dict)

    def __call__(self, story: Plotted) -> Iterator[tuple[str, Document]]:
        """Yields every resource of this share in the story: (resource name, v5 document)."""
        for name, kind in self.kinds.items():
            for number in story.numbers(name):
                yield name, kind.document(number)
