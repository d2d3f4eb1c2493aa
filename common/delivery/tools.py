"""What the couriers of one dispatcher share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common.clock import micros
from common.delivery.health import RetryPolicy
from common.delivery.pending import PendingEvent
from common.delivery.sender import Outcome, Sender
from common.store.deliveries import Deliveries
from common.store.event_log import EventLog
from common.store.subscriptions import Subscriptions

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class DeliveryTools:
    """The stores, the HTTP client, the pace; how long attempts are remembered. `now` tells the time; `may_send` whether
    the dispatcher may still act."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    log: EventLog
    sender: Sender
    pace: RetryPolicy
    remembered: timedelta
    now: Callable[[], datetime]
    may_send: Callable[[], bool]

    def micros(self) -> int:
        """The present in microseconds since 1970."""
        return micros(self.now())

    def oldest_tried(self) -> int:
        """What changed before this moment is not tried again."""
        return self.micros() - int(self.pace.tried_for * _SECOND)

    async def bury(self, events: Sequence[PendingEvent], reason: str) -> None:
        """Makes dead letters of events that are given up, and lets them wait no longer."""
        letters = []
        for event in events:
            entry = event.entry or await self.log.one(event.api, event.seq)
            letters.append({**event.record(), "reason": event.reason or reason, "entry": entry, "died": self.micros()})
        await self.deliveries.bury(letters)

    def attempts(self, events: Sequence[PendingEvent], outcome: Outcome) -> list[dict[str, Any]]:
        """One attempt at each of some events, for the log of attempts."""
        return [
            {
                "subscription": event.subscription,
                "event": event.event,
                "type": event.type,
                "key": event.key,
                "attempt": event.attempts + 1,
                "at": self.now(),
                "expires": self.now() + self.remembered,
                "status": outcome.status,
                "error": outcome.error,
                "milliseconds": round(outcome.milliseconds, 3),
            }
            for event in events
        ]
