"""Reads an event log for a sink, from where the sink has got to."""

from __future__ import annotations

import logging

from common.events.logged_change import LoggedChange
from common.store.event_log import EventLog
from common.store.sinks import SinkProgress

_LOG = logging.getLogger(__name__)
_BATCH = 100


class SinkReader:
    """The log `name` as one sink reads it: ahead of the noted position while the store does not take the note."""

    def __init__(self, sink: str, name: str, log: EventLog, progress: SinkProgress):
        self._sink = sink
        self._name = name
        self._log = log
        self._progress = progress
        self._noted: int | None = None
        self._settled = 0
        self._last = 0

    async def read(self) -> list[LoggedChange]:
        """Returns the next changes, 100 at most, the same until they are settled. A new sink begins with the oldest.

        Raises StoreUnavailable.
        """
        if self._noted is None:
            noted = await self._progress.position(self._sink, self._name)
            first, _head = await self._log.bounds(self._name)
            if 0 < noted < first - 1:
                missed = (self._sink.capitalize(), noted + 1, first - 1, self._name)
                _LOG.error("%s: the events %d to %d of %s are no longer kept.", *missed)
            self._noted = self._settled = max(noted, first - 1)
        changes = [LoggedChange(entry) for entry in await self._log.read(self._name, self._settled, _BATCH)]
        self._last = changes[-1].seq if changes else self._settled
        return changes

    async def settle(self) -> None:
        """Notes that the sink has got what was read. Raises StoreUnavailable; then a later call notes it."""
        self._settled = self._last
        if self._noted != self._settled:
            await self._progress.advance(self._sink, self._name, self._settled)
            self._noted = self._settled
