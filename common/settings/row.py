"""One setting as a row of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import fields


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: its name, the environment variables that set it (the first one that is set counts),
    its default as one would write it ('' for none), what turns its text into a value, and what it means.

    `attribute`: its name in the class of its group, where that is another than `name`.
    `flag`: whether `tmf serve` also takes it as a flag. `secret`: its value is never shown.
    `empty`: its value where neither text nor default says anything.
    """

    name: str
    variables: tuple[str, ...]
    default: str
    field: fields.Field[Any]
    meaning: str
    flag: bool = False
    secret: bool = False
    empty: Any = None
    attribute: str = ""

    @property
    def field_name(self) -> str:
        """The attribute of its group's class."""
        return self.attribute or self.name

    @property
    def flag_name(self) -> str:
        """The flag of `tmf serve`: --data-dir."""
        return "--" + self.name.replace("_", "-")
