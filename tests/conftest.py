"""What every test may use: the store that the suite runs on, and the whole suite over it in this process."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from pymongo.errors import PyMongoError

from common import apis
from common.app import build
from common.errors import StoreUnavailable
from common.serve.address import free_port
from common.serve.tether import __file__ as TETHER
from common.settings import Settings, read
from common.store import embedded
from common.store.base import Store
from common.store.connection import connect
from common.store.database import Database, open_database
from tests.selection import long_tests

ORIGIN = "http://suite.example"
COLLECTED = pytest.StashKey[tuple[pytest.Item, ...]]()
"""Every test of a run, whether it was asked for or not."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what waits for `make test-long`, before pytest leaves out what was not asked for."""
    waiting = long_tests(item.nodeid for item in items)
    for item in items:
        if item.nodeid in waiting:
            item.add_marker(pytest.mark.long)
    config.stash[COLLECTED] = tuple(items)


def started_store(directory: Path, port: int) -> tuple[subprocess.Popen[bytes], str]:
    """A local store on a port of loopback, tied to this process, and its address."""
    chosen = embedded.choose("auto", directory)
    embedded.prepare_store(chosen)
    command = [sys.executable, "-P", TETHER, str(os.getpid()), *chosen.command(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    return process, embedded.uri(port)


def wait_for(uri: str, tries: int = 30) -> None:
    """Returns where the store answers; the driver waits up to two seconds for each try."""
    client = connect(uri)
    for left in reversed(range(tries)):
        try:
            client.admin.command("ping")
            break
        except PyMongoError:
            if not left:
                raise
    client.close()


@pytest.fixture(scope="session")
def store_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the store: MONGODB_URI where it is set, else a local one of the session's own."""
    given = os.environ.get("MONGODB_URI")
    if given:
        yield given
        return
    process, uri = started_store(tmp_path_factory.mktemp("store"), free_port())
    try:
        wait_for(uri)
        yield uri
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="session")
def settings(store_uri: str) -> Settings:
    """The settings of the suite under test: every default, and a database of the session's own."""
    return read({"MONGODB_URI": store_uri, "TMF_DATABASE": f"test-{uuid.uuid4().hex[:12]}"}, {})


@pytest.fixture(scope="session")
async def session_database(settings: Settings) -> AsyncIterator[Database]:
    """The session's database; it goes when the session ends."""
    assert settings.store.mongodb_uri
    made = open_database(settings.store.mongodb_uri, settings.store.database)
    yield made
    await made.close()
    client = connect(settings.store.mongodb_uri)
    client.drop_database(settings.store.database)
    client.close()


async def answering(database: Database) -> Database:
    """The database, as soon as it answers. The session's event loop stands still while tests without it run; after a
    long pause the driver's heartbeat is overdue, and cancels what is asked first."""
    for _ in range(10):
        with suppress(StoreUnavailable):
            await database.resources.ping()
            break
    return database


@pytest.fixture
async def database(session_database: Database) -> Database:
    """The session's database, answering."""
    return await answering(session_database)


@pytest.fixture
async def store(database: Database) -> Store:
    """The resources of the session's database, answering."""
    return database.resources


@pytest.fixture(scope="session")
async def session_client(settings: Settings, session_database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole suite, over ASGI and the real store."""
    transport = httpx.ASGITransport(app=build(settings, apis.declared(), session_database))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as made:
        yield made


@pytest.fixture
async def client(session_client: httpx.AsyncClient, database: Database) -> httpx.AsyncClient:
    """The session's client, its database answering."""
    return session_client
