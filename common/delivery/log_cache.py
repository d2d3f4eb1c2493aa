"""The newest part of one API's log in the memory of a dispatcher, read once for all its subscribers."""

from __future__ import annotations

import asyncio
from itertools import islice

import orjson

from common.document import Document
from common.events.channel import Channel
from common.events.envelope import event_document
from common.events.kinds import EventType
from common.store.event_log import Entry, EventLog, logged

_STEP = 100
_LENGTH = 1000


class LoggedChange:
    """One logged change (what it is made of is used up), and its events as versions send them, each made once."""

    def __init__(self, entry: Entry):
        self.logged = logged(entry)
        self._events: dict[tuple[str, str], tuple[Document, bytes]] = {}

    @property
    def seq(self) -> int:
        """Its number."""
        return self.logged.seq

    @property
    def key(self) -> str:
        """The resource: collection and id."""
        return f"{self.logged.collection}/{self.logged.stored.id}"

    def event(self, channel: Channel, told: EventType) -> tuple[Document, bytes]:
        """The event of this type, and as it goes on the wire."""
        name = (channel.version.name, told.kind)
        if name not in self._events:
            document = event_document(channel, told, self.logged)
            self._events[name] = (document, orjson.dumps(document))
        return self._events[name]


class LogCache:
    """The log of one API, of which the parts that were read last stay in memory; couriers see it up to `last`."""

    def __init__(self, api: str, log: EventLog):
        self.api = api
        self.last: int | None = None
        self._log = log
        self._kept: dict[int, LoggedChange] = {}
        self._shown_next: int | None = None
        self._fetching = asyncio.Lock()

    async def look(self) -> bool:
        """Looks what is new; True where there is something, to be shown by `show`. Raises StoreUnavailable."""
        if self.last is None:
            _, self._shown_next = await self._log.bounds(self.api)
            return True
        new = await self._fetch(self.last) if await self._log.one(self.api, self.last + 1) else []
        self._shown_next = new[-1].seq if new else None
        return bool(new)

    def show(self) -> None:
        """Lets readers see what `look` has found."""
        self.last = self.last if self._shown_next is None else self._shown_next

    async def read(self, after: int) -> list[LoggedChange]:
        """Some changes behind a number, none that is not shown yet; none at all where there is none. Raises
        StoreUnavailable."""
        if self.last is None or after >= self.last:
            return []
        if after + 1 not in self._kept:
            async with self._fetching:
                if after + 1 not in self._kept:
                    await self._fetch(after)
        found = []
        for seq in range(after + 1, min(after + _STEP, self.last) + 1):
            if seq not in self._kept:
                break
            found.append(self._kept[seq])
        return found

    async def one(self, seq: int) -> LoggedChange | None:
        """One change; None where the log has forgotten it. Raises StoreUnavailable."""
        if seq in self._kept:
            return self._kept[seq]
        entry = await self._log.one(self.api, seq)
        return LoggedChange(entry) if entry else None

    async def _fetch(self, after: int) -> list[LoggedChange]:
        """Reads a part of the log into memory; the part that was read first makes room for it."""
        found = [LoggedChange(entry) for entry in await self._log.read(self.api, after, _STEP)]
        for told in found:
            self._kept.pop(told.seq, None)
            self._kept[told.seq] = told
        for seq in list(islice(self._kept, max(0, len(self._kept) - _LENGTH))):
            del self._kept[seq]
        return found
