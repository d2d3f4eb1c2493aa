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
from common.store.record import kept, restored
from common.store.windows import Density, windows

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ORDER = [("at", 1), ("_id", 1)]
_STEP = 200
LATE = 5_000_000
"""How long after its moment, in microseconds, an event may appear in the store: several servers keep events at once."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One received event: `id` is the same however often it is sent; `at`, microseconds since 1970; `type`: of the
    listener path that it came to."""

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
            await self._kept.create_index([("at", 1)], name="at")
            # Each record says when it expires: an index with the seconds in it could not be changed by a setting.
            await self._kept.create_index([("expires", 1)], name="expires", expireAfterSeconds=0)

    async def keep(self, receipt: Receipt) -> None:
        """Keeps an event; one that is kept already stays as it is."""
        record: Record = {
            "_id": receipt.id,
            "at": receipt.at,
            "expires": _EPOCH + timedelta(microseconds=receipt.at) + self._keep,
            "api": receipt.api,
            "version": receipt.version,
            "type": receipt.type,
            "event": kept(receipt.event),
        }
        async with answering():
            with suppress(DuplicateKeyError):
                await self._kept.insert_one(record)

    async def since(self, at: int, most: int) -> list[Receipt]:
        """The first `most` events received after a moment (microseconds since 1970), in the order of their receipt, and
        all that were received at the same moment as the last of them: what comes next is behind that one."""
        found: list[Record] = []
        async with answering():
            # The windows of lists, mirrored: from the moment towards the future.
            for low, high in windows(-at - 1, Density(-at - 1), most):
                between = {"at": {"$gt": -high - 1, "$lte": -low}}
                found += await self._kept.find(between).sort(_ORDER).limit(most - len(found)).to_list()
                if len(found) >= most:
                    last = found[-1]["at"]
                    ties = await self._kept.find({"at": last}).sort(_ORDER).to_list()
                    found = [record for record in found if record["at"] < last] + ties
                    break
        return [_receipt(record) for record in found]

    @property
    def _kept(self) -> Records:
        return self._connection.collection("received_events")


class Tail:
    """Reads the events received after a moment (microseconds since 1970) as they come, each once."""

    def __init__(self, received: Received, after: int):
        self._received = received
        self._after = after
        self._newest = after
        self._seen: dict[str, int] = {}

    async def fresh(self) -> AsyncIterator[Receipt]:
        """Every event that was not read yet; each look goes back over what may have appeared late."""
        at = max(self._after, self._newest - LATE)
        while step := await self._received.since(at, _STEP):
            for one in step:
                self._newest = max(self._newest, one.at)
                if one.id not in self._seen:
                    self._seen[one.id] = one.at
                    yield one
            at = step[-1].at
        self._seen = {name: at for name, at in self._seen.items() if at > self._newest - LATE}


def _receipt(record: Record) -> Receipt:
    event = restored(record["event"])
    return Receipt(record["_id"], record["at"], record["api"], record["version"], record["type"], event)
