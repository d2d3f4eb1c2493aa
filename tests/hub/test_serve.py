"""`tmf serve` delivers by itself; a dispatcher that is killed comes back."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import httpx

from tests.hub.receiver import Receiver
from tests.serve.running import Running, eventually

_BASE = "/tmf-api/troubleTicket/v5"
_TICKET = {"description": "d", "severity": "s", "ticketType": "t"}


def test_a_suite_delivers_and_its_dispatcher_comes_back_when_it_is_killed(tmp_path: Path, heard: Receiver):
    environ = {
        "PORT": "0",
        "TMF_DATA_DIR": str(tmp_path / "data"),
        "TMF_CALLBACK_ALLOW": "127.0.0.1",
        "TMF_DISPATCHERS": "1",
        "TMF_APIS": "TMF621",
    }
    running = Running(tmp_path, (), environ, module="common.cli")
    try:
        running.ready()
        hub = httpx.post(f"{running.origin}{_BASE}/hub", json={"callback": heard.url + "/served"})
        assert hub.status_code == 201
        assert httpx.post(f"{running.origin}{_BASE}/troubleTicket", json=_TICKET).status_code == 201
        eventually(lambda: len(heard.taken("/served")) == 1, "the delivery")
        [dispatcher] = running.children("common.worker")
        os.kill(dispatcher, signal.SIGKILL)
        assert httpx.post(f"{running.origin}{_BASE}/troubleTicket", json=_TICKET).status_code == 201
        eventually(lambda: len({one["eventId"] for one in heard.taken("/served")}) == 2, "the delivery after the kill")
        assert running.stop() == 0
    finally:
        running.kill()
