"""Values of attributes as conditions know them: where they stand, their kind, their spelling in a query."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from typing import Any
from urllib.parse import quote

from ctk.standard.document import Attribute, Document, Node
from ctk.standard.profile import Resource

MOST = 918273645
LONG_AGO = "1907-03-04T05:06:07Z"


def values(node: Any, path: Sequence[str]) -> list[Any]:
    """Returns every single value at a path, of each element where arrays stand on the way."""
    if isinstance(node, list):
        return [value for element in node for value in values(element, path)]
    if path:
        return values(node[path[0]], path[1:]) if isinstance(node, dict) and path[0] in node else []
    return [] if isinstance(node, dict) or node is None else [node]


def instant(value: Any) -> datetime | None:
    """Returns the instant that a text names. Returns None where it names none."""
    try:
        when = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def moment(when: datetime, hours: int = 0) -> str:
    """Returns an instant as a text, with an offset from UTC of so many hours."""
    text = when.astimezone(timezone(timedelta(hours=hours))).isoformat()
    return text if hours else text.replace("+00:00", "Z")


def parameter(name: str, value: str, sign: str = "=") -> str:
    """Returns a parameter of a query, encoded."""
    return f"{quote(name, safe='@.')}{sign}{quote(value, safe='')}"


@dataclass(frozen=True)
class FilterAttribute:
    """Holds an attribute that conditions name by its dotted path, as the document declares it (None: not at all)."""

    name: str
    declared: Attribute | None

    @cached_property
    def path(self) -> tuple[str, ...]:
        """Returns the steps to it."""
        return tuple(self.name.split("."))

    def kind(self, value: Any) -> str:
        """Returns what a value of it is: `boolean`, `number`, `moment` or `text`."""
        if isinstance(value, bool):
            return "boolean"
        if isinstance(value, int | float):
            return "number"
        dated = self.declared is not None and self.declared.format in ("date-time", "date")
        return "moment" if dated and instant(value) else "text"

    @property
    def enum(self) -> tuple[Any, ...]:
        """Returns the values that it may have, where those are counted; else an empty tuple."""
        return self.declared.enum if self.declared else ()

    def same(self, value: Any, other: Any) -> bool:
        """Returns whether two values are the same to a condition."""
        kind = self.kind(other)
        if kind != self.kind(value):
            return False
        return instant(value) == instant(other) if kind == "moment" else bool(value == other)

    def matches(self, body: Any, value: Any) -> bool:
        """Returns whether a resource meets the condition that this attribute is a value."""
        return any(self.same(actual, value) for actual in values(body, self.path))

    def absent(self, value: Any, unique: str) -> Any:
        """Returns another value than this one, which as a rule nothing has."""
        kind = self.kind(value)
        if kind == "boolean":
            return not value
        if self.enum:
            return next((member for member in self.enum if member != value), value)
        if self.name == "id":
            digits = str.maketrans("0123456789", "1234567890")
            return value.translate(digits) if any(c.isdigit() for c in value) else f"{value}-{unique}"
        return {"number": MOST, "moment": LONG_AGO}.get(kind, f"nothing-{unique}")

    def after(self, value: Any, steps: int = 1) -> Any:
        """Returns a value after this one, or before it where `steps` is negative. Returns None where there is none."""
        kind = self.kind(value)
        if kind == "number":
            return value + steps
        if kind == "moment":
            return moment((instant(value) or datetime.now(UTC)) + timedelta(days=steps))
        return None if kind == "boolean" else f"{value}-b" if steps > 0 else value[:-1] or None


def spelt(value: Any) -> str:
    """Returns a value as the text of a query."""
    return value if isinstance(value, str) else json.dumps(value)


def literal(value: Any) -> str:
    """Returns a value as JSONPath writes it."""
    if not isinstance(value, str):
        return json.dumps(value)
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def pattern(text: str) -> str:
    """Returns a regular expression that finds a text."""
    return "".join(f"\\{sign}" if sign in "\\.^$*+?()[]{}|" else sign for sign in text)


def ending(text: str) -> str:
    """Returns a regular expression that finds what ends as a text does."""
    return f"{pattern(text[-60:])}$"


def plain(value: Any) -> Any:
    """Returns a value without commas, which some servers take for alternatives."""
    return value.replace(",", "") if isinstance(value, str) else value


def filter_attribute(document: Document, resource: Resource, name: str) -> FilterAttribute:
    """Returns an attribute of a resource by its dotted path."""
    node: Node = document.schema(resource.schema)
    declared: Attribute | None = None
    for step in name.split("."):
        declared = document.attributes(node).get(step)
        if declared is None:
            return FilterAttribute(name, None)
        node = declared.node
    return FilterAttribute(name, declared)
