"""The one way a resource changes, whoever asks: server-set attributes, announcement, one write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from common import entity
from common.change import Cause, Change
from common.clock import micros
from common.document import Canonical
from common.events.announcer import Announcer
from common.resource import Resource
from common.store.base import Announcement, Store, Stored


@dataclass(frozen=True, slots=True)
class Kept:
    """A resource as it is kept after a change; `warnings` are sentences for who asked."""

    stored: Stored
    warnings: tuple[str, ...] = ()


class Changes:
    """Inserts, replaces and deletes resources below HTTP.

    `announcers`: by collection, for the resources that have events. Every method raises StoreUnavailable where the
    store does not answer.
    """

    def __init__(self, store: Store, announcers: Mapping[str, Announcer]):
        self._store = store
        self._announcers = announcers

    async def insert(self, resource: Resource, canonical: Canonical, identifier: str, cause: Cause) -> Kept:
        """Keeps a new resource; `canonical` is its content in the stored shape. Raises Conflict where the id is
        taken."""
        document = entity.born(resource, canonical.document, identifier, cause.at)
        moment = micros(cause.at)
        stored = Stored(identifier, moment, moment, moment, Canonical(document, canonical.residue))
        await self._store.insert(resource.collection, stored, self._announcement(Change(resource, None, stored, cause)))
        return Kept(stored)

    async def replace(self, resource: Resource, stored: Stored, canonical: Canonical, cause: Cause) -> Kept | None:
        """Keeps `canonical` as the content of the resource that was read as `stored`, one revision on. Returns None
        where that is not the present revision any more: read the resource again and repeat the change."""
        document = entity.changed(resource, stored.canonical.document, canonical.document, cause.at)
        content = Canonical(document, canonical.residue)
        new = Stored(stored.id, stored.revision + 1, stored.created, micros(cause.at), content)
        announcement = self._announcement(Change(resource, stored, new, cause))
        if await self._store.replace(resource.collection, new, stored.revision, announcement):
            return Kept(new)
        return None

    async def delete(self, resource: Resource, stored: Stored, cause: Cause) -> bool:
        """Removes the resource that was read as `stored`. Returns False where that is not its present revision."""
        announcement = self._announcement(Change(resource, stored, None, cause))
        return await self._store.delete(resource.collection, stored, announcement)

    def _announcement(self, change: Change) -> Announcement | None:
        announcer = self._announcers.get(change.resource.collection)
        return announcer.announcement(change) if announcer else None
