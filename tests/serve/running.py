"""A suite that runs as its own process, and what a test asks of it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from common.settings import variables

ROOT = Path(__file__).parents[2]
WORKERS = 2
BOUND = 60.0
"""Seconds after which a test gives up waiting; no test says how long anything should take."""


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Returns as soon as the condition holds; fails with `what` did not happen."""
    deadline = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {BOUND:g} seconds"
        time.sleep(0.02)


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without settings, and the changes."""
    plain = {name: value for name, value in os.environ.items() if name not in variables() | {"GUNICORN_CMD_ARGS"}}
    return {**plain, "PYTHONPATH": str(ROOT), "TMF_WORKERS": str(WORKERS), "TMF_DISPATCHERS": "0", **changes}


def taken(port: int) -> bool:
    """Whether someone has bound the port of 127.0.0.1, listening or not."""
    with socket.socket() as one:
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _status(pid: int) -> tuple[str, int, str] | None:
    """State, parent and start time of a process; None where there is none, or nothing but its exit code."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else (fields[0], int(fields[1]), fields[19])


def _command(pid: int) -> bytes:
    """The command line of a process; empty where it has ended since it was seen."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


class Running:
    """One `tmf serve` (of the stand-in, or of `module`) with its output in files of `directory`."""

    def __init__(
        self, directory: Path, flags: tuple[str, ...], environ: Mapping[str, str], module: str = "tests.serve.stand_in"
    ):
        directory.mkdir(parents=True, exist_ok=True)
        self._out, self._err = directory / "out", directory / "err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, "serve", *flags],
                stdout=out,
                stderr=err,
                env=environment(environ),
                cwd=directory,
                start_new_session=True,
            )
        self.pid = self._process.pid
        self._seen: dict[int, str] = {}

    def ready(self) -> Running:
        """Waits until it has said so and every server process runs; the first one that answers is enough to say so."""
        eventually(lambda: "Ready." in self.out or self._process.poll() is not None, "the start")
        assert "Ready." in self.out, self.err
        eventually(lambda: len(self.children("common.serve.web")) == 1 + WORKERS, "the start of the workers")
        return self

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    @property
    def origin(self) -> str:
        """http://127.0.0.1:PORT, as it printed it."""
        return next(line for line in self.out.splitlines() if line.startswith("Listens at: ")).split(": ")[1]

    @property
    def port(self) -> int:
        return int(self.origin.rpartition(":")[2])

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.origin).netloc, timeout=BOUND)

    def ask(self, method: str, path: str) -> tuple[int, str]:
        """Status and text of an answer."""
        connection = self.connection()
        try:
            connection.request(method, path, headers={"Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def answers(self, path: str) -> tuple[int, str] | None:
        """Like `ask` of GET; None where the connection fails."""
        try:
            return self.ask("GET", path)
        except (OSError, http.client.HTTPException):
            return None

    def children(self, named: str = "") -> list[int]:
        """The processes below the supervisor now, whose command line contains `named`; remembered for `left`."""
        parents = {
            int(entry.name): status
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and (status := _status(int(entry.name)))
        }
        below, known = [], {self.pid}
        while more := [pid for pid, status in parents.items() if status[1] in known and pid not in known]:
            below += more
            known |= set(more)
        self._seen |= {pid: parents[pid][2] for pid in below}
        return [pid for pid in below if named.encode() in _command(pid)]

    def left(self) -> list[int]:
        """Those of the processes ever seen below the supervisor that still run."""
        return [pid for pid, begun in self._seen.items() if (status := _status(pid)) and status[2] == begun]

    def tell(self, number: signal.Signals) -> None:
        """Sends a signal; SIGINT as Ctrl-C at a terminal does, to every process of its group."""
        if number == signal.SIGINT:
            os.killpg(self.pid, number)
        else:
            os.kill(self.pid, number)

    def exit_code(self) -> int:
        """Waits for its end."""
        return self._process.wait(BOUND)

    def stop(self) -> int:
        """SIGTERM and its exit code."""
        self.tell(signal.SIGTERM)
        return self.exit_code()

    def kill(self) -> None:
        """The end of a test: nothing of it goes on."""
        if self._process.poll() is None:
            self.children()
            self._process.kill()
            self._process.wait()
        eventually(lambda: not self.left(), "the end of every process")
