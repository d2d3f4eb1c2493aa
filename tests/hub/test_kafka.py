"""The Kafka sink against librdkafka's emulated brokers, a door that refuses, and (`-m broker`) a real Kafka."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from confluent_kafka import Consumer, Message, Producer, TopicPartition

from common import apis
from common.binding import bind, channels, read_documents
from common.document import Canonical
from common.errors import StoreUnavailable
from common.events.channel import Channel, channel_at
from common.events.envelope import event_id
from common.settings import Settings
from common.store.base import Announcement, Stored
from common.store.connection import Connection, connect
from common.store.event_log import EventLog
from common.store.outbox import OUTBOX, outgoing
from common.store.record import to_record
from common.store.sinks import SinkProgress
from common.work.ending import ended
from common.work.kafka import NAME, KafkaSink, Pauses, sink
from tests.conftest import ORIGIN
from tests.hub.real_broker import RealBroker

TICKETS, TOPIC = "TMF621", "tmf621.events"
AT = 1_780_000_000_000_000
QUICK = Pauses(0.05, 0.2, 0.05)


@dataclass(frozen=True)
class Kept:
    """A log and positions of the test's own."""

    log: EventLog
    progress: SinkProgress

    async def put(self, entries: Sequence[dict[str, Any]], api: str = TICKETS) -> int:
        """Appends entries; the number of the last."""
        _, head = await self.log.bounds(api)
        await self.log.append(api, head, entries)
        return head + len(entries)

    async def position(self, api: str = TICKETS) -> int:
        return await self.progress.position(NAME, api)


@pytest.fixture(scope="module")
def told() -> tuple[Channel, ...]:
    return channels(bind(read_documents(apis.declared())))


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[Connection]:
    assert settings.mongodb_uri
    name = f"test-{uuid.uuid4().hex[:12]}"
    made = Connection(settings.mongodb_uri, name)
    yield made
    await made.close()
    with connect(settings.mongodb_uri) as client:
        client.drop_database(name)


@pytest.fixture
def kept(connection: Connection) -> Kept:
    return Kept(EventLog(connection), SinkProgress(connection))


@pytest.fixture
def emulated() -> Iterator[str]:
    """The addresses of three emulated brokers, reached over TCP."""
    client = Producer({"bootstrap.servers": "none", "test.mock.num.brokers": 3, "log_level": 0})
    yield ",".join(f"{one.host}:{one.port}" for one in client.list_topics(timeout=30).brokers.values())
    client.close()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBroker]:
    made = RealBroker(tmp_path_factory.mktemp("kafka"))
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(params=["emulated", pytest.param("real", marks=pytest.mark.broker)])
def brokers(request: pytest.FixtureRequest) -> str:
    found = request.getfixturevalue(request.param)
    return found.address if isinstance(found, RealBroker) else found


def entry(
    identifier: str, number: int, kinds: tuple[str, ...] = ("create",), collection: str = "troubleTicket", size: int = 0
) -> dict[str, Any]:
    """The log's entry of a change, as the outbox keeps it and the relay completes it."""
    document = {"@type": collection[:1].upper() + collection[1:], "name": f"{number}", "description": "x" * size}
    stored = Stored(identifier, number, AT, AT + number, Canonical(document, {}))
    name = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{identifier}/{number}"))
    changed = {"v4": ("description",), "v5": ("description",)}
    change = Announcement(name, AT + number, kinds, changed, ORIGIN, name)
    [held] = outgoing(to_record(stored), change)[OUTBOX]
    return {**held, "collection": collection, "key": identifier, "logged": AT + number}


def new_ids(count: int) -> list[str]:
    """Ids of this test alone: a real broker's topics are shared."""
    return [f"{uuid.uuid4()}" for _ in range(count)]


async def until(is_so: Callable[[], Any]) -> None:
    """Returns when it is so; the bound only ends a test that hangs."""
    async with asyncio.timeout(120):
        while True:
            found = is_so()
            if await found if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.02)


@asynccontextmanager
async def reading(
    publisher: KafkaSink, kept: Kept, told: Sequence[Channel], api: str = TICKETS
) -> AsyncIterator[asyncio.Task[None]]:
    """A reader that runs, cancelled at the end."""
    task = asyncio.create_task(publisher.run(api, told, kept.log, kept.progress, lambda: True))
    try:
        yield task
    finally:
        await ended(task)


async def published(publisher: KafkaSink, kept: Kept, told: Sequence[Channel], head: int, api: str = TICKETS) -> None:
    """Lets the sink publish up to `head` and closes it."""

    async def is_done() -> bool:
        assert not task.done(), task.exception()
        return await kept.position(api) == head

    async with reading(publisher, kept, told, api) as task:
        await until(is_done)
    await publisher.close()


async def records(brokers: str, ids: Sequence[str], topic: str = TOPIC) -> list[Message]:
    """Everything that the topic has of these resources, by partition in the brokers' order."""
    return [one for one in await asyncio.to_thread(_everything, brokers, topic) if (one.key() or b"").decode() in ids]


def _everything(brokers: str, topic: str) -> list[Message]:
    config = {"bootstrap.servers": brokers, "group.id": uuid.uuid4().hex, "log_level": 0, "enable.auto.commit": False}
    found: list[Message] = []
    with closing(Consumer(config)) as consumer:
        for number in consumer.list_topics(topic, timeout=30).topics[topic].partitions:
            _low, high = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=30)
            consumer.assign([TopicPartition(topic, number, 0)])
            count = 0
            while count < high:
                message = consumer.poll(30)
                assert message
                assert message.error() is None
                found.append(message)
                count = (message.offset() or 0) + 1
    return found


def names(found: Sequence[Message], identifier: str) -> list[int]:
    """The numbers of one resource's changes as they lie in the topic."""
    bodies = [orjson.loads(one.value() or b"") for one in found if one.key() == identifier.encode()]
    return [int(body["event"]["troubleTicket"]["name"]) for body in bodies]


def in_order(numbers: Sequence[int]) -> bool:
    """True where nothing stands before what comes ahead of it; stretches may be repeated."""
    return all(number <= max(numbers[:place], default=0) + 1 for place, number in enumerate(numbers))


async def test_an_event_has_its_topic_its_key_its_document_and_two_headers(
    brokers: str, kept: Kept, told: tuple[Channel, ...]
) -> None:
    [ticket] = new_ids(1)
    both = ("attributeValueChange", "stateChange")
    entries = [entry(ticket, 1), entry(ticket, 2, both)]
    await published(sink(brokers), kept, told, await kept.put(entries))
    found = await records(brokers, [ticket])
    types = ["TroubleTicketCreateEvent", "TroubleTicketAttributeValueChangeEvent", "TroubleTicketStatusChangeEvent"]
    changes = [(entries[0], "create"), (entries[1], both[0]), (entries[1], both[1])]
    ids = [event_id(change["id"], kind) for change, kind in changes]
    assert [one.key() for one in found] == [ticket.encode()] * 3
    assert [one.headers() for one in found] == [
        [("eventType", kind.encode()), ("eventId", identifier.encode())]
        for kind, identifier in zip(types, ids, strict=True)
    ]
    bodies = [orjson.loads(one.value() or b"") for one in found]
    assert [(body["eventType"], body["eventId"]) for body in bodies] == list(zip(types, ids, strict=True))
    shown = bodies[0]["event"]["troubleTicket"]
    assert shown["id"] == ticket
    assert shown["href"] == channel_at(told, TICKETS, "v5").types["troubleTicketCreateEvent"].view.address(
        ticket, ORIGIN
    )


async def test_an_event_that_v5_has_not_is_published_as_v4_has_it(
    emulated: str, kept: Kept, told: tuple[Channel, ...]
) -> None:
    [catalog] = new_ids(1)
    head = await kept.put([entry(catalog, 1, ("batch",), "productCatalog")], "TMF620")
    await published(sink(emulated), kept, told, head, "TMF620")
    [found] = await records(emulated, [catalog], "tmf620.events")
    body = orjson.loads(found.value() or b"")
    assert body["eventType"] == "CatalogBatchEvent"
    assert body["event"]["catalog"]["href"].startswith(f"{ORIGIN}/tmf-api/productCatalogManagement/v4/")


async def test_a_new_sink_begins_with_the_oldest_entry_that_is_kept(
    emulated: str, kept: Kept, told: tuple[Channel, ...]
) -> None:
    [ticket] = new_ids(1)
    head = await kept.put([entry(ticket, number) for number in (1, 2, 3, 4)])
    await kept.log.note_head(TICKETS, head)
    assert await kept.log.trim(TICKETS, AT + 10, 2, 10) == 2
    await published(sink(emulated), kept, told, head)
    assert names(await records(emulated, [ticket]), ticket) == [3, 4]


async def test_a_sink_that_was_off_for_too_long_goes_on_with_what_is_kept_and_says_so(
    emulated: str, kept: Kept, told: tuple[Channel, ...], caplog: pytest.LogCaptureFixture
) -> None:
    [ticket] = new_ids(1)
    head = await kept.put([entry(ticket, number) for number in (1, 2, 3, 4)])
    await kept.progress.advance(NAME, TICKETS, 1)
    await kept.log.note_head(TICKETS, head)
    assert await kept.log.trim(TICKETS, AT + 10, 3, 10) == 3
    await published(sink(emulated), kept, told, head)
    assert names(await records(emulated, [ticket]), ticket) == [4]
    assert "Kafka: the events 2 to 3 of TMF621 are no longer kept." in caplog.messages


class RequestLimits:
    """A TCP address that refuses connections, then accepts and closes them, then leads to a broker; one that `denies`
    says before it closes them that the client may not produce."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._leads_to: str | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self.slammed = 0
        self.denies = False
        self._server: asyncio.Server | None = None

    async def slam(self) -> None:
        self._server = await asyncio.start_server(self._knocked, sock=self._socket)

    async def open(self, broker: str) -> None:
        self._leads_to = broker
        if self._server is None:
            await self.slam()

    async def close(self) -> None:
        if self._server:
            self._server.close()
        self._socket.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _knocked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        if self._leads_to is None:
            await _deny(reader, writer) if self.denies else None
            self.slammed += 1
            writer.close()
            return
        host, port = self._leads_to.split(":")
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        await asyncio.gather(_pass(reader, far_writer), _pass(far_reader, writer))


async def _deny(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers, in Kafka's protocol, which requests are known (ApiVersions, 18), and InitProducerId (22) with
    CLUSTER_AUTHORIZATION_FAILED (31), as brokers with access rules do; returns then."""
    known = struct.pack(">i" + "hhh" * 4, 4, 0, 3, 7, 3, 0, 4, 18, 0, 0, 22, 0, 0)
    with suppress(asyncio.IncompleteReadError):
        while True:
            (length,) = struct.unpack(">i", await reader.readexactly(4))
            key, version, correlation = struct.unpack(">hhi", (await reader.readexactly(length))[:8])
            denial = struct.pack(">ihqh", 0, 31, -1, -1)
            answer = {18: struct.pack(">h", 35 if version else 0) + known, 22: denial}.get(key)
            if answer is not None:
                writer.write(struct.pack(">ii", 4 + len(answer), correlation) + answer)
                await writer.drain()
            if key == 22:
                return


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
    finally:
        writer.close()


@pytest.fixture
async def door() -> AsyncIterator[RequestLimits]:
    made = RequestLimits()
    yield made
    await made.close()


async def test_a_broker_that_refuses_and_one_that_hangs_up_lose_nothing(
    door: RequestLimits, emulated: str, kept: Kept, told: tuple[Channel, ...], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "common.work.kafka")
    tickets = new_ids(3)
    head = await kept.put([entry(ticket, number) for number in range(1, 21) for ticket in tickets])
    publisher = KafkaSink({"bootstrap.servers": door.address, "message.timeout.ms": 500}, QUICK)
    async with reading(publisher, kept, told):
        await until(lambda: "refused" in caplog.text)
        assert await kept.position() == 0
        await door.slam()
        await until(lambda: door.slammed > 3)
        assert await kept.position() == 0
        await door.open(emulated.split(",")[0])
        await until(lambda: "again." in caplog.text)
        assert await kept.position() == head
    await publisher.close()
    found = await records(emulated, tickets)
    assert {ticket: names(found, ticket) for ticket in tickets} == {ticket: [*range(1, 21)] for ticket in tickets}
    assert [message.split(":")[0] for message in caplog.messages if "wait" in message] == ["Kafka"]


async def test_what_a_reader_gives_up_does_not_arrive_later_and_no_other_reader_fails_by_it(
    door: RequestLimits, emulated: str, kept: Kept, told: tuple[Channel, ...], caplog: pytest.LogCaptureFixture
) -> None:
    ticket, order = new_ids(2)
    head = await kept.put([entry(ticket, number) for number in (1, 2, 3)])
    other = await kept.put([entry(order, 1, collection="productOrder")], "TMF622")
    publisher = KafkaSink({"bootstrap.servers": door.address}, QUICK)
    async with reading(publisher, kept, told, "TMF622"):
        mine = iter([True] * 4)
        await publisher.run(TICKETS, told, kept.log, kept.progress, lambda: next(mine, False))
        await door.open(emulated.split(",")[0])
        await until(lambda: _has(kept, "TMF622", other))
    assert await kept.position() == 0
    await published(publisher, kept, told, head)
    assert names(await records(emulated, [ticket]), ticket) == [1, 2, 3]
    assert len(await records(emulated, [order], "tmf622.events")) == 1
    assert caplog.messages == []


async def _has(kept: Kept, api: str, head: int) -> bool:
    return await kept.position(api) == head


async def test_no_event_overtakes_one_of_the_same_resource_that_was_not_taken(
    brokers: str, kept: Kept, told: tuple[Channel, ...], caplog: pytest.LogCaptureFixture
) -> None:
    stuck, free = new_ids(2)
    head = await kept.put([entry(stuck, 1), entry(stuck, 2, size=20_000), entry(stuck, 3), entry(free, 1)])
    narrow = KafkaSink({"bootstrap.servers": brokers, "message.max.bytes": 10_000}, QUICK)
    async with reading(narrow, kept, told):
        await until(lambda: "Kafka: events of TMF621 wait" in caplog.text)
        await until(lambda: _count(brokers, [stuck, free], 2))
        assert await kept.position() == 0
    await narrow.close()
    found = await records(brokers, [stuck, free])
    assert (names(found, stuck), names(found, free)) == ([1], [1])
    await published(sink(brokers), kept, told, head)
    assert names(await records(brokers, [stuck]), stuck) == [1, 1, 2, 3]


async def _count(brokers: str, ids: Sequence[str], least: int) -> bool:
    return len(await records(brokers, ids)) >= least


class Dying(SinkProgress):
    """Notes one position; at the second its process dies, what it published acknowledged and not noted."""

    noted = 0

    async def advance(self, sink: str, api: str, position: int) -> None:
        self.noted += 1
        if self.noted > 1:
            raise Died
        await super().advance(sink, api, position)


class Died(Exception):
    """The end of a process, in a test."""


async def test_a_restart_in_the_middle_repeats_at_most_and_loses_nothing(
    brokers: str, connection: Connection, kept: Kept, told: tuple[Channel, ...]
) -> None:
    tickets = new_ids(5)
    head = await kept.put([entry(ticket, number) for number in range(1, 81) for ticket in tickets])
    first = sink(brokers)
    with pytest.raises(Died):
        await first.run(TICKETS, told, kept.log, Dying(connection), lambda: True)
    await first.close()
    assert 0 < await kept.position() < head
    second = sink(brokers)
    async with reading(second, kept, told):
        await until(lambda: _is_past(kept, 200))
    await second.close()
    await published(sink(brokers), kept, told, head)
    found = await records(brokers, tickets)
    assert len(found) > head
    for ticket in tickets:
        numbers = names(found, ticket)
        assert set(numbers) == {*range(1, 81)}
        assert in_order(numbers)


async def _is_past(kept: Kept, position: int) -> bool:
    return await kept.position() >= position


class Forgetful(SinkProgress):
    """A store that does not answer the first time."""

    asked = 0

    async def advance(self, sink: str, api: str, position: int) -> None:
        self.asked += 1
        if self.asked == 1:
            raise StoreUnavailable
        await super().advance(sink, api, position)


async def test_a_store_that_is_away_for_a_moment_lets_nothing_be_published_twice(
    emulated: str, connection: Connection, kept: Kept, told: tuple[Channel, ...]
) -> None:
    [ticket] = new_ids(1)
    head = await kept.put([entry(ticket, 1), entry(ticket, 2)])
    publisher = KafkaSink({"bootstrap.servers": emulated}, QUICK)
    await published(publisher, Kept(kept.log, Forgetful(connection)), told, head)
    assert names(await records(emulated, [ticket]), ticket) == [1, 2]


async def test_a_position_never_falls(kept: Kept) -> None:
    assert await kept.progress.position("one", TICKETS) == 0
    await kept.progress.advance("one", TICKETS, 7)
    await kept.progress.advance("one", TICKETS, 5)
    assert await kept.progress.position("one", TICKETS) == 7
    assert await kept.progress.position("two", TICKETS) == 0
    assert await kept.progress.position("one", "TMF622") == 0


@pytest.mark.broker
async def test_a_real_broker_that_is_stopped_and_started_again_has_everything_in_order(
    real: RealBroker, kept: Kept, told: tuple[Channel, ...], caplog: pytest.LogCaptureFixture
) -> None:
    tickets = new_ids(4)
    await kept.put([entry(ticket, number) for number in range(1, 11) for ticket in tickets])
    publisher = KafkaSink({"bootstrap.servers": real.address, "message.timeout.ms": 1500}, QUICK)
    async with reading(publisher, kept, told):
        await until(lambda: _has(kept, TICKETS, 40))
        await asyncio.to_thread(real.stop)
        head = await kept.put([entry(ticket, number) for number in range(11, 61) for ticket in tickets])
        await until(lambda: "Kafka: events of TMF621 wait" in caplog.text)
        assert await kept.position() == 40
        await asyncio.to_thread(real.start)
        await until(lambda: _has(kept, TICKETS, head))
    await publisher.close()
    found = await records(real.address, tickets)
    for ticket in tickets:
        assert set(names(found, ticket)) == {*range(1, 61)}
        assert in_order(names(found, ticket))


async def test_a_producer_that_has_met_a_fatal_error_is_replaced(
    door: RequestLimits, emulated: str, kept: Kept, told: tuple[Channel, ...], caplog: pytest.LogCaptureFixture
) -> None:
    [ticket] = new_ids(1)
    head = await kept.put([entry(ticket, number) for number in (1, 2, 3)])
    door.denies = True
    await door.slam()
    publisher = KafkaSink({"bootstrap.servers": door.address}, QUICK)
    async with reading(publisher, kept, told):
        await until(lambda: "authorization failed" in caplog.text)
        assert await kept.position() == 0
        await door.open(emulated.split(",")[0])
        await until(lambda: _has(kept, TICKETS, head))
    await publisher.close()
    assert names(await records(emulated, [ticket]), ticket) == [1, 2, 3]
