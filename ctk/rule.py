"""What the kit asks: numbered rules, read from `ctk/rules/`, and the assertions a rule becomes for one server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

from ctk.rows import rows

_FOLDER = Path(__file__).resolve().parent / "rules"
VERSIONS = ("v4", "v5")


class Level(IntEnum):
    """How much is asked: what the official kits ask, what documents and TMF630 demand, everything worth having."""

    certify = 1
    standard = 2
    best = 3


@dataclass(frozen=True)
class Rule:
    """One row of `ctk/rules/AREA.yaml`.

    `per` says what it is asked of, each time anew: the api, each resource, or each item of a kind of the profile
    (`ctk.plan`). `needs` are the operations and traits a resource must have. `levels` holds a level per version.
    """

    id: str
    area: str
    name: str
    levels: Mapping[str, Level] = field(hash=False)
    per: str
    needs: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Assertion:
    """A rule asked of one resource (none: of the API) of one API and version, and of one item of it (an attribute, an
    operation, an event), where the rule has items."""

    rule: Rule
    api: str
    resource: str
    item: str
    level: Level

    @property
    def subject(self) -> str:
        """What it is asked of, in one word: `troubleTicket.status`."""
        return ".".join(part for part in (self.resource or self.api, self.item) if part)

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other assertion of its API and version."""
        return (self.rule.id, self.resource, self.item)


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its number, in the order of the files.

    Raises ValueError where a number is taken twice or a row is not understood: the project's own mistake.
    """
    found: dict[str, Rule] = {}
    for file in sorted(_FOLDER.glob("*.yaml")):
        for row in rows(file)["rules"]:
            one = _read(file.stem, row)
            if one.id in found:
                raise ValueError(f"{file.name}: the number {one.id} is taken already")
            found[one.id] = one
    return found


def _read(area: str, row: Mapping[str, Any]) -> Rule:
    unknown = set(row) - {"id", "name", "level", "per", "needs", "source"}
    if unknown:
        raise ValueError(f"{area}: {row.get('id')} has {', '.join(sorted(unknown))}, which no rule has")
    level = row["level"]
    levels = level if isinstance(level, dict) else dict.fromkeys(VERSIONS, level)
    return Rule(
        id=row["id"],
        area=area,
        name=row["name"],
        levels={version: Level[name] for version, name in levels.items()},
        per=row["per"],
        needs=tuple(row.get("needs", ())),
        source=row["source"],
    )
