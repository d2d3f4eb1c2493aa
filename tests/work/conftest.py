"""What tests of the work use: the stage and the listener of tests/hub, and leases."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest

from common.store.connection import Connection, connect
from common.store.leases import Leases
from tests.hub.conftest import heard as heard
from tests.hub.conftest import stage as stage


@pytest.fixture
async def leases(store_uri: str) -> AsyncIterator[Leases]:
    """The leases of a database of their own."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    connection = Connection(store_uri, name)
    yield Leases(connection)
    await connection.close()
    with connect(store_uri) as client:
        client.drop_database(name)
