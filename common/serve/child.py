"""A process of the suite, and the row that says how it is run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

TETHER = Path(__file__).with_name("tether.py")


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something that must answer before the start goes on.

    `name`: as it begins a sentence. `answers`: returns True once it answers; waits for some seconds at most and may
    raise StartRefused. `seconds`: how long it may take. `trouble`: where to look when it fails, as it ends a sentence.
    """

    name: str
    answers: Callable[[], bool]
    seconds: float
    trouble: str


@dataclass(frozen=True, slots=True)
class Role:
    """One row of the suite: a child process, and what its supervisor has to know about it.

    `stop_seconds`: how long it may take to end after SIGTERM. `refused_code`: the exit code that means "I refused to
    start and printed the reason". `open_log`: opens the file that its output goes to; None sends it where the
    supervisor's goes. `keeps`: descriptors that it holds open as long as it lives.
    """

    awaited: Awaited
    command: tuple[str, ...]
    environ: Mapping[str, str]
    stop_seconds: float
    refused_code: int | None = None
    open_log: Callable[[], int] | None = None
    keeps: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The name, as it begins a sentence."""
        return self.awaited.name


class Child:
    """A running process in a session of its own (Ctrl-C at a terminal passes it by), tied to this one's life."""

    def __init__(self, role: Role):
        self.role = role
        log = role.open_log() if role.open_log else None
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own command lines, no shell
                [sys.executable, "-P", str(TETHER), str(os.getpid()), *role.command],
                env=dict(role.environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=role.keeps,
            )
        finally:
            if log is not None:
                os.close(log)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, or minus the number of the signal that ended it; None while it runs."""
        return self._process.poll()

    def end(self) -> str | None:
        """Returns how it ended, `exit code 3` or `SIGKILL`, when it is truly gone and its files are free; None while it
        runs."""
        code = self.exit_code
        if code is None:
            return None
        return f"exit code {code}" if code >= 0 else signal.Signals(-code).name

    def ask_to_stop(self) -> None:
        """Sends SIGTERM: finish what is under way, then end."""
        if self.exit_code is None:
            self._process.terminate()

    def kill(self) -> None:
        """Sends SIGKILL to it and to all that it started; returns when it is gone."""
        if self.exit_code is None:
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
