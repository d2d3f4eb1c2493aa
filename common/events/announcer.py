"""A change of a resource -> what the world is told of it; pure, and asked before each write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid5

from common.change import Change
from common.clock import micros
from common.document import Canonical
from common.events.difference import differences
from common.resource import Resource, Shape
from common.store.base import Announcement

_NAMES = UUID("8d2c1f0e-6a53-4b0e-9c55-2f6d6a6c9a41")
CREATE, DELETE, STATE, CONTENT = "create", "delete", "stateChange", "attributeValueChange"


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a resource, as its announcements speak of it.

    `name`: what an announcement calls the version (`Version.name`, or as `Channel.version_key` says).
    `shape`: how the version shows the stored resource.
    `quiet`: attributes, in the version's names, whose change is no change of content: the state, and what the server
    sets at every change.
    """

    name: str
    shape: Shape
    quiet: frozenset[str]

    def changed(self, old: Canonical, new: Canonical) -> tuple[str, ...]:
        """Returns the dotted paths, in the version's names, of the content that differs."""
        paths = differences(self.shape.down(old), self.shape.down(new))
        return tuple(".".join(path) for path in paths if path[0] not in self.quiet)


@dataclass(frozen=True, slots=True)
class Announcer:
    """Announces the changes of one resource; `kinds` are the kinds of event that some version's document has for it."""

    resource: Resource
    kinds: frozenset[str]
    versions: tuple[VersionView, ...]

    def announcement(self, change: Change) -> Announcement | None:
        """Returns what a change is announced as. Returns None where no document has an event for it."""
        if change.before is None:
            return self._announced(change, (CREATE,), {})
        if change.after is None:
            return self._announced(change, (DELETE,), {})
        old, new = change.before.canonical, change.after.canonical
        changed = {version.name: version.changed(old, new) for version in self.versions}
        return self._announced(change, tuple(self._kinds(old, new, any(changed.values()))), changed)

    def _kinds(self, old: Canonical, new: Canonical, content: bool) -> Iterator[str]:
        """Yields what changed first, then what it led to."""
        if content:
            yield CONTENT
        for name, kind in self.resource.events_of_attributes.items():
            if new.document.get(name) is not None and new.document[name] != old.document.get(name):
                yield kind
        status = self.resource.status
        if status and old.document.get(status) != new.document.get(status):
            yield STATE
            kind_of_state = self.resource.events_of_states.get(str(new.document.get(status)))
            if kind_of_state:
                yield kind_of_state

    def _announced(
        self, change: Change, kinds: tuple[str, ...], changed: dict[str, tuple[str, ...]]
    ) -> Announcement | None:
        documented = tuple(kind for kind in kinds if kind in self.kinds)
        if not documented:
            return None
        cause = change.cause
        # No revision of an id is used twice, so they name the change.
        name = str(uuid5(_NAMES, f"{self.resource.collection}/{change.identifier}/{change.revision}"))
        return Announcement(name, micros(cause.at), documented, changed, cause.origin, cause.correlation or name)
