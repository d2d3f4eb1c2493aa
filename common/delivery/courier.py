"""Brings one subscriber its events: in order for each resource, several resources at once, again and again until taken.

What was taken moves the subscriber's position in the log. An event that fails is set aside in the store, with those of
its resource behind it, so that all others go on; when one after the other fails, or the subscriber cannot be reached,
nothing more is read for it, and after growing pauses single events try whether it is well again. So a sick subscriber
costs a bounded number of kept events, and the log keeps the rest.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from common.delivery.backlog import Backlog
from common.delivery.health import SubscriberHealth
from common.delivery.log_cache import LogCache, LoggedChange
from common.delivery.pending import PendingEvent, from_record
from common.delivery.sender import Outcome
from common.delivery.subscriber_events import SubscriberEvents
from common.delivery.tools import DeliveryTools
from common.errors import StoreUnavailable

_WINDOW = 64
"""How many events lie open at most: read from the log and neither taken nor set aside."""

_MOST_ASIDE = 1000
_CHECKPOINT_SECONDS = 0.25
_MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a subscriber stands and how it fares, as it is written down."""

    position: int
    failures: int
    until: int
    reason: str


class Courier:
    """The courier of one subscription, for as long as `run` runs."""

    def __init__(self, selection: SubscriberEvents, log_cache: LogCache, tools: DeliveryTools):
        self.subscription = selection.subscription
        self.woken = asyncio.Event()
        self._selection = selection
        self._tape = log_cache
        self._depot = tools
        self._lines = Backlog()
        self._health = SubscriberHealth(tools.pace)
        self._read_to = 0
        self._ahead: deque[LoggedChange] = deque()
        self._turn = 0
        self._kept: _Place | None = None
        self._noting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._noting.set_result(None)
        self._checked = 0.0
        self._results: list[tuple[list[PendingEvent], Outcome]] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._taken: list[str] = []
        self._attempts: list[dict[str, Any]] = []
        self._reload = False
        self._ended = False

    def stop(self) -> None:
        """Ends the run after what it is at."""
        self._ended = True
        self.woken.set()

    def look_again(self) -> None:
        """What is kept of the subscription has changed: an event came back from the dead, or the place was moved."""
        self._reload = True
        self.woken.set()

    async def run(self) -> None:
        """Delivers until the subscription ends, its place is moved, or the dispatcher may no longer act. Raises
        StoreUnavailable; what was not noted then is sent again by the next run."""
        await self._begin()
        try:
            while self._depot.may_send() and not self._ended:
                self.woken.clear()
                await self._settle()
                if self._reload and not await self._looked_again():
                    break
                await self._read()
                self._launch()
                self._note(at_once=not self._under_way and not self._lines.open)
                await self._sleep()
        finally:
            for task in self._under_way:
                task.cancel()
            with suppress(StoreUnavailable):
                await self._settle()
                await self._noting
                await self._written(*self._to_note())

    async def _begin(self) -> None:
        progress = await self._depot.subscriptions.progress(self.subscription.id)
        self._read_to, self._turn = progress["position"], progress["turn"]
        await self._load_aside()

    async def _load_aside(self) -> None:
        for record in await self._depot.deliveries.waiting(self.subscription.id):
            event = from_record(record)
            if event.id not in self._lines and event.id not in self._taken:
                self._lines.add_aside(event)

    async def _looked_again(self) -> bool:
        """Reads what others may have changed; False where the subscriber is to start from another place."""
        self._reload = False
        if (await self._depot.subscriptions.progress(self.subscription.id))["turn"] != self._turn:
            return False
        await self._load_aside()
        return True

    async def _read(self) -> None:
        """Fetches from the log while there is room for more."""
        now = self._depot.micros()
        while self._lines.open < _WINDOW and self._lines.aside < _MOST_ASIDE and not self._health.is_unwell:
            if not self._ahead:
                self._ahead.extend(await self._tape.read(self._read_to))
            if not self._ahead:
                return
            await self._queue(self._ahead.popleft())
        if self._health.until > now:
            await self._bury_old()

    async def _queue(self, told: LoggedChange) -> None:
        """Puts the wanted events of a change into the line of their resource."""
        for event in self._selection.wanted(told):
            if event.id in self._lines:
                continue
            if self._lines.is_aside(event.line):
                await self._depot.deliveries.set_aside([event.record()])
                self._lines.add_aside(event)
            else:
                self._lines.add(event)
        self._read_to = told.seq

    def _launch(self) -> None:
        """Sends as much as may be under way."""
        now = self._depot.micros()
        probing = self._health.is_unwell
        while self._health.room(now, len(self._under_way)):
            events = self._taken_up(now, probing)
            if not events:
                return
            task = asyncio.create_task(self._send(events))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    def _taken_up(self, now: int, probing: bool) -> list[PendingEvent]:
        """The events of the next request: one, or as many as the subscription has in a batch."""
        most = 1 if probing else max(1, self.subscription.batch)
        found: list[PendingEvent] = []
        while len(found) < most and (event := self._lines.take(now, whatever_due=probing)):
            found.append(event)
        return found

    async def _send(self, events: list[PendingEvent]) -> None:
        try:
            outcome = await self._sent(events)
        except StoreUnavailable as error:
            outcome = Outcome(None, error.message, 0.0)
        self._results.append((events, outcome))
        self.woken.set()

    async def _sent(self, events: list[PendingEvent]) -> Outcome:
        bodies = [await self._body(event) for event in events]
        there = [body for body in bodies if body]
        if not there:
            return Outcome(None, "the log has forgotten it", 0.0)
        body = b"[" + b",".join(there) + b"]" if self.subscription.batch else there[0]
        return await self._depot.sender.send(self.subscription, body)

    async def _body(self, event: PendingEvent) -> bytes | None:
        told = LoggedChange(deepcopy(dict(event.entry))) if event.entry else await self._tape.one(event.seq)
        return self._selection.body(told, event) if told else None

    async def _settle(self) -> None:
        """Takes note of every answer that has come."""
        results, self._results = self._results, []
        for events, outcome in results:
            now = self._depot.micros()
            self._attempts += self._depot.attempts(events, outcome)
            if outcome.is_end:
                await self._end(outcome)
            elif outcome.is_taken:
                self._accept(events)
            else:
                self._health.failed(now, outcome.is_away, outcome.retry_after, outcome.reason)
                await self._put_aside(events, outcome, now)

    def _accept(self, events: Sequence[PendingEvent]) -> None:
        for event in events:
            if self._lines.finish(event):
                self._taken.append(event.id)
        if self._health.succeeded():
            self._lines.hurry()

    async def _put_aside(self, events: Sequence[PendingEvent], outcome: Outcome, now: int) -> None:
        """Keeps what failed for another try, or gives it up where it has been tried long enough."""
        for event in events:
            due = max(self._health.until, now + self._depot.pace.pause(event.attempts + 1))
            failed = event.failed(outcome.reason, due)
            # The store first: what is set aside holds the place in the log no more.
            await self._depot.deliveries.set_aside([one.record() for one in self._lines.to_keep(failed)])
            self._lines.set_aside(failed)
        await self._depot.bury(self._lines.expired(self._depot.oldest_tried()), outcome.reason)

    async def _bury_old(self) -> None:
        """Gives up what has waited in the log, for a subscriber that is unwell, as long as an event is tried."""
        while self._ahead or (found := await self._tape.read(self._read_to)):
            self._ahead = self._ahead or deque(found)
            if self._ahead[0].logged.announcement.at >= self._depot.oldest_tried():
                return
            told = self._ahead.popleft()
            await self._depot.bury(self._selection.wanted(told), self._health.reason)
            self._read_to = told.seq

    async def _end(self, outcome: Outcome) -> None:
        """The subscriber wants no more: the subscription stays for the operator to see."""
        self._ended = True
        told = {"ended": f"The subscriber {outcome.reason}."}
        await self._depot.subscriptions.change(self.subscription.id, told, without=("key",))

    def _note(self, at_once: bool) -> None:
        """Begins to write down how far the subscriber has got, not more often than a few times a second; deliveries go
        on meanwhile. Raises StoreUnavailable where that failed the last time."""
        if not self._noting.done():
            return
        self._noting.result()
        clock = asyncio.get_running_loop().time()
        if at_once or clock - self._checked >= _CHECKPOINT_SECONDS:
            self._checked = clock
            taken, attempts, place = self._to_note()
            if taken or attempts or place:
                self._noting = asyncio.ensure_future(self._written(taken, attempts, place))

    def _to_note(self) -> tuple[list[str], list[dict[str, Any]], _Place | None]:
        """What was taken and tried since the last time, and the subscriber's place where it is another."""
        taken, self._taken = self._taken, []
        attempts, self._attempts = self._attempts, []
        lowest = self._lines.lowest_open()
        position = self._read_to if lowest is None else lowest - 1
        place = _Place(position, self._health.failures, self._health.until, self._health.reason)
        if place == self._kept:
            return taken, attempts, None
        self._kept = place
        return taken, attempts, place

    async def _written(self, taken: list[str], attempts: list[dict[str, Any]], place: _Place | None) -> None:
        if taken:
            await self._depot.deliveries.done(taken)
        if attempts:
            await self._depot.deliveries.note_attempts(attempts)
        if place:
            told = {"failures": place.failures, "paused_until": place.until, "reason": place.reason}
            kept = self._depot.subscriptions
            if not await kept.advance(self.subscription.id, place.position, self._turn, told):
                self.look_again()

    async def _sleep(self) -> None:
        """Until something is to be done: news, an answer, the end of a pause."""
        now = self._depot.micros()
        moments = [moment for moment in (self._health.until, self._lines.next_due() or 0) if moment > now]
        seconds = (min(moments) - now) / _MICROS if moments else 1.0
        if self._attempts or self._taken or self._lines.open:
            seconds = min(seconds, _CHECKPOINT_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, 1.0)):
                await self.woken.wait()
