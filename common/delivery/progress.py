"""How far one subscriber has got, and how that is written down: now and then, beside the deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from common.delivery.health import SubscriberHealth
from common.delivery.pending import PendingEvent
from common.delivery.sender import Outcome
from common.delivery.tools import DeliveryTools

CHECKPOINT_SECONDS = 0.25
"""The least pause between two notes, in seconds."""


@dataclass(frozen=True, slots=True)
class _State:
    """What the store keeps: the position in the log, and how the subscriber fares (`SubscriberHealth`)."""

    position: int
    failures: int
    until: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Note:
    """What one writing brings: ids of events that wait no longer, attempts, the state where it has changed."""

    taken: list[str]
    attempts: list[dict[str, Any]]
    state: _State | None

    @property
    def is_empty(self) -> bool:
        """Returns True where there is nothing to write."""
        return not (self.taken or self.attempts or self.state)


class Progress:
    """The progress of one subscription.

    `moved`: called when the operator has moved the position meanwhile, so that it could not be written.
    """

    def __init__(self, subscription: str, tools: DeliveryTools, moved: Callable[[], None]):
        self._subscription = subscription
        self._tools = tools
        self._moved = moved
        self._turn = 0
        self._state: _State | None = None
        self._taken: list[str] = []
        self._attempts: list[dict[str, Any]] = []
        self._noted_at = 0.0
        self._writing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._writing.set_result(None)

    async def begin(self) -> int:
        """Returns the position to go on from. Raises StoreUnavailable, NotFound where the subscription is gone."""
        record = await self._tools.database.subscriptions.progress(self._subscription)
        self._turn = record["turn"]
        position: int = record["position"]
        return position

    async def is_moved(self) -> bool:
        """Returns True where the operator has moved the position since `begin`. Raises as `begin`."""
        record = await self._tools.database.subscriptions.progress(self._subscription)
        return bool(record["turn"] != self._turn)

    def add_taken(self, identifier: str) -> None:
        """Notes that a waiting event was taken."""
        self._taken.append(identifier)

    def is_taken(self, identifier: str) -> bool:
        """Returns True for an event that was taken, while the store may not know it yet."""
        return identifier in self._taken

    def add_attempts(self, events: Sequence[PendingEvent], outcome: Outcome) -> None:
        """Notes one attempt at each of these events."""
        self._attempts += self._tools.attempts(events, outcome)

    @property
    def is_behind(self) -> bool:
        """Returns True while something waits to be written."""
        return bool(self._taken or self._attempts)

    def note(self, position: int, health: SubscriberHealth, at_once: bool) -> None:
        """Begins to write in the background, `at_once` or a few times a second at most, one writing at a time.

        Raises StoreUnavailable where the last writing failed.
        """
        if not self._writing.done():
            return
        self._writing.result()
        now = asyncio.get_running_loop().time()
        if at_once or now - self._noted_at >= CHECKPOINT_SECONDS:
            self._noted_at = now
            note = self._next_note(position, health)
            if not note.is_empty:
                self._writing = asyncio.ensure_future(self._write(note))

    async def finish(self, position: int, health: SubscriberHealth) -> None:
        """Writes all that is left. Raises StoreUnavailable."""
        await self._writing
        await self._write(self._next_note(position, health))

    def _next_note(self, position: int, health: SubscriberHealth) -> _Note:
        """Returns what has come since the last note, and takes it as written."""
        taken, self._taken = self._taken, []
        attempts, self._attempts = self._attempts, []
        state = _State(position, health.failures, health.until, health.reason)
        is_new, self._state = state != self._state, state
        return _Note(taken, attempts, state if is_new else None)

    async def _write(self, note: _Note) -> None:
        database = self._tools.database
        if note.taken:
            await database.deliveries.done(note.taken)
        if note.attempts:
            await database.deliveries.note_attempts(note.attempts)
        if state := note.state:
            fields = {"failures": state.failures, "paused_until": state.until, "reason": state.reason}
            if not await database.subscriptions.advance(self._subscription, state.position, self._turn, fields):
                self._moved()
