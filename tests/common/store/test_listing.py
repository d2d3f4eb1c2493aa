"""Pages of a collection: order, cursors and counts, read in both ways that the store reads a server."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import utc_now
from common.document import Canonical
from common.errors import InvalidQuery
from common.query.conditions import ALWAYS, Compare, Condition, Either, Moment, OneOf, Order, Page, Place, Query
from common.query.matcher import first_value
from common.store.base import Index, ListResult, Stored
from common.store.database import Database
from common.store.listing import ListLimits, ListReader, PlainReader
from common.store.mongo import MongoStore
from common.store.record import to_record
from common.store.secantus import Density, WindowedReader, measured, windows
from tests.conftest import answering

_DAYS = [
    "2026-05-02T00:00:00+02:00",
    "2026-05-01T23:00:00Z",
    None,
    "2026-05-01T22:30:00.5Z",
    "2026-05-02T01:00:00+02:00",
]
ALL = 23


LIMITS = ListLimits(10_000, 10_000)
WAYS: dict[str, Callable[[ListLimits], ListReader]] = {
    "in one question": PlainReader,
    "in windows": lambda limits: WindowedReader(limits, utc_now, small=0),
    "at once, being small": lambda limits: WindowedReader(limits, utc_now, small=ALL),
}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
async def lists(database: Database, request: pytest.FixtureRequest) -> MongoStore:
    """A store that reads pages in one of the three ways, whatever its server would be asked in."""
    made = MongoStore(database.connection, LIMITS)
    made.reader = request.param(LIMITS)
    return made


@asynccontextmanager
async def filled(store: MongoStore) -> AsyncIterator[str]:
    """A collection of 23 things, created in clusters; several share a moment."""
    name = f"things-{uuid.uuid4().hex}"
    await store.prepare({name: [Index(("kind",))]})
    for n in range(ALL):
        created = (n // 3) * 1000 if n < 12 else 10**12 + n // 2
        content: dict[str, Any] = {"id": f"t{n * 7 % ALL:02}", "kind": "even" if n % 2 == 0 else "odd", "size": n % 4}
        if n % 5 == 0:
            del content["size"]
        if _DAYS[n % 5]:
            content["day"] = _DAYS[n % 5]
        await store.insert(name, Stored(content["id"], created, created, created, Canonical(content)))
    yield name
    await store.connection.collection(name).drop()


@pytest.fixture(scope="module")
async def things(session_database: Database) -> AsyncIterator[str]:
    """The collection of those who read alone."""
    async with filled((await answering(session_database)).resources) as name:
        yield name


@pytest.fixture
async def growing(store: MongoStore) -> AsyncIterator[str]:
    """A collection of one test's own, which may write."""
    async with filled(store) as name:
        yield name


async def found(lists: MongoStore, things: str, query: Query) -> ListResult:
    return await lists.find(things, query)


async def every(lists: MongoStore, things: str, order: tuple[Order, ...], condition: Condition) -> list[Stored]:
    return list((await found(lists, things, Query(condition, Page(0, 100, asked=False), order))).page)


def place(one: Stored, order: tuple[Order, ...]) -> Place:
    return Place(tuple(first_value(one.canonical.document, key) for key in order), one.created, one.id)


def ids(page: Any) -> list[str]:
    return [one.id for one in page]


SIZE = Order(("size",), descending=False, instants=False)
SIZE_DOWN = Order(("size",), descending=True, instants=False)
DAY = Order(("day",), descending=False, instants=True)
DAY_DOWN = Order(("day",), descending=True, instants=True)
ORDERS = [
    (),
    (SIZE,),
    (SIZE_DOWN,),
    (DAY,),
    (DAY_DOWN,),
    (SIZE, DAY_DOWN),
    (DAY, SIZE_DOWN),
    (Order(("id",), True, False),),
]
CONDITIONS = [
    ALWAYS,
    OneOf(("kind",), ("odd",)),
    Either((OneOf(("kind",), ("odd",)), Compare(("size",), "gt", 2))),
    Compare(("day",), "gte", Moment(1_777_676_400_000_000)),
]
orders = pytest.mark.parametrize(
    "order", ORDERS, ids=lambda order: "-".join(str(key.path[0]) for key in order) or "newest"
)
conditions = pytest.mark.parametrize("condition", CONDITIONS, ids=["all", "one kind", "either", "a date"])


@orders
async def test_a_list_is_ordered_by_its_keys_then_newest_first_then_by_id(
    lists: MongoStore, things: str, order: tuple[Order, ...]
):
    page = await every(lists, things, order, ALWAYS)
    wanted = sorted(page, key=lambda one: (one.created, one.id), reverse=True)
    for key in reversed(order):
        wanted.sort(key=lambda one: _comparable(first_value(one.canonical.document, key)), reverse=key.descending)
    assert len(page) == ALL
    assert ids(page) == ids(wanted)


def _comparable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


@orders
@conditions
async def test_pages_by_place_make_the_whole_list_in_both_directions(
    lists: MongoStore, things: str, order: tuple[Order, ...], condition: Condition
):
    whole = await every(lists, things, order, condition)
    assert whole
    forwards: list[Stored] = []
    page = await found(lists, things, Query(condition, Page(0, 4, True, by_place=True), order))
    while page.page:
        forwards += page.page
        assert page.has_next == (len(forwards) < len(whole))
        assert page.total == len(whole)
        after = place(page.page[-1], order)
        page = await found(lists, things, Query(condition, Page(0, 4, True, True, after), order))
    assert ids(forwards) == ids(whole)
    backwards: list[Stored] = [whole[-1]]
    while len(backwards) < len(whole):
        before = place(backwards[0], order)
        page = await found(lists, things, Query(condition, Page(0, 4, True, True, None, before), order))
        backwards[:0] = page.page
        assert page.has_next
        assert page.has_previous == (len(backwards) < len(whole))
    assert ids(backwards) == ids(whole)


@orders
async def test_a_page_lies_between_two_places(lists: MongoStore, things: str, order: tuple[Order, ...]):
    whole = await every(lists, things, order, ALWAYS)
    ends = place(whole[4], order), place(whole[9], order)
    page = await found(lists, things, Query(ALWAYS, Page(0, 100, True, True, *ends), order))
    assert ids(page.page) == ids(whole[5:9])


async def test_a_cursor_stays_where_it_is_while_newer_resources_come(lists: MongoStore, growing: str):
    whole = await every(lists, growing, (), ALWAYS)
    await lists.insert(growing, Stored("new", 1, 2**61, 1, Canonical({"id": "new"})))
    page = await found(lists, growing, Query(ALWAYS, Page(0, 3, True, True, place(whole[3], ()))))
    assert ids(page.page) == ids(whole[4:7])


@pytest.mark.parametrize("offset", [0, 1, 5, 20, 22, 23, 400])
@conditions
async def test_pages_by_count_are_parts_of_the_whole(lists: MongoStore, things: str, offset: int, condition: Condition):
    whole = await every(lists, things, (), condition)
    page = await found(lists, things, Query(condition, Page(offset, 4, asked=True)))
    assert ids(page.page) == ids(whole[offset : offset + 4])
    assert (page.total, page.is_exact) == (len(whole), True)
    assert page.has_next == (offset + 4 < len(whole))
    assert page.has_previous == (offset > 0)


@conditions
async def test_a_total_beyond_the_limit_is_told_as_at_least_so_many(
    lists: MongoStore, things: str, condition: Condition
):
    assert isinstance(lists.reader, PlainReader)
    lists.reader.limits = ListLimits(10_000, 5)
    page = await found(lists, things, Query(condition, Page(0, 4, asked=True)))
    if condition is ALWAYS and not isinstance(lists.reader, WindowedReader):
        assert (page.total, page.is_exact) == (ALL, True), "the server knows how many it keeps"
        return
    assert (page.total, page.is_exact, page.has_next) == (5, False, True)
    deep = await found(lists, things, Query(condition, Page(6, 2, asked=True)))
    assert deep.total == 6 + len(deep.page) + (1 if deep.has_next else 0)


async def test_a_list_that_takes_too_long_is_refused(lists: MongoStore, growing: str):
    assert isinstance(lists.reader, PlainReader)
    lists.reader.limits = ListLimits(1, 10_000)
    fillers = [Stored(f"f{n}", 1, n, 1, Canonical({"id": f"f{n}", "text": "x" * 50})) for n in range(3000)]
    await lists.connection.collection(growing).insert_many([to_record(one) for one in fillers])
    with pytest.raises(InvalidQuery, match="not found within 1 ms"):
        await found(lists, growing, Query(OneOf(("text",), ("y",)), Page(0, 5, asked=False), (SIZE,)))


async def test_what_a_former_release_kept_is_found_by_its_dates(store: MongoStore):
    name = f"former-{uuid.uuid4().hex}"
    document = {"id": "a", "day": "2026-05-02T00:00:00+02:00", "x%2Ey": 1}
    former = {"_id": "a", "revision": 3, "created": 1, "updated": 1, "document": document, "residue": {}}
    await store.connection.collection(name).insert_one(former)
    asked = Query(OneOf(("day",), (Moment(1_777_672_800_000_000),)), Page(0, 5, asked=False))
    assert (await store.find(name, asked)).total == 0
    await store.prepare({name: []})
    page = (await store.find(name, asked)).page
    assert page[0].canonical.document == {"id": "a", "day": "2026-05-02T00:00:00+02:00", "x.y": 1}
    await store.connection.collection(name).drop()


@given(
    st.integers(-(2**61), 2**61) | st.none(),
    st.builds(Density, st.integers(-(2**61), 2**61), st.integers(1, 2**40)),
    st.integers(1, 2000),
)
def test_windows_follow_each_other_without_a_gap_from_the_start_to_the_oldest_end(
    start: int | None, density: Density, wanted: int
):
    walked = list(windows(start, density, wanted))
    assert walked[0][1] == (2**62 if start is None else start)
    assert walked[-1][0] == -(2**62)
    assert all(high == low - 1 for (low, _), (_, high) in pairwise(walked))
    assert len(walked) < 12


def test_a_density_tells_how_far_apart_resources_lie():
    assert measured(newest=1000, oldest=0, count=100) == Density(1000, 11)
    assert measured(newest=1000, oldest=1000, count=1) == Density(1000, 1)


@pytest.mark.parametrize("lists", [way for way in WAYS.values() if way is not PlainReader], indirect=True)
async def test_a_collection_that_grows_is_walked_before_long(lists: MongoStore, things: str):
    reader = lists.reader
    assert isinstance(reader, WindowedReader)
    asked = [await reader.is_large(lists.connection.collection(things)) for _ in range(3)]
    assert asked == [reader.small == 0] * 3
    reader.small = 1
    assert [await reader.is_large(lists.connection.collection(things)) for _ in range(20)][-1]
