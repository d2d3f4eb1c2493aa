"""The subscriptions of all hubs as the store keeps them, and how far each has got.

A subscription is kept as the fields of `common.hub.subscription.Subscription`; `key` tells the same callback and query
at one hub from others. A counter tells when any of them has changed, so that reading it is enough to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pymongo.errors import DuplicateKeyError

from common.errors import Conflict, NotFound
from common.store.connection import Connection, Record, Records, answering

_COUNTER = "changes"


class Subscriptions:
    """Kept subscriptions. Every method raises StoreUnavailable where the server does not answer."""

    def __init__(self, connection: Connection):
        self._connection = connection

    async def prepare(self) -> None:
        """Creates the index that lets no address be registered twice."""
        async with answering():
            await self._kept.create_index([("key", 1)], name="key", unique=True, sparse=True)

    async def add(self, record: Record) -> None:
        """Keeps a new subscription; raises Conflict where one with the same `key` is there."""
        await self.prepare()
        async with answering():
            try:
                await self._kept.insert_one(record)
            except DuplicateKeyError as error:
                raise Conflict("This callback is registered already with the same query.") from error
        await self.tell()

    async def get(self, identifier: str) -> Record:
        """The subscription with this id; raises NotFound."""
        async with answering():
            found = await self._kept.find_one({"_id": identifier})
        if found is None:
            raise NotFound(f'There is no subscription with the id "{identifier}".')
        return found

    async def every(self) -> list[Record]:
        """All subscriptions, the ended ones included."""
        async with answering():
            return await self._kept.find().to_list()

    async def change(self, identifier: str, values: Mapping[str, Any], without: tuple[str, ...] = ()) -> None:
        """Sets some fields of a subscription and takes others away; nothing where it is gone."""
        update: dict[str, Any] = {"$set": dict(values)} if values else {}
        if without:
            update["$unset"] = dict.fromkeys(without, 1)
        async with answering():
            await self._kept.update_one({"_id": identifier}, update)
        await self.tell()

    async def remove(self, identifier: str) -> bool:
        """Forgets a subscription; False where there was none."""
        async with answering():
            done = await self._kept.delete_one({"_id": identifier})
            await self._progress.delete_one({"_id": identifier})
        await self.tell()
        return done.deleted_count == 1

    async def tell(self) -> None:
        """Lets every dispatcher know that something has changed."""
        async with answering():
            await self._counters.update_one({"_id": _COUNTER}, {"$inc": {"count": 1}}, upsert=True)

    async def changes(self) -> int:
        """How often any subscription has changed."""
        async with answering():
            found = await self._counters.find_one({"_id": _COUNTER})
        return found["count"] if found else 0

    async def progress(self, identifier: str) -> Record:
        """`{_id, position, turn}`: the number up to which everything is settled; `turn` grows at each return to an
        earlier one. A new subscription stands where it began."""
        async with answering():
            found = await self._progress.find_one({"_id": identifier})
        if found is None:
            started = await self.get(identifier)
            found = {"_id": identifier, "position": started["start"], "turn": 0}
        return found

    async def advance(self, identifier: str, position: int, turn: int, told: Mapping[str, Any]) -> bool:
        """Notes that all is settled up to `position`, and what there is to tell of the subscription; False where it was
        returned to an earlier place meanwhile."""
        values = {"position": position, **told}
        async with answering():
            done = await self._progress.update_one({"_id": identifier, "turn": turn}, {"$set": values})
            if done.matched_count:
                return True
            if turn:
                return False
            try:
                await self._progress.insert_one({"_id": identifier, "turn": 0, **values})
            except DuplicateKeyError:
                return False
        return True

    async def go_back(self, identifier: str, position: int) -> None:
        """Returns to an earlier place: everything behind it is sent again."""
        turn = (await self.progress(identifier))["turn"]
        async with answering():
            await self._progress.update_one(
                {"_id": identifier}, {"$set": {"position": position, "turn": turn + 1}}, upsert=True
            )
        await self.tell()

    @property
    def _kept(self) -> Records:
        return self._connection.collection("subscriptions")

    @property
    def _progress(self) -> Records:
        return self._connection.collection("subscription_progress")

    @property
    def _counters(self) -> Records:
        return self._connection.collection("subscription_counters")
