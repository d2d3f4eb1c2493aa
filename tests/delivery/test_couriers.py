"""The couriers of one process share what they read; they have ended before their share is handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import pytest

from common.delivery.couriers import share_of
from common.store.connection import Connection, Record
from common.store.event_log import EventLog
from common.store.leases import Leases, Share
from common.store.subscriptions import Subscriptions
from tests.hub.receiver import Receiver
from tests.hub.stage import Stage, eventually


class Counting(EventLog):
    """Counts how often the ends of a log are asked for: once by its relay, and once for all couriers."""

    asked = 0

    async def bounds(self, api: str) -> tuple[int, int]:
        self.asked += 1
        return await super().bounds(api)


async def test_the_couriers_of_all_shares_read_a_log_once(stage: Stage, heard: Receiver):
    identifiers = [await stage.subscribed(f"{heard.url}/{number}") for number in range(20)]
    assert len({share_of(identifier) for identifier in identifiers}) > 3
    log = Counting(stage.connection)
    async with stage.dispatching(replace(stage.database, log=log)):
        await stage.ticket()
        await eventually(lambda: all(heard.taken(f"/{number}") for number in range(20)), "the delivery")
    assert log.asked == 2


class Vanishing(Subscriptions):
    """Subscriptions that end as soon as a courier asks how far its subscriber is."""

    async def progress(self, identifier: str) -> Record:
        await self.remove(identifier)
        return await super().progress(identifier)


async def test_a_subscription_that_ends_under_its_courier_is_no_failure(
    stage: Stage, heard: Receiver, caplog: pytest.LogCaptureFixture
):
    await stage.subscribed(f"{heard.url}/short-lived")
    subscriptions = Vanishing(stage.connection)

    async def is_over() -> bool:
        return await subscriptions.every() == [] and couriers() == 0

    async with stage.dispatching(replace(stage.database, subscriptions=subscriptions)):
        await eventually(is_over, "the end of the courier")
    assert [record for record in caplog.records if record.name.startswith("common.delivery")] == []


def couriers() -> int:
    """How many couriers run in this process."""
    running: list[Coroutine[Any, Any, Any]] = [task.get_coro() for task in asyncio.all_tasks()]  # type: ignore[misc]
    return sum(coroutine.__qualname__ == "_deliver" for coroutine in running)


class Watched(Leases):
    """Notes how many couriers run when a share is handed over."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.seen: list[int] = []

    async def take(self, share: Share, owner: str | None) -> bool:
        if owner is None:
            self.seen.append(couriers())
        return await super().take(share, owner)


async def test_couriers_end_before_their_share_is_handed_over(stage: Stage, heard: Receiver):
    arrived, forever = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def answer(_path: str, _body: Any) -> int:
        loop.call_soon_threadsafe(arrived.set)
        await forever.wait()
        return 204

    heard.answer = answer
    await stage.subscribed(heard.url + "/hangs")
    leases = Watched(stage.connection)
    async with stage.dispatching(replace(stage.database, leases=leases), seconds=60.0):
        await stage.ticket()
        await arrived.wait()
        assert couriers() == 1
    assert set(leases.seen) == {0}
