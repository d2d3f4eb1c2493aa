"""The outbox: where a record keeps the changes whose events have not left it yet, in the write of each change.

Beside the resource a record has `outbox`, its changes in their order, and `due`, by which such records are found. An
entry is `{id, at, revision, kinds, changed, origin, correlation, document, residue}`: the change, and the resource as
it then was, in the form in which records keep it (large ones packed, as `_snapshot` says). A deleted resource's record
stays as `{_id, revision, gone, due, outbox}` until its last event has left.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import bson
from pymongo import UpdateOne
from pymongo.operations import DeleteOne

from common.store.base import Announcement
from common.store.connection import Connection, answering
from common.store.record import DOCUMENT, RESIDUE

OUTBOX, DUE, GONE, PACKED = "outbox", "due", "gone", "packed"
_LARGE = 32_768
Entry = dict[str, Any]


def outgoing(record: dict[str, Any], change: Announcement) -> dict[str, Any]:
    """What a record has besides when the change leaves it as it is: `outbox` with this one entry, and `due`."""
    entry = {**asdict(change), "revision": record["revision"], **_snapshot(record)}
    return {OUTBOX: [entry], DUE: 1}


def _snapshot(record: dict[str, Any]) -> dict[str, Any]:
    """The resource as it now is: its document and residue, or both in one packed field where they are large, for a
    record, its changes included, is kept up to 16 MB alone."""
    plain = {DOCUMENT: record[DOCUMENT], RESIDUE: record[RESIDUE]}
    written = bson.encode(plain)
    return plain if len(written) <= _LARGE else {PACKED: zlib.compress(written, 1)}


def snapshot(entry: Entry) -> dict[str, Any]:
    """The inverse of what `outgoing` does with document and residue."""
    if PACKED in entry:
        return bson.decode(zlib.decompress(entry[PACKED]))
    return {DOCUMENT: entry[DOCUMENT], RESIDUE: entry[RESIDUE]}


@dataclass(frozen=True, slots=True)
class Held:
    """One record with an outbox: its collection, its id, the revision it was read at, its entries in their order."""

    collection: str
    key: str
    revision: int
    is_gone: bool
    entries: tuple[Entry, ...]


class Outboxes:
    """The outboxes of the collections of one database."""

    def __init__(self, connection: Connection):
        self._connection = connection

    async def read(self, collection: str, most: int) -> list[Held]:
        """At most so many records of a collection that hold changes. Raises StoreUnavailable."""
        shown = {OUTBOX: 1, "revision": 1, GONE: 1}
        async with answering():
            found = await self._connection.collection(collection).find({DUE: 1}, shown).limit(most).to_list()
        return [Held(collection, one["_id"], one["revision"], GONE in one, tuple(one.get(OUTBOX, ()))) for one in found]

    async def clear(self, collection: str, taken: Iterable[Held]) -> None:
        """Takes away the entries that were read; a record that has changed since keeps its newer ones. The tombstone of
        a deleted resource goes. Raises StoreUnavailable."""
        held = list(taken)
        writes = [_cleared(one) for one in held]
        async with answering():
            records = self._connection.collection(collection)
            done = await records.bulk_write(writes, ordered=False)
            if done.modified_count + done.deleted_count < len(writes):
                await records.bulk_write([_pulled(one) for one in held], ordered=False)


def _cleared(one: Held) -> UpdateOne | DeleteOne:
    place = {"_id": one.key, "revision": one.revision}
    return DeleteOne({**place, GONE: True}) if one.is_gone else UpdateOne(place, {"$unset": {OUTBOX: 1, DUE: 1}})


def _pulled(one: Held) -> UpdateOne:
    """For a record that has changed meanwhile; one without an outbox has nothing to pull."""
    ids = [entry["id"] for entry in one.entries]
    place = {"_id": one.key, f"{OUTBOX}.id": {"$in": ids}}
    return UpdateOne(place, {"$pull": {OUTBOX: {"id": {"$in": ids}}}})
