"""The stores of one database as one value: whoever keeps or reads anything there is handed this, and builds none."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from common.clock import utc_now
from common.errors import StoreFailed, StoreUnavailable
from common.store.base import Indexes, Store
from common.store.connection import Connection
from common.store.deliveries import Deliveries
from common.store.event_log import EventLog
from common.store.leases import Leases
from common.store.listing import ListLimits
from common.store.mongo import MongoStore
from common.store.outbox import Outboxes
from common.store.received import Received
from common.store.sinks import SinkProgress
from common.store.subscriptions import Subscriptions

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 1.0
_LIMITS = ListLimits(milliseconds=10_000, count=10_000)
_WEEK_SECONDS = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Database:
    """All stores of one database, which is one tenant's, over one connection.

    `resources`: the resources of every API. `outboxes`: the changes in their records that the log has not got yet.
    `log`: the numbered changes of every API. `subscriptions`, `deliveries`: of its hubs. `received`: the events that
    its listener paths took. `leases`: which background process does which share of the work. `sinks`: how far each
    sink has read the log.
    """

    connection: Connection
    resources: Store
    outboxes: Outboxes
    log: EventLog
    subscriptions: Subscriptions
    deliveries: Deliveries
    received: Received
    leases: Leases
    sinks: SinkProgress

    async def prepare(self, indexes: Indexes) -> None:
        """Creates every index that is missing: those of the stores, and `indexes` of the resources' collections.

        Raises StoreUnavailable. Raises an ExceptionGroup where the server refuses some; all others are there then.
        """
        steps = (
            partial(self.resources.prepare, indexes),
            self.received.prepare,
            self.subscriptions.prepare,
            self.deliveries.prepare,
        )
        refusals = []
        for step in steps:
            try:
                await step()
            except StoreFailed as refusal:
                refusals.append(refusal)
        if refusals:
            raise ExceptionGroup("The store refused indexes.", refusals)

    async def prepare_when_it_answers(self, indexes: Indexes) -> None:
        """Does `prepare` as soon as the store answers; an index that it refuses is told in the log."""
        while True:
            try:
                await self.prepare(indexes)
                return
            except StoreUnavailable:
                await asyncio.sleep(_RETRY_SECONDS)
            except Exception:
                _LOG.exception("Not every index could be made; lists are slower, and `tmf indexes` tells which")
                return

    async def close(self) -> None:
        """Lets go of every connection; the next use makes new ones."""
        await self.connection.close()


def open_database(
    uri: str,
    name: str,
    limits: ListLimits = _LIMITS,
    event_seconds: float = _WEEK_SECONDS,
    now: Callable[[], datetime] = utc_now,
) -> Database:
    """Returns the database `name` of the server at `uri`; connects at its first use.

    `limits` hold for each list of resources. A received event is kept for `event_seconds`.
    """
    connection = Connection(uri, name)
    return Database(
        connection=connection,
        resources=MongoStore(connection, limits, now),
        outboxes=Outboxes(connection),
        log=EventLog(connection),
        subscriptions=Subscriptions(connection),
        deliveries=Deliveries(connection),
        received=Received(connection, event_seconds),
        leases=Leases(connection),
        sinks=SinkProgress(connection),
    )
