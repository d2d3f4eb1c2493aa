"""The rules: numbered, read from `ctk/rules/`, and the assertions that a rule becomes for one server."""

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
    """Says how much is asked: what the official kits ask, what documents and TMF630 demand, everything worth having."""

    certify = 1
    standard = 2
    best = 3


@dataclass(frozen=True)
class Rule:
    """Holds one row of `ctk/rules/AREA.yaml`.

    `per` says what it is asked of, each time anew: the api, each resource, or each item of a kind of the profile
    (`ctk.verdict.ledger`). `needs` are the operations and traits a resource must have. `levels` holds a level per
    version. `source` says who demands it: TMF630 by part and topic, an RFC, a document, or a section of
    docs/protocol.md.
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
    """Holds a rule asked of one API and version, one resource (empty: of the API itself) and one item.

    The item is an attribute, an operation or an event; empty where the rule has no items.
    """

    rule: Rule
    api: str
    resource: str
    item: str
    level: Level

    @property
    def subject(self) -> str:
        """Returns what it is asked of, in one word: `troubleTicket.status`."""
        return ".".join(part for part in (self.resource or self.api, self.item) if part)

    @property
    def key(self) -> tuple[str, str, str]:
        """Returns what distinguishes it from every other assertion of its API and version."""
        return (self.rule.id, self.resource, self.item)


@cache
def rules() -> Mapping[str, Rule]:
    """Returns every rule by its number, in the order of the files.

    Raises ValueError where a number is taken twice or a row is not understood: the project's own mistake.
    """
    by_number: dict[str, Rule] = {}
    for file in sorted(_FOLDER.glob("*.yaml")):
        for row in rows(file)["rules"]:
            rule = _rule(file.stem, row)
            if rule.id in by_number:
                raise ValueError(f"{file.name}: the number {rule.id} is taken already")
            by_number[rule.id] = rule
    return by_number


def _rule(area: str, row: Mapping[str, Any]) -> Rule:
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
