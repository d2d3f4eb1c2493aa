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
    """The index's fields: what is shared first, dates downwards and all else upwards, then the order of every list."""
    if index == PENDING:
        return [(DUE, 1)]
    order = [Order(index.path, index.instants, index.instants)] if index.path else []
    return sort_keys(order, backwards=False)


def name(index: Index) -> str:
    """The index's name on the server."""
    if index == PENDING:
        return "pending_events"
    return order_field(Order(index.path, index.instants, index.instants)) if index.path else "newest_first"
