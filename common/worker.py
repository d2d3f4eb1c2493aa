"""The composition root of a dispatcher: settings and the declared APIs -> one dispatcher process."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any

from common import apis, settings
from common.app import limits
from common.binding import bind, channels, read_documents
from common.clock import micros, utc_now
from common.delivery.health import RetryPolicy
from common.delivery.log_cache import LogCache
from common.delivery.sender import Sender
from common.delivery.tools import DeliveryTools
from common.errors import StartRefused, StoreUnavailable
from common.events.channel import Channel
from common.hub.destinations import Allowed
from common.resource import Api
from common.settings import Settings
from common.store.connection import Connection
from common.store.deliveries import Deliveries
from common.store.event_log import EventLog
from common.store.leases import Leases
from common.store.outbox import Outboxes
from common.store.sinks import SinkProgress
from common.store.subscriptions import Subscriptions
from common.work.membership import Membership
from common.work.relay import Relay
from common.work.worker import Dispatcher, Work, parts, relaying

READY = "The dispatcher works."
_DAY = 86_400
_TRIM_SECONDS = 60.0
_TRIM_STEP = 500


def main() -> None:
    """`python -m common.worker NAME`: dispatches until SIGTERM or SIGINT, settings from the environment."""
    try:
        run(settings.read(os.environ, {}), sys.argv[1])
    except StartRefused as refusal:
        print(f"tmf: {refusal}", file=sys.stderr, flush=True)
        raise SystemExit(refusal.exit_code) from None


def run(chosen: Settings, name: str = "tmf") -> None:
    """Dispatches until SIGTERM or SIGINT, as a member whose name begins with `name`. Raises StartRefused where it
    cannot."""
    if not chosen.mongodb_uri:
        raise StartRefused("A dispatcher needs a store; set MONGODB_URI.")
    logging.basicConfig(level=chosen.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    served = apis.chosen(chosen.apis)
    told = channels(bind(read_documents(served)))
    asyncio.run(_dispatch(f"{name}-{os.getpid()}-{os.urandom(4).hex()}", chosen, served, told))


async def _dispatch(name: str, chosen: Settings, served: tuple[Api, ...], told: tuple[Channel, ...]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    connection = Connection(chosen.mongodb_uri or "", chosen.database)
    sender = Sender(Allowed(chosen.callback_allow), chosen.delivery_seconds, chosen.delivery_connections)
    try:
        dispatcher = dispatcher_over(name, connection, chosen, served, told, sender)
        preparing = asyncio.create_task(_prepared(dispatcher))
        print(READY, flush=True)
        await dispatcher.run(stop)
        preparing.cancel()
    finally:
        await sender.close()
        await connection.close()


async def _prepared(dispatcher: Dispatcher) -> None:
    """Makes the indexes that deliveries need, once the store answers."""
    while True:
        try:
            await dispatcher.tools.deliveries.prepare()
            await dispatcher.tools.subscriptions.prepare()
            return
        except StoreUnavailable:
            await asyncio.sleep(1)


def dispatcher_over(
    name: str,
    connection: Connection,
    chosen: Settings,
    served: tuple[Api, ...],
    told: tuple[Channel, ...],
    sender: Sender,
) -> Dispatcher:
    """A dispatcher over one database; `name` is like no other's."""
    log = EventLog(connection)
    pace = RetryPolicy(
        chosen.delivery_first_pause,
        chosen.delivery_longest_pause,
        chosen.delivery_days * _DAY,
        chosen.delivery_parallel,
    )
    works: dict[str, Work] = {}
    codes = [api.code for api in served]
    sinks = [f"kafka/{code}" for code in codes] if chosen.kafka else []
    shares = [*(f"relay/{code}" for code in codes), *sinks, *parts()]
    membership = Membership(name, shares, Leases(connection))
    remembered = timedelta(days=chosen.event_days)
    tools = DeliveryTools(
        Subscriptions(connection), Deliveries(connection), log, sender, pace, remembered, utc_now, membership.may_act
    )
    log_caches = {code: LogCache(code, log) for code in codes}
    made = Dispatcher(membership, tools, told, limits(chosen), log_caches, works)
    progress = SinkProgress(connection) if chosen.kafka else None
    for api in served:
        collections = [resource.name for resource in api.resources]
        relay = Relay(api.code, collections, Outboxes(connection), log, utc_now)
        works[f"relay/{api.code}"] = partial(_relay_share, relay, api.code, made, chosen.event_days, progress)
    if chosen.kafka and progress:
        sink = _kafka(chosen.kafka)
        works.update({f"kafka/{code}": partial(sink.run, code, told, log, progress) for code in codes})
        made.closing.append(sink.close)
    return made


def _kafka(brokers: str) -> Any:
    """The sink that publishes to these brokers; raises StartRefused where the extra is not installed."""
    try:
        module = import_module("common.work.kafka")
    except ImportError as error:
        install = ".venv/bin/pip install -e '.[kafka]'"
        raise StartRefused(f"TMF_KAFKA is set, which needs the extra kafka: {install}.") from error
    return module.sink(brokers)


async def _relay_share(
    relay: Relay, code: str, made: Dispatcher, event_days: float, progress: SinkProgress | None, still_mine: Any
) -> None:
    """A relay, and beside it the forgetting of what is old in its log."""
    trimming = asyncio.create_task(_trimming(code, made.tools, event_days, progress))
    try:
        await relaying(relay, made.news, still_mine)
    finally:
        trimming.cancel()


async def _trimming(code: str, tools: DeliveryTools, event_days: float, progress: SinkProgress | None) -> None:
    while True:
        await asyncio.sleep(_TRIM_SECONDS)
        try:
            await trim(code, tools, int(event_days * _DAY * 1_000_000), progress)
        except StoreUnavailable:
            continue


async def trim(code: str, tools: DeliveryTools, age: int, progress: SinkProgress | None) -> int:
    """Forgets the events of an API that are older than `age` microseconds and that every subscriber and sink has
    passed; how many they were. Raises StoreUnavailable."""
    moment = micros(tools.now()) - age
    _, below = await tools.log.bounds(code)
    for one in await tools.subscriptions.every():
        if one["api"] == code and not one["ended"]:
            below = min(below, (await tools.subscriptions.progress(one["_id"]))["position"])
            below = min([below, *(event["seq"] - 1 for event in await tools.deliveries.waiting(one["_id"]))])
    if progress:
        below = min(below, await progress.position("kafka", code))
    gone = 0
    while step := await tools.log.trim(code, moment, below, _TRIM_STEP):
        gone += step
    return gone


if __name__ == "__main__":
    main()
