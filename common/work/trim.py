"""Forgets the old part of an event log that nobody needs any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.clock import micros
from common.store.database import Database
from common.work.worker import StillMine

_PAUSE_SECONDS = 60.0
_STEP = 500


@dataclass(frozen=True, slots=True)
class LogTrim:
    """What decides how much of a log is kept.

    `age`: how long an entry is kept at least.
    `sinks`: the names of the sinks that have to read an entry before it goes.
    `now`: tells the time.
    """

    database: Database
    age: timedelta
    sinks: tuple[str, ...]
    now: Callable[[], datetime]

    async def run(self, log: str, still_mine: StillMine) -> None:
        """Trims a log once a minute for as long as `still_mine()`. Raises StoreUnavailable."""
        while still_mine():
            await asyncio.sleep(_PAUSE_SECONDS)
            if still_mine():
                await self.trim(log)

    async def trim(self, log: str) -> int:
        """Forgets the entries of a log that are older than `age` and that every running subscription and every sink
        has passed. Returns how many they were. Raises StoreUnavailable."""
        moment = micros(self.now() - self.age)
        last = await self._last_unneeded(log)
        count = 0
        while step := await self.database.log.trim(log, moment, last, _STEP):
            count += step
        return count

    async def _last_unneeded(self, log: str) -> int:
        """Returns the number up to which nobody reads the log again."""
        _, last = await self.database.log.bounds(log)
        for record in await self.database.subscriptions.every():
            # An earlier version has kept no `log`: it was the API's.
            if record.get("log", record["api"]) == log and not record["ended"]:
                last = min(last, (await self.database.subscriptions.progress(record["_id"]))["position"])
                pending = await self.database.deliveries.waiting(record["_id"])
                last = min([last, *(event["seq"] - 1 for event in pending)])
        for sink in self.sinks:
            last = min(last, await self.database.sinks.position(sink, log))
        return last
