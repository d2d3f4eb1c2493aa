"""Every declared index is one that the store's own questions use: told by the server's explain of filled collections.

An explain is believed where it tells two known things rightly (`trusted`); elsewhere the tests say that they skip. What
SecantusDB's explain tells wrongly, a value beside a window of creation times, `make bench-pages` measures.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import PyMongoError
from pymongo.monitoring import CommandListener, CommandStartedEvent

from common.binding import indexes
from common.clock import instant, micros, utc_now
from common.document import Canonical, Document, Path
from common.query.conditions import ALWAYS, Condition, Moment, OneOf, Page, Query
from common.resource import V4
from common.resource_view import ResourceView
from common.settings import Settings
from common.store.base import Index, Stored
from common.store.connection import client_options, connect
from common.store.indexes import NEWEST_FIRST, SHARED, keys, name
from common.store.mongo import MongoStore
from common.store.mongo_query import sort_keys, to_mongo
from common.store.record import to_record
from tests.api.resource_views import bound

RECORDS, SPREAD = 300, 20
MATCHES = RECORDS // SPREAD
_BEGINNING = micros(utc_now()) - 3600 * 1_000_000
SLACK = 2
"""How many documents more than match a server may look at, to find an end."""

RESOURCE_VIEWS: dict[str, ResourceView] = {
    one.view.collection: one.view for one in bound() if one.view and one.view.version != V4
}
DECLARED = {collection: tuple(own) for collection, own in indexes(bound()).items()}
PAIRS = [(collection, index) for collection, own in DECLARED.items() for index in own]
every_index = pytest.mark.parametrize(
    ("collection", "index"), PAIRS, ids=[f"{collection}-{'.'.join(index.path)}" for collection, index in PAIRS]
)
every_collection = pytest.mark.parametrize("collection", list(DECLARED))


def value(view: ResourceView, index: Index, number: int) -> Any:
    """One of SPREAD values of the attribute's kind."""
    if index.instants:
        return f"2026-05-{number % SPREAD + 1:02}T08:30:00Z"
    attribute = view.language.attributes.find(index.path)
    assert attribute
    return {"string": f"value {number % SPREAD}", "integer": number % SPREAD}[attribute.kind]


def planted(document: Document, view: ResourceView, path: Path, content: Any) -> None:
    """Sets a value at a path; where an array lies on it there are two elements, the second with a value of its own."""
    here: list[Document] = [document]
    for depth, step in enumerate(path[:-1], 1):
        attribute = view.language.attributes.find(path[:depth])
        assert attribute
        if attribute.is_array:
            here = [element for one in here for element in one.setdefault(step, [{}, {}])]
        else:
            here = [one.setdefault(step, {}) for one in here]
    for position, one in enumerate(here):
        one[path[-1]] = content if position == 0 else f"{content} of element {position}"


def record(view: ResourceView, declared: Sequence[Index], number: int) -> dict[str, Any]:
    """A record with a value for every index, created a second after the one before."""
    document: Document = {"id": f"id-{number:05}", "@type": view.schema.type_name}
    for index in declared:
        planted(document, view, index.path, value(view, index, number))
    created = _BEGINNING + number * 1_000_000
    return to_record(Stored(document["id"], created, created, created, Canonical(document)))


def equality(view: ResourceView, index: Index, number: int = 7) -> Condition:
    """What a client asks for that gives one value of the attribute."""
    asked = value(view, index, number)
    if index.instants:
        at = instant(asked)
        assert at is not None
        return OneOf(index.path, (Moment(at),))
    return OneOf(index.path, (asked,))


@dataclass(frozen=True)
class Reading:
    """What a server tells of how it would read: stages, names of indexes, documents looked at and returned."""

    stages: frozenset[str]
    indexes: frozenset[str]
    examined: int
    returned: int


def explained(records: Collection[dict[str, Any]], question: Mapping[str, Any]) -> Reading:
    """The server's explain of a find with this filter, sort and limit."""
    find = {"find": records.name, **{part: question[part] for part in ("filter", "sort", "limit") if part in question}}
    told = records.database.command("explain", find, verbosity="executionStats")
    plan = list(_plan(told["queryPlanner"]["winningPlan"]))
    stats = told["executionStats"]
    by_key = {"_id_" for stage in plan if stage["stage"] == "IDHACK"}
    return Reading(
        frozenset(stage["stage"] for stage in plan),
        frozenset(stage["indexName"] for stage in plan if "indexName" in stage) | by_key,
        stats["totalDocsExamined"],
        stats["nReturned"],
    )


def _plan(node: Any) -> Iterator[dict[str, Any]]:
    """Every stage of a plan, however a server nests them."""
    if isinstance(node, list):
        for one in node:
            yield from _plan(one)
    elif isinstance(node, dict):
        if "stage" in node:
            yield node
        for one in node.values():
            yield from _plan(one)


def require_use(reading: Reading, title: str) -> None:
    """Fails unless the index was used, and no document was looked at in vain."""
    assert "COLLSCAN" not in reading.stages, reading
    assert reading.indexes == {title}, reading
    assert reading.examined <= reading.returned + SLACK, reading


class ReceivedEvent(CommandListener):
    """The finds that a client sent."""

    def __init__(self) -> None:
        self.finds: list[dict[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "find":
            self.finds.append(dict(event.command))

    def succeeded(self, event: object) -> None:
        pass

    def failed(self, event: object) -> None:
        pass


@dataclass
class Shelf:
    """A database of the tests' own, a store over it, and what that store was heard to ask."""

    database: Database[dict[str, Any]]
    store: MongoStore
    heard: ReceivedEvent
    ready: set[str] = field(default_factory=set)

    async def filled(self, collection: str) -> Collection[dict[str, Any]]:
        """The collection with its indexes as a start makes them, and RECORDS records."""
        if collection not in self.ready:
            self.ready.add(collection)
            view, own = RESOURCE_VIEWS[collection], DECLARED[collection]
            await self.store.prepare({collection: own})
            self.database[collection].insert_many([record(view, own, number) for number in range(RECORDS)])
        return self.database[collection]


@pytest.fixture(scope="module")
async def shelf(settings: Settings) -> AsyncIterator[Shelf]:
    uri = str(settings.mongodb_uri)
    heard, title = ReceivedEvent(), f"test-indexes-{uuid.uuid4().hex[:12]}"
    store = MongoStore(uri, title)
    store.connection.client = AsyncMongoClient(uri, event_listeners=[heard], **client_options(uri))
    with connect(uri) as client:
        yield Shelf(client[title], store, heard)
        await store.close()
        client.drop_database(title)


@pytest.fixture(scope="module")
def trusted(shelf: Shelf) -> Shelf:
    """The shelf, where the server's explain knows what needs no index of ours: the key, and what has none."""
    records = shelf.database["trust"]
    records.insert_many({"_id": number, "free": number % 5} for number in range(50))
    try:
        by_key, by_none = (explained(records, {"filter": one}) for one in ({"_id": 7}, {"free": 3}))
    except (PyMongoError, KeyError) as error:
        pytest.skip(f"this server's explain does not tell how it reads: {error!r}")
    if (by_key.examined, by_key.indexes) != (1, {"_id_"}) or (by_none.examined, by_none.indexes) != (50, set()):
        pytest.skip(f"this server's explain cannot be trusted: it told {by_key} and {by_none}")
    return shelf


@every_index
async def test_an_equality_on_a_declared_attribute_uses_its_index(trusted: Shelf, collection: str, index: Index):
    records = await trusted.filled(collection)
    question = {
        "filter": to_mongo(equality(RESOURCE_VIEWS[collection], index)),
        "sort": dict(sort_keys((), backwards=False)),
    }
    reading = explained(records, question)
    assert reading.returned == len(list(records.find(question["filter"]))) == MATCHES
    require_use(reading, name(index))


async def test_without_its_index_the_check_fails(trusted: Shelf):
    collection = "troubleTicket"
    records = trusted.database["dropped"]
    own = DECLARED[collection]
    await trusted.store.prepare({records.name: own})
    records.insert_many([record(RESOURCE_VIEWS[collection], own, number) for number in range(RECORDS)])
    for index in own:
        question = {
            "filter": to_mongo(equality(RESOURCE_VIEWS[collection], index)),
            "sort": dict(sort_keys((), backwards=False)),
        }
        require_use(explained(records, question), name(index))
        records.drop_index(name(index))
        without = explained(records, question)
        assert (without.returned, without.examined) == (MATCHES, RECORDS)
        with pytest.raises(AssertionError):
            require_use(without, name(index))


@every_collection
async def test_newest_first_uses_its_index(trusted: Shelf, collection: str):
    records = await trusted.filled(collection)
    trusted.heard.finds.clear()
    found = await trusted.store.find(collection, Query(ALWAYS, Page(0, 20, asked=False)))
    assert [one.id for one in found.page] == [f"id-{number:05}" for number in range(RECORDS - 1, RECORDS - 21, -1)]
    assert trusted.heard.finds
    for question in trusted.heard.finds:
        require_use(explained(records, question), name(NEWEST_FIRST))


@every_collection
async def test_the_id_is_found_by_the_key(trusted: Shelf, collection: str):
    records = await trusted.filled(collection)
    trusted.heard.finds.clear()
    assert (await trusted.store.get(collection, "id-00007")).id == "id-00007"
    listed = {"filter": to_mongo(OneOf(("id",), ("id-00007",))), "sort": dict(sort_keys((), backwards=False))}
    for question in (*trusted.heard.finds, listed):
        reading = explained(records, question)
        assert reading.returned == 1
        require_use(reading, "_id_")


def made_names(records: Collection[dict[str, Any]]) -> dict[str, list[tuple[str, int]]]:
    return {title: spec["key"] for title, spec in records.index_information().items()}


@every_collection
async def test_preparing_twice_is_harmless(shelf: Shelf, collection: str):
    records = await shelf.filled(collection)
    once = made_names(records)
    assert once == {"_id_": [("_id", 1)], **{name(one): keys(one) for one in (*SHARED, *DECLARED[collection])}}
    await shelf.store.prepare({collection: DECLARED[collection]})
    assert made_names(records) == once
    assert records.estimated_document_count() == RECORDS


async def test_several_stores_prepare_at_once(shelf: Shelf, settings: Settings):
    uri, title = str(settings.mongodb_uri), f"{shelf.database.name}-crowd"
    stores = [MongoStore(uri, title) for _ in range(4)]
    database = shelf.database.client[title]
    try:
        view, own = RESOURCE_VIEWS["productOrder"], DECLARED["productOrder"]
        database["productOrder"].insert_many([record(view, own, number) for number in range(RECORDS)])
        await asyncio.gather(*(store.prepare(DECLARED) for store in stores))
        for collection, declared in DECLARED.items():
            assert made_names(database[collection]).keys() == {"_id_", *map(name, (*SHARED, *declared))}
        assert database["productOrder"].count_documents({}) == RECORDS
    finally:
        for store in stores:
            await store.close()
        database.client.drop_database(title)
