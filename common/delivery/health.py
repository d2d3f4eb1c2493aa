"""How one subscriber fares: when it may be sent to again, and how long the pauses grow (settings)."""

from __future__ import annotations

import random
from dataclasses import dataclass

_PATIENCE = 5
"""How many events may fail one after the other before the subscriber itself is taken to be unwell."""

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How one subscriber is treated.

    `first_pause`, `longest_pause`: in seconds, after a failure and at most.
    `tried_for`: for how many seconds an event is tried.
    `parallel`: how many events of different resources are under way at once.
    """

    first_pause: float
    longest_pause: float
    tried_for: float
    parallel: int

    def pause(self, failures: int) -> int:
        """Returns the microseconds to wait after so many failures in a row.

        Each pause is twice as long as the one before, less up to a fifth: those that failed together do not come back
        together.
        """
        seconds = min(self.first_pause * 2.0 ** min(failures - 1, 40), self.longest_pause)
        return int(seconds * random.uniform(0.8, 1.0) * _SECOND)  # noqa: S311 - no secret


@dataclass(slots=True)
class SubscriberHealth:
    """How one subscriber fares.

    `failures`: in a row.
    `until`: microseconds since 1970, or 0. While it lies ahead nothing is sent; after it one event at a time, until one
    is taken.
    `reason`: of the last failure.
    """

    policy: RetryPolicy
    failures: int = 0
    until: int = 0
    reason: str = ""

    def succeeded(self) -> bool:
        """Notes an event that was taken. Returns True where the subscriber was unwell until then."""
        was_unwell, self.failures, self.until, self.reason = self.is_unwell, 0, 0, ""
        return was_unwell

    def failed(self, now: int, is_away: bool, retry_after: float | None, reason: str) -> None:
        """Notes an event that was not taken.

        `is_away`: nothing else would have been taken either. `retry_after`: the seconds that the subscriber asks for.
        """
        self.failures += 1
        self.reason = reason
        if retry_after is not None:
            self.until = max(self.until, now + int(retry_after * _SECOND))
        elif is_away or self.failures >= _PATIENCE:
            self.until = max(self.until, now + self.policy.pause(self.failures))

    @property
    def is_unwell(self) -> bool:
        """Returns True from a pause on until an event is taken again."""
        return self.until > 0

    def room(self, now: int, under_way: int) -> int:
        """Returns how many more events may be under way."""
        if self.until > now:
            return 0
        return max(0, (1 if self.is_unwell else self.policy.parallel) - under_way)
