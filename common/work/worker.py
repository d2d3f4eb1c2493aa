"""The dispatcher: moves changes into the log and delivers events, as far as its shares of the work go.

Shares are one relay for each API, the subscriptions in sixteen parts, and one for each API of every sink. Any number of
dispatchers divide them among themselves; each share has one owner at a time (`common.work.membership`).
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from common.delivery.courier import Courier
from common.delivery.log_cache import LogCache
from common.delivery.subscriber_events import SubscriberEvents
from common.delivery.tools import DeliveryTools
from common.errors import Refusal, StoreUnavailable
from common.events.channel import Channel, channel_at
from common.hub.event_filter import parse_event_filter
from common.hub.subscription import Subscription, from_record
from common.query.language import Limits
from common.work.ending import ended
from common.work.membership import BEAT_SECONDS, Membership
from common.work.relay import Relay

_LOG = logging.getLogger(__name__)
_PARTS = 16
_IDLE_SECONDS = 0.2
_BUSY_SECONDS = 0.01
_BUSY_STEPS = 100
"""For how many looks in vain after the last change a relay looks often."""

Work = Callable[[Callable[[], bool]], Awaitable[None]]
"""A share's work: runs until what it is given says that the share is its own no more, or it is cancelled."""


def parts() -> list[str]:
    """The names of the shares that subscriptions are divided into."""
    return [f"deliver/{part:02d}" for part in range(_PARTS)]


def part_of(subscription: str) -> str:
    """The share that a subscription belongs to."""
    return parts()[zlib.crc32(subscription.encode()) % _PARTS]


@dataclass(slots=True)
class _Round:
    """A running courier and its task."""

    courier: Courier
    task: asyncio.Task[None]


@dataclass(slots=True)
class Dispatcher:
    """One dispatcher. `log_caches` by API; `works` are the shares that are tasks of their own, relays among them;
    `closing` is called when they have ended."""

    membership: Membership
    tools: DeliveryTools
    channels: tuple[Channel, ...]
    limits: Limits
    log_caches: Mapping[str, LogCache]
    works: Mapping[str, Work]
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    _roster: dict[str, Subscription] = field(default_factory=dict)
    _changes: int = -1
    _rounds: dict[str, _Round] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False

    async def run(self, stop: asyncio.Event) -> None:
        """Works until it is asked to stop, then leaves everything to others. The store may come and go."""
        loops = [asyncio.create_task(one) for one in (self._living(), self._sharing(), self._pumping())]
        try:
            await stop.wait()
        finally:
            self._stopping = True
            for task in loops[1:]:
                await ended(task)
            await self._drop(list(self._rounds))
            for name in list(self._tasks):
                await ended(self._tasks.pop(name))
            for close in self.closing:
                await close()
            await ended(loops[0])
            with suppress(StoreUnavailable):
                await self.membership.leave()

    async def _living(self) -> None:
        while not self._stopping:
            with suppress(StoreUnavailable):
                await self.membership.beat()
            await asyncio.sleep(BEAT_SECONDS)

    async def _sharing(self) -> None:
        """Takes and hands over shares, and keeps what belongs to them running."""
        while not self._stopping:
            try:
                surplus = await self.membership.review() if self.membership.may_act() else []
                await self._hand_over([share.name for share in surplus])
                await self.membership.hand_over(surplus)
                await self._refresh()
                await self._arrange()
            except StoreUnavailable:
                pass
            except Exception:
                _LOG.exception("The dispatcher goes on after a failure of its own")
            await asyncio.sleep(BEAT_SECONDS)

    async def _hand_over(self, names: Iterable[str]) -> None:
        leaving = set(names)
        for name in leaving & self._tasks.keys():
            await ended(self._tasks.pop(name))
        await self._drop([one for one in self._rounds if part_of(one) in leaving])

    async def _pumping(self) -> None:
        """Shows couriers what is new in the logs, and what has changed of the subscriptions before that."""
        while not self._stopping:
            try:
                if not await self._pumped():
                    with suppress(TimeoutError):
                        async with asyncio.timeout(_IDLE_SECONDS):
                            await self._news.wait()
                self._news.clear()
            except StoreUnavailable:
                await asyncio.sleep(BEAT_SECONDS)

    async def _pumped(self) -> bool:
        wanted = {self._roster[one].api for one in self._rounds if one in self._roster}
        news = [log_cache for api, log_cache in self.log_caches.items() if api in wanted and await log_cache.look()]
        if not news:
            return False
        # A subscription that ended before a change must not get it, and this is read after the change.
        await self._refresh()
        for log_cache in news:
            log_cache.show()
            for one in self._rounds.values():
                if one.courier.subscription.api == log_cache.api:
                    one.courier.woken.set()
        return True

    async def _refresh(self) -> None:
        """Reads the subscriptions anew where any has changed. Raises StoreUnavailable."""
        changes = await self.tools.subscriptions.changes()
        if changes == self._changes:
            return
        kept = [from_record(record) for record in await self.tools.subscriptions.every()]
        self._roster = {one.id: one for one in kept if not one.ended}
        self._changes = changes
        await self._drop([one for one in self._rounds if one not in self._roster])
        for running in self._rounds.values():
            running.courier.look_again()
        await self._arrange()

    async def _arrange(self) -> None:
        """Starts what should run and does not."""
        if not self.membership.may_act():
            return
        mine = self.membership.mine
        await self._hand_over({*self._tasks, *(part_of(one) for one in self._rounds)} - mine.keys())
        for name in mine.keys() & self.works.keys():
            if name not in self._tasks or self._tasks[name].done():
                self._tasks[name] = asyncio.create_task(self._work(name))
        for one in self._roster.values():
            running = self._rounds.get(one.id)
            if part_of(one.id) in mine and (running is None or running.task.done()):
                self._start(one)

    def _start(self, one: Subscription) -> None:
        try:
            channel = channel_at(self.channels, one.api, one.version)
            selection = SubscriberEvents(one, channel, parse_event_filter(one.query, channel, self.limits))
        except Refusal as refusal:
            _LOG.error("The subscription %s is not served: %s", one.id, refusal.message)
            return
        courier = Courier(selection, self.log_caches[one.api], self.tools)
        self._rounds[one.id] = _Round(courier, asyncio.create_task(self._deliver(courier)))

    async def _deliver(self, courier: Courier) -> None:
        try:
            await courier.run()
        except StoreUnavailable:
            await asyncio.sleep(BEAT_SECONDS)
        except Exception:
            _LOG.exception("The delivery to the subscription %s begins anew", courier.subscription.id)
            await asyncio.sleep(BEAT_SECONDS)

    async def _work(self, name: str) -> None:
        try:
            await self.works[name](lambda: self._owns(name))
        except StoreUnavailable:
            await asyncio.sleep(BEAT_SECONDS)
        except Exception:
            _LOG.exception("The work %s begins anew", name)
            await asyncio.sleep(BEAT_SECONDS)

    def _owns(self, name: str) -> bool:
        return self.membership.may_act() and name in self.membership.mine and name in self._tasks

    async def _drop(self, subscriptions: Iterable[str]) -> None:
        for one in list(subscriptions):
            running = self._rounds.pop(one, None)
            if running:
                running.courier.stop()
                await ended(running.task)

    def news(self) -> None:
        """Lets the logs be looked at now."""
        self._news.set()


async def relaying(relay: Relay, news: Callable[[], None], still_mine: Callable[[], bool]) -> None:
    """The work of a relay's share: often while there is something to do, seldom while there is nothing."""
    idle = 0
    while still_mine():
        moved = await relay.step(still_mine)
        idle = 0 if moved else idle + 1
        if moved:
            news()
        else:
            await asyncio.sleep(_BUSY_SECONDS if idle < _BUSY_STEPS else _IDLE_SECONDS)
