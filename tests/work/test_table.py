"""The table of background work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from common import apis
from common.delivery.sender import Sender
from common.hub.destinations import Allowed
from common.settings import read
from common.store.database import open_database
from common.worker import delivery_tools, worker_over


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    """An HTTP client that sends nothing."""
    client = Sender(Allowed(()), 1.0, 1)
    yield client
    await client.close()


async def names(sender: Sender, log: str, **environ: str) -> list[str]:
    """The rows for two APIs, of which the second numbers its changes in `log`."""
    first, second = apis.chosen(["TMF621", "TMF632"])
    settings = read(environ, {})
    database = open_database("mongodb://127.0.0.1", "unused")
    tools = delivery_tools(database, settings, sender)
    works = worker_over(tools, settings, (first, replace(second, log=log)), (), "a").works
    await database.close()
    return [work.name for work in works if not work.name.startswith("deliver/")]


async def test_each_log_has_its_relay_its_trimming_and_its_sinks(sender: Sender):
    rows = await names(sender, "TMF632")
    assert rows == ["relay/TMF621", "relay/TMF632", "trim/TMF621", "trim/TMF632"]


async def test_a_log_that_two_apis_share_is_served_once(sender: Sender):
    assert await names(sender, "TMF621") == ["relay/TMF621", "trim/TMF621"]
