"""The resources in a MongoDB, over its wire protocol with pymongo's own asyncio API; one collection for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial

from pymongo.errors import DuplicateKeyError, PyMongoError

from common.clock import utc_now
from common.errors import Conflict, NotFound, StoreUnavailable
from common.query.conditions import Query
from common.store.base import Announcement, Indexes, ListResult, Stored
from common.store.connection import Connection, Record, Records, answering
from common.store.indexes import SHARED
from common.store.indexes import keys as index_keys
from common.store.indexes import name as index_name
from common.store.listing import ListLimits, ListReader, PlainReader
from common.store.outbox import DUE, GONE, OUTBOX, outgoing
from common.store.record import DOCUMENT, FORM, FORMS, RESIDUE, from_record, to_record
from common.store.retrying import is_deleted, is_inserted, is_replaced, read_again, write_again
from common.store.secantus import WindowedReader, is_secantus

_IDS_A_TRIP = 1000


class MongoStore:
    """A `Store` over one connection. `reader` reads its lists; where it is None, the first list asks the server which
    one suits it."""

    def __init__(self, connection: Connection, limits: ListLimits, now: Callable[[], datetime] = utc_now):
        self.connection = connection
        self.reader: ListReader | None = None
        self._limits = limits
        self._now = now

    async def insert(self, collection: str, stored: Stored, change: Announcement | None = None) -> None:
        """See Store."""
        record = to_record(stored)
        fields = {**record, **outgoing(record, change)} if change else record
        records = self.connection.collection(collection)

        async def write(is_repeated: bool) -> None:
            try:
                await records.insert_one(fields)
            except DuplicateKeyError as error:
                if is_repeated and is_inserted(await records.find_one({"_id": stored.id}), record, change):
                    return
                if not await self._takes_over(collection, record, change):
                    raise Conflict(f'A {collection} with the id "{stored.id}" exists already.') from error

        async with answering():
            await write_again(write)

    async def _takes_over(self, collection: str, record: Record, change: Announcement | None) -> bool:
        """Puts a new resource in the place of a tombstone; returns False where a resource stands there."""
        place = {"_id": record["_id"], GONE: True}
        update = _update(record, change)
        result = await self.connection.collection(collection).update_one(place, {**update, "$unset": {GONE: 1}})
        return result.matched_count == 1

    async def get(self, collection: str, identifier: str) -> Stored:
        """See Store."""
        records = self.connection.collection(collection)
        async with answering():
            record = await read_again(lambda: records.find_one({"_id": identifier}))
        if record is None or GONE in record:
            raise NotFound(f'There is no {collection} with the id "{identifier}".')
        return from_record(record)

    async def get_many(self, collection: str, identifiers: Iterable[str]) -> Mapping[str, Stored]:
        """See Store."""
        wanted = list(dict.fromkeys(identifiers))
        records = self.connection.collection(collection)
        resources: dict[str, Stored] = {}
        for start in range(0, len(wanted), _IDS_A_TRIP):
            async with answering():
                rows = await read_again(partial(_rows_of, records, wanted[start : start + _IDS_A_TRIP]))
            resources |= {row["_id"]: from_record(row) for row in rows if GONE not in row}
        return resources

    async def replace(self, collection: str, stored: Stored, revision: int, change: Announcement | None = None) -> bool:
        """See Store."""
        place = {"_id": stored.id, "revision": revision}
        records = self.connection.collection(collection)
        record = to_record(stored)
        update = _update(record, change)

        async def write(is_repeated: bool) -> bool:
            if (await records.update_one(place, update)).matched_count:
                return True
            return is_repeated and is_replaced(await records.find_one({"_id": stored.id}), record, change)

        async with answering():
            return await write_again(write)

    async def delete(self, collection: str, stored: Stored, change: Announcement | None = None) -> bool:
        """See Store."""
        place = {"_id": stored.id, "revision": stored.revision}
        records = self.connection.collection(collection)
        # The tombstone has a revision of its own, so that no change meets it that was meant for the resource.
        update = _update({GONE: True, "revision": stored.revision + 1}, change, to_record(stored))
        shed = dict.fromkeys(("created", "updated", DOCUMENT, RESIDUE), 1)

        async def write(is_repeated: bool) -> bool:
            # A record whose changes have not all left stays as a tombstone, whether this deletion is announced or not.
            if change is None and (await records.delete_one({**place, DUE: None})).deleted_count:
                return True
            if (await records.update_one(place, {**update, "$unset": shed})).matched_count:
                return True
            return is_repeated and is_deleted(await records.find_one({"_id": stored.id}), stored)

        async with answering():
            return await write_again(write)

    async def find(self, collection: str, query: Query) -> ListResult:
        """See Store."""
        records = self.connection.collection(collection)
        async with answering():
            return await read_again(lambda: self._find_page(records, query))

    async def _find_page(self, records: Records, query: Query) -> ListResult:
        if self.reader is None:
            self.reader = await self._suiting_reader(records)
        return await self.reader.find_page(records, query)

    async def _suiting_reader(self, records: Records) -> ListReader:
        if is_secantus(await records.database.command("buildInfo")):
            return WindowedReader(self._limits, self._now)
        return PlainReader(self._limits)

    async def ping(self) -> None:
        """See Store."""
        database = self.connection.collection("ping").database
        try:
            await read_again(lambda: database.command("ping"))
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
        """Writes anew what a former release kept in another form, and notes that it was done."""
        forms = self.connection.collection(FORMS)
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


def _update(values: Record, change: Announcement | None, last: Record | None = None) -> Record:
    """Returns the update that sets `values` of a record, and adds `change` to its outbox behind what lies there. The
    change tells of `last`, where that is given, else of the values."""
    sets = {name: value for name, value in values.items() if name != "_id"}
    if change is None:
        return {"$set": sets}
    added = outgoing(last or values, change)
    return {"$set": {**sets, DUE: added[DUE]}, "$push": {OUTBOX: {"$each": added[OUTBOX]}}}


async def _rows_of(records: Records, identifiers: list[str]) -> list[Record]:
    return await records.find({"_id": {"$in": identifiers}}).batch_size(len(identifiers) + 1).to_list()
