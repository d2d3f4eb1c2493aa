"""How one subscriber fares: when it may be sent to again, and how long the pauses grow (settings)."""

from __future__ import annotations

import random
from dataclasses import dataclass

_PATIENCE = 5
"""How many events may fail one after the other before the subscriber itself is taken to be unwell."""

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How one subscriber is treated, in seconds: the first and the longest pause, how long an event is tried; and how
    many events of different resources are under way to it at once."""

    first_pause: float
    longest_pause: float
    tried_for: float
    parallel: int

    def pause(self, failures: int) -> int:
        """The microseconds to wait after so many failures in a row: twice as long each time, and up to a fifth less, so
        that many who failed together do not come back together."""
        seconds = min(self.first_pause * 2.0 ** min(failures - 1, 40), self.longest_pause)
        return int(seconds * random.uniform(0.8, 1.0) * _SECOND)  # noqa: S311 - no secret


@dataclass(slots=True)
class SubscriberHealth:
    """`failures` in a row; while `until` (microseconds since 1970) lies ahead nothing is sent; after it one event at a
    time, until one is taken."""

    pace: RetryPolicy
    failures: int = 0
    until: int = 0
    reason: str = ""

    def succeeded(self) -> bool:
        """Notes an event that was taken; True where the subscriber was unwell until then."""
        was_unwell, self.failures, self.until, self.reason = self.is_unwell, 0, 0, ""
        return was_unwell

    def failed(self, now: int, is_away: bool, retry_after: float | None, reason: str) -> None:
        """Notes an event that was not taken; `is_away` where nothing else would have been either."""
        self.failures += 1
        self.reason = reason
        if retry_after is not None:
            self.until = max(self.until, now + int(retry_after * _SECOND))
        elif is_away or self.failures >= _PATIENCE:
            self.until = max(self.until, now + self.pace.pause(self.failures))

    @property
    def is_unwell(self) -> bool:
        """True from a pause on until an event is taken again."""
        return self.until > 0

    def room(self, now: int, under_way: int) -> int:
        """How many more events may be under way."""
        if self.until > now:
            return 0
        return max(0, (1 if self.is_unwell else self.pace.parallel) - under_way)
