"""The events that listener paths have received, kept for some days.

A record is `{_id, at, expires, api, version, type, event}`, the event in the form in which resources are kept; `at` is
when it was received, `expires` when it is forgotten.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo.errors import DuplicateKeyError

from common.document import Document
from common.store.connection import Connection, Record, Records, answering
from common.store.record import decode, encode
from common.store.retrying import write_again
from common.store.secantus import Density, windows_onwards, within

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ORDER = [("at", 1), ("_id", 1)]
_STEP = 200
LATE = 5_000_000
"""How long after its moment, in microseconds, an event may appear in the store: several servers keep events at once."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One received event. `id`: the same however often it is sent. `at`: when it was received, microseconds since 1970.
    `type`: the event type of the listener path that it came to."""

    id: str
    at: int
    api: str
    version: str
    type: str
    event: Document


class Received:
    """Kept events, each for `keep_seconds`. Every method raises StoreUnavailable where the server does not answer."""

    def __init__(self, connection: Connection, keep_seconds: float):
        self._connection = connection
        self._keep = timedelta(seconds=keep_seconds)

    async def prepare(self) -> None:
        """Creates the indexes: by the moment of receipt, and one by which the server forgets what has expired."""
        async with answering():
            await self._events.create_index([("at", 1)], name="at")
            # Each record says when it expires: an index with the seconds in it could not be changed by a setting.
            await self._events.create_index([("expires", 1)], name="expires", expireAfterSeconds=0)

    async def keep(self, receipt: Receipt) -> None:
        """Keeps an event; one with the same id stays as it is."""
        record: Record = {
            "_id": receipt.id,
            "at": receipt.at,
            "expires": _EPOCH + timedelta(microseconds=receipt.at) + self._keep,
            "api": receipt.api,
            "version": receipt.version,
            "type": receipt.type,
            "event": encode(receipt.event),
        }
        async with answering():
            with suppress(DuplicateKeyError):
                await write_again(lambda _: self._events.insert_one(record))

    async def since(self, at: int, most: int) -> list[Receipt]:
        """Returns the first `most` events received after a moment (microseconds since 1970), in the order of their
        receipt, and all others received at the same moment as the last of them: the next look begins behind it."""
        records: list[Record] = []
        async with answering():
            for low, high in windows_onwards(at + 1, Density(at + 1), most):
                cursor = self._events.find({"at": within(low, high)}).sort(_ORDER)
                records += await cursor.limit(most - len(records)).to_list()
                if len(records) >= most:
                    last = records[-1]["at"]
                    ties = await self._events.find({"at": last}).sort(_ORDER).to_list()
                    records = [record for record in records if record["at"] < last] + ties
                    break
        return [_receipt(record) for record in records]

    @property
    def _events(self) -> Records:
        return self._connection.collection("received_events")


class Tail:
    """Reads the events received after a moment (microseconds since 1970) as they come, each once."""

    def __init__(self, received: Received, after: int):
        self._received = received
        self._after = after
        self._newest = after
        self._seen: dict[str, int] = {}

    async def fresh(self) -> AsyncIterator[Receipt]:
        """Yields every event that was not read yet; each look goes back over what may have appeared late."""
        at = max(self._after, self._newest - LATE)
        while step := await self._received.since(at, _STEP):
            for receipt in step:
                self._newest = max(self._newest, receipt.at)
                if receipt.id not in self._seen:
                    self._seen[receipt.id] = receipt.at
                    yield receipt
            at = step[-1].at
        self._seen = {name: at for name, at in self._seen.items() if at > self._newest - LATE}


def _receipt(record: Record) -> Receipt:
    event = decode(record["event"])
    return Receipt(record["_id"], record["at"], record["api"], record["version"], record["type"], event)
