"""Connections to the store that are lost at the worst moment: who asked is answered what is true."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest
from pymongo.errors import NetworkTimeout, ServerSelectionTimeoutError

from common.document import Canonical
from common.errors import Conflict, NotFound, StoreUnavailable
from common.query.conditions import Every, Page, Query
from common.store.base import Announcement, Stored
from common.store.database import Database, open_database
from common.store.received import Receipt
from common.store.retrying import read_again, write_again
from tests.proxy import ANSWER, QUESTION, Proxy, proxy_of

THINGS = "things"
PARTS = pytest.mark.parametrize("part", [QUESTION, ANSWER])


def thing(revision: int, text: str = "", identifier: str = "a", created: int = 10) -> Stored:
    content = {"id": identifier, "text": text, "tags": [1, 1.5, None, {"$set": "2026-05-01T08:30:00Z"}]}
    return Stored(identifier, revision, created, revision, Canonical(content, {"only": "v4"}))


def change(number: int, kind: str = "attributeValueChange") -> Announcement:
    return Announcement(f"change-{number}", number, (kind,), {"v5": ("text",)}, "http://suite.example", f"c{number}")


@pytest.fixture
async def proxy(store_uri: str) -> AsyncIterator[Proxy]:
    async with proxy_of(store_uri) as made:
        yield made


@pytest.fixture
async def direct(store_uri: str) -> AsyncIterator[Database]:
    """A database of the test's own, as others reach it: past the proxy."""
    opened = open_database(store_uri, f"test-{uuid.uuid4().hex[:12]}")
    yield opened
    opened.connection.collection(THINGS)
    assert opened.connection.client
    await opened.connection.client.drop_database(opened.connection.collection(THINGS).database.name)
    await opened.close()


@pytest.fixture
async def lossy(proxy: Proxy, direct: Database) -> AsyncIterator[Database]:
    """The same database by way of the proxy."""
    opened = open_database(proxy.uri, direct.connection.collection(THINGS).database.name)
    await opened.resources.ping()
    yield opened
    assert proxy.loss.left == 0
    await opened.close()


async def announced(database: Database) -> list[tuple[str, int]]:
    """The ids and revisions of the changes that wait in the outboxes."""
    rows = await database.outboxes.read(THINGS, 10)
    return [(entry["id"], entry["revision"]) for row in rows for entry in row.entries]


@PARTS
async def test_an_insertion_is_made_once(proxy: Proxy, lossy: Database, direct: Database, part: str):
    proxy.lose("insert", part)
    await lossy.resources.insert(THINGS, thing(10), change(1, "create"))
    assert await direct.resources.get(THINGS, "a") == thing(10)
    assert await announced(direct) == [("change-1", 10)]


@PARTS
async def test_an_insertion_over_a_tombstone_is_made_once(proxy: Proxy, lossy: Database, direct: Database, part: str):
    await direct.resources.insert(THINGS, thing(5, created=5), change(1, "create"))
    await direct.resources.delete(THINGS, thing(5, created=5), change(2, "delete"))
    proxy.lose("update", part)
    await lossy.resources.insert(THINGS, thing(10), change(3, "create"))
    assert await direct.resources.get(THINGS, "a") == thing(10)
    assert [name for name, _ in await announced(direct)] == ["change-1", "change-2", "change-3"]


@pytest.mark.parametrize("other", [thing(5, created=5), thing(12, created=9), thing(10, "else")])
@PARTS
async def test_an_id_that_is_somebody_elses_stays_taken(
    proxy: Proxy, lossy: Database, direct: Database, part: str, other: Stored
):
    await direct.resources.insert(THINGS, other)
    proxy.lose("insert", part)
    with pytest.raises(Conflict):
        await lossy.resources.insert(THINGS, thing(10))
    assert await direct.resources.get(THINGS, "a") == other


async def test_an_insertion_that_was_changed_since_was_made(proxy: Proxy, lossy: Database, direct: Database):
    later = thing(11, "later")
    proxy.lose("insert", ANSWER, meanwhile=lambda: direct.resources.replace(THINGS, later, 10))
    await lossy.resources.insert(THINGS, thing(10))
    assert await direct.resources.get(THINGS, "a") == later


@pytest.mark.parametrize("deletions", [1, 2])
async def test_an_insertion_that_was_deleted_since_is_not_made_again(
    proxy: Proxy, lossy: Database, direct: Database, deletions: int
):
    async def end() -> None:
        revision = 10
        if deletions == 2:
            await direct.resources.replace(THINGS, thing(11), 10, change(2))
            revision = 11
        await direct.resources.delete(THINGS, thing(revision), change(3, "delete"))

    proxy.lose("insert", ANSWER, meanwhile=end)
    await lossy.resources.insert(THINGS, thing(10), change(1, "create"))
    with pytest.raises(NotFound):
        await direct.resources.get(THINGS, "a")


@PARTS
async def test_a_replacement_is_made_once(proxy: Proxy, lossy: Database, direct: Database, part: str):
    await direct.resources.insert(THINGS, thing(10))
    proxy.lose("update", part)
    assert await lossy.resources.replace(THINGS, thing(11, "new"), 10, change(1))
    assert await direct.resources.get(THINGS, "a") == thing(11, "new")
    assert await announced(direct) == [("change-1", 11)]


async def test_a_replacement_gives_way_to_one_that_was_faster(proxy: Proxy, lossy: Database, direct: Database):
    await direct.resources.insert(THINGS, thing(10))
    rival = thing(11, "rival")
    proxy.lose("update", QUESTION, meanwhile=lambda: direct.resources.replace(THINGS, rival, 10, change(2)))
    assert not await lossy.resources.replace(THINGS, thing(11, "new"), 10, change(1))
    assert await direct.resources.get(THINGS, "a") == rival
    assert await announced(direct) == [("change-2", 11)]


async def test_a_replacement_is_known_by_its_change_where_others_followed(
    proxy: Proxy, lossy: Database, direct: Database
):
    await direct.resources.insert(THINGS, thing(10))

    async def follow() -> None:
        await direct.resources.replace(THINGS, thing(12, "later"), 11, change(2))
        await direct.resources.delete(THINGS, thing(12, "later"), change(3, "delete"))

    proxy.lose("update", ANSWER, meanwhile=follow)
    assert await lossy.resources.replace(THINGS, thing(11, "new"), 10, change(1))


@PARTS
async def test_a_replacement_that_left_no_trace_is_unknown(proxy: Proxy, lossy: Database, direct: Database, part: str):
    await direct.resources.insert(THINGS, thing(10))

    async def follow() -> None:
        if part == QUESTION:
            await direct.resources.replace(THINGS, thing(11, "rival"), 10)
        await direct.resources.replace(THINGS, thing(12, "later"), 11)

    proxy.lose("update", part, meanwhile=follow)
    with pytest.raises(StoreUnavailable, match="not known"):
        await lossy.resources.replace(THINGS, thing(11, "new"), 10)


@pytest.mark.parametrize("announcement", [None, change(1, "delete")])
@PARTS
async def test_a_deletion_is_made_once(
    proxy: Proxy, lossy: Database, direct: Database, part: str, announcement: Announcement | None
):
    await direct.resources.insert(THINGS, thing(10))
    proxy.lose("update" if announcement else "delete", part)
    assert await lossy.resources.delete(THINGS, thing(10), announcement)
    with pytest.raises(NotFound):
        await direct.resources.get(THINGS, "a")
    assert await announced(direct) == ([("change-1", 10)] if announcement else [])


async def test_a_deletion_gives_way_to_a_change_that_was_faster(proxy: Proxy, lossy: Database, direct: Database):
    await direct.resources.insert(THINGS, thing(10))
    rival = thing(11, "rival")
    proxy.lose("update", QUESTION, meanwhile=lambda: direct.resources.replace(THINGS, rival, 10))
    assert not await lossy.resources.delete(THINGS, thing(10), change(1, "delete"))
    assert await direct.resources.get(THINGS, "a") == rival


async def test_a_deletion_is_known_where_the_id_is_taken_anew(proxy: Proxy, lossy: Database, direct: Database):
    await direct.resources.insert(THINGS, thing(10))
    anew = thing(20, created=20)
    proxy.lose("update", ANSWER, meanwhile=lambda: direct.resources.insert(THINGS, anew))
    assert await lossy.resources.delete(THINGS, thing(10), change(1, "delete"))
    assert await direct.resources.get(THINGS, "a") == anew


async def test_a_write_whose_answer_is_lost_twice_is_unknown(proxy: Proxy, lossy: Database, direct: Database):
    await direct.resources.insert(THINGS, thing(10))
    proxy.lose("update", ANSWER, times=2)
    with pytest.raises(StoreUnavailable, match="not known"):
        await lossy.resources.replace(THINGS, thing(11, "new"), 10)


async def test_a_long_list_is_read_again_from_its_beginning(proxy: Proxy, lossy: Database, direct: Database):
    for number in range(150):
        await direct.resources.insert(THINGS, thing(10, identifier=f"t{number:03}"))
    proxy.lose("getMore", ANSWER)
    page = (await lossy.resources.find(THINGS, Query(Every(()), Page(0, 140, asked=False)))).page
    assert [stored.id for stored in page] == [f"t{number:03}" for number in range(149, 9, -1)]


@PARTS
async def test_a_received_event_is_kept_once(proxy: Proxy, lossy: Database, direct: Database, part: str):
    receipt = Receipt("event", 10, "TMF621", "v5", "TroubleTicketCreateEvent", {"eventId": "event"})
    proxy.lose("insert", part)
    await lossy.received.keep(receipt)
    assert await direct.received.since(0, 5) == [receipt]


async def test_a_ping_is_asked_again(proxy: Proxy, lossy: Database):
    proxy.lose("ping", ANSWER)
    await lossy.resources.ping()


@pytest.mark.parametrize("error", [ServerSelectionTimeoutError, NetworkTimeout])
async def test_a_read_of_a_silent_server_is_not_repeated(error: type[Exception]):
    tries: list[None] = []

    async def read() -> None:
        tries.append(None)
        raise error("silent")

    with pytest.raises(error):
        await read_again(read)
    assert len(tries) == 1


async def test_a_write_that_was_never_sent_is_not_repeated():
    tries: list[bool] = []

    async def write(is_repeated: bool) -> None:
        tries.append(is_repeated)
        raise ServerSelectionTimeoutError("away")

    with pytest.raises(ServerSelectionTimeoutError):
        await write_again(write)
    assert tries == [False]
