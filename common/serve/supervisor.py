"""Starts the children of the suite one after the other, watches them, stops them in reverse."""

from __future__ import annotations

import time
from collections.abc import Callable

from common.errors import StartRefused
from common.serve.child import Awaited, Child, Role
from common.serve.stops import StopAsked, Stops

RESTARTS = 5
RESTARTS_WITHIN = 60.0


class SuiteDied(Exception):
    """A child that the suite cannot do without has ended. The text is one sentence for the operator, empty where the
    child has printed it."""


class Supervisor:
    """Starts, watches and stops the children. `say` takes one line for the operator."""

    def __init__(self, stops: Stops, say: Callable[[str], None]):
        self._stops = stops
        self._say = say
        self._children: list[Child] = []
        self._restarts: list[float] = []

    def start(self, role: Role) -> None:
        """Starts a child and waits until it answers. Raises StartRefused where it does not, StopAsked at a wish to
        stop."""
        child = Child(role)
        self._children.append(child)
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
        """Returns at the wish to stop. Starts a child again that ended, where its row says so; else raises
        SuiteDied."""
        while not self._stops.count:
            for position, child in enumerate(self._children):
                end = child.end()
                if end and not self._stops.count:
                    self._children[position] = self._again(child, end)
            self._stops.pause(1.0)

    def stop(self) -> None:
        """Stops all children, the last one first; one that takes too long, or all at a further wish, by SIGKILL."""
        # One wish to stop is why we are here, or else the suite died; any further one means hurry.
        patience = max(1, self._stops.count)
        for child in reversed(self._children):
            deadline = time.monotonic() + child.role.stop_seconds
            child.ask_to_stop()
            while child.end() is None and time.monotonic() < deadline and self._stops.count <= patience:
                self._stops.pause(0.2)
            if child.end() is None:
                self._say(f"{child.role.name} (pid {child.pid}) is killed before it has finished.")
                child.kill()
        self._children.clear()

    def _again(self, child: Child, end: str) -> Child:
        role = child.role
        if not role.restarts:
            raise SuiteDied(f"{role.name} ended ({end}), so the suite stops; {role.awaited.trouble}.")
        now = time.monotonic()
        self._restarts = [moment for moment in self._restarts if now - moment < RESTARTS_WITHIN] + [now]
        if len(self._restarts) > RESTARTS:
            raise SuiteDied(
                f"{role.name} ended {RESTARTS + 1} times within {RESTARTS_WITHIN:g} seconds, "
                f"so the suite stops; {role.awaited.trouble}."
            )
        self._say(f"{role.name} (pid {child.pid}) ended ({end}); it is started again.")
        return Child(role)
