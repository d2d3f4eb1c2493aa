"""The subscriptions of all hubs as the store keeps them, and how far each has got.

A subscription is kept as the fields of `common.hub.subscription.Subscription`; `key` is the same for the same callback
and query at one hub. A counter grows with every change of any of them, so that a reader of it alone knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pymongo.errors import DuplicateKeyError

from common.errors import Conflict, NotFound
from common.store.connection import Connection, Record, Records, answering
from common.store.retrying import write_again

_COUNTER = "changes"


class Subscriptions:
    """Kept subscriptions. Every method raises StoreUnavailable where the server does not answer."""

    def __init__(self, connection: Connection):
        self._connection = connection

    async def prepare(self) -> None:
        """Creates the index that lets no address be registered twice."""
        async with answering():
            await self._records.create_index([("key", 1)], name="key", unique=True, sparse=True)

    async def add(self, record: Record) -> None:
        """Keeps a new subscription. Raises Conflict where one with the same `key` is there."""
        await self.prepare()

        async def write(is_repeated: bool) -> None:
            try:
                await self._records.insert_one(record)
            except DuplicateKeyError as error:
                if not (is_repeated and await self._records.find_one({"_id": record["_id"]})):
                    raise Conflict("This callback is registered already with the same query.") from error

        async with answering():
            await write_again(write)
        await self.tell()

    async def get(self, identifier: str) -> Record:
        """Returns the subscription with this id. Raises NotFound."""
        async with answering():
            record = await self._records.find_one({"_id": identifier})
        if record is None:
            raise NotFound(f'There is no subscription with the id "{identifier}".')
        return record

    async def every(self) -> list[Record]:
        """Returns all subscriptions, the ended ones included."""
        async with answering():
            return await self._records.find().to_list()

    async def change(self, identifier: str, values: Mapping[str, Any], without: tuple[str, ...] = ()) -> None:
        """Sets some fields of a subscription and removes others; does nothing where it is gone."""
        update: dict[str, Any] = {"$set": dict(values)} if values else {}
        if without:
            update["$unset"] = dict.fromkeys(without, 1)
        async with answering():
            await write_again(lambda _: self._records.update_one({"_id": identifier}, update))
        await self.tell()

    async def remove(self, identifier: str) -> bool:
        """Forgets a subscription. Returns False where there was none, so far as the first answer was not lost."""

        async def write(is_repeated: bool) -> bool:
            result = await self._records.delete_one({"_id": identifier})
            await self._progress.delete_one({"_id": identifier})
            return is_repeated or result.deleted_count == 1

        async with answering():
            was_there = await write_again(write)
        await self.tell()
        return was_there

    async def tell(self) -> None:
        """Raises the counter, by which every dispatcher sees that something has changed."""
        async with answering():
            # Raised twice where an answer was lost; a reader sees that something has changed all the same.
            raised = {"$inc": {"count": 1}}
            await write_again(lambda _: self._counters.update_one({"_id": _COUNTER}, raised, upsert=True))

    async def changes(self) -> int:
        """Returns how often any subscription has changed."""
        async with answering():
            counter = await self._counters.find_one({"_id": _COUNTER})
        return counter["count"] if counter else 0

    async def progress(self, identifier: str) -> Record:
        """Returns `{_id, position, turn}` and what `advance` noted beside them. `position`: the number up to which
        everything is settled; for a new subscription, where it began. `turn`: grows at each return to an earlier
        position. Raises NotFound."""
        async with answering():
            progress = await self._progress.find_one({"_id": identifier})
        if progress is None:
            subscription = await self.get(identifier)
            progress = {"_id": identifier, "position": subscription["start"], "turn": 0}
        return progress

    async def advance(self, identifier: str, position: int, turn: int, health: Mapping[str, Any]) -> bool:
        """Notes that all is settled up to `position`, and the fields of `health` beside it. Returns False where `turn`
        is over: somebody has returned to an earlier position."""
        values = {"position": position, **health}
        async with answering():
            result = await self._progress.update_one({"_id": identifier, "turn": turn}, {"$set": values})
            if result.matched_count:
                return True
            if turn:
                return False
            try:
                await self._progress.insert_one({"_id": identifier, "turn": 0, **values})
            except DuplicateKeyError:
                return False
        return True

    async def go_back(self, identifier: str, position: int) -> None:
        """Moves back to an earlier position: everything behind it is sent again."""
        turn = (await self.progress(identifier))["turn"]
        async with answering():
            await self._progress.update_one(
                {"_id": identifier}, {"$set": {"position": position, "turn": turn + 1}}, upsert=True
            )
        await self.tell()

    @property
    def _records(self) -> Records:
        return self._connection.collection("subscriptions")

    @property
    def _progress(self) -> Records:
        return self._connection.collection("subscription_progress")

    @property
    def _counters(self) -> Records:
        return self._connection.collection("subscription_counters")
