"""What a list may be asked in: the attributes of one resource in one version, and the limits of one request."""

from __future__ import annotations

from dataclasses import dataclass

from common.document import Path
from common.errors import InvalidQuery
from common.schema.flat import Attribute, Attributes
from common.schema.messages import nearest

_MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class FilterLimits:
    """What one JSONPath may have: characters, filters and parentheses inside each other, characters of a pattern."""

    length: int
    depth: int
    pattern: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What one list may ask for: elements of a page by default and at most, elements passed over at most, conditions at
    most, steps of an attribute path at most, and what a JSONPath may have; `filter.pattern` bounds every regular
    expression."""

    page_default: int
    page_most: int
    skip: int
    conditions: int
    filter: FilterLimits


@dataclass(frozen=True, slots=True)
class Language:
    """The attributes one resource knows in one version, and whether its lists know cursors (`before`, `after`)."""

    attributes: Attributes
    has_cursors: bool

    def attribute(self, path: Path, parameter: str = "") -> Attribute:
        """Returns what is declared at the path. Raises InvalidQuery with the nearest names where nothing is.
        `parameter`: the one whose value names the path, where it is not the parameter's own name."""
        attribute = self.attributes.find(path) if len(path) <= _MOST_STEPS else None
        if attribute is None or _has_position(path):
            where = f"{parameter}: " if parameter else ""
            raise InvalidQuery(f'{where}No attribute "{".".join(path)[:200]}" is declared here.{self._hint(path)}')
        return attribute

    def _hint(self, path: Path) -> str:
        """Returns the nearest names at the first step that leads nowhere."""
        if len(path) > _MOST_STEPS:
            return f" A path has {_MOST_STEPS} steps at most."
        depth = next((cut for cut in range(len(path) - 1, 0, -1) if self.attributes.find(path[:cut])), 0)
        near = nearest(path[depth], self.attributes.names_below(path[:depth]))
        return f" The {near}." if near else ""


def _has_position(path: Path) -> bool:
    """Returns whether a step is all digits, which a store would take for an array's position."""
    return any(name.isascii() and name.isdigit() for name in path)
