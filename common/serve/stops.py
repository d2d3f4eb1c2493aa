"""The operator's wish that the suite stop: Ctrl-C, SIGTERM, SIGHUP; and a sleep that such a wish cuts short."""

from __future__ import annotations

import queue
import signal
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any

WISHES = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAsked(Exception):
    """The suite was asked to stop while it started."""


class Stops:
    """Counts the wishes to stop while it is entered (in the main thread); the second one means: hurry."""

    def __init__(self) -> None:
        self.count = 0
        self._wakeups: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Stops:
        self._before = {number: signal.signal(number, self._asked) for number in WISHES}
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, self._child_changed)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def pause(self, seconds: float) -> None:
        """Sleeps until a wish comes, a child ends or `seconds` are over."""
        with suppress(queue.Empty):
            self._wakeups.get(timeout=seconds)

    def _asked(self, number: int, _frame: FrameType | None) -> None:
        self.count += 1
        self._wakeups.put(number)

    def _child_changed(self, number: int, _frame: FrameType | None) -> None:
        self._wakeups.put(number)
