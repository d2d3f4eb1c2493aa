"""Leases: which dispatcher does which share of the work; the store alone decides.

A dispatcher is a member: `{_id, beat}`, and its beat grows while it lives. A share is `{_id, owner, term}`: it is taken
by raising the term, which succeeds for one of several rivals. Nobody compares clocks: a member is gone when its beat
has stood still for some seconds of the observer's own clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pymongo.errors import DuplicateKeyError

from common.store.connection import Connection, Records, answering

MEMBERS = "dispatchers"
"""The collection of the members."""


@dataclass(frozen=True, slots=True)
class Share:
    """One share of the work. `owner`: the member that has it, None where nobody has. `term`: grows with every change of
    hands."""

    name: str
    owner: str | None
    term: int


class Leases:
    """The members and shares of one database. Every method raises StoreUnavailable where the server does not answer."""

    def __init__(self, connection: Connection):
        self._connection = connection

    async def beat(self, member: str) -> None:
        """Raises the member's beat: it lives."""
        async with answering():
            await self._members.update_one({"_id": member}, {"$inc": {"beat": 1}}, upsert=True)

    async def beats(self) -> dict[str, int]:
        """Returns every member's beat."""
        async with answering():
            return {member["_id"]: member["beat"] for member in await self._members.find().to_list()}

    async def forget(self, member: str) -> None:
        """Takes a member off the list."""
        async with answering():
            await self._members.delete_one({"_id": member})

    async def shares(self, names: Iterable[str]) -> list[Share]:
        """Returns the shares of these names; those that were never taken belong to nobody."""
        wanted = list(names)
        async with answering():
            rows = {row["_id"]: row for row in await self._shares.find({"_id": {"$in": wanted}}).to_list()}
        return [
            Share(name, rows[name]["owner"], rows[name]["term"]) if name in rows else Share(name, None, 0)
            for name in wanted
        ]

    async def take(self, share: Share, member: str | None) -> bool:
        """Gives the share to a member, or to nobody. Returns False where it has changed hands since it was read."""
        values = {"owner": member, "term": share.term + 1}
        async with answering():
            if share.term:
                result = await self._shares.update_one({"_id": share.name, "term": share.term}, {"$set": values})
                return result.matched_count == 1
            try:
                await self._shares.insert_one({"_id": share.name, **values})
            except DuplicateKeyError:
                return False
            return True

    @property
    def _members(self) -> Records:
        return self._connection.collection(MEMBERS)

    @property
    def _shares(self) -> Records:
        return self._connection.collection("dispatch_shares")
