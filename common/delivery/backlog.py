"""The events that one subscriber has still to get, in one line for each resource.

Of each line only the first is ever under way. An event is either open (the log's position stands before it) or set
aside (kept by the store until it is taken); behind one that is set aside every event of its line is set aside too.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from common.delivery.pending import PendingEvent


class Backlog:
    """The lines of one subscriber. Knows nothing of sending.

    `open`, `aside`: how many events are open and set aside.
    """

    def __init__(self) -> None:
        self._lines: dict[str, deque[PendingEvent]] = {}
        self._aside: dict[str, int] = {}
        self._busy: set[str] = set()
        self._ready: deque[str] = deque()
        self._later: list[tuple[int, str]] = []
        self._ids: set[str] = set()
        self.open = 0
        self.aside = 0

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._ids

    def is_aside(self, key: str) -> bool:
        """Returns True where what comes for this resource has to be set aside, behind others."""
        return self._aside.get(key, 0) > 0

    def add(self, event: PendingEvent) -> None:
        """Puts an open event at the end of its line."""
        self.open += 1
        self._append(event)

    def add_aside(self, event: PendingEvent) -> None:
        """Puts an event that is set aside at the end of its line."""
        self.aside += 1
        self._aside[event.line] = self._aside.get(event.line, 0) + 1
        self._append(event)

    def _append(self, event: PendingEvent) -> None:
        self._ids.add(event.id)
        line = self._lines.setdefault(event.line, deque())
        line.append(event)
        if len(line) == 1:
            self._offer(event.line)

    def _offer(self, key: str) -> None:
        """Lets the first of a line be taken: at once, or when it is due."""
        if self.is_aside(key):
            heapq.heappush(self._later, (self._lines[key][0].due, key))
        else:
            self._ready.append(key)

    def take(self, now: int, whatever_due: bool = False) -> PendingEvent | None:
        """Returns the first event of some line, which is under way from now on. Returns None where there is none.

        Those set aside come first: one that is due at `now`, or the one due next where `whatever_due`.
        """
        while self._later and (whatever_due or self._later[0][0] <= now):
            due, key = heapq.heappop(self._later)
            if self._stands(key) and self._lines[key][0].due == due and self.is_aside(key):
                self._busy.add(key)
                return self._lines[key][0]
        while self._ready:
            key = self._ready.popleft()
            if self._stands(key) and not self.is_aside(key):
                self._busy.add(key)
                return self._lines[key][0]
        return None

    def take_several(self, now: int, most: int, whatever_due: bool = False) -> list[PendingEvent]:
        """Returns the firsts of at most so many lines, taken as `take` does."""
        events: list[PendingEvent] = []
        while len(events) < most and (event := self.take(now, whatever_due)):
            events.append(event)
        return events

    def _stands(self, key: str) -> bool:
        return key in self._lines and key not in self._busy

    def next_due(self) -> int | None:
        """Returns when the next event that is set aside is due, in microseconds since 1970. Returns None where none
        is."""
        return self._later[0][0] if self._later else None

    def finish(self, event: PendingEvent) -> bool:
        """Takes away the first of a line, which was under way. Returns True where it had been set aside."""
        line = self._lines[event.line]
        line.popleft()
        self._busy.discard(event.line)
        self._ids.discard(event.id)
        was_aside = self.is_aside(event.line)
        if was_aside:
            self._count_aside(event.line, -1)
        else:
            self.open -= 1
        if line:
            self._offer(event.line)
        else:
            del self._lines[event.line]
        return was_aside

    def to_keep(self, failed: PendingEvent) -> list[PendingEvent]:
        """Returns what the store has to keep before `failed`, the first of its line, is set aside: itself, and what
        stands open behind it."""
        return [failed] if self.is_aside(failed.line) else [failed, *islice(self._lines[failed.line], 1, None)]

    def set_aside(self, failed: PendingEvent) -> None:
        """Puts `failed`, the first of its line, back as set aside, and with it what stands open behind it."""
        line = self._lines[failed.line]
        line[0] = failed
        self._busy.discard(failed.line)
        heapq.heappush(self._later, (failed.due, failed.line))
        if not self.is_aside(failed.line):
            self.open -= len(line)
            self._count_aside(failed.line, len(line))

    def _count_aside(self, key: str, more: int) -> None:
        self.aside += more
        self._aside[key] = self._aside.get(key, 0) + more
        if not self._aside[key]:
            del self._aside[key]

    def hurry(self) -> None:
        """Makes everything that is set aside due now: the subscriber is well again."""
        self._later = []
        for key in self._aside:
            if key not in self._busy:
                self._lines[key][0] = replace(self._lines[key][0], due=0)
                self._offer(key)

    def expired(self, before: int) -> list[PendingEvent]:
        """Takes away the events of changes before that moment that are set aside and not under way.

        Returns them in the order of the lines.
        """
        expired: list[PendingEvent] = []
        for key in [key for key in self._aside if key not in self._busy]:
            line = self._lines[key]
            while line and line[0].happened < before:
                expired.append(line[0])
                self.finish(line[0])
        return expired

    def lowest_open(self) -> int | None:
        """Returns the smallest number in the log of an open event. Returns None where none is open."""
        return min(self._open_numbers(), default=None)

    def _open_numbers(self) -> Iterator[int]:
        return (line[0].seq for key, line in self._lines.items() if not self.is_aside(key))
