"""`tmf dispatch` as a user runs it: alone beside a suite that has none, several that share, one that takes over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.hub.receiver import Receiver
from tests.serve.running import Running, environment, eventually

_TMF = str(Path(sys.executable).with_name("tmf"))
_BASE = "/tmf-api/troubleTicket/v5"
_TICKET = {"description": "d", "severity": "s", "ticketType": "t"}
_CHOSEN = {"TMF_APIS": "TMF621", "TMF_CALLBACK_ALLOW": "127.0.0.0/8"}


@contextmanager
def dispatching(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A dispatcher in a process of its own, which works; stopped at the end."""
    command = [_TMF, "dispatch", "--data-dir", str(data)]
    process = subprocess.Popen(command, env=environment(_CHOSEN), stdout=subprocess.PIPE)
    try:
        assert process.stdout
        assert b"works" in process.stdout.readline()
        yield process
    finally:
        process.terminate()
        assert process.wait(60) in (0, -signal.SIGKILL)


def created(running: Running) -> None:
    assert httpx.post(f"{running.origin}{_BASE}/troubleTicket", json=_TICKET).status_code == 201


def test_dispatchers_deliver_share_and_take_over(tmp_path: Path, heard: Receiver):
    data = tmp_path / "data"
    running = Running(tmp_path, (), {"PORT": "0", "TMF_DATA_DIR": str(data), **_CHOSEN}, module="common.cli")
    try:
        running.ready()
        assert running.children("common.worker") == []
        for number in range(20):
            body = {"callback": f"{heard.url}/shared/{number}"}
            assert httpx.post(f"{running.origin}{_BASE}/hub", json=body).status_code == 201

        def everybody_has(events: int) -> bool:
            return all(
                len({one["eventId"] for one in heard.taken(f"/shared/{number}")}) == events for number in range(20)
            )

        created(running)
        with dispatching(data) as first, dispatching(data):
            eventually(lambda: everybody_has(1), "the delivery by two")
            created(running)
            eventually(lambda: everybody_has(2), "the second delivery by two")
            os.kill(first.pid, signal.SIGKILL)
            created(running)
            eventually(lambda: everybody_has(3), "the take-over")
        assert running.stop() == 0
    finally:
        running.kill()


def test_a_dispatcher_without_a_store_says_so(tmp_path: Path):
    command = [_TMF, "dispatch", "--data-dir", str(tmp_path)]
    told = subprocess.run(command, env=environment({"MONGODB_URI": ""}), capture_output=True, text=True, timeout=60)
    assert told.returncode == 1
    assert "set MONGODB_URI" in told.stderr
