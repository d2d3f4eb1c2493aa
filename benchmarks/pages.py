"""`make bench-pages`: what a page costs at growing sizes, as ratios to page 1 of the smallest, in one run.

SIZES="1000 100000" chooses the numbers of stored resources, MONGODB_URI another server than a local one of its own.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.__main__ import BODY
from benchmarks.stage import local_store
from common.document import Canonical
from common.errors import InvalidQuery
from common.query.conditions import ALWAYS, Condition, OneOf, Page, Place, Query
from common.store.base import Index, Store, Stored
from common.store.connection import connect
from common.store.database import open_database
from common.store.listing import ListLimits
from common.store.record import to_record

SIZES = tuple(int(size) for size in os.environ.get("SIZES", "1000 10000 100000").split())
ROUNDS = 5
LIMIT = 20
DEEPEST = 100_000
STATES = ("acknowledged", "inProgress", "held", "pending", "resolved")
HELD = OneOf(("status",), ("held",))
BATCH = 1000


def main() -> None:
    """Fills one collection a size, asks for its pages and prints the table."""
    with ExitStack() as stack:
        uri = os.environ.get("MONGODB_URI") or local_store(stack)
        asyncio.run(_measured(uri))


async def _measured(uri: str) -> None:
    database = open_database(uri, "bench-pages", ListLimits(milliseconds=25_000, count=10_000))
    store = database.resources
    table = Table("stored", *_pages(1), title=f"a page of {LIMIT}: ratio to page 1 of {SIZES[0]}, median of {ROUNDS}")
    floor = 0.0
    for size in SIZES:
        collection = f"tickets{size}"
        await store.prepare({collection: [Index(("status",))]})
        _fill(uri, collection, size)
        costs = [await _cost(store, collection, query) for query in _pages(size).values()]
        floor = floor or costs[0] or 1.0
        table.add_row(str(size), *(f"{cost / floor:.2f}" if cost else "refused" for cost in costs))
        Console().print(f"{size}: page 1 took {costs[0] * 1000:.2f} ms")
    Console().print(table)
    await database.close()


def _pages(size: int) -> dict[str, Query]:
    """Returns the pages by what the table calls them; the cursors stand in the middle and near the end."""
    middle = min(size // 2, DEEPEST)
    return {
        "page 1": _page(),
        f"middle page (offset to {DEEPEST})": _page(offset=middle),
        "cursor page, middle": _page(after=size // 2),
        "cursor page, end": _page(after=LIMIT * 2),
        "page 1 of a state": _page(HELD),
        "cursor page of a state": _page(HELD, after=size // 2),
    }


def _page(condition: Condition = ALWAYS, offset: int = 0, after: int | None = None) -> Query:
    place = None if after is None else Place((), _moment(after), f"t{after}")
    return Query(condition, Page(offset, LIMIT, True, after is not None, place))


def _moment(number: int) -> int:
    """Returns when the ticket of this number was created: one in a second, some bursts."""
    return 1_700_000_000_000_000 + number * 1_000_000 + number % 7


def _fill(uri: str, collection: str, size: int) -> None:
    body = orjson.loads(BODY)
    with connect(uri) as client:
        records = client["bench-pages"][collection]
        if records.find_one({"_id": f"t{size - 1}"}):
            return
        for start in range(0, size, BATCH):
            numbers = range(start, min(start + BATCH, size))
            records.insert_many([_record(body, number) for number in numbers], ordered=False)


def _record(body: dict[str, Any], number: int) -> dict[str, Any]:
    moment = _moment(number)
    document = {**body, "id": f"t{number}", "status": STATES[number % len(STATES)]}
    return to_record(Stored(f"t{number}", moment, moment, moment, Canonical(document)))


async def _cost(store: Store, collection: str, query: Query) -> float:
    """Returns the median of a page's seconds; 0 where the store refuses it as too long."""

    async def once() -> None:
        await store.find(collection, query)

    try:
        await once()
        return statistics.median([await _timed(once) for _ in range(ROUNDS)])
    except InvalidQuery:
        return 0.0


async def _timed(action: Callable[[], Awaitable[None]]) -> float:
    start = time.perf_counter()
    await action()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
