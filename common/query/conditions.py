"""What a list is asked for, as values: the one form between the parsers and its readers.

A path is names alone. Where an array lies on it, a condition on the path holds if it holds for some element; a name
that meets no object leads nowhere. Text, numbers, truth values and instants are compared within their own kind, never
across: `Compare(path, "gt", 5)` does not hold for the text "7".

Two readers give these conditions the same meaning: `common.query.matcher` over a document in memory,
`common.store.mongo_query` over the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from common.document import Path


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, in microseconds since 1970 (UTC): equal to every text that writes it, whatever the offset."""

    micros: int


LONGEST_SEARCHED = 10_000

Scalar = str | int | float | bool | Moment | None
Operator = Literal["gt", "gte", "lt", "lte"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that cannot explode (`common.query.pattern`), searched anywhere in a text; it means the same
    to Python and to the store."""

    text: str
    ignore_case: bool = False

    @property
    def searched(self) -> str:
        """The expression as every reader searches it. What repeats something may cost the square of a text's length,
        and no time limit stops a server inside one text: it is found in texts of up to 10,000 characters alone."""
        repeats = any(sign in self.text for sign in "*+{")
        return rf"\A(?![\s\S]{{{LONGEST_SEARCHED + 1}}})[\s\S]*?(?:{self.text})" if repeats else self.text


@dataclass(frozen=True, slots=True)
class OneOf:
    """Some value at `path` equals one of `values`; None equals null alone, not an absence."""

    path: Path
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Some value at `path` is of the kind of `value` (text, number, instant) and lies on that side of it."""

    path: Path
    operator: Operator
    value: str | int | float | Moment


@dataclass(frozen=True, slots=True)
class Matching:
    """Some text at `path` matches `pattern`."""

    path: Path
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Present:
    """Something stands at `path`, null included."""

    path: Path


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the array at `path`, an object, meets `condition`, whose paths begin there and are not empty."""

    path: Path
    condition: Condition


@dataclass(frozen=True, slots=True)
class Every:
    """All `parts` hold; without parts it always holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of `parts` holds; without parts it never does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`part` does not hold."""

    part: Condition


Condition = OneOf | Compare | Matching | Present | Element | Every | Either | Not
ALWAYS = Every(())


def size(condition: Condition) -> int:
    """Returns how many values a condition compares with, and things it asks for."""
    match condition:
        case Every(parts) | Either(parts):
            return sum(size(part) for part in parts)
        case Not(part):
            return size(part)
        case Element(_, inner):
            return size(inner)
        case OneOf(_, values):
            return len(values)
        case _:
            return 1


@dataclass(frozen=True, slots=True)
class Order:
    """One key of an order; `instants` where it orders date-times. What has no value at `path`, or null, comes first
    upwards and last downwards."""

    path: Path
    descending: bool
    instants: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource stands in an ordered list: its values at the order's paths (instants as microseconds), then its
    creation (microseconds since 1970) and its id, which no two resources share."""

    values: tuple[str | int | float | bool | None, ...]
    created: int
    id: str


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: `asked` where the client named it, so that an incomplete answer is told as one (206);
    `by_place` where it goes from place to place instead of counting. `after`, `before`: the places between which it
    lies, both exclusive; with `before` alone it is the part that ends there."""

    offset: int
    limit: int
    asked: bool
    by_place: bool = False
    after: Place | None = None
    before: Place | None = None

    @property
    def is_backwards(self) -> bool:
        """Whether it is read from its end, a place, towards the beginning."""
        return self.before is not None and self.after is None


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for: which resources, in which order (ties, and all where `order` is empty, newest first, then by
    id downwards), which part of them, and the chosen attribute paths, None for all."""

    condition: Condition
    page: Page
    order: tuple[Order, ...] = ()
    fields: tuple[Path, ...] | None = None
