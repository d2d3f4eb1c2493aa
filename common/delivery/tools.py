"""What the couriers of one process share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common.clock import micros
from common.delivery.health import RetryPolicy
from common.delivery.pending import PendingEvent
from common.delivery.sender import Outcome, Sender
from common.store.database import Database

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class DeliveryTools:
    """What a courier works with.

    `database`: where subscriptions, deliveries and the log are.
    `sender`: the HTTP client.
    `retry_policy`: how every subscriber is treated.
    `remembered`: how long an attempt is kept.
    `now`: tells the time.
    """

    database: Database
    sender: Sender
    retry_policy: RetryPolicy
    remembered: timedelta
    now: Callable[[], datetime]

    def micros(self) -> int:
        """Returns the present in microseconds since 1970."""
        return micros(self.now())

    def oldest_tried(self) -> int:
        """Returns a moment in microseconds since 1970: what changed before it is not tried again."""
        return self.micros() - int(self.retry_policy.tried_for * _SECOND)

    async def bury(self, events: Sequence[PendingEvent], reason: str) -> None:
        """Makes dead letters of events that are given up; they wait no longer.

        `reason`: of those that have none of their own. Raises StoreUnavailable.
        """
        letters = []
        for event in events:
            entry = event.entry or await self.database.log.entry(event.api, event.seq)
            letters.append({**event.record(), "reason": event.reason or reason, "entry": entry, "died": self.micros()})
        await self.database.deliveries.bury(letters)

    def attempts(self, events: Sequence[PendingEvent], outcome: Outcome) -> list[dict[str, Any]]:
        """Returns one attempt at each of these events, as the log of attempts keeps it."""
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
