"""The local store: which server there is, how it is called, where its data lies; `common.serve` runs it.

An acknowledged write is on disk, whichever server it is. Every client asks for journalled writes
(`common.store.connection`). mongod always keeps a journal, and secantusd-py too: both write it to disk before they
answer who asks so. secantusd-rs keeps that promise only where it is started with `--sync-on-commit`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from common.errors import StartRefused

LOCK_SECONDS = 2.0
LOG_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Server:
    """One program that can be the local store: its name on PATH and in TMF_STORE, and the arguments it takes.

    `arguments`: (port, directory of its data) -> its command line without the program; it listens on loopback alone.
    """

    name: str
    arguments: Callable[[int, Path], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A local store that can be started. `program`: its path. `directory`: where its data lies."""

    server: Server
    program: str
    directory: Path
    log: Path

    def command(self, port: int) -> tuple[str, ...]:
        """Returns the command line that serves this data on 127.0.0.1 at `port`."""
        return (self.program, *self.server.arguments(port, self.directory))

    def open_log(self) -> int:
        """Opens the log to append to, and returns its file descriptor; puts a log that has grown past 10 MB aside
        first."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        return os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def uri(port: int) -> str:
    """Returns the address of a local store. Journalled: an acknowledged write survives kill -9; retryable writes slow
    secantusd-py down twelvefold after some ten thousand, and a standalone mongod does not know them: `retrying` asks
    again by our own means."""
    return f"mongodb://127.0.0.1:{port}/?directConnection=true&journal=true&retryWrites=false"


def choose(wanted: str, data_dir: Path) -> Embedded:
    """Returns the local store for `data_dir`: the one called `wanted`; for `auto` the one whose data is there already,
    else the first that is installed. Raises StartRefused where it is not installed."""
    written = [server for server in SERVERS if _has_data(data_dir / server.name)]
    if wanted != "auto":
        candidates = [server for server in SERVERS if server.name == wanted]
    else:
        candidates = written or list(SERVERS)
    for server in candidates:
        program = _program(server.name)
        if program:
            return Embedded(server, program, data_dir / server.name, data_dir / "store.log")
    names = ", ".join(server.name for server in candidates)
    if wanted == "auto" and written:
        raise StartRefused(f"The data in {data_dir} was written by {names}, which is not installed.")
    raise StartRefused(f"There is no local store to start: {names} is not on PATH; install it or set MONGODB_URI.")


def prepare(data_dir: Path) -> None:
    """Makes the data directory, for its owner alone, where it is missing. Raises StartRefused where it is no use."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(data_dir, error.strerror) from None
    if not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
        raise _unusable(data_dir, "Permission denied")


def prepare_store(embedded: Embedded) -> None:
    """Makes the store's own directory, for its owner alone. Raises StartRefused where it cannot be used."""
    prepare(embedded.directory)
    try:
        os.chmod(embedded.directory, 0o700)
        _configuration(embedded.directory).touch(mode=0o600)
        os.close(embedded.open_log())
    except OSError as error:
        raise _unusable(embedded.directory, error.strerror) from None


def lock(data_dir: Path) -> int:
    """Takes the data directory for this process and for the children it hands the descriptor to; freed when all of
    them have ended, so that no store meets another one's data. Raises StartRefused after two seconds in other hands."""
    try:
        descriptor = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _unusable(data_dir, error.strerror) from None
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise StartRefused(
                    f"The data directory {data_dir} is used by another suite; "
                    "stop that one or choose another directory by --data-dir."
                ) from None
            time.sleep(0.05)


def note_address(data_dir: Path, address: str) -> None:
    """Writes down the address of the local store that runs on this directory, for the suite's own tools."""
    noted = data_dir / "address"
    noted.touch(mode=0o600)
    noted.write_text(address)


def running(data_dir: Path) -> str | None:
    """Returns the address of the local store that another process runs on this directory, None where nobody does."""
    try:
        with open(data_dir / "lock", "rb") as held:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return (data_dir / "address").read_text()
    except OSError as error:
        raise _unusable(data_dir, error.strerror) from None
    return None


def _program(name: str) -> str | None:
    """Returns the program on PATH, else beside the running Python: a virtual environment need not be activated."""
    return shutil.which(name) or shutil.which(name, path=os.path.dirname(sys.executable))


def _has_data(directory: Path) -> bool:
    try:
        return any(os.scandir(directory))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unusable(directory, error.strerror) from None


def _configuration(directory: Path) -> Path:
    return directory.with_suffix(".toml")


def _unusable(data_dir: Path, reason: str | None) -> StartRefused:
    return StartRefused(f"The data directory {data_dir} cannot be used: {reason}; choose another one by --data-dir.")


def _mongod(port: int, directory: Path) -> tuple[str, ...]:
    return ("--dbpath", str(directory), "--port", str(port), "--bind_ip", "127.0.0.1")


def _secantusd(port: int, directory: Path) -> tuple[str, ...]:
    # An empty file of our own: without --config it reads ./secantusd.toml, ~/.secantus or /etc/secantus.
    reached = ("--host", "127.0.0.1", "--port", str(port))
    return (*reached, "--storage-path", str(directory), "--config", str(_configuration(directory)))


def _secantusd_rs(port: int, directory: Path) -> tuple[str, ...]:
    return (*_secantusd(port, directory), "--sync-on-commit")


def _secantusd_py(port: int, directory: Path) -> tuple[str, ...]:
    return (*_secantusd(port, directory), "--log-level", "WARNING")


SERVERS = (Server("mongod", _mongod), Server("secantusd-rs", _secantusd_rs), Server("secantusd-py", _secantusd_py))
