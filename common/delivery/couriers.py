"""The couriers of one process: one for each subscription of the shares that it has.

The subscriptions are divided into sixteen shares. What all couriers of a process need is read once for all: the roster
of subscriptions, and the newest part of each log.
"""

from __future__ import annotations

import asyncio
import logging
import math
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from common.delivery.courier import Courier
from common.delivery.log_cache import LogCache
from common.delivery.subscriber_events import SubscriberEvents
from common.delivery.tools import DeliveryTools
from common.errors import NotFound, Refusal, StoreUnavailable
from common.events.channel import Channel, channel_at
from common.hub.event_filter import parse_event_filter
from common.hub.subscription import Subscription, subscription_from_record
from common.query.language import Limits
from common.work.ending import ended
from common.work.membership import BEAT_SECONDS
from common.work.worker import StillMine, Work

_LOG = logging.getLogger(__name__)
_SHARES = tuple(f"deliver/{number:02d}" for number in range(16))
_IDLE_SECONDS = 0.2


def share_of(subscription: str) -> str:
    """Returns the name of the share that the subscription with this id belongs to."""
    return _SHARES[zlib.crc32(subscription.encode()) % len(_SHARES)]


@dataclass(frozen=True, slots=True)
class _Running:
    """A courier and the task that runs it."""

    courier: Courier
    task: asyncio.Task[None]


class Couriers:
    """All couriers of one process.

    `channels`: the served ones; a subscription at another channel waits.
    `limits`: of the queries that subscriptions may have.
    """

    def __init__(self, tools: DeliveryTools, channels: Sequence[Channel], limits: Limits):
        self._tools = tools
        self._channels = channels
        self._limits = limits
        logs = {channel.api.log for channel in channels}
        self._log_caches = {log: LogCache(log, tools.database.log) for log in logs}
        self._roster: Mapping[str, Sequence[Subscription]] = {}
        self._changes = -1
        self._refreshed_at = -math.inf
        self._shares: dict[str, StillMine] = {}
        self._running: dict[str, _Running] = {}
        self._news = asyncio.Event()

    def works(self) -> list[Work]:
        """Returns the rows of the table of work that deliver, one for each share of the subscriptions."""
        return [Work(share, partial(self.run, share)) for share in _SHARES]

    def news(self) -> None:
        """Lets the logs be looked at now."""
        self._news.set()

    async def run(self, share: str, still_mine: StillMine) -> None:
        """Keeps the couriers of one share running. Returns when all of them have ended."""
        self._shares[share] = still_mine
        try:
            while still_mine():
                self._start(share)
                await asyncio.sleep(BEAT_SECONDS)
        finally:
            del self._shares[share]
            await self._end([identifier for identifier in self._running if share_of(identifier) == share])

    async def watch(self, still_mine: StillMine) -> None:
        """Shows the couriers of all shares what is new in the logs, and learns which subscriptions there are.

        Every process runs it once, beside its shares. Raises StoreUnavailable.
        """
        clock = asyncio.get_running_loop().time
        while still_mine():
            if clock() - self._refreshed_at >= BEAT_SECONDS:
                await self._refresh()
                self._refreshed_at = clock()
            if not await self._look():
                with suppress(TimeoutError):
                    async with asyncio.timeout(_IDLE_SECONDS):
                        await self._news.wait()
            self._news.clear()

    async def _look(self) -> bool:
        """Looks at each log once. Returns True where one has something new."""
        read = {running.courier.subscription.log for running in self._running.values()}
        news = [cache for log, cache in self._log_caches.items() if log in read and await cache.look()]
        if not news:
            return False
        # A subscription that ended before a change must not get it, and this is read after the change.
        await self._refresh()
        for cache in news:
            cache.show()
            for running in self._running.values():
                if running.courier.subscription.log == cache.name:
                    running.courier.wake()
        return True

    async def _refresh(self) -> None:
        """Reads the subscriptions anew where any has changed. Raises StoreUnavailable."""
        subscriptions = self._tools.database.subscriptions
        changes = await subscriptions.changes()
        if changes == self._changes:
            return
        roster: dict[str, list[Subscription]] = defaultdict(list)
        for subscription in map(subscription_from_record, await subscriptions.every()):
            if not subscription.ended:
                roster[share_of(subscription.id)].append(subscription)
        self._roster, self._changes = roster, changes
        current = {subscription.id for part in roster.values() for subscription in part}
        await self._end([identifier for identifier in self._running if identifier not in current])
        for running in self._running.values():
            running.courier.look_again()
        for share in self._shares:
            self._start(share)

    def _start(self, share: str) -> None:
        """Starts those couriers of a share that should run and do not."""
        if not self._shares[share]():
            return
        for subscription in self._roster.get(share, ()):
            running = self._running.get(subscription.id)
            if running is None or running.task.done():
                try:
                    self._running[subscription.id] = self._started(subscription, self._shares[share])
                except Refusal as refusal:
                    _LOG.error("The subscription %s is not served: %s", subscription.id, refusal.message)

    def _started(self, subscription: Subscription, still_mine: StillMine) -> _Running:
        """Returns a new courier. Raises NotFound where its channel is not served, InvalidQuery where its query is not
        understood any more."""
        channel = channel_at(self._channels, subscription.api, subscription.version)
        event_filter = parse_event_filter(subscription.query, channel, self._limits)
        events = SubscriberEvents(subscription, channel, event_filter)
        courier = Courier(events, self._log_caches[subscription.log], self._tools, still_mine)
        return _Running(courier, asyncio.create_task(_deliver(courier)))

    async def _end(self, identifiers: Iterable[str]) -> None:
        """Ends couriers. They are on the list until they have ended, so that none is started beside them."""
        ending = {identifier: self._running[identifier] for identifier in identifiers}
        for running in ending.values():
            running.courier.stop()
        await ended(*(running.task for running in ending.values()))
        for identifier, running in ending.items():
            if self._running.get(identifier) is running:
                del self._running[identifier]


async def _deliver(courier: Courier) -> None:
    """Runs a courier once; after a failure the task lasts a little longer, and with it the pause before the next."""
    try:
        await courier.run()
    except StoreUnavailable:
        await asyncio.sleep(BEAT_SECONDS)
    except NotFound:
        # Unsubscribed since the roster was read, which is the client's right; the next roster lacks it.
        await asyncio.sleep(BEAT_SECONDS)
    except Exception:
        _LOG.exception("The delivery to the subscription %s begins anew", courier.subscription.id)
        await asyncio.sleep(BEAT_SECONDS)
