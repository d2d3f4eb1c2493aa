"""The listener paths of every document: what they accept, keep, answer and refuse, and the own code that they call."""

from __future__ import annotations

import asyncio
import copy
import json
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from common import apis
from common.app import build
from common.binding import ServedOperation, bind, read_documents
from common.clock import World, micros
from common.errors import StartRefused
from common.hub.callbacks import ReceivedEvent
from common.settings import Settings
from common.store.database import Database
from common.store.received import LATE, Receipt, Received, Tail
from tests.conftest import ORIGIN, answering

_DOCUMENTS = {(read.api.code, read.version.name): read for read in read_documents(apis.declared())}
LISTENERS = [one for one in bind(tuple(_DOCUMENTS.values())) if one.operation.verb == "listen"]


def name_of(one: ServedOperation) -> str:
    return f"{one.api.code}-{one.version.name}-{one.operation.segment}"


every = pytest.mark.parametrize("listener", LISTENERS, ids=[name_of(one) for one in LISTENERS])
V4_TICKET, V5_TICKET, V4_PAYLOAD = (
    next(one for one in LISTENERS if name_of(one) == name)
    for name in (
        "TMF621-v4-troubleTicketCreateEvent",
        "TMF621-v5-troubleTicketCreateEvent",
        "TMF666-v4-financialAccountCreateEvent",
    )
)
tickets = pytest.mark.parametrize("listener", [V4_TICKET, V5_TICKET], ids=["v4", "v5"])


def address(listener: ServedOperation) -> str:
    return listener.version.base + listener.operation.path


def example(listener: ServedOperation) -> dict[str, Any]:
    """The document's own example of what the path is sent, with an id that no other event has."""
    raw = _DOCUMENTS[listener.api.code, listener.version.name].document.raw
    content = raw["paths"][listener.operation.path]["post"]["requestBody"]["content"]["application/json"]
    told = content["examples"]["event"]
    if "$ref" in told:
        told = raw["components"]["examples"][told["$ref"].rsplit("/", 1)[-1]]
    return {**copy.deepcopy(told["value"]), "eventId": str(uuid.uuid4())}


def container(listener: ServedOperation) -> str:
    assert listener.channel
    return listener.channel.types[listener.operation.segment].container


@dataclass
class Kept:
    """What the store has kept of received events; `began` is a moment before the test sent any, so that no test reads
    what all the others sent."""

    received: Received
    began: int

    async def of(self, event_id: str) -> list[Receipt]:
        """The events of this id that came since the test began."""
        return [one for one in await self.received.since(self.began, 10_000) if one.event.get("eventId") == event_id]


@pytest.fixture(scope="session")
async def indexed(session_database: Database) -> Received:
    """Received events with their indexes, as a start makes them: every test looks for its own among all."""
    received = Received((await answering(session_database)).connection, 60)
    await received.prepare()
    return received


@pytest.fixture
def kept(database: Database, indexed: Received) -> Kept:
    return Kept(indexed, micros(datetime.now(UTC)) - 1)


def test_there_are_as_many_listener_paths_as_the_documents_declare():
    assert len(LISTENERS) == 150


@every
async def test_the_documents_own_event_is_accepted_and_kept_once(
    listener: ServedOperation, client: httpx.AsyncClient, kept: Kept
):
    event = example(listener)
    first = await client.post(address(listener), json=event)
    again = await client.post(address(listener), json=event)
    expected = 201 if listener.version.name == "v4" else 204
    assert [first.status_code, again.status_code] == [expected, expected], first.text
    (receipt,) = await kept.of(event["eventId"])
    segment = listener.operation.segment
    told = (receipt.api, receipt.version, receipt.type)
    assert told == (listener.api.code, listener.version.name, segment[0].upper() + segment[1:])
    assert {name: receipt.event[name] for name in event} == event
    if expected == 204:
        assert first.content == b""


@every
async def test_a_v4_answer_is_the_event_and_the_documents_subscription(
    listener: ServedOperation, client: httpx.AsyncClient
):
    if listener.version.name != "v4":
        assert listener.operation.answer is None
        return
    event = example(listener)
    answer = (await client.post(address(listener), json=event)).json()
    assert {name: answer[name] for name in event} == event
    assert answer["callback"] == ORIGIN + address(listener)
    assert answer["query"] == ""
    components = _DOCUMENTS[listener.api.code, "v4"].document.components
    assert listener.operation.answer == "EventSubscription"
    jsonschema.validate(answer, components["EventSubscription"])


@every
async def test_an_event_of_another_type_is_refused(listener: ServedOperation, client: httpx.AsyncClient, kept: Kept):
    event = {**example(listener), "eventType": "SomethingElseEvent"}
    answer = await client.post(address(listener), json=event)
    assert answer.status_code == 400
    (problem,) = answer.json()["problems"]
    segment = listener.operation.segment
    expected = f'"SomethingElseEvent" was sent to the listener of {segment[0].upper()}{segment[1:]}'
    assert problem == {"pointer": "/eventType", "rule": expected}
    assert await kept.of(event["eventId"]) == []


@every
async def test_a_moment_that_is_none_is_refused(listener: ServedOperation, client: httpx.AsyncClient, kept: Kept):
    event = {**example(listener), "eventTime": "yesterday"}
    answer = await client.post(address(listener), json=event)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["problems"]]) == (400, ["/eventTime"])
    assert '"yesterday"' in answer.json()["message"]
    assert await kept.of(event["eventId"]) == []


@every
async def test_an_event_without_content_is_refused(listener: ServedOperation, client: httpx.AsyncClient, kept: Kept):
    event = example(listener)
    del event[container(listener)]
    answer = await client.post(address(listener), json=event)
    assert answer.status_code == 400
    assert answer.json()["problems"] == [
        {"pointer": "", "rule": f'the attribute "{container(listener)}" is mandatory here and was not sent'}
    ]
    assert await kept.of(event["eventId"]) == []


@every
async def test_content_that_is_no_object_is_refused(listener: ServedOperation, client: httpx.AsyncClient):
    place = container(listener)
    answer = await client.post(address(listener), json={**example(listener), place: "everything"})
    assert answer.status_code == 400
    assert {one["pointer"] for one in answer.json()["problems"]} == {"/" + place}


@every
async def test_missing_types_are_filled(listener: ServedOperation, client: httpx.AsyncClient, kept: Kept):
    event = example(listener)
    del event["eventType"]
    event.pop("@type", None)
    answer = await client.post(address(listener), json=event)
    assert answer.is_success, answer.text
    (receipt,) = await kept.of(event["eventId"])
    assert receipt.event["eventType"] == receipt.type
    if listener.version.name == "v5":
        assert receipt.event["@type"] == listener.operation.body


async def test_every_problem_is_told_at_once(client: httpx.AsyncClient):
    event = {**example(V4_TICKET), "eventType": "NoEvent", "eventTime": "later", "title": 7, "timeOccurred": "then"}
    del event["timeOcurred"]
    answer = await client.post(address(V4_TICKET), json=event)
    pointers = ["/eventTime", "/eventType", "/timeOccurred", "/title"]
    assert [one["pointer"] for one in answer.json()["problems"]] == pointers


@tickets
async def test_both_spellings_of_the_moment_are_read_and_kept_as_sent(
    listener: ServedOperation, client: httpx.AsyncClient, kept: Kept
):
    for spelling in ("timeOcurred", "timeOccurred"):
        event = {name: value for name, value in example(listener).items() if not name.startswith("timeOc")}
        event = {**event, spelling: "2026-05-04T09:30:00Z", "eventId": str(uuid.uuid4())}
        assert (await client.post(address(listener), json=event)).is_success
        (receipt,) = await kept.of(event["eventId"])
        assert receipt.event[spelling] == "2026-05-04T09:30:00Z"
        answer = await client.post(address(listener), json={**event, spelling: "sometime"})
        assert [one["pointer"] for one in answer.json()["problems"]] == ["/" + spelling]


async def test_an_event_without_id_is_kept_each_time(client: httpx.AsyncClient, kept: Kept):
    event = {**example(V4_TICKET), "correlationId": str(uuid.uuid4())}
    del event["eventId"]
    answers = [await client.post(address(V4_TICKET), json=event) for _ in range(2)]
    everything = await kept.received.since(0, 10_000)
    found = [one for one in everything if one.event.get("correlationId") == event["correlationId"]]
    assert {one.id for one in found} == {answer.json()["id"] for answer in answers}
    assert len(found) == 2


async def test_the_same_id_at_another_path_is_another_event(client: httpx.AsyncClient, kept: Kept):
    event = example(V4_TICKET)
    other = next(one for one in LISTENERS if name_of(one) == "TMF621-v4-troubleTicketDeleteEvent")
    assert (await client.post(address(V4_TICKET), json=event)).is_success
    assert (await client.post(address(other), json={**example(other), "eventId": event["eventId"]})).is_success
    types = {one.type for one in await kept.of(event["eventId"])}
    assert types == {"TroubleTicketCreateEvent", "TroubleTicketDeleteEvent"}


@tickets
async def test_names_and_values_that_the_store_finds_awkward_survive(
    listener: ServedOperation, client: httpx.AsyncClient, kept: Kept
):
    awkward = {"$set": 1, "a.b": {"c\x00": [{"%at": "2026-05-04T09:30:00Z"}]}, "%25": None, "whole": -(2**63)}
    event = {**example(listener), "extension": awkward}
    event["event"]["troubleTicket"]["more.than"] = awkward
    assert (await client.post(address(listener), json=event)).is_success
    (receipt,) = await kept.of(event["eventId"])
    assert receipt.event["extension"] == awkward
    assert receipt.event["event"]["troubleTicket"]["more.than"] == awkward


async def test_an_own_id_of_the_envelope_is_the_answers(client: httpx.AsyncClient):
    event = {**example(V4_TICKET), "id": "mine", "callback": 7, "query": 8}
    answer = (await client.post(address(V4_TICKET), json=event)).json()
    expected = ("mine", ORIGIN + address(V4_TICKET), "")
    assert (answer["id"], answer["callback"], answer["query"]) == expected


@tickets
@pytest.mark.parametrize(
    ("body", "headers", "status", "word"),
    [
        (b"", {}, 400, "empty"),
        (b"{", {}, 400, "JSON"),
        (b"[]", {}, 400, "object"),
        (b"{}", {"content-type": "text/plain"}, 415, "text/plain"),
        (b'{"event": {"n": 99999999999999999999}}', {}, 400, "64-bit"),
        (b'{"event": ' + b'{"a":' * 80 + b"1" + b"}" * 81, {}, 400, "deeply"),
    ],
    ids=["empty", "broken", "array", "text", "number", "depth"],
)
async def test_what_is_no_event_is_refused(
    listener: ServedOperation, body: bytes, headers: dict[str, str], status: int, word: str, client: httpx.AsyncClient
):
    sent = {"content-type": "application/json", **headers}
    answer = await client.post(address(listener), content=body, headers=sent)
    assert (answer.status_code, word in answer.json()["message"]) == (status, True), answer.text


async def test_a_query_parameter_is_refused(client: httpx.AsyncClient):
    answer = await client.post(address(V5_TICKET) + "?fields=id", json=example(V5_TICKET))
    assert answer.status_code == 400


class Callbacks:
    """Callbacks of own code, and what they were told; `fails` tells which of them raises."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ReceivedEvent]] = []
        self.fails = ""

    def _called(self, name: str, heard: ReceivedEvent) -> None:
        if self.fails == name:
            raise ValueError("the secret story")
        self.told.append((name, heard))
        heard.event["event"] = "spoilt"

    def plain(self, heard: ReceivedEvent) -> None:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        self._called("plain", replace(heard, event=dict(heard.event)))
        heard.event.clear()

    async def coroutine(self, heard: ReceivedEvent) -> None:
        await asyncio.sleep(0)
        self._called("coroutine", replace(heard, event=dict(heard.event)))


@pytest.fixture
def callbacks() -> Callbacks:
    return Callbacks()


Build = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def client_of(settings: Settings, database: Database) -> AsyncIterator[Build]:
    """client_of(*callbacks, world=, listeners=) -> a client of TMF621 and TMF666 that calls them."""
    made: list[httpx.AsyncClient] = []

    def client_of(*callbacks: Any, world: World | None = None, listeners: tuple[str, ...] = ()) -> httpx.AsyncClient:
        chosen = replace(settings, delivery=replace(settings.delivery, listeners=listeners))
        app = build(chosen, apis.chosen(["TMF621", "TMF666"]), database, world, callbacks)
        made.append(httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN))
        return made[-1]

    yield client_of
    for one in made:
        await one.aclose()


@pytest.mark.parametrize("listener", [V4_TICKET, V5_TICKET, V4_PAYLOAD], ids=name_of)
async def test_own_code_is_called_with_a_document_of_its_own(
    listener: ServedOperation, client_of: Build, callbacks: Callbacks, kept: Kept
):
    event = example(listener)
    answer = await client_of(callbacks.plain, callbacks.coroutine).post(address(listener), json=event)
    assert answer.is_success, answer.text
    assert [name for name, _ in callbacks.told] == ["plain", "coroutine"]
    (receipt,) = await kept.of(event["eventId"])
    assert receipt.event[container(listener)] == event[container(listener)]
    segment = listener.operation.segment
    for _, heard in callbacks.told:
        told = (heard.api, heard.version, heard.type, heard.event["eventId"])
        expected = (listener.api.code, listener.version.name, segment[0].upper() + segment[1:], event["eventId"])
        assert told == expected


@tickets
@pytest.mark.parametrize("failing", ["plain", "coroutine"])
async def test_an_event_that_own_code_fails_on_is_not_accepted_until_it_is_sent_again(
    listener: ServedOperation,
    failing: str,
    client_of: Build,
    callbacks: Callbacks,
    kept: Kept,
    caplog: pytest.LogCaptureFixture,
):
    event = example(listener)
    client = client_of(callbacks.plain, callbacks.coroutine)
    callbacks.fails = failing
    answer = await client.post(address(listener), json=event)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "send it again" in answer.json()["message"]
    assert "the secret story" in caplog.text
    assert await kept.of(event["eventId"]) == []
    callbacks.fails = ""
    assert (await client.post(address(listener), json=event)).is_success
    assert len(await kept.of(event["eventId"])) == 1
    assert "coroutine" in [name for name, _ in callbacks.told]


async def test_own_code_is_not_called_with_what_is_refused(client_of: Build, callbacks: Callbacks):
    event = {**example(V4_TICKET), "eventTime": 1}
    assert (await client_of(callbacks.plain).post(address(V4_TICKET), json=event)).status_code == 400
    assert callbacks.told == []


OWN = """
import json, pathlib

HERE = pathlib.Path(__file__).with_name("heard")
NOTHING = 7

def note(heard):
    HERE.write_text(json.dumps([heard.api, heard.version, heard.type, heard.event["eventId"]]))
"""


@pytest.fixture
def own_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"own_{uuid.uuid4().hex}"
    tmp_path.joinpath(f"{name}.py").write_text(OWN)
    tmp_path.joinpath(f"{name}_broken.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(tmp_path)
    return name


async def test_the_setting_names_own_code(client_of: Build, own_module: str, tmp_path: Path):
    event = example(V5_TICKET)
    client = client_of(listeners=(f"{own_module}:note",))
    assert (await client.post(address(V5_TICKET), json=event)).status_code == 204
    told = json.loads(tmp_path.joinpath("heard").read_text())
    assert told == ["TMF621", "v5", "TroubleTicketCreateEvent", event["eventId"]]
    sys.modules.pop(own_module)


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("{}:absent", "cannot be imported: AttributeError"),
        ("{}_absent:note", "cannot be imported: ModuleNotFoundError"),
        ("{}_broken:note", "cannot be imported: ZeroDivisionError"),
        ("{}:NOTHING", "is no function: int"),
    ],
)
async def test_own_code_that_is_not_there_refuses_the_start(client_of: Build, own_module: str, place: str, word: str):
    named = place.format(own_module)
    with pytest.raises(StartRefused, match=f"^TMF_LISTENERS names {named}, which {word}"):
        client_of(listeners=(named,))


async def test_the_server_forgets_an_event_when_its_days_are_over(client_of: Build, database: Database):
    moment = datetime.now(UTC).replace(microsecond=0)
    event = example(V5_TICKET)
    client = client_of(world=World(now=lambda: moment))
    assert (await client.post(address(V5_TICKET), json=event)).status_code == 204
    records = database.connection.collection("received_events")
    record = await records.find_one({"_id": f"TMF621/v5/TroubleTicketCreateEvent/{event['eventId']}"})
    assert record
    assert record["expires"].replace(tzinfo=UTC) == moment + timedelta(days=7)
    received = Received(database.connection, 1)
    await received.prepare()
    await received.prepare()
    indexes = await records.index_information()
    assert indexes["at"]["key"] == [("at", 1)]
    assert (indexes["expires"]["key"], indexes["expires"]["expireAfterSeconds"]) == ([("expires", 1)], 0)


FUTURE = 4_000_000_000_000_000
"""Behind everything that other tests keep."""


async def test_events_are_read_in_their_order_whatever_a_step_cuts(kept: Kept):
    moments = [0, 1, 1, 1, 2, 60_000_000, 60_000_001, 9_000_000_000_000]
    mark = uuid.uuid4().hex
    for number, moment in enumerate(moments):
        await kept.received.keep(Receipt(f"{mark}/{number}", FUTURE + moment, "TMF621", "v4", mark, {"n": number}))
    for most in (1, 2, 3, 4, 100):
        read: list[Receipt] = []
        at = FUTURE - 1
        while step := await kept.received.since(at, most):
            read += [one for one in step if one.type == mark]
            at = step[-1].at
        assert [one.event["n"] for one in read] == list(range(len(moments))), most
    assert [one.event["n"] for one in await kept.received.since(FUTURE, 2) if one.type == mark] == [1, 2, 3]


async def test_an_event_that_appears_late_is_read_once_as_well(kept: Kept):
    mark, start = uuid.uuid4().hex, FUTURE + 10**14

    async def put(name: str, moment: int) -> None:
        await kept.received.keep(Receipt(f"{mark}/{name}", start + moment, "TMF621", "v4", mark, {}))

    tail = Tail(kept.received, start)
    seen = []
    for name, moment in (("a", 100), ("late", 50), ("b", LATE), ("later", 60), ("c", LATE + 1), ("d", 3 * LATE)):
        await put(name, moment)
        seen.append([one.id.removeprefix(mark + "/") async for one in tail.fresh() if one.type == mark])
    assert seen == [["a"], ["late"], ["b"], ["later"], ["c"], ["d"]]
