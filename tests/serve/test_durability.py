"""Acknowledged writes survive kill -9 of every local store that is installed, under load, in the real suite."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import httpx
import pytest

from common.errors import StartRefused
from common.store import embedded
from tests.running import running_suite

_PATH = "/tmf-api/troubleTicket/v5/troubleTicket"
_BODY = {"description": "d", "severity": "s", "ticketType": "t"}
_ROUNDS = 3
_WRITERS = 4
_WRITES = 25


def store_of(supervisor: int) -> int:
    """The process id of the local store that a supervisor started."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except (OSError, IndexError):
                continue
            if parent == supervisor and any(b"secantusd" in part or b"mongod" in part for part in command):
                return int(entry.name)
    raise AssertionError("the supervisor has no store")


def written(url: str, acknowledged: list[str], started: threading.Event) -> None:
    """Creates tickets, keeping the ids of those that were acknowledged."""
    with httpx.Client(base_url=url, timeout=60) as client:
        for _ in range(_WRITES):
            try:
                answer = client.post(_PATH, json=_BODY)
            except httpx.HTTPError:
                continue
            if answer.status_code == 201:
                acknowledged.append(answer.json()["id"])
                started.set()


@pytest.mark.parametrize("name", [server.name for server in embedded.SERVERS])
def test_no_acknowledged_write_is_lost_when_the_store_is_killed(tmp_path: Path, name: str):
    try:
        embedded.choose(name, tmp_path)
    except StartRefused:
        pytest.skip(f"{name} IS NOT INSTALLED: NOBODY HAS LOOKED WHETHER IT LOSES WRITES")
    acknowledged: list[str] = []
    with running_suite(tmp_path, "--store", name) as suite:
        for _ in range(_ROUNDS):
            started = threading.Event()
            writers = [
                threading.Thread(target=written, args=(suite.url, acknowledged, started)) for _ in range(_WRITERS)
            ]
            for writer in writers:
                writer.start()
            assert started.wait(60)
            os.kill(store_of(suite.process.pid), signal.SIGKILL)
            for writer in writers:
                writer.join()
            ready = (httpx.get(suite.url + "/health/ready", timeout=30).status_code == 200 for _ in range(60))
            assert any(ready)
        lost = [one for one in acknowledged if httpx.get(f"{suite.url}{_PATH}/{one}").status_code != 200]
    assert len(acknowledged) >= _ROUNDS
    assert lost == []
