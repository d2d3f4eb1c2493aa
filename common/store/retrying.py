"""A question to the store whose answer was lost with its connection is asked again, once, on a fresh connection.

A store closes connections that lie idle, and so do firewalls. A read is asked again as it was. A write may have been
carried out before its answer was lost. It names an id, or the revision that it replaces, so that the second try changes
nothing then; what is kept shows whose write it was. Where it does not, the outcome is unknown, and the refusal says so.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import bson
from pymongo.errors import AutoReconnect, ConnectionFailure, NetworkTimeout, ServerSelectionTimeoutError

from common.errors import StoreUnavailable
from common.store.base import Announcement, Stored
from common.store.connection import Record
from common.store.outbox import GONE, OUTBOX, outgoing
from common.store.record import DOCUMENT, RESIDUE

_LOG = logging.getLogger(__name__)
_UNKNOWN = "The store's answer was lost; it is not known whether the change was made."
_CONTENT = ("created", "updated", DOCUMENT, RESIDUE)

Answer = TypeVar("Answer")


async def read_again(read: Callable[[], Awaitable[Answer]]) -> Answer:
    """Returns what `read` returns, called a second time where the connection is lost. A server that is away or silent
    is not asked again: the driver has asked it twice."""
    try:
        return await read()
    except (ServerSelectionTimeoutError, NetworkTimeout):
        raise
    except AutoReconnect as error:
        _LOG.info("A read is repeated: %s", type(error).__name__)
    return await read()


async def write_again(write: Callable[[bool], Awaitable[Answer]]) -> Answer:
    """Returns what `write(False)` returns; where its answer is lost, what `write(True)` returns, which has to expect
    that the first try was carried out. Raises StoreUnavailable, saying that the outcome is unknown, where the second
    answer is lost as well."""
    try:
        return await write(False)
    except ServerSelectionTimeoutError:
        raise  # Nothing was sent.
    except AutoReconnect as error:
        _LOG.info("A write is repeated: %s", type(error).__name__)
    try:
        return await write(True)
    except ConnectionFailure as error:
        raise StoreUnavailable(_UNKNOWN) from error


def is_inserted(row: Record | None, record: Record, change: Announcement | None) -> bool:
    """Returns True where `row`, which has the id of `record`, is there because `record` was inserted. It may have been
    changed or deleted since."""
    if row is None:
        return False
    if GONE in row:
        return row["revision"] == record["revision"] + 1 or _holds(row, record, change)
    if row["revision"] == record["revision"]:
        return _is_same_content(row, record)
    return bool(row["created"] == record["created"] and row["revision"] > record["revision"])


def is_replaced(row: Record | None, record: Record, change: Announcement | None) -> bool:
    """Returns True where `record` has replaced its former revision, and False where another change was faster. `row`
    is what stands at its id now. Raises StoreUnavailable where too much has happened since to know."""
    if row is not None and GONE not in row and row["revision"] == record["revision"]:
        return _is_same_content(row, record)
    if row is not None and _holds(row, record, change):
        return True
    raise StoreUnavailable(_UNKNOWN)


def is_deleted(row: Record | None, stored: Stored) -> bool:
    """Returns True where the resource that was read as `stored` is gone, and not changed instead. `row` is what stands
    at its id now."""
    if row is None:
        return True
    if GONE in row:
        return bool(row["revision"] == stored.revision + 1)
    return bool(row["created"] != stored.created)


def _is_same_content(row: Record, record: Record) -> bool:
    return all(row.get(name) == record[name] for name in _CONTENT)


def _holds(row: Record, record: Record, change: Announcement | None) -> bool:
    """Returns True where the outbox of `row` has the very entry that `change` of `record` made."""
    if change is None:
        return False
    (entry,) = bson.decode(bson.encode(outgoing(record, change)))[OUTBOX]
    return entry in row.get(OUTBOX, ())
