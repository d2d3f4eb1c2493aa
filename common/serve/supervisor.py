"""Starts the children of the suite one after the other, watches them, stops them in reverse."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from common.errors import StartRefused
from common.serve.child import Awaited, Child, Role
from common.serve.stops import StopAsked, Stops

PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds before a child is started again: for its first end, its second, and so on; the last for all further ones."""

STEADY_SECONDS = 60.0
"""How long a child must have run for its earlier ends to be forgotten."""

STARTS_IN_VAIN = 5
"""How often in a row a child may be started again and end without an answer; then the suite stops."""


class SuiteDied(Exception):
    """A child that the suite cannot do without does not come back. The text is one sentence for the operator, empty
    where the child has printed it."""


@dataclass(slots=True)
class _Watched:
    """A child with what is counted of it. `started`, `due`: moments of the monotonic clock; `due` is when it is started
    again, None while it runs. `ends`: lately, for the pauses. `in_vain`: starts since it last answered."""

    child: Child
    started: float
    answered: bool = True
    ends: int = 0
    in_vain: int = 0
    due: float | None = None


class Supervisor:
    """Starts, watches and stops the children. `say` takes one line for the operator."""

    def __init__(self, stops: Stops, say: Callable[[str], None]):
        self._stops = stops
        self._say = say
        self._children: list[_Watched] = []

    def start(self, role: Role) -> None:
        """Starts a child and waits until it answers. Raises StartRefused where it does not, StopAsked at a wish to
        stop."""
        child = Child(role)
        self._children.append(_Watched(child, time.monotonic()))
        self.await_answer(role.awaited, child)

    def await_answer(self, awaited: Awaited, child: Child | None = None) -> None:
        """Waits until it answers. Raises StartRefused where it does not, or `child`, which should, has ended; SuiteDied
        without a text where that one has printed why; StopAsked at a wish to stop."""
        deadline = time.monotonic() + awaited.seconds
        while not self._stops.count:
            end = child.end() if child else None
            if child and end:
                if child.exit_code == child.role.refused_code:
                    raise SuiteDied
                raise StartRefused(f"{awaited.name} ended ({end}) before it answered; {awaited.trouble}.")
            if awaited.answers():
                return
            if time.monotonic() > deadline:
                raise StartRefused(
                    f"{awaited.name} did not answer within {awaited.seconds:g} seconds; {awaited.trouble}."
                )
            self._stops.pause(0.1)
        raise StopAsked

    def watch(self) -> None:
        """Looks after the children until the wish to stop. Raises SuiteDied as `look` does."""
        while not self._stops.count:
            steady = self.look()
            self._stops.pause(1.0 if steady else 0.1)

    def look(self) -> bool:
        """Looks once after every child; returns whether all of them run and answered.

        One that ended is started again after a pause that grows, each counted for itself. Raises SuiteDied where one
        was started in vain too often; one that answered and was killed may always come back."""
        for watched in self._children:
            self._look_after(watched)
        return all(watched.answered and watched.due is None for watched in self._children)

    def stop(self) -> None:
        """Stops all children, the last one first; one that takes too long, or all at a further wish, by SIGKILL."""
        # One wish to stop is why we are here, or else the suite died; any further one means hurry.
        patience = max(1, self._stops.count)
        for child in (watched.child for watched in reversed(self._children)):
            deadline = time.monotonic() + child.role.stop_seconds
            child.ask_to_stop()
            while child.end() is None and time.monotonic() < deadline and self._stops.count <= patience:
                self._stops.pause(0.2)
            if child.end() is None:
                self._say(f"{child.role.name} (pid {child.pid}) is killed before it has finished.")
                child.kill()
        self._children.clear()

    def _look_after(self, watched: _Watched) -> None:
        """Takes one step with a child: notes its end, starts it again when that is due, or notes that it answers."""
        now = time.monotonic()
        if watched.due is not None:
            if now >= watched.due and not self._stops.count:
                watched.child, watched.started = Child(watched.child.role), now
                watched.answered, watched.due = False, None
        elif end := watched.child.end():
            if not self._stops.count:
                self._note_end(watched, end, now)
        elif not watched.answered and watched.child.role.awaited.answers():
            watched.answered, watched.in_vain = True, 0

    def _note_end(self, watched: _Watched, end: str, now: float) -> None:
        role = watched.child.role
        if not watched.answered:
            watched.in_vain += 1
        if watched.in_vain >= STARTS_IN_VAIN:
            raise SuiteDied(
                f"{role.name} ended ({end}) and was started again {STARTS_IN_VAIN} times in vain, so the suite stops; "
                f"{role.awaited.trouble}."
            )
        if now - watched.started > STEADY_SECONDS:
            watched.ends = 0
        pause = PAUSES[min(watched.ends, len(PAUSES) - 1)]
        watched.ends += 1
        watched.due = now + pause
        when = f" in {pause:g} seconds" if pause else ""
        self._say(f"{role.name} (pid {watched.child.pid}) ended ({end}); it is started again{when}.")
