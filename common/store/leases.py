"""Leases: which dispatcher does which share of the work, told by the store alone.

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
    """One share of the work and who has it: an owner's id, or None; `term` grows with every change of hands."""

    name: str
    owner: str | None
    term: int


class Leases:
    """The members and shares of one database. Every method raises StoreUnavailable where the server does not answer."""

    def __init__(self, connection: Connection):
        self._connection = connection

    async def beat(self, member: str) -> None:
        """Says that the member lives."""
        async with answering():
            await self._members.update_one({"_id": member}, {"$inc": {"beat": 1}}, upsert=True)

    async def beats(self) -> dict[str, int]:
        """Every member's beat."""
        async with answering():
            return {one["_id"]: one["beat"] for one in await self._members.find().to_list()}

    async def forget(self, member: str) -> None:
        """Takes a member off the list."""
        async with answering():
            await self._members.delete_one({"_id": member})

    async def shares(self, names: Iterable[str]) -> list[Share]:
        """The shares of these names; those that were never taken belong to nobody."""
        wanted = list(names)
        async with answering():
            found = {one["_id"]: one for one in await self._shares.find({"_id": {"$in": wanted}}).to_list()}
        return [
            Share(name, found[name]["owner"], found[name]["term"]) if name in found else Share(name, None, 0)
            for name in wanted
        ]

    async def take(self, share: Share, member: str | None) -> bool:
        """Gives the share to a member, or to nobody; False where it has changed hands since it was read."""
        kept = {"owner": member, "term": share.term + 1}
        async with answering():
            if share.term:
                done = await self._shares.update_one({"_id": share.name, "term": share.term}, {"$set": kept})
                return done.matched_count == 1
            try:
                await self._shares.insert_one({"_id": share.name, **kept})
            except DuplicateKeyError:
                return False
            return True

    @property
    def _members(self) -> Records:
        return self._connection.collection(MEMBERS)

    @property
    def _shares(self) -> Records:
        return self._connection.collection("dispatch_shares")
