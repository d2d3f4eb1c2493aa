"""One page of a collection, read from the server, and how many resources match in all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pymongo.errors import ExecutionTimeout

from common.errors import InvalidQuery
from common.query.conditions import Page, Place, Query
from common.store.base import Found
from common.store.connection import Record, Records
from common.store.mongo_query import Filter, beyond, conjunction, sort_keys, to_mongo
from common.store.record import from_record
from common.store.windows import Density, learnt, windows

_KEPT: Filter = {"created": {"$gt": -1}}
"""Holds for every resource, and not for what is left of a deleted one until its last event has left."""

_MOST_STRIDES = 1000
_WALKED_OFFSET = 1000
"""How many resources are read to be passed over; beyond, the server passes over them itself, which reads them all."""

_SMALL = 200
"""Up to so many resources a collection is read at once, where a walk in windows would ask many times for little."""

_TRUSTED = 16
"""Questions for which a small collection counts as small, before it is measured again; measuring reads it all."""

_WALKED_COUNT = 1000
"""How far a server is asked to count that reads every resource it counts."""


@dataclass(slots=True)
class Reach:
    """How far one list may go: `milliseconds` for each question to the server, `count` resources counted. `walks` tells
    a server that sorts before it limits (`common.store.windows`), of which collections up to `small` are read at once;
    `strides` and `trusted` are what was learnt of its collections."""

    milliseconds: int
    count: int
    walks: bool = False
    strides: dict[tuple[str, ...], Density] = field(default_factory=dict)
    small: int = _SMALL
    trusted: dict[str, int] = field(default_factory=dict)

    async def walks_in(self, records: Records) -> bool:
        """Whether a collection is to be walked in windows: on such a server, unless it is small. One that was large
        once counts as large: it is never measured again."""
        left = self.trusted.get(records.name, 0)
        if self.walks and left == 0:
            left = _TRUSTED if await records.estimated_document_count() <= self.small else -1
        self.trusted[records.name] = left - (left > 0)
        return self.walks and left < 0

    def stride(self, records: Records, chosen: Filter, now: int) -> Density:
        """What is known of lists of a collection that are chosen by the same fields."""
        return self.strides.get((records.name, *sorted(chosen)), Density(now))

    def learn(self, records: Records, chosen: Filter, stride: Density) -> None:
        """Keeps what a list has shown, of a bounded number of kinds."""
        if len(self.strides) >= _MOST_STRIDES:
            self.strides.clear()
        self.strides[records.name, *sorted(chosen)] = stride


async def find_page(records: Records, query: Query, reach: Reach, now: int) -> Found:
    """The page that the query asks for; `now` is in microseconds since 1970.

    Raises InvalidQuery where the server was not done in time.
    """
    page, chosen = query.page, to_mongo(query.condition)
    try:
        rows = await _rows(records, query, chosen, reach, now) if page.limit else []
    except ExecutionTimeout as error:
        told = f"The list was not found within {reach.milliseconds} ms"
        raise InvalidQuery(f"{told}; ask by an indexed attribute (an id, a name, a state, a date) as well.") from error
    more = len(rows) > page.limit
    rows = rows[: page.limit]
    if page.is_backwards:
        rows.reverse()
    total, is_exact = await _total(records, page, chosen, len(rows) if not more else None, reach, now)
    if page.limit == 0:
        more = total > page.offset
    has_next, has_previous = (True, more) if page.is_backwards else (more, page.after is not None or page.offset > 0)
    known = page.offset + len(rows) + (1 if more else 0)
    total = total if is_exact else max(total, known)
    return Found([from_record(row) for row in rows], total, is_exact, has_next, has_previous)


async def _rows(records: Records, query: Query, chosen: Filter, reach: Reach, now: int) -> list[Record]:
    """The page's records and one more where there is one, in the direction of reading."""
    page = query.page
    is_plain = not query.order and not any(name.startswith("$") for name in chosen)
    if is_plain and page.offset <= _WALKED_OFFSET and await reach.walks_in(records):
        return await _walked(records, query, chosen, reach, now)
    bounds = [beyond(query.order, page.after, backwards=False)] if page.after else []
    bounds += [beyond(query.order, page.before, backwards=True)] if page.before else []
    cursor = records.find(conjunction([chosen, _KEPT, *bounds])).sort(sort_keys(query.order, page.is_backwards))
    return await cursor.skip(page.offset).limit(page.limit + 1).max_time_ms(reach.milliseconds).to_list()


async def _walked(records: Records, query: Query, chosen: Filter, reach: Reach, now: int) -> list[Record]:
    page = query.page
    stride = reach.stride(records, chosen, now)
    wanted = page.offset + page.limit + 1
    found: list[Record] = []
    for low, high in _ranges(page, stride, wanted):
        part = {**chosen, **_created(low, high)}
        cursor = records.find(part).sort(sort_keys((), page.is_backwards)).max_time_ms(reach.milliseconds)
        if not _holds_place(low, high, page):
            cursor = cursor.limit(wanted - len(found))
        found += _between(await cursor.to_list(), page)
        if len(found) >= wanted or _is_past(low, page):
            break
    if found and not page.by_place:
        reach.learn(records, chosen, learnt(found[0]["created"], found[-1]["created"], len(found)))
    return found[page.offset : wanted]


def _created(low: int, high: int) -> Filter:
    """The closed range of creation times, written half open: behind an equality in an index of three fields, SecantusDB
    0.7 leaves out what lies on the lower bound of `$gte`."""
    return {"created": {"$gt": low - 1, "$lte": high}}


def _ranges(page: Page, stride: Density, wanted: int) -> Iterator[tuple[int, int]]:
    if page.is_backwards and page.before:
        # The same walk in a mirror: towards the future, from the place.
        yield from ((-high, -low) for low, high in windows(-page.before.created, stride, wanted))
    else:
        yield from windows(page.after.created if page.after else None, stride, wanted)


def _holds_place(low: int, high: int, page: Page) -> bool:
    """True where a window holds the moment of a place: of what was created then, some stands on its other side."""
    return any(place is not None and low <= place.created <= high for place in (page.after, page.before))


def _between(rows: Iterable[Record], page: Page) -> list[Record]:
    """The rows that stand behind `after` and before `before`: a window knows no ties."""
    return [row for row in rows if _stands(row, page.after, -1) and _stands(row, page.before, 1)]


def _stands(row: Record, place: Place | None, side: int) -> bool:
    if place is None:
        return True
    mine, other = (row["created"], row["_id"]), (place.created, place.id)
    return mine > other if side == 1 else mine < other


def _is_past(low: int, page: Page) -> bool:
    """True where both ends are given and the walk has passed the second."""
    return page.after is not None and page.before is not None and low <= page.before.created


async def _total(
    records: Records, page: Page, chosen: Filter, ending: int | None, reach: Reach, now: int
) -> tuple[int, bool]:
    """How many match, and whether that is all of them. `ending`: how many rows the page has, where none follow it; the
    page of a list that ends tells the total without a count."""
    if ending is not None and not page.by_place and page.limit and (ending or page.offset == 0):
        return page.offset + ending, True
    try:
        if await reach.walks_in(records):
            return await _counted_in_windows(records, chosen, reach, now)
        if not chosen and not reach.walks:
            return await records.estimated_document_count(), True
        kept = conjunction([chosen, _KEPT])
        counted = await records.count_documents(kept, limit=reach.count + 1, maxTimeMS=reach.milliseconds)
    except ExecutionTimeout:
        return 0, False
    return min(counted, reach.count), counted <= reach.count


async def _counted_in_windows(records: Records, chosen: Filter, reach: Reach, now: int) -> tuple[int, bool]:
    most = min(reach.count, _WALKED_COUNT)
    if any(name.startswith("$") for name in chosen):
        kept = conjunction([chosen, _KEPT])
        counted = await records.count_documents(kept, limit=most + 1, maxTimeMS=reach.milliseconds)
        return min(counted, most), counted <= most
    counted = 0
    for low, high in windows(None, reach.stride(records, chosen, now), most + most // 4):
        part = {**chosen, **_created(low, high)}
        counted += await records.count_documents(part, limit=most + 1 - counted, maxTimeMS=reach.milliseconds)
        if counted > most:
            return most, False
    return counted, True
