"""What is kept of deliveries: events set aside to be tried again, dead letters, and the log of attempts.

An event that a subscriber did not take waits in `waiting_events` as the fields of
`common.delivery.pending.PendingEvent`, `_id` being `subscription/seq/place`. When it is given up it becomes
a dead letter, which carries the log's entry as well, for the log forgets and dead letters do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from pymongo import ReplaceOne

from common.errors import NotFound
from common.store.connection import Connection, Record, Records, answering


class Deliveries:
    """Kept deliveries. Every method raises StoreUnavailable where the server does not answer."""

    def __init__(self, connection: Connection):
        self._connection = connection

    async def prepare(self) -> None:
        """Creates the indexes; attempts are forgotten when they expire."""
        async with answering():
            await self._waiting.create_index([("subscription", 1)], name="subscription")
            await self._dead.create_index([("subscription", 1)], name="subscription")
            await self._attempts.create_index([("subscription", 1)], name="subscription")
            await self._attempts.create_index([("expires", 1)], name="expires", expireAfterSeconds=0)

    async def set_aside(self, events: Sequence[Record]) -> None:
        """Keeps events that wait for another try; one that is kept already is written anew."""
        await _put(self._waiting, events)

    async def waiting(self, subscription: str) -> list[Record]:
        """The waiting events of a subscription in the order of their numbers."""
        return await _of(self._waiting, subscription)

    async def done(self, identifiers: Iterable[str]) -> None:
        """These events wait no longer."""
        async with answering():
            await self._waiting.delete_many({"_id": {"$in": list(identifiers)}})

    async def bury(self, letters: Sequence[Record]) -> None:
        """Keeps events that are given up as dead letters, and lets them wait no longer."""
        await _put(self._dead, letters)
        await self.done(letter["_id"] for letter in letters)

    async def dead(self, subscription: str | None, after: str, most: int) -> list[Record]:
        """At most so many dead letters of a subscription, or of all, in the order of their ids, behind `after`."""
        chosen: Record = {"_id": {"$gt": after}}
        if subscription is not None:
            chosen["subscription"] = subscription
        async with answering():
            return await self._dead.find(chosen).sort("_id", 1).limit(most).to_list()

    async def letter(self, identifier: str) -> Record:
        """One dead letter; raises NotFound."""
        async with answering():
            found = await self._dead.find_one({"_id": identifier})
        if found is None:
            raise NotFound(f'There is no dead letter with the id "{identifier}".')
        return found

    async def discard(self, identifiers: Iterable[str]) -> int:
        """Forgets dead letters; how many there were."""
        async with answering():
            return (await self._dead.delete_many({"_id": {"$in": list(identifiers)}})).deleted_count

    async def note_attempts(self, attempts: Sequence[Record]) -> None:
        """Adds attempts to the log, one record each; `attempts` reads them back."""
        async with answering():
            await self._attempts.insert_many(list(attempts), ordered=False)

    async def attempts(self, subscription: str, since: datetime, most: int) -> list[Record]:
        """The last attempts at a subscription since a moment, newest first."""
        chosen = {"subscription": subscription, "at": {"$gte": since}}
        async with answering():
            return await self._attempts.find(chosen, {"_id": 0}).sort("at", -1).limit(most).to_list()

    async def forget(self, subscription: str) -> None:
        """Forgets all that is kept of a subscription's deliveries."""
        async with answering():
            for records in (self._waiting, self._dead, self._attempts):
                await records.delete_many({"subscription": subscription})

    @property
    def _waiting(self) -> Records:
        return self._connection.collection("waiting_events")

    @property
    def _dead(self) -> Records:
        return self._connection.collection("dead_letters")

    @property
    def _attempts(self) -> Records:
        return self._connection.collection("delivery_attempts")


async def _put(records: Records, events: Sequence[Record]) -> None:
    if events:
        writes = [ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in events]
        async with answering():
            await records.bulk_write(writes, ordered=True)


async def _of(records: Records, subscription: str) -> list[Record]:
    async with answering():
        found = await records.find({"subscription": subscription}).to_list()
    return sorted(found, key=lambda one: (one["seq"], one["place"]))
