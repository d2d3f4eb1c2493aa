"""The whole suite over connections that the store closes: clients see no 503 without need, and hear what is true."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from common import apis
from common.app import build
from common.settings import read
from common.store.connection import connect
from common.store.database import Database, open_database
from tests.proxy import ANSWER, QUESTION, Proxy, proxy_of

PATH = "/tmf-api/troubleTicket/v5/troubleTicket"
HUB = "/tmf-api/troubleTicket/v5/hub"
BODY = {"description": "d", "severity": "s", "ticketType": "t"}


@dataclass(frozen=True)
class Suite:
    """One that reaches its store by way of the proxy. `database`: the same, as others reach it."""

    client: httpx.AsyncClient
    proxy: Proxy
    database: Database

    async def made(self) -> str:
        """The path of a new ticket whose events have left."""
        made = await self.client.post(PATH, json=BODY)
        assert made.status_code == 201, made.text
        await self.database.outboxes.clear("troubleTicket", await self.database.outboxes.read("troubleTicket", 10))
        return f"{PATH}/{made.json()['id']}"

    async def announced(self) -> list[list[str]]:
        """The kinds of the changes that wait in the outboxes."""
        rows = await self.database.outboxes.read("troubleTicket", 10)
        return [entry["kinds"] for row in rows for entry in row.entries]

    async def tickets(self) -> list[Any]:
        answer = await self.client.get(PATH)
        assert answer.status_code == 200, answer.text
        return list(answer.json())


@pytest.fixture
async def suite(store_uri: str) -> AsyncIterator[Suite]:
    name = f"test-{uuid.uuid4().hex[:12]}"
    declared = [api for api in apis.declared() if api.code == "TMF621"]
    async with proxy_of(store_uri) as proxy:
        lossy, direct = open_database(proxy.uri, name), open_database(store_uri, name)
        app = build(read({"MONGODB_URI": proxy.uri, "TMF_DATABASE": name}, {}), declared, lossy)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://h") as client:
            yield Suite(client, proxy, direct)
        assert proxy.loss.left == 0
        await lossy.close()
        await direct.close()
    with connect(store_uri) as tool:
        tool.drop_database(name)


async def test_every_verb_is_answered_after_idle_connections_were_closed(suite: Suite):
    path = await suite.made()
    client, proxy = suite.client, suite.proxy

    async def status(method: str, where: str, body: Any = None) -> int:
        assert proxy.close_idle()
        return (await client.request(method, where, json=body)).status_code

    assert await status("POST", PATH, BODY) == 201
    assert await status("GET", PATH) == 200
    assert await status("GET", path) == 200
    assert await status("PATCH", path, {"description": "new"}) == 200
    assert await status("GET", "/health/ready") == 200
    assert await status("DELETE", path) == 204
    assert await status("GET", path) == 404


async def test_each_write_is_answered_where_the_connection_was_closed_just_before_it(suite: Suite):
    path = await suite.made()
    for command, method, where, status in (
        ("insert", "POST", PATH, 201),
        ("update", "PATCH", path, 200),
        ("update", "DELETE", path, 204),
    ):
        suite.proxy.lose(command, QUESTION)
        answer = await suite.client.request(method, where, json={**BODY, "description": "new"})
        assert answer.status_code == status, answer.text


async def test_a_post_whose_answer_is_lost_is_201_and_stored_once(suite: Suite):
    suite.proxy.lose("insert", ANSWER)
    answer = await suite.client.post(PATH, json=BODY)
    assert answer.status_code == 201, answer.text
    assert [ticket["id"] for ticket in await suite.tickets()] == [answer.json()["id"]]
    assert await suite.announced() == [["create"]]


async def test_a_patch_whose_answer_is_lost_is_200_with_one_revision_and_one_event(suite: Suite):
    path = await suite.made()
    identifier = path.rpartition("/")[2]
    before = await suite.database.resources.get("troubleTicket", identifier)
    suite.proxy.lose("update", ANSWER)
    answer = await suite.client.patch(path, json={"description": "new"})
    assert answer.status_code == 200, answer.text
    now = await suite.database.resources.get("troubleTicket", identifier)
    assert (now.canonical.document["description"], now.revision) == ("new", before.revision + 1)
    assert answer.headers["ETag"] == (await suite.client.get(path)).headers["ETag"]
    assert await suite.announced() == [["attributeValueChange"]]


async def test_a_delete_whose_answer_is_lost_is_204_with_one_event(suite: Suite):
    path = await suite.made()
    suite.proxy.lose("update", ANSWER)
    answer = await suite.client.delete(path)
    assert answer.status_code == 204, answer.text
    assert await suite.tickets() == []
    assert await suite.announced() == [["delete"]]


async def test_a_write_whose_answer_is_lost_twice_is_503_and_says_that_it_is_unknown(suite: Suite):
    suite.proxy.lose("insert", ANSWER, times=2)
    answer = await suite.client.post(PATH, json=BODY)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "not known whether the change was made" in answer.json()["message"]


async def test_a_subscription_whose_answers_are_lost_is_kept_once_and_removed(suite: Suite):
    suite.proxy.lose("insert", ANSWER)
    answer = await suite.client.post(HUB, json={"callback": "https://203.0.114.9/listener"})
    assert answer.status_code == 201, answer.text
    identifier = answer.json()["id"]
    assert [record["_id"] for record in await suite.database.subscriptions.every()] == [identifier]
    suite.proxy.lose("delete", ANSWER)
    assert (await suite.client.delete(f"{HUB}/{identifier}")).status_code == 204
    assert await suite.database.subscriptions.every() == []
