"""Profiles: what each API and version is asked for, read from `ctk/profiles/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ctk.rows import rows
from ctk.rule import Level

_FOLDER = Path(__file__).resolve().parent / "profiles"


@dataclass(frozen=True)
class Row:
    """One line of a profile: an attribute or operation, the source that asks for it, and what the line adds."""

    name: str
    source: str
    when: str = ""
    level: Level | None = None
    mandatory: bool = False


@dataclass(frozen=True)
class Event:
    """An event type: the resource it is about, what causes it, where its content stands (`event.troubleTicket`), and
    its schema in the document."""

    type: str
    resource: str
    cause: str
    content: tuple[str, ...]
    schema: str
    source: str

    @property
    def listener(self) -> str:
        """The last part of its listener path."""
        return self.source.rpartition("/")[2]


@dataclass(frozen=True)
class Resource:
    """What is asked of one resource.

    `mandatory` stand in every answer, `conditional` where their `when` does, `required` are asked of a creation,
    `server` are set by the server, `protected` cannot be patched. `text` is an attribute whose text anybody may change;
    `state` the attribute of its life cycle, none where it is empty, and `path` states that follow each other. `twin` is
    its name in the other version.
    """

    name: str
    schema: str
    text: str
    state: str
    path: tuple[str, ...]
    twin: str
    operations: Mapping[str, Row]
    mandatory: Mapping[str, Row]
    conditional: Mapping[str, Row]
    required: Mapping[str, Row]
    server: Mapping[str, Row]
    protected: Mapping[str, Row]
    filters: Mapping[str, Row]

    def has(self, *words: str) -> bool:
        """Whether it has these operations and traits; a trait is `state`."""
        traits = {"state"} if self.state else set[str]()
        return set(words) <= set(self.operations) | traits

    def next_state(self, current: Any) -> str:
        """The state that follows this one in a usual life; the second one where this one is not known."""
        known = list(self.path)
        return known[min(known.index(current) + 1, len(known) - 1)] if current in known else known[1]


@dataclass(frozen=True)
class Profile:
    """What is asked of one API in one version; `base` is the path where the standard expects it."""

    api: str
    version: str
    title: str
    base: str
    resources: Mapping[str, Resource]
    events: Mapping[str, Event]

    @property
    def name(self) -> str:
        """The name of its document: `TMF621-v5`."""
        return f"{self.api}-{self.version}"

    @property
    def other(self) -> str:
        """The name of the same API in the other version."""
        return f"{self.api}-{'v5' if self.version == 'v4' else 'v4'}"

    def events_of(self, resource: str) -> tuple[Event, ...]:
        """The event types about one resource."""
        return tuple(event for event in self.events.values() if event.resource == resource)


@cache
def profiles() -> Mapping[str, Profile]:
    """Every profile by its name."""
    return {file.stem: _profile(rows(file)) for file in sorted(_FOLDER.glob("*.yaml"))}


def _profile(data: Mapping[str, Any]) -> Profile:
    return Profile(
        data["api"],
        data["version"],
        data["title"],
        data["base"],
        {name: _resource(name, inner) for name, inner in data["resources"].items()},
        {
            name: Event(
                name, row["resource"], row["cause"], tuple(row["content"].split(".")), row["schema"], row["source"]
            )
            for name, row in data["events"].items()
        },
    )


def _resource(name: str, data: Mapping[str, Any]) -> Resource:
    state = data.get("state", {})
    rows = ("operations", "mandatory", "conditional", "required", "server", "protected", "filters")
    return Resource(
        name,
        data["schema"],
        data["text"],
        state.get("attribute", ""),
        tuple(state.get("path", ())),
        data.get("twin", name),
        **{kind: {key: _row(key, told) for key, told in data[kind].items()} for kind in rows},
    )


def _row(name: str, told: str | Mapping[str, Any]) -> Row:
    if isinstance(told, str):
        return Row(name, told)
    level = Level[told["level"]] if "level" in told else None
    return Row(name, told["source"], told.get("when", ""), level, told.get("mandatory", False))
