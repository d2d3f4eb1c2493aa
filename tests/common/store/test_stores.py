"""What the stores beside the resources promise: subscriptions, deliveries, the log, leases, received events, sinks."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from common.document import Canonical
from common.errors import Conflict, NotFound, StoreFailed, StoreUnavailable
from common.settings import Settings
from common.store.base import Announcement, Index, Stored
from common.store.connection import connect
from common.store.database import Database, open_database
from common.store.event_log import logged
from common.store.leases import Share
from common.store.outbox import outgoing
from common.store.received import Receipt
from common.store.record import to_record

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
async def fresh(settings: Settings) -> AsyncIterator[Database]:
    """A database of the test's own."""
    uri, name = str(settings.store.mongodb_uri), f"test-{uuid.uuid4().hex[:12]}"
    opened = open_database(uri, name)
    yield opened
    await opened.close()
    with connect(uri) as client:
        client.drop_database(name)


def subscription(identifier: str, **values: Any) -> dict[str, Any]:
    return {"_id": identifier, "key": f"key of {identifier}", "api": "TMF621", "start": 4, **values}


def announcement(number: int) -> Announcement:
    return Announcement(f"change-{number}", number, ("create",), {"v5": ("name",)}, "http://suite.example", "c")


def entry(number: int, text: str = "short") -> dict[str, Any]:
    """What the log takes of a change whose number is also its revision and its moment."""
    stored = Stored(f"t{number}", number, number, number, Canonical({"id": f"t{number}", "a.b": text}))
    (outgoing_entry,) = outgoing(to_record(stored), announcement(number))["outbox"]
    return {**outgoing_entry, "collection": "troubleTicket", "key": stored.id, "logged": number}


def event(subscription: str, seq: int, place: int = 0) -> dict[str, Any]:
    return {"_id": f"{subscription}/{seq:012d}/{place}", "subscription": subscription, "seq": seq, "place": place}


# subscriptions


async def test_a_subscription_is_kept_changed_and_removed(fresh: Database):
    await fresh.subscriptions.add(subscription("a", query="old"))
    await fresh.subscriptions.add(subscription("b", key="another"))
    assert [each["_id"] for each in await fresh.subscriptions.every()] == ["a", "b"]
    await fresh.subscriptions.change("a", {"ended": "yes"}, without=("key",))
    assert await fresh.subscriptions.get("a") == {
        "_id": "a",
        "api": "TMF621",
        "start": 4,
        "query": "old",
        "ended": "yes",
    }
    assert (await fresh.subscriptions.remove("a"), await fresh.subscriptions.remove("a")) == (True, False)
    with pytest.raises(NotFound, match='"a"'):
        await fresh.subscriptions.get("a")


async def test_the_same_key_is_registered_once(fresh: Database):
    await fresh.subscriptions.add(subscription("a"))
    with pytest.raises(Conflict):
        await fresh.subscriptions.add(subscription("b", key="key of a"))


async def test_every_change_of_subscriptions_raises_the_counter(fresh: Database):
    counts = [await fresh.subscriptions.changes()]
    steps: list[Callable[[], Awaitable[Any]]] = [
        lambda: fresh.subscriptions.add(subscription("a")),
        lambda: fresh.subscriptions.change("a", {"query": "x"}),
        lambda: fresh.subscriptions.go_back("a", 1),
        lambda: fresh.subscriptions.tell(),
        lambda: fresh.subscriptions.remove("a"),
    ]
    for step in steps:
        await step()
        counts.append(await fresh.subscriptions.changes())
    assert counts == [0, 1, 2, 3, 4, 5]


async def test_progress_begins_at_the_start_and_a_turn_that_is_over_notes_nothing(fresh: Database):
    await fresh.subscriptions.add(subscription("a"))
    assert await fresh.subscriptions.progress("a") == {"_id": "a", "position": 4, "turn": 0}
    assert await fresh.subscriptions.advance("a", 7, 0, {"failures": 2})
    await fresh.subscriptions.go_back("a", 5)
    assert not await fresh.subscriptions.advance("a", 9, 0, {})
    assert await fresh.subscriptions.advance("a", 6, 1, {"failures": 0})
    assert await fresh.subscriptions.progress("a") == {"_id": "a", "position": 6, "turn": 1, "failures": 0}
    assert not await fresh.subscriptions.advance("a", 9, 2, {}), "no such turn has begun"


# deliveries


async def test_waiting_events_come_in_their_order_and_go_when_they_are_done(fresh: Database):
    events = [event("a", 2), event("a", 1, 1), event("a", 1, 0), event("b", 1)]
    await fresh.deliveries.set_aside(events)
    await fresh.deliveries.set_aside([{**events[0], "attempts": 3}])
    await fresh.deliveries.set_aside([])
    assert await fresh.deliveries.waiting("a") == [events[2], events[1], {**events[0], "attempts": 3}]
    await fresh.deliveries.done([events[2]["_id"], "unknown"])
    assert [(each["seq"], each["place"]) for each in await fresh.deliveries.waiting("a")] == [(1, 1), (2, 0)]


async def test_a_dead_letter_waits_no_longer_and_is_listed_page_by_page(fresh: Database):
    letters = [event("a", 1), event("a", 2), event("b", 1)]
    await fresh.deliveries.set_aside(letters)
    await fresh.deliveries.bury(letters)
    assert await fresh.deliveries.waiting("a") == []
    assert await fresh.deliveries.dead("a", "", 10) == letters[:2]
    assert await fresh.deliveries.dead(None, letters[0]["_id"], 1) == [letters[1]]
    assert await fresh.deliveries.letter(letters[2]["_id"]) == letters[2]
    assert await fresh.deliveries.discard([letters[2]["_id"], "unknown"]) == 1
    with pytest.raises(NotFound):
        await fresh.deliveries.letter(letters[2]["_id"])


async def test_the_last_attempts_come_first(fresh: Database):
    attempts = [{"subscription": "a", "at": BEGAN + timedelta(minutes=minute), "status": minute} for minute in range(4)]
    await fresh.deliveries.note_attempts([*attempts, {**attempts[3], "subscription": "b"}])
    listed = await fresh.deliveries.attempts("a", BEGAN + timedelta(minutes=1), 2)
    assert [attempt["status"] for attempt in listed] == [3, 2]
    assert "_id" not in listed[0]


async def test_all_of_one_subscription_is_forgotten_and_nothing_of_another(fresh: Database):
    for name in ("a", "b"):
        await fresh.deliveries.set_aside([event(name, 1)])
        await fresh.deliveries.bury([event(name, 2)])
        await fresh.deliveries.note_attempts([{"subscription": name, "at": BEGAN}])
    await fresh.deliveries.forget("a")
    for name, count in (("a", 0), ("b", 1)):
        assert len(await fresh.deliveries.waiting(name)) == count
        assert len(await fresh.deliveries.dead(name, "", 9)) == count
        assert len(await fresh.deliveries.attempts(name, BEGAN, 9)) == count


# the log


async def test_entries_are_numbered_for_each_api_and_read_behind_a_number(fresh: Database):
    await fresh.log.append("TMF621", 0, [entry(1), entry(2)])
    await fresh.log.append("TMF621", 2, [entry(3)])
    await fresh.log.append("TMF622", 0, [entry(9)])
    assert [each["key"] for each in await fresh.log.read("TMF621", 1, 10)] == ["t2", "t3"]
    assert [each["seq"] for each in await fresh.log.read("TMF621", 0, 2)] == [1, 2]
    assert await fresh.log.entry("TMF621", 4) is None
    assert [await fresh.log.bounds(api) for api in ("TMF621", "TMF622", "TMF629")] == [(1, 3), (1, 1), (1, 0)]


async def test_a_number_is_given_once(fresh: Database):
    await fresh.log.append("TMF621", 0, [entry(1), entry(2)])
    with pytest.raises(Conflict, match="TMF621"):
        await fresh.log.append("TMF621", 1, [entry(3)])
    assert [each["key"] for each in await fresh.log.read("TMF621", 0, 10)] == ["t1", "t2"]


@pytest.mark.parametrize("text", ["short", "long " * 10_000], ids=["plain", "packed"])
async def test_an_entry_tells_the_change_and_the_resource_as_it_was(fresh: Database, text: str):
    await fresh.log.append("TMF621", 0, [entry(7, text)])
    read = logged((await fresh.log.read("TMF621", 0, 1))[0])
    assert (read.api, read.seq, read.collection, read.announcement) == ("TMF621", 1, "troubleTicket", announcement(7))
    assert read.stored == Stored("t7", 7, 7, 7, Canonical({"id": "t7", "a.b": text}))


async def test_what_is_old_and_settled_is_forgotten_and_the_log_knows_where_it_begins(fresh: Database):
    await fresh.log.append("TMF621", 0, [entry(number) for number in range(1, 7)])
    assert [await fresh.log.before("TMF621", moment) for moment in (1, 2, 4, 99)] == [0, 1, 3, 6]
    await fresh.log.note_head("TMF621", 6)
    assert await fresh.log.trim("TMF621", 5, 3, 10) == 3, "those up to the third: the fourth is not settled"
    assert await fresh.log.trim("TMF621", 5, 6, 10) == 1, "the fourth: all others are too young"
    assert await fresh.log.bounds("TMF621") == (5, 6)
    assert await fresh.log.before("TMF621", 1) == 4


# leases


async def test_a_share_is_taken_by_one_of_its_rivals(fresh: Database):
    (share,) = await fresh.leases.shares(["relay"])
    assert share == Share("relay", None, 0)
    for term in (0, 1):
        (share,) = await fresh.leases.shares(["relay"])
        assert share.term == term
        taken = await asyncio.gather(*(fresh.leases.take(share, member) for member in "abc"))
        assert sorted(taken) == [False, False, True]
        (now,) = await fresh.leases.shares(["relay"])
        assert now == Share("relay", "abc"[taken.index(True)], term + 1)
    assert await fresh.leases.take(now, None)
    assert await fresh.leases.shares(["other", "relay"]) == [Share("other", None, 0), Share("relay", None, 3)]


async def test_a_beat_grows_while_its_member_lives(fresh: Database):
    for member in ("a", "b", "a"):
        await fresh.leases.beat(member)
    assert await fresh.leases.beats() == {"a": 2, "b": 1}
    await fresh.leases.forget("a")
    assert await fresh.leases.beats() == {"b": 1}


# received events and sinks


async def test_a_received_event_is_kept_once_and_read_behind_its_moment(fresh: Database):
    first = Receipt("1", 10, "TMF621", "v5", "TroubleTicketCreateEvent", {"a.b": [1, {"$c": None}]})
    second = Receipt("2", 10**12, "TMF621", "v4", "TroubleTicketCreateEvent", {"n": 2})
    for receipt in (second, first, Receipt("1", 5, "TMF622", "v4", "Other", {})):
        await fresh.received.keep(receipt)
    assert await fresh.received.since(9, 10) == [first, second]
    assert await fresh.received.since(9, 1) == [first]
    assert await fresh.received.since(10, 10) == [second]


async def test_the_position_of_a_sink_never_falls(fresh: Database):
    assert await fresh.sinks.position("kafka", "TMF621") == 0
    for position in (7, 5):
        await fresh.sinks.advance("kafka", "TMF621", position)
    positions = [await fresh.sinks.position(*of) for of in (("kafka", "TMF621"), ("kafka", "TMF622"), ("x", "TMF621"))]
    assert positions == [7, 0, 0]


# all of one database


async def test_a_database_prepares_every_store_twice_without_harm(fresh: Database):
    for _ in range(2):
        await fresh.prepare({"things": [Index(("status",))]})
    expected = {
        "things": {"newest_first", "pending_events", "document.status"},
        "received_events": {"at", "expires"},
        "subscriptions": {"key"},
        "waiting_events": {"subscription"},
        "dead_letters": {"subscription"},
        "delivery_attempts": {"subscription", "expires"},
    }
    for name, indexes in expected.items():
        assert (await fresh.connection.collection(name).index_information()).keys() == {"_id_", *indexes}


async def test_an_index_that_the_server_refuses_keeps_no_other_store_from_its_own(fresh: Database):
    await fresh.connection.collection("things").create_index([("document.colour", 1)], name="document.status")
    with pytest.raises(ExceptionGroup) as refused:
        await fresh.prepare({"things": [Index(("status",))]})
    assert [type(each) for each in refused.value.exceptions] == [StoreFailed]
    assert "key" in await fresh.connection.collection("subscriptions").index_information()
    assert "expires" in await fresh.connection.collection("received_events").index_information()


async def test_every_store_says_that_its_server_is_away():
    away = open_database("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=20", "x")
    calls: list[Awaitable[Any]] = [
        away.subscriptions.every(),
        away.subscriptions.add(subscription("a")),
        away.subscriptions.advance("a", 1, 0, {}),
        away.deliveries.waiting("a"),
        away.deliveries.bury([event("a", 1)]),
        away.deliveries.note_attempts([{}]),
        away.log.read("TMF621", 0, 1),
        away.log.append("TMF621", 0, [entry(1)]),
        away.outboxes.read("things", 1),
        away.leases.beats(),
        away.leases.take(Share("relay", None, 0), "a"),
        away.received.since(0, 1),
        away.received.keep(Receipt("1", 1, "TMF621", "v4", "x", {})),
        away.sinks.position("kafka", "TMF621"),
        away.resources.get_many("things", ["a"]),
        away.prepare({}),
    ]
    for call in calls:
        with pytest.raises(StoreUnavailable):
            await call
    await away.close()
