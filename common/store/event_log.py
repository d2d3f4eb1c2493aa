"""The event log: every change that left its record, numbered without a gap for each API, kept for some days.

An entry is the outbox's, and `{_id: "TMF621/000000000042", api, seq, collection, key, logged}`: `key` is the resource's
id, `logged` the microseconds since 1970 at which it was numbered, which never fall. Who reads it remembers a number, so
a subscriber that is away costs nothing, and any time can be returned to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pymongo.errors import BulkWriteError

from common.errors import Conflict
from common.store.base import Announcement, Stored
from common.store.connection import Connection, Records, answering
from common.store.outbox import Entry, snapshot
from common.store.record import from_record

_DUPLICATE = 11000
_STEP = 200


@dataclass(frozen=True, slots=True)
class Logged:
    """One change as a value: its number in the log, the collection, the resource as it then was."""

    api: str
    seq: int
    collection: str
    announcement: Announcement
    stored: Stored


def logged(entry: Entry) -> Logged:
    """Returns an entry as a value. Reuses and mutates `entry`; do not read it afterwards."""
    changed = {version: tuple(paths) for version, paths in entry["changed"].items()}
    announcement = Announcement(
        id=entry["id"],
        at=entry["at"],
        kinds=tuple(entry["kinds"]),
        changed=changed,
        origin=entry["origin"],
        correlation=entry["correlation"],
    )
    record = {"_id": entry["key"], "revision": entry["revision"], "created": entry["at"], "updated": entry["at"]}
    stored = from_record({**record, **snapshot(entry)})
    return Logged(entry["api"], entry["seq"], entry["collection"], announcement, stored)


class EventLog:
    """The logs of all APIs. Every method raises StoreUnavailable where the server does not answer."""

    def __init__(self, connection: Connection):
        self._connection = connection

    async def append(self, api: str, head: int, entries: Sequence[Entry]) -> None:
        """Appends the entries, numbered from `head` + 1.

        Raises Conflict where another process has used one of the numbers. After
        any failure it is unknown how many were kept."""
        numbered = [
            {**entry, "_id": _name(api, head + place), "api": api, "seq": head + place}
            for place, entry in enumerate(entries, 1)
        ]
        async with answering():
            try:
                await self._entries.insert_many(numbered, ordered=True)
            except BulkWriteError as error:
                if any(failure["code"] != _DUPLICATE for failure in error.details["writeErrors"]):
                    raise
                raise Conflict(f"Another dispatcher has numbered events of {api}.") from error

    async def read(self, api: str, after: int, most: int) -> list[Entry]:
        """Returns at most `most` entries behind `after` in their order, up to the first number that is not there."""
        names = [_name(api, seq) for seq in range(after + 1, after + 1 + most)]
        async with answering():
            entries = await self._entries.find({"_id": {"$in": names}}).to_list()
        by_name = {entry["_id"]: entry for entry in entries}
        ordered = []
        for name in names:
            if name not in by_name:
                break
            ordered.append(by_name[name])
        return ordered

    async def entry(self, api: str, seq: int) -> Entry | None:
        """Returns the entry with this number, None where it is not there (any more)."""
        async with answering():
            return await self._entries.find_one({"_id": _name(api, seq)})

    async def bounds(self, api: str) -> tuple[int, int]:
        """Returns the first number that is kept and the last; where nothing is kept, the first is the last plus one."""
        async with answering():
            noted = await self._places.find_one({"_id": api}) or {"first": 1, "head": 0}
        head: int = noted["head"]
        while step := await self.read(api, head, _STEP):
            head += len(step)
        return noted["first"], head

    async def note_head(self, api: str, head: int) -> None:
        """Writes down where the log ends by now, so that its end is found quickly; a lower bound is enough."""
        async with answering():
            await self._places.update_one(
                {"_id": api}, {"$set": {"head": head}, "$setOnInsert": {"first": 1}}, upsert=True
            )

    async def before(self, api: str, moment: int) -> int:
        """Returns the number of the last entry logged before `moment` (microseconds since 1970); one less than the
        first that is kept, where all were logged later."""
        low, high = await self.bounds(api)
        low -= 1
        while low < high:
            middle = (low + high + 1) // 2
            entry = await self.entry(api, middle)
            if entry is None or entry["logged"] < moment:
                low = middle
            else:
                high = middle - 1
        return low

    async def trim(self, api: str, moment: int, below: int, most: int) -> int:
        """Forgets at most `most` entries logged before `moment` and numbered up to `below`. Returns their number."""
        async with answering():
            noted = await self._places.find_one({"_id": api}) or {"first": 1, "head": 0}
        first: int = noted["first"]
        old = [entry["seq"] for entry in await self.read(api, first - 1, most) if entry["logged"] < moment]
        gone = [seq for seq in old if seq <= min(below, noted["head"])]
        if gone:
            async with answering():
                # The place first: what is left over below it is never read, what is gone above it would be missed.
                await self._places.update_one({"_id": api}, {"$set": {"first": gone[-1] + 1}})
                await self._entries.delete_many({"_id": {"$in": [_name(api, seq) for seq in gone]}})
        return len(gone)

    @property
    def _entries(self) -> Records:
        return self._connection.collection("events")

    @property
    def _places(self) -> Records:
        return self._connection.collection("event_places")


def _name(api: str, seq: int) -> str:
    return f"{api}/{seq:012d}"
