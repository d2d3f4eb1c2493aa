"""Health, and a store that goes away and comes back."""

from __future__ import annotations

from pathlib import Path

import httpx

from common import apis
from common.app import build
from common.serve.address import free_port
from common.settings import read
from common.store.database import open_database
from tests.conftest import started_store, wait_for

_TICKET = "/tmf-api/troubleTicket/v5/troubleTicket"
_BODY = {"id": "kept", "description": "d", "severity": "s", "ticketType": "t"}


async def test_a_live_and_ready_suite_says_so(client: httpx.AsyncClient):
    for path in ("/health/live", "/health/ready", "/health/ready/"):
        answer = await client.get(path)
        assert answer.status_code == 200, path
    assert (await client.post("/health/live")).status_code == 405
    assert (await client.head("/health/ready")).content == b""


async def test_without_its_store_the_suite_is_not_ready_and_with_it_again(tmp_path: Path):
    port = free_port()
    process, uri = started_store(tmp_path, port)
    database = open_database(uri + "&serverSelectionTimeoutMS=200", "away")
    settings = read({"MONGODB_URI": uri}, {})
    transport = httpx.ASGITransport(app=build(settings, apis.declared(), database))
    try:
        wait_for(uri)
        async with httpx.AsyncClient(transport=transport, base_url="http://h") as client:
            assert (await client.post(_TICKET, json=_BODY)).status_code == 201
            process.kill()
            process.wait(30)
            ready = await client.get("/health/ready")
            assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
            assert (await client.get("/health/live")).status_code == 200
            for answer in (
                await client.get(_TICKET),
                await client.get(f"{_TICKET}/kept"),
                await client.post(_TICKET, json=_BODY),
                await client.patch(f"{_TICKET}/kept", json={"name": "n"}),
                await client.delete(f"{_TICKET}/kept"),
            ):
                assert answer.status_code == 503, answer.text
                assert answer.headers["retry-after"]
                assert answer.json()["code"] == "503"
            process, _ = started_store(tmp_path, port)
            wait_for(uri)
            assert (await client.get("/health/ready")).status_code == 200
            assert (await client.get(f"{_TICKET}/kept")).status_code == 200
    finally:
        process.kill()
        process.wait(30)
        await database.close()
