"""The newest part of one event log in the memory of a process, read once for all its subscribers."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice

from common.events.logged_change import LoggedChange
from common.store.event_log import EventLog

_STEP = 100
_LENGTH = 1000


class LogCache:
    """One event log. Keeps the parts that were read last in memory.

    `last`: the number of the last change that readers see; None before the first `show`.
    """

    def __init__(self, name: str, log: EventLog):
        self.name = name
        self.last: int | None = None
        self._log = log
        self._changes: dict[int, LoggedChange] = {}
        self._shown_next: int | None = None
        self._fetching = asyncio.Lock()

    async def look(self) -> bool:
        """Returns True where the log has something new, which `show` lets readers see. Raises StoreUnavailable."""
        if self.last is None:
            _, self._shown_next = await self._log.bounds(self.name)
            return True
        new = await self._fetch(self.last) if await self._log.entry(self.name, self.last + 1) else []
        self._shown_next = new[-1].seq if new else None
        return bool(new)

    def show(self) -> None:
        """Lets readers see what `look` has found."""
        self.last = self.last if self._shown_next is None else self._shown_next

    async def read(self, after: int) -> list[LoggedChange]:
        """Returns the next changes behind a number, in order, as many as are at hand; none where none is shown.

        Raises StoreUnavailable.
        """
        if self.last is None or after >= self.last:
            return []
        if after + 1 not in self._changes:
            async with self._fetching:
                if after + 1 not in self._changes:
                    await self._fetch(after)
        changes = []
        for seq in range(after + 1, min(after + _STEP, self.last) + 1):
            if seq not in self._changes:
                break
            changes.append(self._changes[seq])
        return changes

    async def change(self, seq: int) -> LoggedChange | None:
        """Returns the change with this number. Returns None where the log has forgotten it. Raises StoreUnavailable."""
        if seq in self._changes:
            return self._changes[seq]
        entry = await self._log.entry(self.name, seq)
        return LoggedChange(entry) if entry else None

    async def _fetch(self, after: int) -> list[LoggedChange]:
        """Reads a part of the log into memory; the part that was read first makes room for it."""
        changes = [LoggedChange(entry) for entry in await self._log.read(self.name, after, _STEP)]
        for change in changes:
            self._changes.pop(change.seq, None)
            self._changes[change.seq] = change
        for seq in list(islice(self._changes, max(0, len(self._changes) - _LENGTH))):
            del self._changes[seq]
        return changes


class LogReader:
    """Reads the log for one subscriber, change by change.

    `position`: the number of the last change that was passed.
    """

    def __init__(self, cache: LogCache):
        self.cache = cache
        self.position = 0
        self._ahead: deque[LoggedChange] = deque()

    async def next_change(self) -> LoggedChange | None:
        """Returns the change behind `position`, the same until it is passed. Returns None where there is none yet.

        Raises StoreUnavailable.
        """
        if not self._ahead:
            self._ahead.extend(await self.cache.read(self.position))
        return self._ahead[0] if self._ahead else None

    def go_past(self, change: LoggedChange) -> None:
        """Moves behind the change that `next_change` has returned."""
        self._ahead.popleft()
        self.position = change.seq
