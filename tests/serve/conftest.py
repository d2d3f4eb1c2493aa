"""Suites that a test starts end with it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.serve.running import Running

Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """start(*flags, **environment) -> a suite on a port of the system's choice, which may not answer yet. Without
    MONGODB_URI it starts a local store, in a data directory of its own unless told otherwise."""
    with ExitStack() as ends:

        def start(*flags: str, **environ: str) -> Running:
            number = len(list(tmp_path.glob("suite*")))
            directory = tmp_path / f"suite{number}"
            running = Running(directory, flags, {"PORT": "0", "TMF_DATA_DIR": str(directory / "data"), **environ})
            ends.callback(running.kill)
            return running

        yield start


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port that is bound and refuses every connection."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
