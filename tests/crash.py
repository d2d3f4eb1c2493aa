"""`make crash`: kill -9 of web workers, web masters, dispatchers and the store at random moments under load.

No event of an acknowledged change may be lost, none may arrive before an earlier one of its resource.
`python -m tests.crash KILLS`.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from common.serve.address import free_port
from common.serve.tether import __file__ as TETHER
from common.settings import read, to_environ
from tests.conftest import started_store, wait_for
from tests.hub.receiver import Receiver, receiver

_BASE = "/tmf-api/troubleTicket"
_PATHS = {"/v5": "v5", "/v4": "v4", "/flaky": "v5"}
_WRITERS = 4
_PATCHES = 6
_SLOWEST = 180.0


@dataclass
class Suite:
    """The processes of a suite, each started again when it was killed."""

    folder: Path
    port: int = field(default_factory=free_port)
    store_port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, name: str) -> None:
        if name == "store":
            self.running[name], uri = started_store(self.folder / "store", self.store_port)
            wait_for(uri)
            self.uri = uri
            return
        settings = read(
            {
                "MONGODB_URI": self.uri,
                "TMF_PORT": str(self.port),
                "TMF_WORKERS": "2",
                "TMF_APIS": "TMF621",
                "TMF_CALLBACK_ALLOW": "127.0.0.0/8",
                "TMF_DELIVERY_FIRST_PAUSE": "0.1",
                "TMF_DELIVERY_LONGEST_PAUSE": "1",
                "TMF_LOG_LEVEL": "error",
            },
            {},
        )
        module = ["common.serve.web", "common.app:application()"] if name == "web" else ["common.worker", name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-P", TETHER, str(os.getpid()), sys.executable, "-m", *module],
                env={**os.environ, **to_environ(settings)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """Kill -9 of one process, which is started again; a web worker comes back by its master."""
        if name == "worker":
            workers = children(self.running["web"].pid)
            if workers:
                os.kill(random.choice(workers), signal.SIGKILL)
            return
        self.running[name].kill()
        self.running[name].wait()
        self.start(name)

    def stop(self) -> None:
        for process in reversed(self.running.values()):
            process.kill()
            process.wait()


def children(parent: int) -> list[int]:
    """The processes that `parent` started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                    found.append(int(entry.name))
            except (OSError, IndexError):
                continue
    return found


@dataclass
class Load:
    """Writers that create, change and delete tickets, and what they were told is done: (id, what it then was)."""

    url: str
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        with httpx.Client(base_url=self.url + _BASE, timeout=60) as client:
            while not self.stop.is_set():
                body = {"description": "0", "severity": "s", "ticketType": "t"}
                made = self._done(client, "POST", "/v5/troubleTicket", body, 201)
                if made is None:
                    continue
                identifier = made.json()["id"]
                self.acknowledged.append((identifier, "TroubleTicketCreateEvent 0"))
                path = f"/{random.choice(['v4', 'v5'])}/troubleTicket/{identifier}"
                for number in range(1, _PATCHES + 1):
                    if self._done(client, "PATCH", path, {"description": str(number)}, 200) is not None:
                        self.acknowledged.append((identifier, f"TroubleTicketAttributeValueChangeEvent {number}"))
                if self._done(client, "DELETE", path, None, 204) is not None:
                    self.acknowledged.append((identifier, "TroubleTicketDeleteEvent"))

    def _done(self, client: httpx.Client, method: str, path: str, body: Any, status: int) -> httpx.Response | None:
        """The answer of a change that was acknowledged; None where it is unknown whether it was made."""
        try:
            answer = client.request(method, path, json=body)
        except httpx.HTTPError:
            time.sleep(0.05)
            return None
        return answer if answer.status_code == status else None


def name_of(event: dict[str, Any]) -> tuple[str, str]:
    """The resource of an event, and what it tells of it."""
    content = event["event"]["troubleTicket"]
    told = event["eventType"]
    return content["id"], told if told.endswith("DeleteEvent") else f"{told} {content['description']}"


@dataclass
class Report:
    """What came of a run, for one subscriber: events that arrived, repeats among them, lost ones, out of order."""

    acknowledged: int
    arrived: int
    repeated: int
    lost: int
    disordered: int


def judge(heard: Receiver, path: str, acknowledged: list[tuple[str, str]]) -> Report:
    """Compares what a subscriber took with what was acknowledged."""
    seen: dict[str, tuple[str, str]] = {}
    places: dict[str, float] = {}
    disordered = 0
    events = heard.taken(path)
    for event in events:
        if event["eventId"] in seen:
            continue
        identifier, told = seen[event["eventId"]] = name_of(event)
        place = float(told.split()[1]) if " " in told else float("inf")
        disordered += place < places.get(identifier, -1)
        places[identifier] = place
    lost = len(set(acknowledged) - set(seen.values()))
    return Report(len(acknowledged), len(events), len(events) - len(seen), lost, disordered)


def reports(
    kills: int, pause: Callable[[], float], say: Callable[[str], None] = lambda _line: None
) -> dict[str, Report]:
    """Runs the load through so many kills; what came of it, by subscriber."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        heard = stack.enter_context(receiver())

        async def answer(path: str, _body: Any) -> int | web.Response:
            return 500 if path == "/flaky" and random.random() < 0.1 else 204

        heard.answer = answer
        suite = Suite(folder)
        stack.callback(suite.stop)
        for name in ("store", "web", "one", "two"):
            suite.start(name)
        _subscribed(suite, heard)
        load = Load(suite.url)
        writers = [threading.Thread(target=load.write) for _ in range(_WRITERS)]
        for writer in writers:
            writer.start()
        for number in range(kills):
            time.sleep(pause())
            victim = random.choice(("worker", "worker", "web", "one", "two", "store"))
            suite.kill(victim)
            if number % 20 == 19:
                say(f"{number + 1} kills, {len(load.acknowledged)} changes acknowledged")
        load.stop.set()
        for writer in writers:
            writer.join()
        deadline = time.monotonic() + _SLOWEST
        while time.monotonic() < deadline and any(judge(heard, path, load.acknowledged).lost for path in _PATHS):
            time.sleep(0.5)
        return {path: judge(heard, path, load.acknowledged) for path in _PATHS}


def _subscribed(suite: Suite, heard: Receiver) -> None:
    for path, version in _PATHS.items():
        for _ in range(600):
            try:
                body = {"callback": heard.url + path}
                if httpx.post(f"{suite.url}{_BASE}/{version}/hub", json=body).status_code in (201, 409):
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
        else:
            raise AssertionError("the suite does not answer")


def main() -> None:
    """Prints the counts; exits with 1 where an event was lost or came out of order."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    found = reports(kills, lambda: random.uniform(0.1, 2.0), lambda line: print(line, flush=True))
    for path, report in found.items():
        print(f"{kills} kills, subscriber {path}: {report}")
    raise SystemExit(any(report.lost or report.disordered for report in found.values()))


if __name__ == "__main__":
    main()
