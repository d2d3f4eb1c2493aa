"""A change of a resource -> what the world is told of it; pure, and asked before each write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from common.clock import micros
from common.document import Canonical
from common.events.difference import differences
from common.resource import Resource, Shape
from common.store.base import Announcement, Stored

_NAMES = UUID("8d2c1f0e-6a53-4b0e-9c55-2f6d6a6c9a41")
CREATE, DELETE, STATE, CONTENT = "create", "delete", "stateChange", "attributeValueChange"


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a resource: its shape, and the attributes, in its names, whose change is no change of content: the
    state, and what the server sets at every change."""

    version: str
    shape: Shape
    quiet: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cause:
    """What a change is told with: its moment, the addresses' origin, and what the client called its request."""

    now: datetime
    origin: str
    correlation: str | None


@dataclass(frozen=True, slots=True)
class Announcer:
    """What is told of one resource: `kinds` are the kinds of event that some version's document has for it."""

    resource: Resource
    kinds: frozenset[str]
    sides: tuple[VersionView, ...]

    def created(self, new: Stored, around: Cause) -> Announcement | None:
        """The change that made a resource; None where no document has an event for it."""
        return self._change((CREATE,), {}, new.id, new.revision, around)

    def deleted(self, old: Stored, around: Cause) -> Announcement | None:
        """The change that removed a resource; None where no document has an event for it."""
        return self._change((DELETE,), {}, old.id, old.revision + 1, around)

    def changed(self, old: Stored, new: Stored, around: Cause) -> Announcement | None:
        """The change between two states; None where nothing that is told of has changed."""
        changed = {side.version: _changed(side, old.canonical, new.canonical) for side in self.sides}
        kinds = tuple(self._kinds(old.canonical, new.canonical, any(changed.values())))
        return self._change(kinds, changed, new.id, new.revision, around)

    def _kinds(self, old: Canonical, new: Canonical, content: bool) -> Iterator[str]:
        """What changed first, then what it led to."""
        if content:
            yield CONTENT
        for name, kind in self.resource.events_of_attributes.items():
            if new.document.get(name) is not None and new.document[name] != old.document.get(name):
                yield kind
        status = self.resource.status
        if status and old.document.get(status) != new.document.get(status):
            yield STATE
            reached = self.resource.events_of_states.get(str(new.document.get(status)))
            if reached:
                yield reached

    def _change(
        self,
        kinds: tuple[str, ...],
        changed: dict[str, tuple[str, ...]],
        identifier: str,
        revision: int,
        around: Cause,
    ) -> Announcement | None:
        told = tuple(kind for kind in kinds if kind in self.kinds)
        if not told:
            return None
        # No revision of an id is used twice, so they name the change.
        name = str(uuid5(_NAMES, f"{self.resource.name}/{identifier}/{revision}"))
        return Announcement(name, micros(around.now), told, changed, around.origin, around.correlation or name)


def _changed(side: VersionView, old: Canonical, new: Canonical) -> tuple[str, ...]:
    """The dotted paths, in the version's names, of the content that changed."""
    found = differences(side.shape.down(old), side.shape.down(new))
    return tuple(".".join(path) for path in found if path[0] not in side.quiet)
