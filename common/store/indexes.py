"""The indexes that a collection has: their keys and names, as the store's server knows them."""

from __future__ import annotations

from common.query.conditions import Order
from common.store.base import Index
from common.store.mongo_query import order_field, sort_keys
from common.store.outbox import DUE

NEWEST_FIRST = Index(())
PENDING = Index((DUE,))
"""Finds the records whose events have not left yet; no attribute is called so."""

SHARED = (NEWEST_FIRST, PENDING)
"""What every collection has beside its own."""


def keys(index: Index) -> list[tuple[str, int]]:
    """Returns the index's fields and directions: what is shared first, dates downwards and all else upwards, then the
    order of every list."""
    if index == PENDING:
        return [(DUE, 1)]
    order = [Order(index.path, index.instants, index.instants)] if index.path else []
    return sort_keys(order, backwards=False)


def name(index: Index) -> str:
    """Returns the index's name on the server."""
    if index == PENDING:
        return "pending_events"
    return order_field(Order(index.path, index.instants, index.instants)) if index.path else "newest_first"


def attribute(index: Index) -> str:
    """Returns what people call the index: its attribute, the order of every list, or what has not left yet."""
    if index == PENDING:
        return "pending events"
    return ".".join(index.path) or "newest first"
