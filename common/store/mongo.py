"""The store over MongoDB's wire protocol, with pymongo's own asyncio API; one collection a resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, PyMongoError

from common.clock import micros, utc_now
from common.errors import Conflict, NotFound, StoreUnavailable
from common.query.conditions import Query
from common.store.base import Announcement, Found, Indexes, Stored
from common.store.connection import Connection, answering
from common.store.indexes import SHARED
from common.store.indexes import keys as index_keys
from common.store.indexes import name as index_name
from common.store.listing import Reach, find_page
from common.store.outbox import DUE, GONE, OUTBOX, outgoing
from common.store.record import DOCUMENT, FORM, RESIDUE, from_record, to_record

_FORMS = "record_forms"


def note_form(database: Database[dict[str, Any]], collections: Iterable[str]) -> None:
    """For a tool that fills a database: notes that collections which are still empty keep the present form."""
    for name in collections:
        if database[name].find_one({}, {"_id": 1}) is None:
            database[_FORMS].replace_one({"_id": name}, {"form": FORM}, upsert=True)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far one list may go: seconds for each question to the server, matches counted for a total."""

    seconds: int
    count: int


_BOUNDS = Bounds(10, 10_000)


class MongoStore:
    """A `Store`; the client is made at its first use, in the process and event loop that use it."""

    def __init__(self, uri: str, database: str, bounds: Bounds = _BOUNDS, now: Callable[[], datetime] = utc_now):
        self.connection = Connection(uri, database)
        self._bounds = bounds
        self._now = now
        self._reach: Reach | None = None

    async def insert(self, collection: str, stored: Stored, change: Announcement | None = None) -> None:
        """See Store."""
        record = to_record(stored)
        records = self.connection.collection(collection)
        async with answering():
            try:
                await records.insert_one({**record, **outgoing(record, change)} if change else record)
            except DuplicateKeyError as error:
                if not await self._takes_over(collection, record, change):
                    raise Conflict(f'A {collection} with the id "{stored.id}" exists already.') from error

    async def _takes_over(self, collection: str, record: dict[str, Any], change: Announcement | None) -> bool:
        """Puts a new resource in the place of a deleted one whose last event has not left yet."""
        place = {"_id": record["_id"], GONE: True}
        update = _update(record, change)
        done = await self.connection.collection(collection).update_one(place, {**update, "$unset": {GONE: 1}})
        return done.matched_count == 1

    async def get(self, collection: str, identifier: str) -> Stored:
        """See Store."""
        async with answering():
            record = await self.connection.collection(collection).find_one({"_id": identifier})
        if record is None or GONE in record:
            raise NotFound(f'There is no {collection} with the id "{identifier}".')
        return from_record(record)

    async def replace(self, collection: str, stored: Stored, revision: int, change: Announcement | None = None) -> bool:
        """See Store."""
        place = {"_id": stored.id, "revision": revision}
        async with answering():
            update = _update(to_record(stored), change)
            done = await self.connection.collection(collection).update_one(place, update)
        return done.matched_count == 1

    async def delete(self, collection: str, stored: Stored, change: Announcement | None = None) -> bool:
        """See Store."""
        place = {"_id": stored.id, "revision": stored.revision}
        records = self.connection.collection(collection)
        async with answering():
            # A record that has still something to tell stays as a tombstone, told of or not.
            if change is None and (await records.delete_one({**place, DUE: None})).deleted_count:
                return True
            # The tombstone has a revision of its own, so that no change meets it that was meant for the resource.
            update = _update({GONE: True, "revision": stored.revision + 1}, change, to_record(stored))
            shed = dict.fromkeys(("created", "updated", DOCUMENT, RESIDUE), 1)
            return (await records.update_one(place, {**update, "$unset": shed})).matched_count == 1

    async def find(self, collection: str, query: Query) -> Found:
        """See Store."""
        async with answering():
            records = self.connection.collection(collection)
            if self._reach is None:
                built = await records.database.command("buildInfo")
                self._reach = Reach(self._bounds.seconds * 1000, self._bounds.count, walks="secantusVersion" in built)
            return await find_page(records, query, self._reach, micros(self._now()))

    async def ping(self) -> None:
        """See Store."""
        try:
            await self.connection.collection("ping").database.command("ping")
        except PyMongoError as error:
            raise StoreUnavailable() from error

    async def prepare(self, indexes: Indexes) -> None:
        """See Store."""
        async with answering():
            for name, declared in indexes.items():
                await self._renew(name)
                for index in (*SHARED, *declared):
                    await self.connection.collection(name).create_index(index_keys(index), name=index_name(index))

    async def _renew(self, name: str) -> None:
        """Writes anew what a former release kept in another form; a note tells that it was done."""
        forms = self.connection.collection(_FORMS)
        if await forms.find_one({"_id": name, "form": FORM}):
            return
        records = self.connection.collection(name)
        async for record in records.find({GONE: None}):
            stored = from_record(record)
            await records.update_one({"_id": stored.id, "revision": stored.revision}, _update(to_record(stored), None))
        with suppress(DuplicateKeyError):
            await forms.replace_one({"_id": name}, {"form": FORM}, upsert=True)

    async def close(self) -> None:
        """See Store."""
        await self.connection.close()


def _update(values: dict[str, Any], change: Announcement | None, last: dict[str, Any] | None = None) -> dict[str, Any]:
    """The update that sets `values` of a record and adds the change, about `last` or the values themselves, to its
    outbox; what lies there already stays."""
    sets = {name: value for name, value in values.items() if name != "_id"}
    if change is None:
        return {"$set": sets}
    added = outgoing(last or values, change)
    return {"$set": {**sets, DUE: added[DUE]}, "$push": {OUTBOX: {"$each": added[OUTBOX]}}}
