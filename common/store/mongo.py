"""The store over MongoDB's wire protocol, with pymongo's own asyncio API; one collection a resource."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from pymongo import AsyncMongoClient, MongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import (
    ConnectionFailure,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    PyMongoError,
    WTimeoutError,
)
from pymongo.uri_parser import parse_uri

from common.document import Canonical
from common.errors import BodyTooLarge, Conflict, NotFound, StoreUnavailable
from common.query.conditions import Query
from common.store.base import Found, Stored
from common.store.mongo_query import DOCUMENT, to_mongo
from common.store.names import has_awkward, kept, sent

_LOG = logging.getLogger(__name__)
NEWEST_FIRST = [("created", -1), ("_id", -1)]
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


def to_record(stored: Stored) -> dict[str, Any]:
    """The document that the server keeps for a resource."""
    content = {DOCUMENT: stored.canonical.document, "residue": stored.canonical.residue}
    head = {"_id": stored.id, "revision": stored.revision, "created": stored.created, "updated": stored.updated}
    if has_awkward(content):
        return {**head, **kept(content), "awkward": True}
    return {**head, **content}


def from_record(record: dict[str, Any]) -> Stored:
    """The inverse of to_record."""
    content = {DOCUMENT: record[DOCUMENT], "residue": record.get("residue", {})}
    if record.get("awkward"):
        content = sent(content)
    canonical = Canonical(content[DOCUMENT], content["residue"])
    return Stored(record["_id"], record["revision"], record["created"], record["updated"], canonical)


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


class MongoStore:
    """A `Store`; the client is made at its first use, in the process and event loop that use it."""

    def __init__(self, uri: str, database: str):
        self._uri = uri
        self._name = database
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
        chosen, page = to_mongo(query), query.page
        rows = await self._rows(collection, chosen, query)
        # A page that is not full ends the list, so its length tells the total without a count.
        ends = len(rows) < page.limit and (rows or page.offset == 0)
        total = page.offset + len(rows) if ends else await self._count(collection, chosen)
        return Found([from_record(row) for row in rows], total)

    async def _rows(self, collection: str, chosen: dict[str, Any], query: Query) -> list[dict[str, Any]]:
        if query.page.limit == 0:
            return []
        async with _answering():
            cursor = self._collection(collection).find(chosen).sort(NEWEST_FIRST)
            return await cursor.skip(query.page.offset).limit(query.page.limit).to_list()

    async def _count(self, collection: str, chosen: dict[str, Any]) -> int:
        async with _answering():
            if not chosen:
                return await self._collection(collection).estimated_document_count()
            return await self._collection(collection).count_documents(chosen)

    async def ping(self) -> None:
        """See Store."""
        try:
            await self._collection("ping").database.command("ping")
        except PyMongoError as error:
            raise StoreUnavailable() from error

    async def prepare(self, collections: Iterable[str]) -> None:
        """See Store."""
        async with _answering():
            for name in collections:
                await self._collection(name).create_index(NEWEST_FIRST, name="newest_first")

    async def close(self) -> None:
        """See Store."""
        if self._client is not None:
            await self._client.close()
            self._client = None
