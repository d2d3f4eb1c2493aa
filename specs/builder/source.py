"""What a document is built from, read from specs/source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from specs.builder.types import variant

SOURCE = Path(__file__).resolve().parent.parent / "source"
NAMES = tuple(sorted(file.stem for file in SOURCE.glob("TMF*-v?.yaml")))
SUFFIXES = {"v4": ("_Create", "_Update"), "v5": ("_FVO", "_MVO")}


@dataclass(frozen=True, slots=True)
class Source:
    """One document's facts: its file as it is (`own`), the profile of its version, and every type by name in
    shorthand, variants included."""

    name: str
    own: Mapping[str, Any]
    profiles: Mapping[str, Any]
    types: Mapping[str, Any]

    @property
    def version(self) -> str:
        """v4 or v5."""
        return str(self.own["version"])

    @property
    def verbs(self) -> Mapping[str, Any]:
        """What every operation of a kind declares."""
        verbs: Mapping[str, Any] = self.profiles[self.version]["verbs"]
        return verbs


def load(file: Path) -> Any:
    """Returns a YAML file of ours."""
    return yaml.load(file.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # a safe loader


def source(name: str) -> Source:
    """Returns the source of one document: `TMF621-v5`."""
    own = load(SOURCE / f"{name}.yaml")
    shared = load(SOURCE / f"common-{own['version']}.yaml")
    units = {family: dict(shared[family]) for family in own["shared"]} | own["types"]
    for family, subtypes in own.get("subtypes", {}).items():
        units[family]["is"] = {**units[family]["is"], "subtypes": subtypes}
    profiles = load(SOURCE / "profiles.yaml")
    types = _types(units, SUFFIXES[own["version"]])
    return Source(name, own, profiles, {**profiles["patch_types"], **types})


def _types(units: Mapping[str, Any], suffixes: tuple[str, ...]) -> dict[str, Any]:
    """Returns every type and its variants by name, in order."""
    sent = {family + suffix for family, unit in units.items() for suffix in suffixes if suffix in unit}
    made = {family: unit["is"] for family, unit in units.items()}
    for family, unit in units.items():
        for suffix in suffixes:
            if suffix in unit:
                made[family + suffix] = variant(unit["is"], suffix, sent, unit[suffix])
    return dict(sorted(made.items()))
