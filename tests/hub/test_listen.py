"""`tmf listen` beside a running suite, and own code that the suite was started with, each in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.serve.running import BOUND, Running, environment, eventually

_V4 = "/tmf-api/troubleTicket/v4/listener/troubleTicket"
_V5 = "/tmf-api/troubleTicket/v5/listener/troubleTicket"
_V5_CUSTOMER = "/tmf-api/customerManagement/v5/listener/customerCreateEvent"
_LISTEN = [sys.executable, "-m", "common.cli", "listen"]
_OWN = """
import pathlib

async def note(heard):
    if heard.event.get("title") == "too much":
        raise ValueError("too much")
    with open(pathlib.Path(__file__).with_name("heard"), "a") as file:
        file.write(heard.event["eventId"] + " " + heard.type + "\\n")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("suite")
    made.joinpath("own_listener.py").write_text(_OWN)
    return made


@pytest.fixture(scope="module")
def suite(folder: Path) -> Iterator[Running]:
    environ = {"PORT": "0", "TMF_DATA_DIR": str(folder / "data"), "TMF_LISTENERS": "own_listener:note"}
    running = Running(folder, (), environ, module="common.cli")
    try:
        yield running.ready()
        assert running.stop() == 0
    finally:
        running.kill()


Listen = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def listen(suite: Running, folder: Path) -> Iterator[Listen]:
    """listen(*flags) -> `tmf listen` beside the suite, which shows by now what comes."""
    with ExitStack() as ends:

        def listen(*flags: str) -> subprocess.Popen[str]:
            process = started(folder, "--data-dir", str(folder / "data"), *flags)
            ends.callback(process.communicate)
            ends.callback(process.kill)
            assert process.stderr
            assert process.stderr.readline() == "tmf: Showing what the listener paths receive; Ctrl-C ends it.\n"
            return process

        yield listen


def started(folder: Path, *flags: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*_LISTEN, *flags],
        env=environment({}),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def refused(folder: Path, *flags: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`tmf listen` that ends by itself."""
    bare = environment(environ)
    return subprocess.run([*_LISTEN, *flags], env=bare, cwd=folder, capture_output=True, text=True, timeout=BOUND)


def event(container: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"eventId": str(uuid.uuid4()), "eventTime": "2026-05-04T09:30:00Z", "event": container, **more}


def ticket(**more: Any) -> dict[str, Any]:
    held = {"id": f"ticket-{uuid.uuid4().hex}", "description": "No light", "severity": "major", "ticketType": "fault"}
    return event({"troubleTicket": held}, **more)


def post(suite: Running, path: str, body: dict[str, Any], status: int) -> None:
    answer = httpx.post(suite.origin + path, json=body, timeout=BOUND)
    assert answer.status_code == status, answer.text


def ended(process: subprocess.Popen[str]) -> list[str]:
    out, err = process.communicate(timeout=BOUND)
    assert (process.returncode, err) == (0, "")
    return out.splitlines()


def test_an_event_is_shown_as_it_comes(suite: Running, listen: Listen):
    shown = listen("--count", "3")
    changed = ticket(fieldPath="severity,description")
    titled = ticket(title="a new\none \x1b[31mfor\x07 [bold]you[/bold] " + "…" * 200)
    v5_changed = ticket(
        analyticCharacteristic=[
            {"@type": "StringCharacteristic", "name": "fieldPath", "valueType": "string", "value": "externalId"}
        ]
    )
    post(suite, _V4 + "AttributeValueChangeEvent", changed, 201)
    post(suite, _V5 + "CreateEvent", titled, 204)
    post(suite, _V5 + "AttributeValueChangeEvent", v5_changed, 204)
    first, second, third = (line.split("  ") for line in ended(shown))
    ids = [one["event"]["troubleTicket"]["id"] for one in (changed, titled, v5_changed)]
    assert first[1:] == ["TMF621 v4", "TroubleTicketAttributeValueChangeEvent", ids[0], "severity,description"]
    assert second[1:4] == ["TMF621 v5", "TroubleTicketCreateEvent", ids[1]]
    assert second[4].startswith("a new·one ·[31mfor· [bold]you[/bold] …")
    assert third[1:] == ["TMF621 v5", "TroubleTicketAttributeValueChangeEvent", ids[2], "externalId"]
    assert all(part[0].endswith("Z") for part in (first, second, third))


def test_an_event_is_shown_as_json_once_however_often_it_is_sent(suite: Running, listen: Listen):
    shown = listen("--json", "--count", "2")
    sent, last = ticket(title="once"), ticket(title="last")
    for one in (sent, sent, last):
        post(suite, _V4 + "CreateEvent", one, 201)
    first, second = (json.loads(line) for line in ended(shown))
    assert first.keys() == {"id", "at", "api", "version", "type", "event"}
    assert first["id"] == f"TMF621/v4/TroubleTicketCreateEvent/{sent['eventId']}"
    assert (first["api"], first["version"], first["type"]) == ("TMF621", "v4", "TroubleTicketCreateEvent")
    assert first["event"] == {**sent, "eventType": "TroubleTicketCreateEvent"}
    assert second["event"]["eventId"] == last["eventId"]


def test_apis_and_types_are_chosen(suite: Running, listen: Listen):
    by_api = listen("--json", "--count", "1", "--api", "tmf629")
    by_type = listen("--json", "--count", "1", "--type", "troubleticketDELETEevent")
    by_both = listen("--json", "--count", "1", "--api", "TMF629", "--api", "TMF621", "--type", "CustomerCreateEvent")
    customer = event({"customer": {"@type": "Customer", "name": "Ada"}})
    post(suite, _V4 + "CreateEvent", ticket(), 201)
    post(suite, _V4 + "DeleteEvent", gone := ticket(), 201)
    post(suite, _V5_CUSTOMER, customer, 204)
    expected = [customer["eventId"], gone["eventId"], customer["eventId"]]
    found = [json.loads(line) for process in (by_api, by_type, by_both) for line in ended(process)]
    assert [one["event"]["eventId"] for one in found] == expected


def test_what_was_kept_before_is_shown_where_it_is_asked_for(suite: Running, listen: Listen):
    mark, shown = "x" + uuid.uuid4().hex, listen("--json", "--type", "TroubleTicketResolvedEvent", "--count", "1")
    before, after = ticket(title=mark), ticket(title=mark)
    post(suite, _V5 + "ResolvedEvent", before, 204)
    (moment,) = (json.loads(line)["at"] for line in ended(shown))
    alone = listen("--json", "--type", "TroubleTicketResolvedEvent", "--count", "1")
    both = listen("--json", "--type", "TroubleTicketResolvedEvent", "--count", "2", "--since", moment)
    post(suite, _V5 + "ResolvedEvent", after, 204)
    assert [json.loads(line)["event"]["eventId"] for line in ended(alone)] == [after["eventId"]]
    assert [json.loads(line)["event"]["eventId"] for line in ended(both)] == [before["eventId"], after["eventId"]]


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_well(listen: Listen, wish: signal.Signals):
    shown = listen()
    shown.send_signal(wish)
    assert ended(shown) == []


def test_own_code_is_called_by_every_worker(suite: Running, folder: Path):
    sent = [ticket() for _ in range(20)]
    for one in sent:
        post(suite, _V4 + "CreateEvent", one, 201)
    lines = folder.joinpath("heard").read_text().splitlines()
    assert {f"{one['eventId']} TroubleTicketCreateEvent" for one in sent} <= set(lines)


def test_an_event_that_own_code_fails_on_is_not_shown(suite: Running, listen: Listen):
    shown = listen("--json", "--count", "1")
    post(suite, _V4 + "CreateEvent", ticket(title="too much"), 500)
    post(suite, _V4 + "CreateEvent", fine := ticket(title="fine"), 201)
    assert [json.loads(line)["event"]["eventId"] for line in ended(shown)] == [fine["eventId"]]
    eventually(lambda: "ValueError: too much" in suite.err, "the story of the failure in the log")


def test_own_code_that_is_not_there_refuses_the_start(folder: Path):
    place = folder / "refused"
    environ = {"PORT": "0", "TMF_DATA_DIR": str(place / "data"), "TMF_LISTENERS": "nowhere:note"}
    running = Running(place, (), environ, module="common.cli")
    assert running.exit_code() == 1
    lines = [line for line in running.err.splitlines() if "nowhere" in line]
    reason = "ModuleNotFoundError: No module named 'nowhere'"
    assert lines == [f"tmf: TMF_LISTENERS names nowhere:note, which cannot be imported: {reason}."]
    assert "Traceback" not in running.err


@pytest.mark.parametrize(
    ("flags", "code", "word"),
    [
        ((), 1, "No suite runs on the data directory"),
        (("--api", "TMF000"), 1, 'There is no API "TMF000"; the suite has TMF620'),
        (("--since", "yesterday"), 2, '"yesterday" is no RFC 3339 date-time'),
        (("--count", "0"), 2, "--count"),
    ],
    ids=["alone", "api", "since", "count"],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(tmp_path: Path, flags: tuple[str, ...], code: int, word: str):
    done = refused(tmp_path, "--data-dir", str(tmp_path / "none"), *flags)
    assert (done.returncode, done.stdout, word in done.stderr) == (code, "", True), done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_store_that_is_away_is_told_in_a_sentence(tmp_path: Path):
    uri = "mongodb://someone:s3cret@127.0.0.1:1/"
    done = refused(tmp_path, MONGODB_URI=uri, TMF_STORE_SECONDS="1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "did not answer" in done.stderr
    assert "s3cret" not in done.stderr
