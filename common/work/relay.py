"""Takes changes out of the records that keep them and numbers them in the log of their API.

One dispatcher at a time does it for an API. A change is in the log before it leaves its record, and what was numbered
already is not numbered again, so a crash between the two loses nothing and repeats nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from common.clock import micros
from common.errors import Conflict
from common.store.event_log import Entry, EventLog
from common.store.outbox import Held, Outboxes

_BATCH = 100
_MEMORY = 2000
"""How many numbered changes are remembered: far more than can be numbered and not yet cleared."""


class Relay:
    """The relay of one API's collections; `now` tells the time."""

    def __init__(
        self, api: str, collections: Iterable[str], outboxes: Outboxes, log: EventLog, now: Callable[[], datetime]
    ):
        self._api = api
        self._collections = tuple(collections)
        self._outboxes = outboxes
        self._log = log
        self._now = now
        self._head: int | None = None
        self._last = 0
        self._known: dict[str, None] = {}

    async def step(self, still_mine: Callable[[], bool]) -> int:
        """Moves what there is, up to a bounded number from each collection; how many changes were moved. Raises
        StoreUnavailable; then, as after a rival's Conflict, the next step finds out where it stands."""
        moved = 0
        try:
            head = await self._begin() if self._head is None else self._head
            for collection in self._collections:
                held = await self._outboxes.read(collection, _BATCH)
                fresh = self._fresh(held)
                if not held or not still_mine():
                    continue
                if fresh:
                    await self._log.append(self._api, head, fresh)
                    head += len(fresh)
                    await self._log.note_head(self._api, head)
                    self._remember(fresh)
                self._head = head
                await self._outboxes.clear(collection, held)
                moved += len(fresh)
        except Conflict:
            self._head = None
        except BaseException:
            self._head = None
            raise
        return moved

    async def _begin(self) -> int:
        """Finds the end of the log, and remembers the changes before it."""
        first, head = await self._log.bounds(self._api)
        start = max(first - 1, head - _MEMORY)
        for entry in await self._log.read(self._api, start, head - start) if head > start else []:
            self._remember([entry])
            self._last = max(self._last, entry["logged"])
        self._head = head
        return head

    def _fresh(self, held: Sequence[Held]) -> list[Entry]:
        """The changes that have no number yet; those of one record in their order, the records by their first one."""
        found = sorted((one for one in held if one.entries), key=lambda one: one.entries[0]["at"])
        return [self._numbered(one, entry) for one in found for entry in self._unknown(one.entries)]

    def _unknown(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        return (entry for entry in entries if entry["id"] not in self._known)

    def _numbered(self, held: Held, entry: Entry) -> Entry:
        self._last = max(self._last, micros(self._now()))
        return {**entry, "collection": held.collection, "key": held.key, "logged": self._last}

    def _remember(self, entries: Iterable[Entry]) -> None:
        self._known.update((entry["id"], None) for entry in entries)
        for old in list(islice(self._known, max(0, len(self._known) - _MEMORY))):
            del self._known[old]
