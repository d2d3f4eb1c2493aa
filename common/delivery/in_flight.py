"""The requests to one subscriber that are under way, and the answers that have come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from common.delivery.log_cache import LogCache
from common.delivery.pending import PendingEvent
from common.delivery.sender import Outcome, Sender
from common.delivery.subscriber_events import SubscriberEvents
from common.errors import StoreUnavailable

_FORGOTTEN = Outcome(None, "the log has forgotten it", 0.0)


class InFlight:
    """The requests of one courier.

    `log`: where the events' changes are read.
    `answered`: called at each answer that has come.
    """

    def __init__(self, events: SubscriberEvents, log: LogCache, sender: Sender, answered: Callable[[], None]):
        self._events = events
        self._log = log
        self._sender = sender
        self._answered = answered
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers: list[tuple[list[PendingEvent], Outcome]] = []

    def __len__(self) -> int:
        return len(self._tasks)

    def send(self, events: list[PendingEvent]) -> None:
        """Begins a request that brings these events."""
        task = asyncio.create_task(self._send(events))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def take_answers(self) -> list[tuple[list[PendingEvent], Outcome]]:
        """Returns the events of each request that has ended, and what came of it, in the order of the ends.

        Each answer is returned once.
        """
        answers, self._answers = self._answers, []
        return answers

    def cancel(self) -> None:
        """Gives up every request; what became of it is not known then."""
        for task in self._tasks:
            task.cancel()

    async def _send(self, events: list[PendingEvent]) -> None:
        try:
            body = await self._events.request_body(events, self._log)
            outcome = await self._sender.send(self._events.subscription, body) if body else _FORGOTTEN
        except StoreUnavailable as error:
            outcome = Outcome(None, error.message, 0.0)
        self._answers.append((events, outcome))
        self._answered()
