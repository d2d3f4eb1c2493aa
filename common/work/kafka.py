"""Publishes every event to Kafka as well, one topic for each API; imported only where the extra `kafka` is installed.

The topic is the API's code in lower case and `.events`, the key the resource's id, the value the event as JSON (the v5
one; where v5 has no such event, the v4 one), with the headers `eventType` and `eventId`. Each event arrives at least
once, those of one key in their order: no event is sent before the brokers have acknowledged the one before it of the
same key, and a position in the log is noted when everything before it is acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from common.errors import StoreUnavailable
from common.events.channel import Channel
from common.events.envelope import event_id
from common.events.logged_change import LoggedChange
from common.resource import V4
from common.store.event_log import EventLog
from common.store.sinks import SinkProgress
from common.work.sink_reader import SinkReader
from common.work.worker import StillMine

NAME = "kafka"
"""The name under which the sink's positions are kept."""

_LOG = logging.getLogger(__name__)
_FETCH_SECONDS = 0.2
_MINE_SECONDS = 0.2
_PURGED = (KafkaError._PURGE_QUEUE, KafkaError._PURGE_INFLIGHT)
_GIVEN_UP = KafkaError(KafkaError._PURGE_INFLIGHT)
_PRODUCER: Mapping[str, Any] = {
    "client.id": "tmf",
    "acks": "all",
    "enable.idempotence": True,
    # The client's own pause for gathering would delay every event behind another of its key.
    "linger.ms": 0,
    # As Java's clients choose, so that everybody's keys lie in the same partitions.
    "partitioner": "murmur2_random",
    # The store keeps no resource larger than 16 MB; what is too large below that is the brokers' word.
    "message.max.bytes": 20_000_000,
    # After that a message counts as failed: it is logged and sent again, and nothing older is under way.
    "message.timeout.ms": 30_000,
    # The client would log each refused connection, many a second; the suite logs the first.
    "log_level": 0,
}


@dataclass(frozen=True, slots=True)
class Pauses:
    """Pauses in seconds.

    `first`, `longest`: after a first failure, and at most; each further failure doubles the pause.
    `look`: between two looks at a log that has nothing new.
    """

    first: float = 1.0
    longest: float = 60.0
    look: float = 0.2


@dataclass(frozen=True, slots=True)
class KafkaRecord:
    """One event as Kafka keeps it: where, and what."""

    topic: str
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


def topic(api: str) -> str:
    """Returns the topic of an API's events: `tmf621.events` for `TMF621`."""
    return f"{api.lower()}.events"


def records(channels: Iterable[Channel], change: LoggedChange) -> Iterator[KafkaRecord]:
    """Yields the events of one change in their order, each by the first channel that has it."""
    announced, key = change.logged.announcement, change.logged.stored.id.encode()
    for kind in announced.kinds:
        for channel in channels:
            if event_type := channel.event_type_of(change.logged.collection, kind):
                _document, body = change.event(channel, event_type)
                identifier = event_id(announced.id, kind)
                headers = (("eventType", event_type.name.encode()), ("eventId", identifier.encode()))
                yield KafkaRecord(topic(change.logged.api), key, body, headers)
                break


def sink(brokers: str) -> KafkaSink:
    """Returns the sink that publishes to these brokers: `host:port`, or several separated by commas."""
    return KafkaSink({"bootstrap.servers": brokers})


class KafkaSink:
    """The way of one process to Kafka: one producer, shared by the readers of all APIs.

    `config`: of librdkafka; wins over what the suite sets itself.
    """

    def __init__(self, config: Mapping[str, Any], pauses: Pauses = Pauses()):
        self._config = {**_PRODUCER, **config}
        self._pauses = pauses
        self._line = _Line(self._config)

    async def run(
        self,
        log: str,
        channels: Iterable[Channel],
        entries: EventLog,
        progress: SinkProgress,
        still_mine: StillMine,
    ) -> None:
        """Publishes the log of this name from the noted position on, for as long as `still_mine()`.

        Logs once what the store or the brokers refuse, and tries it again after growing pauses, without end.
        """
        of_log = (channel for channel in channels if channel.api.log == log)
        # The v5 event where there is one.
        own = sorted(of_log, key=lambda channel: channel.version.name == V4)
        reader = SinkReader(NAME, log, entries, progress)
        failures = _Failures(log, self._pauses)
        while still_mine():
            try:
                changes = await reader.read()
                waiting = [record for change in changes for record in records(own, change)]
                if not await self._publish(waiting, failures, still_mine):
                    return
                await reader.settle()
            except StoreUnavailable as error:
                await failures.wait(error.message)
                continue
            failures.end()
            if not changes:
                await asyncio.sleep(self._pauses.look)

    async def close(self) -> None:
        """Gives up what is under way and lets go of the brokers. Called when no `run` runs any more."""
        await self._line.close()

    async def _publish(self, waiting: list[KafkaRecord], failures: _Failures, still_mine: StillMine) -> bool:
        """Sends the records until all are acknowledged. Returns False where `still_mine()` ended before."""
        while waiting:
            if not still_mine():
                return False
            line, turn = self._line, _first_of_each_key(waiting)
            errors = await line.send(turn, still_mine)
            sent = {id(record) for record, error in zip(turn, errors, strict=True) if error is None}
            waiting = [record for record in waiting if id(record) not in sent]
            if line.is_broken and self._line is line:
                self._line = _Line(self._config)
                await line.close()
            # What was purged failed for another reader's sake.
            failed = [error for error in errors if error is not None and error.code() not in _PURGED]
            if failed:
                await failures.wait(line.words(failed[0]))
        return True


def _first_of_each_key(waiting: Iterable[KafkaRecord]) -> list[KafkaRecord]:
    firsts: dict[bytes, KafkaRecord] = {}
    for record in waiting:
        firsts.setdefault(record.key, record)
    return list(firsts.values())


class _Failures:
    """The failures of one API's reader: their pauses, and the lines that the log gets at their begin and end."""

    def __init__(self, api: str, pauses: Pauses):
        self._api = api
        self._pauses = pauses
        self._pause = 0.0

    async def wait(self, reason: str) -> None:
        """Waits after a failure, longer each time."""
        if not self._pause:
            _LOG.warning("Kafka: events of %s wait, and are tried again: %s", self._api, reason)
        self._pause = min(self._pause * 2, self._pauses.longest) or self._pauses.first
        await asyncio.sleep(self._pause)

    def end(self) -> None:
        """Notes that something went well."""
        if self._pause:
            _LOG.warning("Kafka: events of %s are published again.", self._api)
        self._pause = 0.0


class _Line:
    """One producer, and the thread that fetches its delivery reports."""

    def __init__(self, config: Mapping[str, Any]):
        self._fatal: KafkaError | None = None
        self._trouble = ""
        self._is_open = True
        self._producer = Producer({**config, "error_cb": self._hear})
        self._thread = Thread(target=self._fetch, name="kafka", daemon=True)
        self._thread.start()

    @property
    def is_broken(self) -> bool:
        """Returns True where the producer has met a fatal error: it sends nothing any more."""
        return self._fatal is not None

    async def send(self, turn: Sequence[KafkaRecord], still_mine: StillMine) -> list[KafkaError | None]:
        """Sends records of different keys. Returns for each None where it is acknowledged, else why not.

        What is under way when `still_mine()` ends, or at a cancellation, is given up, so that it does not arrive behind
        what another process sends.
        """
        reports = [self._report(record) for record in turn]
        try:
            while still_mine() and not self.is_broken and not all(report.done() for report in reports):
                await asyncio.wait(reports, timeout=_MINE_SECONDS)
        finally:
            if not all(report.done() for report in reports):
                self._producer.purge(blocking=False)
        errors = [self._judged(report.result() if report.done() else _GIVEN_UP) for report in reports]
        # Asked by identity: a KafkaError compared with None leaves an exception behind in the interpreter.
        self._trouble = "" if any(error is None for error in errors) else self._trouble
        return errors

    def words(self, error: KafkaError) -> str:
        """Returns a failure in words, with the latest trouble: that a message was not sent in time says little."""
        return f"{error.str()} ({self._trouble})" if self._trouble else error.str()

    async def close(self) -> None:
        """Gives up what is under way and ends the thread."""
        self._is_open = False
        self._producer.purge(blocking=False)
        await asyncio.to_thread(self._thread.join)

    def _report(self, record: KafkaRecord) -> asyncio.Future[KafkaError | None]:
        """Sends a record. Returns its delivery report."""
        loop = asyncio.get_running_loop()
        report: asyncio.Future[KafkaError | None] = loop.create_future()

        def settle(error: KafkaError | None) -> None:
            if not report.done():
                report.set_result(error)

        def delivered(error: KafkaError | None, _message: Message) -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(settle, error)

        try:
            self._producer.produce(
                record.topic, record.value, record.key, headers=list(record.headers), on_delivery=delivered
            )
        except KafkaException as error:
            settle(error.args[0])
        except BufferError:
            settle(KafkaError(KafkaError._QUEUE_FULL))
        return report

    def _judged(self, error: KafkaError | None) -> KafkaError | None:
        """Returns why a record was not acknowledged. A fatal error, after which all is purged, is the reason then."""
        return None if error is None else self._fatal or error

    def _hear(self, error: KafkaError) -> None:
        if error.code() != KafkaError._ALL_BROKERS_DOWN:
            self._trouble = error.str()

    def _fetch(self) -> None:
        while self._is_open or len(self._producer):
            try:
                self._producer.poll(_FETCH_SECONDS)
            except KafkaException as error:  # of all errors, the fatal ones alone are raised here
                self._fatal = error.args[0]
