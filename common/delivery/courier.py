"""Brings one subscriber its events: in order for each resource, several resources at once, again and again until taken.

What was taken moves the subscriber's position in the log. An event that fails is set aside in the store, with those of
its resource behind it, so that all others go on. When one after the other fails, or the subscriber cannot be reached,
nothing more is read for it; after growing pauses single events try whether it is well again. So a sick subscriber costs
a bounded number of kept events, and the log keeps the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from common.delivery.backlog import Backlog
from common.delivery.health import SubscriberHealth
from common.delivery.in_flight import InFlight
from common.delivery.log_cache import LogCache, LogReader
from common.delivery.pending import PendingEvent, pending_from_record
from common.delivery.progress import CHECKPOINT_SECONDS, Progress
from common.delivery.sender import Outcome
from common.delivery.subscriber_events import SubscriberEvents
from common.delivery.tools import DeliveryTools
from common.errors import StoreUnavailable
from common.events.logged_change import LoggedChange
from common.hub.subscription import Subscription

_WINDOW = 64
"""How many events lie open at most: read from the log and neither taken nor set aside."""

_MOST_ASIDE = 1000
_MICROS = 1_000_000


class Courier:
    """The courier of one subscription, for as long as `run` runs.

    `log`: of the subscription's API.
    `still_mine`: returns True while this process may deliver to the subscriber.
    """

    def __init__(self, events: SubscriberEvents, log: LogCache, tools: DeliveryTools, still_mine: Callable[[], bool]):
        self._events = events
        self._tools = tools
        self._still_mine = still_mine
        self._reader = LogReader(log)
        self._backlog = Backlog()
        self._health = SubscriberHealth(tools.retry_policy)
        self._progress = Progress(events.subscription.id, tools, self.look_again)
        self._in_flight = InFlight(events, log, tools.sender, self.wake)
        self._woken = asyncio.Event()
        self._reload = False
        self._ended = False

    @property
    def subscription(self) -> Subscription:
        """Returns the subscription, as it was when the courier began."""
        return self._events.subscription

    def wake(self) -> None:
        """Lets the courier look at once for what there is to do."""
        self._woken.set()

    def stop(self) -> None:
        """Ends the run after what it is at."""
        self._ended = True
        self.wake()

    def look_again(self) -> None:
        """Lets the courier read anew what others may have changed: the position, and what waits in the store."""
        self._reload = True
        self.wake()

    async def run(self) -> None:
        """Delivers until the subscription ends, its position is moved, or it is no longer this process's.

        Raises StoreUnavailable. What was not noted then is sent again by the next run.
        """
        self._reader.position = await self._progress.begin()
        await self._load_aside()
        try:
            while self._still_mine() and not self._ended:
                self._woken.clear()
                await self._settle()
                if self._reload and await self._is_moved():
                    break
                await self._read()
                self._launch()
                at_once = not self._in_flight and not self._backlog.open
                self._progress.note(self._position(), self._health, at_once)
                await self._sleep()
        finally:
            self._in_flight.cancel()
            with suppress(StoreUnavailable):
                await self._settle()
                await self._progress.finish(self._position(), self._health)

    async def _load_aside(self) -> None:
        for record in await self._tools.database.deliveries.waiting(self.subscription.id):
            event = pending_from_record(record)
            if event.id not in self._backlog and not self._progress.is_taken(event.id):
                self._backlog.add_aside(event)

    async def _is_moved(self) -> bool:
        """Returns True where the operator has moved the position. Otherwise reads what waits in the store anew."""
        self._reload = False
        if await self._progress.is_moved():
            return True
        await self._load_aside()
        return False

    def _position(self) -> int:
        """Returns the number up to which every event is taken or kept by the store."""
        lowest = self._backlog.lowest_open()
        return self._reader.position if lowest is None else lowest - 1

    async def _read(self) -> None:
        """Reads the log while there is room for more."""
        now = self._tools.micros()
        while self._backlog.open < _WINDOW and self._backlog.aside < _MOST_ASIDE and not self._health.is_unwell:
            change = await self._reader.next_change()
            if change is None:
                return
            await self._queue(change)
            self._reader.go_past(change)
        if self._health.until > now:
            await self._bury_old()

    async def _queue(self, change: LoggedChange) -> None:
        """Puts the wanted events of a change into the line of their resource."""
        for event in self._events.wanted(change):
            if event.id in self._backlog:
                continue
            if self._backlog.is_aside(event.line):
                await self._tools.database.deliveries.set_aside([event.record()])
                self._backlog.add_aside(event)
            else:
                self._backlog.add(event)

    def _launch(self) -> None:
        """Sends as much as may be under way."""
        now = self._tools.micros()
        probing = self._health.is_unwell
        while self._health.room(now, len(self._in_flight)):
            events = self._backlog.take_several(now, 1 if probing else max(1, self.subscription.batch), probing)
            if not events:
                return
            self._in_flight.send(events)

    async def _settle(self) -> None:
        """Takes note of every answer that has come."""
        for events, outcome in self._in_flight.take_answers():
            now = self._tools.micros()
            self._progress.add_attempts(events, outcome)
            if outcome.is_end:
                await self._end(outcome)
            elif outcome.is_taken:
                self._accept(events)
            else:
                self._health.failed(now, outcome.is_away, outcome.retry_after, outcome.reason)
                await self._put_aside(events, outcome, now)

    def _accept(self, events: Sequence[PendingEvent]) -> None:
        for event in events:
            if self._backlog.finish(event):
                self._progress.add_taken(event.id)
        if self._health.succeeded():
            self._backlog.hurry()

    async def _put_aside(self, events: Sequence[PendingEvent], outcome: Outcome, now: int) -> None:
        """Keeps what failed for another try. Gives up what has been tried long enough."""
        for event in events:
            due = max(self._health.until, now + self._tools.retry_policy.pause(event.attempts + 1))
            failed = event.failed(outcome.reason, due)
            # The store first: what is set aside holds the position in the log no more.
            records = [behind.record() for behind in self._backlog.to_keep(failed)]
            await self._tools.database.deliveries.set_aside(records)
            self._backlog.set_aside(failed)
        await self._tools.bury(self._backlog.expired(self._tools.oldest_tried()), outcome.reason)

    async def _bury_old(self) -> None:
        """Gives up what has waited in the log, for a subscriber that is unwell, as long as an event is tried."""
        while change := await self._reader.next_change():
            if change.logged.announcement.at >= self._tools.oldest_tried():
                return
            await self._tools.bury(self._events.wanted(change), self._health.reason)
            self._reader.go_past(change)

    async def _end(self, outcome: Outcome) -> None:
        """Ends the subscription: the subscriber wants no more. It stays for the operator to see."""
        self._ended = True
        fields = {"ended": f"The subscriber {outcome.reason}."}
        await self._tools.database.subscriptions.change(self.subscription.id, fields, without=("key",))

    async def _sleep(self) -> None:
        """Waits until something is to be done: news, an answer, the end of a pause."""
        now = self._tools.micros()
        moments = [moment for moment in (self._health.until, self._backlog.next_due() or 0) if moment > now]
        seconds = (min(moments) - now) / _MICROS if moments else 1.0
        if self._progress.is_behind or self._backlog.open:
            seconds = min(seconds, CHECKPOINT_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, 1.0)):
                await self._woken.wait()
