"""When the supervisor starts a child again, and when it gives up: with children of a line or two."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.serve import supervisor
from common.serve.child import Awaited, Role
from common.serve.stops import Stops
from common.serve.supervisor import STARTS_IN_VAIN, SuiteDied, Supervisor
from tests.serve.running import eventually

_CHILD = """
import pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
if (folder / "broken").exists():
    sys.exit(3)
(folder / "answers").touch()
time.sleep(3600)
"""


class Suite:
    """A supervisor of `names`, each a child that answers by a file in a folder of its own; its lines in `lines`."""

    def __init__(self, folder: Path, *names: str):
        self.stops = Stops()
        self.lines: list[str] = []
        self.supervisor = Supervisor(self.stops, self.hear)
        self.folders = {name: folder / name for name in names}

    def hear(self, line: str) -> None:
        self.lines.append(line)

    def role(self, name: str) -> Role:
        folder = self.folders[name]
        folder.mkdir()
        return Role(
            Awaited(f"The {name}", lambda: self.answers(name), 60, "look there"),
            command=(sys.executable, "-c", _CHILD, str(folder)),
            environ=os.environ,
            stop_seconds=10,
        )

    def answers(self, name: str) -> bool:
        """Whether it has begun to answer since it was asked last."""
        answer = self.folders[name] / "answers"
        if not answer.exists():
            return False
        answer.unlink()
        return True


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Suite]:
    monkeypatch.setattr(supervisor, "PAUSES", (0.0, 0.01))
    made = Suite(tmp_path, "store", "server")
    with made.stops:
        for name in made.folders:
            made.supervisor.start(made.role(name))
        yield made
        made.supervisor.stop()


def _kill_server(suite: Suite) -> None:
    """Kills it, and looks after the children until it answers again."""
    before = _pids(suite)
    os.kill(before["The server"], signal.SIGKILL)
    eventually(lambda: suite.supervisor.look() and _pids(suite) != before, "its return")


def _pids(suite: Suite) -> dict[str, int]:
    return {watched.child.role.name: watched.child.pid for watched in suite.supervisor._children}


def test_a_child_that_answers_comes_back_however_often_it_is_killed(suite: Suite) -> None:
    store = _pids(suite)["The store"]
    for _ in range(3 * STARTS_IN_VAIN):
        _kill_server(suite)
    assert _pids(suite)["The store"] == store
    assert len(suite.lines) == 3 * STARTS_IN_VAIN
    assert all(line.startswith("The server (pid ") for line in suite.lines)


def test_the_suite_gives_up_on_a_child_that_never_answers_and_names_it(suite: Suite) -> None:
    (suite.folders["server"] / "broken").touch()
    for name in ("The store", "The server"):
        os.kill(_pids(suite)[name], signal.SIGKILL)
    with pytest.raises(SuiteDied, match=rf"^The server ended \(exit code 3\) .* {STARTS_IN_VAIN} times in vain"):
        eventually(lambda: suite.supervisor.look() is None, "giving up")
    assert sum(line.startswith("The server ") for line in suite.lines) == STARTS_IN_VAIN
    assert sum(line.startswith("The store ") for line in suite.lines) == 1


def test_pauses_grow_and_are_forgotten_after_a_steady_time(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PAUSES", (0.0, 0.01, 0.02))
    for _ in range(4):
        _kill_server(suite)
    ends = [line.partition("it is started again")[2] for line in suite.lines]
    assert ends == [".", " in 0.01 seconds.", " in 0.02 seconds.", " in 0.02 seconds."]
    monkeypatch.setattr(supervisor, "STEADY_SECONDS", 0.0)
    _kill_server(suite)
    assert suite.lines[-1].endswith("it is started again.")
