"""Takes changes out of the records that keep them and numbers them in their log.

One process at a time does it for a log. A change is in the log before it leaves its record, and what was numbered
already is not numbered again, so a crash between the two loses nothing and repeats nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from common.clock import micros
from common.errors import Conflict
from common.store.event_log import EventLog
from common.store.outbox import Entry, Held, Outboxes
from common.work.worker import StillMine

_BATCH = 100
_IDLE_SECONDS = 0.2
_BUSY_SECONDS = 0.01
_BUSY_STEPS = 100
"""For how many looks in vain after the last change a relay looks often."""

_MEMORY = 2000
"""How many numbered changes are remembered: far more than can be numbered and not yet cleared."""


class Relay:
    """The relay of one log.

    `name`: of the log: the code of an API.
    `collections`: where the resources, and so their changes, are kept.
    `now`: tells the time.
    """

    def __init__(
        self, name: str, collections: Iterable[str], outboxes: Outboxes, log: EventLog, now: Callable[[], datetime]
    ):
        self._name = name
        self._collections = tuple(collections)
        self._outboxes = outboxes
        self._log = log
        self._now = now
        self._head: int | None = None
        self._last = 0
        self._numbered: dict[str, None] = {}

    async def run(self, news: Callable[[], None], still_mine: StillMine) -> None:
        """Moves changes for as long as `still_mine()`: often while there are any, seldom while there are none.

        Calls `news` after each step that has moved some. Raises StoreUnavailable.
        """
        idle = 0
        while still_mine():
            if await self.step(still_mine):
                idle = 0
                news()
            else:
                idle += 1
                await asyncio.sleep(_BUSY_SECONDS if idle < _BUSY_STEPS else _IDLE_SECONDS)

    async def step(self, still_mine: StillMine) -> int:
        """Moves a bounded number of changes from each collection. Returns how many were moved.

        Raises StoreUnavailable. After it, as after a rival's Conflict, the next step finds out where it stands.
        """
        moved = 0
        try:
            head = await self._begin() if self._head is None else self._head
            for collection in self._collections:
                held = await self._outboxes.read(collection, _BATCH)
                fresh = self._fresh(held)
                if not held or not still_mine():
                    continue
                if fresh:
                    await self._log.append(self._name, head, fresh)
                    head += len(fresh)
                    await self._log.note_head(self._name, head)
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
        """Returns the number of the log's last entry, and remembers the changes before it."""
        first, head = await self._log.bounds(self._name)
        start = max(first - 1, head - _MEMORY)
        for entry in await self._log.read(self._name, start, head - start) if head > start else []:
            self._remember([entry])
            self._last = max(self._last, entry["logged"])
        self._head = head
        return head

    def _fresh(self, held: Sequence[Held]) -> list[Entry]:
        """Returns the changes that have no number yet: those of one record in their order, records by their first."""
        ordered = sorted((record for record in held if record.entries), key=lambda record: record.entries[0]["at"])
        return [self._logged(record, entry) for record in ordered for entry in self._unnumbered(record.entries)]

    def _unnumbered(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        return (entry for entry in entries if entry["id"] not in self._numbered)

    def _logged(self, held: Held, entry: Entry) -> Entry:
        self._last = max(self._last, micros(self._now()))
        return {**entry, "collection": held.collection, "key": held.key, "logged": self._last}

    def _remember(self, entries: Iterable[Entry]) -> None:
        self._numbered.update((entry["id"], None) for entry in entries)
        for old in list(islice(self._numbered, max(0, len(self._numbered) - _MEMORY))):
            del self._numbered[old]
