"""The store over MongoDB's wire protocol, with pymongo's own asyncio API; one collection a resource."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import AsyncMongoClient, MongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.database import Database
from pymongo.errors import (
    ConnectionFailure,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    PyMongoError,
    WTimeoutError,
)
from pymongo.uri_parser import parse_uri

from common.clock import micros, utc_now
from common.errors import BodyTooLarge, Conflict, NotFound, StoreUnavailable
from common.query.conditions import Query
from common.store.base import Found, Indexes, Stored
from common.store.indexes import NEWEST_FIRST
from common.store.indexes import keys as index_keys
from common.store.indexes import name as index_name
from common.store.listing import Reach, find_page
from common.store.record import FORM, from_record, to_record

_LOG = logging.getLogger(__name__)
_FORMS = "record_forms"
_AWAY = (ConnectionFailure, ExecutionTimeout, WTimeoutError)
# A refused or silent server is told within two seconds by the selection; the driver's heartbeat waits for the connect
# timeout, and a short one would take a busy server for a dead one and cancel what is under way.
_OPTIONS: dict[str, Any] = {"serverSelectionTimeoutMS": 2000, "socketTimeoutMS": 30_000}


def client_options(uri: str) -> dict[str, Any]:
    """What every client of the suite sets beside the URI: journalled writes, bounded waits; the URI's own word wins."""
    given = {name.lower() for name in parse_uri(uri, validate=False, warn=False)["options"]}
    durable = {} if given & {"journal", "j"} else {"journal": True}
    return {**{name: value for name, value in _OPTIONS.items() if name.lower() not in given}, **durable}


def connect(uri: str) -> MongoClient[dict[str, Any]]:
    """A plain client, for tools."""
    return MongoClient(uri, **client_options(uri))


def note_form(database: Database[dict[str, Any]], collections: Iterable[str]) -> None:
    """For a tool that fills a database: notes that collections which are still empty keep the present form."""
    for name in collections:
        if database[name].find_one({}, {"_id": 1}) is None:
            database[_FORMS].replace_one({"_id": name}, {"form": FORM}, upsert=True)


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    """Turns the driver's ways of saying that the server is away, or the document too large, into ours."""
    try:
        yield
    except DocumentTooLarge as error:
        raise BodyTooLarge("The resource would be larger than the store keeps one, 16 MB.") from error
    except _AWAY as error:
        _LOG.warning("The store does not answer: %s", type(error).__name__)
        raise StoreUnavailable() from error


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far one list may go: seconds for each question to the server, matches counted for a total."""

    seconds: int
    count: int


_BOUNDS = Bounds(10, 10_000)


class MongoStore:
    """A `Store`; the client is made at its first use, in the process and event loop that use it."""

    def __init__(self, uri: str, database: str, bounds: Bounds = _BOUNDS, now: Callable[[], datetime] = utc_now):
        self._uri = uri
        self._name = database
        self._bounds = bounds
        self._now = now
        self._reach: Reach | None = None
        self._client: AsyncMongoClient[dict[str, Any]] | None = None

    def _collection(self, name: str) -> AsyncCollection[dict[str, Any]]:
        if self._client is None:
            self._client = AsyncMongoClient(self._uri, **client_options(self._uri))
        return self._client[self._name][name]

    async def insert(self, collection: str, stored: Stored) -> None:
        """See Store."""
        async with _answering():
            try:
                await self._collection(collection).insert_one(to_record(stored))
            except DuplicateKeyError as error:
                raise Conflict(f'A {collection} with the id "{stored.id}" exists already.') from error

    async def get(self, collection: str, identifier: str) -> Stored:
        """See Store."""
        async with _answering():
            record = await self._collection(collection).find_one({"_id": identifier})
        if record is None:
            raise NotFound(f'There is no {collection} with the id "{identifier}".')
        return from_record(record)

    async def replace(self, collection: str, stored: Stored, revision: int) -> bool:
        """See Store."""
        async with _answering():
            place = {"_id": stored.id, "revision": revision}
            done = await self._collection(collection).replace_one(place, to_record(stored))
        return done.matched_count == 1

    async def delete(self, collection: str, identifier: str, revision: int | None = None) -> bool:
        """See Store."""
        place: dict[str, Any] = {"_id": identifier}
        if revision is not None:
            place["revision"] = revision
        async with _answering():
            done = await self._collection(collection).delete_one(place)
        return done.deleted_count == 1

    async def find(self, collection: str, query: Query) -> Found:
        """See Store."""
        async with _answering():
            records = self._collection(collection)
            if self._reach is None:
                built = await records.database.command("buildInfo")
                self._reach = Reach(self._bounds.seconds * 1000, self._bounds.count, walks="secantusVersion" in built)
            return await find_page(records, query, self._reach, micros(self._now()))

    async def ping(self) -> None:
        """See Store."""
        try:
            await self._collection("ping").database.command("ping")
        except PyMongoError as error:
            raise StoreUnavailable() from error

    async def prepare(self, indexes: Indexes) -> None:
        """See Store."""
        async with _answering():
            for name, declared in indexes.items():
                await self._renew(name)
                for index in (NEWEST_FIRST, *declared):
                    await self._collection(name).create_index(index_keys(index), name=index_name(index))

    async def _renew(self, name: str) -> None:
        """Writes anew what a former release kept in another form; a note tells that it was done."""
        forms = self._collection(_FORMS)
        if await forms.find_one({"_id": name, "form": FORM}):
            return
        records = self._collection(name)
        async for record in records.find():
            stored = from_record(record)
            await records.replace_one({"_id": stored.id, "revision": stored.revision}, to_record(stored))
        with suppress(DuplicateKeyError):
            await forms.replace_one({"_id": name}, {"form": FORM}, upsert=True)

    async def close(self) -> None:
        """See Store."""
        if self._client is not None:
            await self._client.close()
            self._client = None
