"""What documents do not say of an API's resources, read from `ctk/profiles/TMFnnn.yaml`, one file for both versions.

A file is a list of rows. Each names its `resources` and adds some of:

- `text`: the attribute whose text the kit changes, where it is not the one that `ctk.standard.derived.text` takes;
- `state` and `path`: the attribute of the life cycle, and states that follow each other;
- `other_name`: the name of the resource in the other version, where it is another one;
- `mandatory`: what the API's conformance profile asks in every answer, in each version whose schema has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ctk.rows import rows

FOLDER = Path(__file__).resolve().parent.parent / "profiles"
_LISTS = ("path", "mandatory")


@dataclass(frozen=True)
class Addition:
    """Holds what documents do not say of one resource; see the module. Empty is what no row gives."""

    text: str = ""
    state: str = ""
    path: tuple[str, ...] = ()
    other_name: str = ""
    mandatory: tuple[str, ...] = ()


@dataclass(frozen=True)
class Additions:
    """Holds the additions to an API by the name of the resource."""

    by_resource: Mapping[str, Addition] = field(default_factory=dict)

    def of(self, resource: str) -> Addition:
        """Returns what is added to a resource; an empty one where nothing is."""
        return self.by_resource.get(resource, Addition())


def read_additions(file: Path) -> Additions:
    """Returns what a file adds; nothing where there is no such file.

    Raises ValueError where a row has an unknown key, or adds what another row did: the project's own mistake.
    """
    return gathered(rows(file) if file.exists() else [], file.name)


def gathered(given: list[Mapping[str, Any]], file_name: str) -> Additions:
    """Returns the rows of a file by resource. Raises ValueError as `read_additions` does."""
    values: dict[str, dict[str, Any]] = {}
    for row in given:
        added = {key: tuple(value) if key in _LISTS else value for key, value in row.items() if key != "resources"}
        if unknown := added.keys() - Addition.__dataclass_fields__.keys():
            raise ValueError(f"{file_name}: {', '.join(sorted(unknown))} is nothing that a row adds")
        for name in row["resources"]:
            before = values.setdefault(name, {})
            if twice := before.keys() & added.keys():
                raise ValueError(f"{file_name}: two rows add {', '.join(sorted(twice))} to {name}")
            before |= added
    return Additions({name: Addition(**added) for name, added in values.items()})
