"""Connections to the store's server: one for each process that keeps something there, and plain ones for tools.

The driver and its errors end here: whoever calls a store meets StoreUnavailable, BodyTooLarge or StoreFailed.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from pymongo import AsyncMongoClient, MongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.database import Database
from pymongo.errors import (
    ConnectionFailure,
    DocumentTooLarge,
    ExecutionTimeout,
    PyMongoError,
    WTimeoutError,
)
from pymongo.uri_parser import parse_uri

from common.errors import BodyTooLarge, StoreFailed, StoreUnavailable

Record = dict[str, Any]
Records = AsyncCollection[Record]
ToolDatabase = Database[Record]
"""A database as tools have it: they ask and wait, without an event loop."""

_LOG = logging.getLogger(__name__)
_AWAY = (ConnectionFailure, ExecutionTimeout, WTimeoutError)
# A refused or silent server is reported within two seconds by the selection; the driver's heartbeat waits for the
# connect timeout, and a short one would take a busy server for a dead one and cancel what is under way.
# A connection that lies idle is closed before the store does it: SecantusDB does after 300 seconds.
_OPTIONS: dict[str, Any] = {
    "w": "majority",
    "journal": True,
    "serverSelectionTimeoutMS": 2000,
    "socketTimeoutMS": 30_000,
    "maxIdleTimeMS": 240_000,
}


def client_options(uri: str) -> dict[str, Any]:
    """Returns what every client of the suite sets beside the URI: writes that are journalled, and by the majority of a
    replica set; bounded waits. An option that the URI names, however it spells it, is left out."""
    given = {name.lower(): value for name, value in parse_uri(uri, validate=False, warn=False)["options"].items()}
    options = {name: value for name, value in _OPTIONS.items() if name.lower() not in given}
    if "j" in given and "journal" not in given:  # The driver passes over this spelling.
        options["journal"] = given["j"] == "true"
    elif "fsync" in given:  # It refuses journal beside this one.
        options.pop("journal", None)
    return options


def connect(uri: str) -> MongoClient[Record]:
    """Returns a plain client, for tools."""
    return MongoClient(uri, **client_options(uri))


@contextmanager
def tool_database(uri: str, name: str, is_patient: bool = False) -> Iterator[ToolDatabase]:
    """Opens a database for a tool. Raises StoreFailed where the server does not answer or refuses something.

    `is_patient`: waits for each answer as long as the server works at it; a time limit in the URI stays.
    """
    options = client_options(uri)
    if is_patient and "socketTimeoutMS" in options:
        options["socketTimeoutMS"] = 0
    try:
        with MongoClient[Record](uri, **options) as client:
            yield client[name]
    except PyMongoError as error:
        raise StoreFailed(str(error)) from error


@asynccontextmanager
async def answering() -> AsyncIterator[None]:
    """Raises StoreUnavailable where the server is away, BodyTooLarge where it does not keep so large a document, and
    StoreFailed for everything else that the driver raises."""
    try:
        yield
    except DocumentTooLarge as error:
        raise BodyTooLarge("The resource would be larger than the store keeps one, 16 MB.") from error
    except _AWAY as error:
        _LOG.warning("The store does not answer: %s", type(error).__name__)
        raise StoreUnavailable() from error
    except PyMongoError as error:
        raise StoreFailed(str(error)) from error


class Connection:
    """A database of the store; the client is made at its first use, in the process and event loop that use it."""

    def __init__(self, uri: str, database: str):
        self._uri = uri
        self._name = database
        self.client: AsyncMongoClient[Record] | None = None

    def collection(self, name: str) -> Records:
        """Returns the collection of this name."""
        if self.client is None:
            self.client = AsyncMongoClient(self._uri, **client_options(self._uri))
        return self.client[self._name][name]

    async def close(self) -> None:
        """Lets go of every connection; the next use makes new ones."""
        if self.client is not None:
            await self.client.close()
            self.client = None
