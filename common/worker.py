"""The composition root of a background process: settings and the declared APIs -> one worker."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from common import apis, settings
from common.binding import bind, channels, read_documents
from common.clock import utc_now
from common.delivery.couriers import Couriers
from common.delivery.health import RetryPolicy
from common.delivery.sender import Sender
from common.delivery.tools import DeliveryTools
from common.errors import StartRefused
from common.events.channel import Channel
from common.hub.destinations import Allowed
from common.limits import limits
from common.resource import Api
from common.settings import Settings
from common.store.database import Database, open_database
from common.work.membership import Membership
from common.work.relay import Relay
from common.work.sinks import open_sinks
from common.work.trim import LogTrim
from common.work.worker import Work, Worker

READY = "The dispatcher works."
_DAY = 86_400


def main() -> None:
    """Runs `python -m common.worker NAME`: works until SIGTERM or SIGINT, settings from the environment."""
    try:
        run_worker(settings.read(os.environ, {}), sys.argv[1])
    except StartRefused as refusal:
        print(f"tmf: {refusal}", file=sys.stderr, flush=True)
        raise SystemExit(refusal.exit_code) from None


def run_worker(options: Settings, name: str = "tmf") -> None:
    """Works until SIGTERM or SIGINT, as a member whose name begins with `name`.

    Raises StartRefused where it cannot.
    """
    if not options.store.mongodb_uri:
        raise StartRefused("A dispatcher needs a store; set MONGODB_URI.")
    logging.basicConfig(level=options.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    served = apis.chosen(options.apis)
    described = channels(bind(read_documents(served)))
    asyncio.run(_work(f"{name}-{os.getpid()}-{os.urandom(4).hex()}", options, served, described))


async def _work(name: str, options: Settings, served: Sequence[Api], described: Sequence[Channel]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = open_database(options.store.mongodb_uri or "", options.store.database)
    sender = Sender(Allowed(options.delivery.callback_allow), options.delivery.seconds, options.delivery.connections)
    try:
        worker = worker_over(delivery_tools(database, options, sender), options, served, described, name)
        preparing = asyncio.create_task(database.prepare_when_it_answers({}))
        print(READY, flush=True)
        await worker.run(stop)
        preparing.cancel()
    finally:
        await sender.close()
        await database.close()


def delivery_tools(database: Database, options: Settings, sender: Sender) -> DeliveryTools:
    """Returns what couriers work with, as the settings say."""
    policy = RetryPolicy(
        options.delivery.first_pause,
        options.delivery.longest_pause,
        options.delivery.days * _DAY,
        options.delivery.parallel,
    )
    return DeliveryTools(database, sender, policy, timedelta(days=options.work.event_days), utc_now)


def worker_over(
    tools: DeliveryTools, options: Settings, served: Sequence[Api], described: Sequence[Channel], name: str
) -> Worker:
    """Returns the worker of one process, with the whole table of work.

    `described`: the channels of the served APIs. `name`: of the member, like no other's. Raises StartRefused where a
    sink is wanted and its extra is not installed.
    """
    database = tools.database
    couriers = Couriers(tools, described, limits(options))
    sinks = open_sinks(options)
    trim = LogTrim(database, timedelta(days=options.work.event_days), tuple(sinks), utc_now)
    logs = {api.log: _collections(api.log, served) for api in served}
    works = [
        *(Work(f"relay/{log}", partial(_relay(log, logs[log], database).run, couriers.news)) for log in logs),
        *(Work(f"trim/{log}", partial(trim.run, log)) for log in logs),
        *(
            Work(f"{kind}/{log}", partial(sink.run, log, described, database.log, database.sinks))
            for kind, sink in sinks.items()
            for log in logs
        ),
        *couriers.works(),
    ]
    membership = Membership(name, [work.name for work in works], database.leases)
    watching = Work("watch", couriers.watch)
    return Worker(membership, works, everywhere=[watching], closing=[sink.close for sink in sinks.values()])


def _collections(log: str, served: Sequence[Api]) -> list[str]:
    """Returns the collections whose changes a log has, each once."""
    return list(dict.fromkeys(resource.collection for api in served if api.log == log for resource in api.resources))


def _relay(log: str, collections: Sequence[str], database: Database) -> Relay:
    return Relay(log, collections, database.outboxes, database.log, utc_now)


if __name__ == "__main__":
    main()
