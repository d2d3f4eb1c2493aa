"""What a list is asked for, as values: the one form between the parser and its readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from common.document import Path

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Equals:
    """Some value at `path` (names from the resource's root, in stored names) is one of `values`."""

    path: Path
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of `options` holds."""

    options: tuple[Equals, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: `asked` where the client named it, so that an incomplete answer is told as one (206)."""

    offset: int
    limit: int
    asked: bool


@dataclass(frozen=True, slots=True)
class Query:
    """All conditions hold (AND), each has its options (OR); `fields` are the chosen attribute paths, None for all."""

    conditions: tuple[Either, ...]
    page: Page
    fields: tuple[Path, ...] | None
