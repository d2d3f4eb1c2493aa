"""The suite's application and a dispatcher in this process, over a database of its own, with short pauses."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import httpx

from common import apis
from common.app import build
from common.binding import bind, channels, read_documents
from common.delivery.sender import Sender
from common.hub.destinations import Allowed
from common.settings import Settings, read
from common.store.connection import Connection, connect
from common.store.mongo import MongoStore
from common.work.worker import Dispatcher
from common.worker import dispatcher_over
from tests.conftest import ORIGIN

BOUND = 60.0
BASE = "/tmf-api/troubleTicket/v5"
TICKET = {"description": "0", "severity": "s", "ticketType": "t"}
_SERVED = apis.chosen(["TMF621"])
_TOLD = channels(bind(read_documents(_SERVED)))


@dataclass
class Stage:
    """`client` asks the suite; `connection` is the database."""

    settings: Settings
    client: httpx.AsyncClient
    connection: Connection

    async def subscribed(self, callback: str, **more: Any) -> str:
        """The id of a new subscription."""
        answer = await self.client.post(f"{BASE}/hub", json={"callback": callback, **more})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def ticket(self, **more: Any) -> str:
        """The address of a new ticket."""
        answer = await self.client.post(f"{BASE}/troubleTicket", json={**TICKET, **more})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["href"])

    async def changed(self, href: str, **attributes: Any) -> None:
        """Changes a ticket."""
        assert (await self.client.patch(href, json=attributes)).status_code == 200

    @asynccontextmanager
    async def dispatching(self, **settings: Any) -> AsyncIterator[Dispatcher]:
        """A dispatcher that works meanwhile."""
        chosen = replace(self.settings, **settings)
        sender = Sender(Allowed(chosen.callback_allow), chosen.delivery_seconds, chosen.delivery_connections)
        made = dispatcher_over(f"test-{uuid.uuid4().hex}", self.connection, chosen, _SERVED, _TOLD, sender)
        stop = asyncio.Event()
        task = asyncio.create_task(made.run(stop))
        try:
            yield made
        finally:
            stop.set()
            await task
            await sender.close()


async def eventually(condition: Callable[[], Any], what: str) -> None:
    """Returns as soon as the condition, plain or a coroutine function, holds; fails with `what` did not happen."""
    deadline = time.monotonic() + BOUND
    while True:
        found = condition()
        if await found if asyncio.iscoroutine(found) else found:
            return
        assert time.monotonic() < deadline, f"{what} did not happen within {BOUND:g} seconds"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def staged(store_uri: str) -> AsyncIterator[Stage]:
    """A stage over the session's store, in a database that goes at the end."""
    settings = read(
        {
            "MONGODB_URI": store_uri,
            "TMF_DATABASE": f"test-{uuid.uuid4().hex[:12]}",
            "TMF_APIS": "TMF621",
            "TMF_CALLBACK_ALLOW": "127.0.0.0/8",
            "TMF_DELIVERY_FIRST_PAUSE": "0.05",
            "TMF_DELIVERY_LONGEST_PAUSE": "0.2",
            "TMF_DELIVERY_SECONDS": "2",
        },
        {},
    )
    store = MongoStore(store_uri, settings.database)
    transport = httpx.ASGITransport(app=build(settings, _SERVED, store))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        try:
            yield Stage(settings, client, store.connection)
        finally:
            await store.close()
            with suppress(Exception), connect(store_uri) as tool:
                tool.drop_database(settings.database)
