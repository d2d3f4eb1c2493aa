"""One connection to the store's server, shared by everything in a process that keeps something there."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pymongo import AsyncMongoClient, MongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import (
    ConnectionFailure,
    DocumentTooLarge,
    ExecutionTimeout,
    WTimeoutError,
)
from pymongo.uri_parser import parse_uri

from common.errors import BodyTooLarge, StoreUnavailable

Record = dict[str, Any]
Records = AsyncCollection[Record]

_LOG = logging.getLogger(__name__)
_AWAY = (ConnectionFailure, ExecutionTimeout, WTimeoutError)
# A refused or silent server is told within two seconds by the selection; the driver's heartbeat waits for the connect
# timeout, and a short one would take a busy server for a dead one and cancel what is under way.
_OPTIONS: dict[str, Any] = {"serverSelectionTimeoutMS": 2000, "socketTimeoutMS": 30_000}


def client_options(uri: str) -> dict[str, Any]:
    """What every client of the suite sets beside the URI: journalled writes, bounded waits; the URI's own word wins."""
    given = {name.lower() for name in parse_uri(uri, validate=False, warn=False)["options"]}
    durable = {} if given & {"journal", "j"} else {"journal": True}
    return {**{name: value for name, value in _OPTIONS.items() if name.lower() not in given}, **durable}


def connect(uri: str) -> MongoClient[Record]:
    """A plain client, for tools."""
    return MongoClient(uri, **client_options(uri))


@asynccontextmanager
async def answering() -> AsyncIterator[None]:
    """Turns the driver's ways of saying that the server is away, or the document too large, into ours."""
    try:
        yield
    except DocumentTooLarge as error:
        raise BodyTooLarge("The resource would be larger than the store keeps one, 16 MB.") from error
    except _AWAY as error:
        _LOG.warning("The store does not answer: %s", type(error).__name__)
        raise StoreUnavailable() from error


class Connection:
    """A database of the store; the client is made at its first use, in the process and event loop that use it."""

    def __init__(self, uri: str, database: str):
        self._uri = uri
        self._name = database
        self.client: AsyncMongoClient[Record] | None = None

    def collection(self, name: str) -> Records:
        """The collection of this name."""
        if self.client is None:
            self.client = AsyncMongoClient(self._uri, **client_options(self._uri))
        return self.client[self._name][name]

    async def close(self) -> None:
        """Lets go of every connection; the next use makes new ones."""
        if self.client is not None:
            await self.client.close()
            self.client = None
