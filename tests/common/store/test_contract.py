"""What every store promises (common.store.base), held against the store that the suite runs on."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pymongo import MongoClient

from common.document import Canonical
from common.errors import Conflict, NotFound, StoreUnavailable
from common.query.conditions import Condition, Either, Every, OneOf, Page, Query, Scalar
from common.store.base import Announcement, Index, Stored
from common.store.connection import client_options
from common.store.database import open_database
from common.store.mongo import MongoStore


@pytest.fixture
async def things(store: MongoStore) -> AsyncIterator[str]:
    """The name of an empty collection."""
    name = f"things-{uuid.uuid4().hex}"
    await store.prepare({name: [Index(("text",)), Index(("date",), instants=True)]})
    yield name
    await store.connection.collection(name).drop()


def thing(identifier: str, moment: int = 1, **content: object) -> Stored:
    return Stored(identifier, moment, moment, moment, Canonical({"id": identifier, **content}, {}))


def query(*conditions: Condition, offset: int = 0, limit: int = 100) -> Query:
    return Query(Every(conditions), Page(offset, limit, asked=False))


def equals(path: str, *values: Scalar) -> Condition:
    return OneOf(tuple(path.split(".")), values)


async def test_what_is_inserted_is_got_as_it_was(store: MongoStore, things: str):
    content = {
        "text": "ä",
        "whole": 2**62,
        "half": 0.5,
        "one": 1.0,
        "yes": True,
        "none": None,
        "deep": [{"a": [1, []]}],
    }
    kept = Stored("a", 7, 5, 6, Canonical({"id": "a", **content}, {"r": [1, {"b": 2}]}))
    await store.insert(things, kept)
    got = await store.get(things, "a")
    assert got == kept
    assert isinstance(got.canonical.document["one"], float)


@pytest.mark.parametrize("name", ["$set", "a.b", "%24", "%", "a\x00b", "", "$", ".", "__proto__"])
async def test_any_attribute_name_is_kept(store: MongoStore, things: str, name: str):
    kept = thing("a", **{"value": {name: {"inner": [{name: 1}]}}})
    await store.insert(things, kept)
    assert await store.get(things, "a") == kept


async def test_an_id_is_taken_once(store: MongoStore, things: str):
    await store.insert(things, thing("a"))
    with pytest.raises(Conflict, match='"a" exists already'):
        await store.insert(things, thing("a", 2))
    assert (await store.get(things, "a")).revision == 1


async def test_an_unknown_id_is_not_found(store: MongoStore, things: str):
    with pytest.raises(NotFound, match='"nobody"'):
        await store.get(things, "nobody")


async def test_many_are_got_by_their_ids_and_those_that_are_not_there_are_absent(store: MongoStore, things: str):
    resources = {identifier: thing(identifier, text=identifier) for identifier in ("a", "b", "$c", "deleted", "told")}
    for each in resources.values():
        await store.insert(things, each)
    await store.delete(things, resources["deleted"])
    announcement = Announcement("1", 1, ("delete",), {}, "http://suite.example", "c")
    await store.delete(things, resources["told"], announcement)
    assert await store.get_many(things, ["b", "deleted", "unknown", "$c", "told", "b"]) == {
        "b": resources["b"],
        "$c": resources["$c"],
    }
    assert await store.get_many(things, []) == {}
    assert await store.get_many(f"none-{uuid.uuid4().hex}", ["a"]) == {}


async def test_more_ids_than_one_question_has_are_got(store: MongoStore, things: str):
    resources = [thing(f"t{number}") for number in (0, 999, 1000, 2500)]
    for each in resources:
        await store.insert(things, each)
    many = await store.get_many(things, (f"t{number}" for number in range(2501)))
    assert many == {each.id: each for each in resources}


async def test_a_replacement_needs_the_present_revision(store: MongoStore, things: str):
    await store.insert(things, thing("a", 1, text="old"))
    assert await store.replace(things, thing("a", 2, text="new"), 1)
    assert not await store.replace(things, thing("a", 3, text="late"), 1)
    assert not await store.replace(things, thing("b", 3), 1)
    assert (await store.get(things, "a")).canonical.document["text"] == "new"


async def test_of_replacements_at_once_one_succeeds(store: MongoStore, things: str):
    await store.insert(things, thing("a", 1))
    done = await asyncio.gather(*(store.replace(things, thing("a", 2, text=str(n)), 1) for n in range(8)))
    assert done.count(True) == 1
    assert (await store.get(things, "a")).canonical.document["text"] == str(done.index(True))


async def test_a_deletion_may_name_a_revision(store: MongoStore, things: str):
    await store.insert(things, thing("a", 4))
    assert not await store.delete(things, thing("a", 3))
    assert await store.delete(things, thing("a", 4))
    assert not await store.delete(things, thing("a", 4))


async def test_pages_are_newest_first_with_ties_by_id(store: MongoStore, things: str):
    for identifier, moment in (("b", 1), ("c", 2), ("a", 2), ("d", 3)):
        await store.insert(things, thing(identifier, moment))
    found = await store.find(things, query())
    assert [one.id for one in found.page] == ["d", "c", "a", "b"]
    part = await store.find(things, query(offset=1, limit=2))
    assert ([one.id for one in part.page], part.total) == (["c", "a"], 4)
    assert (await store.find(things, query(limit=0))).total == 4


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([equals("text", "x")], "ac"),
        ([equals("text", "x", "y")], "abc"),
        ([equals("text", "x"), equals("tags.name", "t1")], "a"),
        ([equals("tags.name", "t1"), equals("tags.name", "t2")], "a"),
        ([equals("id", "b")], "b"),
        ([equals("count", 1)], "a"),
        ([equals("yes", True)], "c"),
        ([equals("odd.$name", "v")], "b"),
        ([Either((equals("text", "y"), equals("count", 1)))], "ab"),
    ],
)
async def test_conditions_choose(store: MongoStore, things: str, conditions: list[Condition], expected: str):
    await store.insert(things, thing("a", 1, text="x", tags=[{"name": "t1"}, {"name": "t2"}], count=1))
    await store.insert(things, thing("b", 2, text="y", odd={"$name": "v"}))
    await store.insert(things, thing("c", 3, text="x", yes=True))
    found = await store.find(things, query(*conditions))
    assert "".join(sorted(one.id for one in found.page)) == expected
    assert found.total == len(expected)


async def test_a_collection_that_is_not_there_is_empty(store: MongoStore):
    found = await store.find(f"none-{uuid.uuid4().hex}", query())
    assert (list(found.page), found.total) == ([], 0)


async def test_a_server_that_is_away_is_told_as_such():
    away = open_database("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50", "x").resources
    for wish in (away.ping(), away.get("t", "a"), away.insert("t", thing("a")), away.find("t", query())):
        with pytest.raises(StoreUnavailable):
            await wish
    with pytest.raises(StoreUnavailable):
        await away.replace("t", thing("a"), 1)
    with pytest.raises(StoreUnavailable):
        await away.delete("t", thing("a"))
    await away.close()


@pytest.mark.parametrize(
    ("options", "concern"),
    [
        ("", {"w": "majority", "j": True}),
        ("wtimeoutMS=5", {"w": "majority", "j": True, "wtimeout": 5}),
        ("w=1", {"w": 1, "j": True}),
        ("W=2", {"w": 2, "j": True}),
        ("journal=false", {"w": "majority", "j": False}),
        ("JOURNAL=false", {"w": "majority", "j": False}),
        ("j=false&w=1", {"w": 1, "j": False}),
        ("J=true", {"w": "majority", "j": True}),
        ("fsync=true", {"w": "majority", "fsync": True}),
    ],
)
@pytest.mark.filterwarnings("ignore:Unknown option")
def test_writes_are_journalled_by_the_majority_unless_the_address_says_otherwise(
    options: str, concern: dict[str, object]
):
    uri = f"mongodb://h/?{options}"
    with MongoClient(uri, connect=False, **client_options(uri)) as client:
        assert client.write_concern.document == concern


@pytest.mark.parametrize("name", ["serverSelectionTimeoutMS", "socketTimeoutMS", "maxIdleTimeMS"])
def test_a_bound_that_the_address_names_is_kept(name: str):
    assert name in client_options("mongodb://h/")
    for spelling in (name, name.lower(), name.upper()):
        assert name not in client_options(f"mongodb://h/?{spelling}=9")


def test_a_connection_is_closed_before_the_store_finds_it_idle():
    assert client_options("mongodb://h/")["maxIdleTimeMS"] < 300_000


async def test_the_store_takes_writes_by_the_majority(store: MongoStore, things: str):
    records = store.connection.collection(things)
    assert records.write_concern.document["w"] == "majority"
    assert (await records.insert_one({"_id": "a"})).acknowledged


def test_a_stored_resource_is_a_value():
    assert replace(thing("a"), revision=2) == Stored("a", 2, 1, 1, Canonical({"id": "a"}, {}))
