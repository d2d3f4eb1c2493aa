"""The operator's paths: what they tell and never tell, sending again, and whom alone they answer."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from common import apis
from common.app import build
from common.clock import World, micros, text
from common.delivery import operator as delivery_operator
from common.delivery.pending import PendingEvent, pending_from_record
from common.document import Canonical
from common.hub.subscription import Subscription
from common.settings import read
from common.store.base import Announcement, Stored
from common.store.connection import Connection, connect
from common.store.database import Database, open_database
from common.store.deliveries import Deliveries
from common.store.event_log import EventLog
from common.store.outbox import outgoing
from common.store.record import to_record
from common.store.subscriptions import Subscriptions
from tests.api.test_errors import assert_error

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
BEGAN = datetime(2026, 3, 1, 10, tzinfo=UTC)
SECRETS = ("s3cret-token", "s3cret-header", "s3cret-client", "s3cret-signature-key")
SUBSCRIPTION = Subscription(
    id="one",
    api="TMF621",
    version="v5",
    callback="https://listener.example:8443/events?token=s3cret-token",
    query="",
    start=0,
    created=micros(BEGAN),
    headers={"X-Key": "s3cret-header"},
    oauth={"tokenUrl": "https://login.example/?t=s3cret-token", "clientId": "me", "clientSecret": "s3cret-client"},
    secret="s3cret-signature-key",
)
TICKET = {"@type": "TroubleTicket", "description": "d", "severity": "s", "ticketType": "t", "status": "acknowledged"}


def minute(number: int) -> int:
    """The microseconds since 1970 of a minute after the first subscription."""
    return micros(BEGAN + timedelta(minutes=number))


def logged_entry(seq: int) -> dict[str, Any]:
    """The log's entry of a ticket that was made `seq` minutes after the first subscription."""
    ticket = {**TICKET, "id": f"t{seq}", "creationDate": text(BEGAN), "lastUpdate": text(BEGAN)}
    stored = Stored(f"t{seq}", 1, minute(seq), minute(seq), Canonical(ticket))
    change = Announcement(str(uuid.UUID(int=seq)), minute(seq), ("create",), {}, "http://suite.example", f"c{seq}")
    (entry,) = outgoing(to_record(stored), change)["outbox"]
    return {**entry, "collection": "troubleTicket", "key": f"t{seq}", "logged": minute(seq)}


@dataclass(frozen=True)
class Kept:
    """One database with subscriptions and deliveries, as dispatchers leave it."""

    connection: Connection

    @property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self.connection)

    @property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.connection)

    async def subscribe(self, **values: Any) -> Subscription:
        made = replace(SUBSCRIPTION, **values)
        await self.subscriptions.add(made.record())
        return made

    async def log(self, count: int) -> None:
        await EventLog(self.connection).append("TMF621", 0, [logged_entry(seq) for seq in range(1, count + 1)])

    async def bury(self, subscription: str, seq: int, **values: Any) -> str:
        entry = {"_id": f"TMF621/{seq:012d}", "api": "TMF621", "seq": seq, **logged_entry(seq)}
        told = ("create", f"e{seq}", "TroubleTicketCreateEvent", f"troubleTicket/t{seq}", minute(seq), 7, minute(90))
        dead = PendingEvent(subscription, "TMF621", seq, 0, *told, reason="answered 500")
        await self.deliveries.bury([{**dead.record(), "entry": entry, "died": minute(100 + seq), **values}])
        return dead.id

    async def attempt(self, subscription: str, number: int, **values: Any) -> None:
        at = BEGAN + timedelta(minutes=number)
        told = {"event": "e1", "type": "TroubleTicketCreateEvent", "key": "troubleTicket/t1", "attempt": number}
        came = {"at": at, "status": 500, "error": "", "milliseconds": 12.5}
        await self.deliveries.note_attempts([{"subscription": subscription, **told, **came, **values}])

    async def waiting(self, subscription: str) -> list[PendingEvent]:
        return [pending_from_record(one) for one in await self.deliveries.waiting(subscription)]

    async def dead(self) -> list[str]:
        return [one["_id"] for one in await self.deliveries.dead(None, "", 1000)]


@pytest.fixture(scope="module")
async def suite(store_uri: str) -> AsyncIterator[tuple[Any, Database]]:
    """The suite over a database of this module's own, its clock standing still."""
    settings = read({"MONGODB_URI": store_uri, "TMF_DATABASE": f"test-{uuid.uuid4().hex[:12]}"}, {})
    database = open_database(store_uri, settings.store.database)
    yield build(settings, apis.declared(), database, World(now=lambda: NOW)), database
    await database.close()
    with connect(store_uri) as client:
        client.drop_database(settings.store.database)


@pytest.fixture
async def kept(suite: tuple[Any, Database]) -> Kept:
    """The database, with nothing in it."""
    connection = suite[1].connection
    await connection.collection("x").database.client.drop_database(connection.collection("x").database.name)
    return Kept(connection)


async def assert_no_secret(answer: httpx.Response) -> None:
    told = (await answer.aread()).decode()
    assert [secret for secret in SECRETS if secret in told] == []


def client_of(app: Any, peer: str = "127.0.0.1") -> httpx.AsyncClient:
    """A client that reads every answer for secrets."""
    transport = httpx.ASGITransport(app=app, client=(peer, 4711))
    hooks = {"response": [assert_no_secret]}
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:8080/admin", event_hooks=hooks)


@pytest.fixture
async def operator(suite: tuple[Any, Database]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(suite[0]) as made:
        yield made


async def test_a_subscription_is_told_with_its_progress_and_without_its_secrets(
    operator: httpx.AsyncClient, kept: Kept
):
    await kept.subscribe(batch=5)
    await kept.log(3)
    told = {"failures": 2, "paused_until": minute(60), "reason": "did not answer in time"}
    await kept.subscriptions.advance("one", 1, 0, told)
    await kept.bury("one", 1)
    dead = pending_from_record(await kept.deliveries.letter("one/000000000001/0"))
    await kept.deliveries.set_aside([replace(dead, seq=2).record(), replace(dead, seq=3).record()])
    shown = {
        "id": "one",
        "api": "TMF621",
        "version": "v5",
        "callback": "https://listener.example:8443/events",
        "query": "",
        "headers": ["X-Key"],
        "credentials": ["headers", "oauth", "signature"],
        "batch": 5,
        "created": "2026-03-01T10:00:00.000Z",
        "ended": None,
        "position": 1,
        "lag": 2,
        "failures": 2,
        "pausedUntil": "2026-03-01T11:00:00.000Z",
        "reason": "did not answer in time",
    }
    assert (await operator.get("/subscriptions")).json() == [shown]
    assert (await operator.get("/subscriptions/one")).json() == {**shown, "waiting": 2, "deadLetters": 1}


async def test_all_subscriptions_are_told_in_their_order_also_those_that_ended(operator: httpx.AsyncClient, kept: Kept):
    await kept.subscribe(id="later", query="a", created=minute(2), headers={}, oauth=None, secret=None, version="v4")
    await kept.subscribe(id="ended", query="b", start=4, ended="answered 410")
    later = {"version": "v4", "headers": [], "credentials": [], "failures": 0, "pausedUntil": None, "reason": ""}
    first, second = (await operator.get("/subscriptions")).json()
    assert (first["id"], first["ended"], first["position"], first["lag"]) == ("ended", "answered 410", 4, 0)
    assert second.items() >= {"id": "later", **later}.items()
    assert_error(await operator.get("/subscriptions/never"), 404, "v5")


async def test_dead_letters_are_counted_up_to_a_bound(
    operator: httpx.AsyncClient, kept: Kept, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(delivery_operator, "COUNTED", 2)
    await kept.subscribe()
    for seq, told in ((1, (1, None)), (2, (2, None)), (3, (2, "gte"))):
        await kept.bury("one", seq)
        shown = (await operator.get("/subscriptions/one")).json()
        assert (shown["deadLetters"], shown.get("deadLettersRelation")) == told


async def test_attempts_are_told_newest_first_and_since_a_time(operator: httpx.AsyncClient, kept: Kept):
    await kept.subscribe()
    for number in (1, 2, 3):
        await kept.attempt("one", number)
    await kept.attempt("one", 4, status=None, error="did not answer in time")
    await kept.attempt("other", 5)
    found = (await operator.get("/subscriptions/one/attempts")).json()
    assert [one["attempt"] for one in found] == [4, 3, 2, 1]
    assert found[0] == {
        "at": "2026-03-01T10:04:00.000Z",
        "event": "e1",
        "type": "TroubleTicketCreateEvent",
        "resource": "troubleTicket/t1",
        "attempt": 4,
        "status": None,
        "error": "did not answer in time",
        "milliseconds": 12.5,
    }
    asked = {"since": "2026-03-01T11:02:00+01:00", "limit": "2"}
    assert [one["attempt"] for one in (await operator.get("/subscriptions/one/attempts", params=asked)).json()] == [
        4,
        3,
    ]
    asked["limit"] = "1000"
    assert len((await operator.get("/subscriptions/one/attempts", params=asked)).json()) == 3
    for far, count in (("0001-01-01T00:00:00+23:00", 4), ("9999-12-31T23:59:59-23:00", 0)):
        found = (await operator.get("/subscriptions/one/attempts", params={"since": far})).json()
        assert len(found) == count, far
    assert_error(await operator.get("/subscriptions/never/attempts"), 404, "v5")


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/subscriptions?limit=1", "limit"),
        ("/subscriptions/one?x=1", "x"),
        ("/subscriptions/one/attempts?until=2026-03-01T10:00:00Z", "until"),
        ("/subscriptions/one/attempts?since=yesterday", "since"),
        ("/subscriptions/one/attempts?since.gt=2026-03-01T10:00:00Z", "since"),
        ("/subscriptions/one/attempts?limit=0", "limit"),
        ("/subscriptions/one/attempts?limit=1001", "limit"),
        ("/subscriptions/one/attempts?limit=many", "limit"),
        ("/subscriptions/one/attempts?limit=1&limit=2", "limit"),
        ("/dead-letters?offset=1", "offset"),
        ("/dead-letters?limit=-1", "limit"),
        ("/dead-letters/one/000000000001/0?x=1", "x"),
    ],
)
async def test_a_parameter_that_is_unknown_or_wrong_is_refused(
    operator: httpx.AsyncClient, kept: Kept, path: str, named: str
):
    await kept.subscribe()
    await kept.bury("one", 1)
    answer = await operator.get(path)
    assert_error(answer, 400, "v5")
    assert named in answer.json()["message"]


async def test_dead_letters_are_listed_by_page_and_by_subscription(operator: httpx.AsyncClient, kept: Kept):
    ids = [await kept.bury(name, seq) for name in ("one", "two") for seq in (1, 2)]
    (first, *_) = (await operator.get("/dead-letters")).json()
    assert first == {
        "id": "one/000000000001/0",
        "subscription": "one",
        "api": "TMF621",
        "eventId": "e1",
        "eventType": "TroubleTicketCreateEvent",
        "resource": "troubleTicket/t1",
        "attempts": 7,
        "reason": "answered 500",
        "happened": "2026-03-01T10:01:00.000Z",
        "died": "2026-03-01T11:41:00.000Z",
    }
    for asked, places in (
        ({}, [0, 1, 2, 3]),
        ({"limit": "1"}, [0]),
        ({"after": ids[0], "limit": "2"}, [1, 2]),
        ({"subscription": "two"}, [2, 3]),
        ({"subscription": "two", "after": ids[2]}, [3]),
        ({"subscription": "none"}, []),
    ):
        found = (await operator.get("/dead-letters", params=asked)).json()
        assert [one["id"] for one in found] == [ids[place] for place in places], asked


@pytest.mark.parametrize("version", ["v4", "v5"])
async def test_a_dead_letter_shows_its_event_as_it_would_be_sent(operator: httpx.AsyncClient, kept: Kept, version: str):
    await kept.subscribe(version=version)
    identifier = await kept.bury("one", 1)
    encoded = (await operator.get(f"/dead-letters/{quote(identifier, safe='')}")).json()
    assert (await operator.get(f"/dead-letters/{identifier}")).json() == encoded
    event = encoded["event"]
    ticket = event["event"]["troubleTicket"]
    assert (encoded["id"], event["eventType"]) == (identifier, "TroubleTicketCreateEvent")
    assert event["eventTime"] == "2026-03-01T10:01:00.000Z"
    assert ticket["href"] == f"http://suite.example/tmf-api/troubleTicket/{version}/troubleTicket/t1"
    assert (event.get("@type"), "creationDate%at" in ticket) == (
        "TroubleTicketCreateEvent" if version == "v5" else None,
        False,
    )
    assert_error(await operator.get("/dead-letters/one/000000000009/0"), 404, "v5")


@pytest.mark.parametrize(
    ("query", "is_whole"),
    [("fields=severity", False), ("eventType=TroubleTicketCreateEvent", True), ("fields=noLongerDeclared", True)],
)
async def test_a_dead_letter_shows_the_attributes_that_its_subscription_chose(
    operator: httpx.AsyncClient, kept: Kept, query: str, is_whole: bool
):
    await kept.subscribe(query=query)
    identifier = await kept.bury("one", 1)
    ticket = (await operator.get(f"/dead-letters/{identifier}")).json()["event"]["event"]["troubleTicket"]
    assert (ticket["severity"], "description" in ticket) == ("s", is_whole)


@pytest.mark.parametrize(
    ("subscription", "letter"),
    [({"id": "other"}, {}), ({"version": "v3"}, {}), ({}, {"kind": "unheardOf"}), ({}, {"entry": None})],
)
async def test_a_dead_letter_is_shown_also_where_its_event_cannot_be_made(
    operator: httpx.AsyncClient, kept: Kept, subscription: dict[str, str], letter: dict[str, Any]
):
    await kept.subscribe(**subscription)
    identifier = await kept.bury("one", 1, **letter)
    shown = (await operator.get(f"/dead-letters/{identifier}")).json()
    assert (shown["id"], shown["event"]) == (identifier, None)


async def test_a_replayed_letter_waits_with_its_whole_time_before_it(operator: httpx.AsyncClient, kept: Kept):
    await kept.subscribe()
    identifier, other = await kept.bury("one", 1), await kept.bury("one", 2)
    letter = await kept.deliveries.letter(identifier)
    before = await kept.subscriptions.changes()
    answer = await operator.post(f"/dead-letters/{quote(identifier, safe='')}/replay", json={})
    assert (answer.status_code, answer.json()) == (200, {"replayed": 1, "left": 0})
    wanted = replace(pending_from_record(letter), attempts=0, due=0, reason="", happened=micros(NOW))
    assert await kept.waiting("one") == [wanted]
    assert wanted.entry == letter["entry"]
    assert await kept.dead() == [other]
    assert await kept.subscriptions.changes() > before
    assert_error(await operator.post(f"/dead-letters/{identifier}/replay", json={}), 404, "v5")


async def test_a_letter_of_a_subscription_that_is_gone_or_has_ended_stays_dead(operator: httpx.AsyncClient, kept: Kept):
    await kept.subscribe(id="ended", ended="answered 410")
    for name, word in (("gone", "no subscription"), ("ended", "answered 410")):
        identifier = await kept.bury(name, 1)
        for answer in (
            await operator.post(f"/dead-letters/{identifier}/replay", json={}),
            await operator.post("/dead-letters/replay", json={"subscription": name}),
        ):
            assert_error(answer, 409, "v5")
            assert word in answer.json()["message"]
        assert (await kept.waiting(name), identifier in await kept.dead()) == ([], True)


async def test_all_letters_are_replayed_but_those_that_nobody_wants(
    operator: httpx.AsyncClient, kept: Kept, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(delivery_operator, "_BATCH", 2)
    await kept.subscribe()
    await kept.subscribe(id="two", query="x")
    await kept.subscribe(id="ended", query="y", ended="answered 410")
    for seq in range(1, 6):
        await kept.bury("one", seq)
        await kept.bury("two", seq)
    left = [await kept.bury("ended", 1), await kept.bury("gone", 1), await kept.bury("gone", 2)]
    answer = await operator.post("/dead-letters/replay", content=b"", headers={"content-type": "application/json"})
    assert answer.json() == {"replayed": 10, "left": 3}
    assert await kept.dead() == left
    for name in ("one", "two"):
        assert [one.seq for one in await kept.waiting(name)] == [1, 2, 3, 4, 5]


async def test_all_letters_of_one_subscription_are_replayed(operator: httpx.AsyncClient, kept: Kept):
    await kept.subscribe()
    await kept.subscribe(id="two", query="x")
    await kept.bury("one", 1)
    other = await kept.bury("two", 1)
    answer = await operator.post("/dead-letters/replay", json={"subscription": "one"})
    assert answer.json() == {"replayed": 1, "left": 0}
    assert await kept.dead() == [other]


async def test_a_discarded_letter_is_gone(operator: httpx.AsyncClient, kept: Kept):
    identifier, other = await kept.bury("one", 1), await kept.bury("one", 2)
    assert (await operator.delete(f"/dead-letters/{identifier}")).status_code == 204
    assert await kept.dead() == [other]
    assert_error(await operator.delete(f"/dead-letters/{identifier}"), 404, "v5")


@pytest.mark.parametrize(
    ("moment", "position", "turn"),
    [
        ("2026-03-01T10:03:00Z", 2, 1),
        ("2026-03-01T12:02:30+02:00", 2, 1),
        ("2026-03-01T10:00:00Z", 0, 1),
        ("1970-01-01T00:00:00Z", 0, 1),
        ("2026-03-01T10:05:30Z", 4, 0),
        ("2030-01-01T00:00:00Z", 4, 0),
    ],
)
async def test_a_subscription_returns_to_a_time_and_never_leaves_anything_out(
    operator: httpx.AsyncClient, kept: Kept, moment: str, position: int, turn: int
):
    await kept.subscribe()
    await kept.log(6)
    await kept.subscriptions.advance("one", 4, 0, {})
    answer = await operator.post("/subscriptions/one/replay", json={"from": moment})
    assert answer.json() == {"subscription": "one", "position": position, "lag": 6 - position}
    progress = await kept.subscriptions.progress("one")
    assert (progress["position"], progress["turn"]) == (position, turn)


async def test_only_a_running_subscription_returns_to_a_time(operator: httpx.AsyncClient, kept: Kept):
    await kept.subscribe(ended="answered 410")
    asked = {"from": "2026-03-01T10:00:00Z"}
    assert_error(await operator.post("/subscriptions/one/replay", json=asked), 409, "v5")
    assert_error(await operator.post("/subscriptions/never/replay", json=asked), 404, "v5")


@pytest.mark.parametrize(
    ("path", "body", "at"),
    [
        ("/subscriptions/one/replay", {}, "/from"),
        ("/subscriptions/one/replay", {"from": "noon"}, "/from"),
        ("/subscriptions/one/replay", {"from": 1}, "/from"),
        ("/subscriptions/one/replay", {"from": None}, "/from"),
        ("/subscriptions/one/replay", {"from": "2026-03-01T10:00:00Z", "to": "x"}, "/to"),
        ("/dead-letters/replay", {"subscription": 1}, "/subscription"),
        ("/dead-letters/replay", {"every": True}, "/every"),
        ("/dead-letters/one/000000000001/0/replay", {"now": True}, "/now"),
        ("/dead-letters/replay", [], ""),
    ],
)
async def test_a_wrong_body_is_refused_by_the_place_of_its_fault(
    operator: httpx.AsyncClient, kept: Kept, path: str, body: Any, at: str
):
    await kept.subscribe()
    identifier = await kept.bury("one", 1)
    answer = await operator.post(path, json=body)
    assert_error(answer, 400, "v5")
    assert [one["pointer"] for one in answer.json()["problems"]] == [at]
    assert await kept.dead() == [identifier]


async def test_a_body_that_cannot_be_read_is_refused(operator: httpx.AsyncClient, kept: Kept):
    headers = {"content-type": "application/json"}
    path = "/dead-letters/replay"
    assert_error(await operator.post(path, content=b"{", headers=headers), 400, "v5")
    assert_error(await operator.post(path + "?x=1", json={}), 400, "v5")
    coded = {**headers, "content-encoding": "gzip"}
    assert_error(await operator.post(path, content=b"{}", headers=coded), 415, "v5")
    assert_error(await operator.post(path, content=b" " * 6_000_000, headers=headers), 413, "v5")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/subscriptions", "GET, HEAD, OPTIONS"),
        ("/subscriptions/one", "GET, HEAD, OPTIONS"),
        ("/subscriptions/one/attempts", "GET, HEAD, OPTIONS"),
        ("/subscriptions/one/replay", "OPTIONS, POST"),
        ("/dead-letters", "GET, HEAD, OPTIONS"),
        ("/dead-letters/replay", "OPTIONS, POST"),
        ("/dead-letters/one/1/0/replay", "OPTIONS, POST"),
        ("/dead-letters/one/1/0", "DELETE, GET, HEAD, OPTIONS"),
    ],
)
async def test_a_method_that_a_path_has_not_is_refused_and_options_tells_them(
    operator: httpx.AsyncClient, path: str, allowed: str
):
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} - set(allowed.split(", ")):
        answer = await operator.request(method, path, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed), method
    answer = await operator.options(path)
    assert (answer.status_code, answer.headers["allow"]) == (204, allowed)


async def test_other_paths_below_admin_are_not_found(operator: httpx.AsyncClient, kept: Kept):
    for path in ("", "/", "/nope", "/subscriptions/one/nope", "/subscriptions/one/attempts/x", "//subscriptions"):
        assert_error(await operator.get("http://localhost/admin" + path), 404, "v5")
    assert (await operator.get("/subscriptions/")).json() == []
    head = await operator.head("/subscriptions")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "2")


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.1.2.3", "[::1]", "[::1]:8080"])
async def test_a_request_of_this_machine_is_answered(suite: tuple[Any, Database], kept: Kept, peer: str, host: str):
    async with client_of(suite[0], peer) as client:
        for origin in ({}, {"origin": f"http://{host}"}):
            assert (await client.get("/subscriptions", headers={"host": host, **origin})).status_code == 200


@pytest.mark.parametrize(
    "peer", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "::ffff:192.0.2.1", "0.0.0.0", "", "testclient"]
)
async def test_a_request_from_elsewhere_is_refused(suite: tuple[Any, Database], kept: Kept, peer: str):
    identifier = await kept.bury("one", 1)
    async with client_of(suite[0], peer) as client:
        for method, path in (
            ("GET", "/subscriptions"),
            ("GET", f"/dead-letters/{identifier}"),
            ("DELETE", f"/dead-letters/{identifier}"),
            ("POST", "/dead-letters/replay"),
            ("OPTIONS", "/subscriptions"),
            ("GET", "/nope"),
        ):
            answer = await client.request(method, path, headers={"content-type": "application/json"})
            assert_error(answer, 403, "v5")
        assert_error(await client.get("http://localhost/administration"), 404, "v5")
    assert await kept.dead() == [identifier]


async def test_a_peer_without_an_address_is_refused(suite: tuple[Any, Database], kept: Kept):
    async def nameless(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await suite[0]({**scope, "client": None}, receive, send)

    async with client_of(nameless) as client:
        assert_error(await client.get("/subscriptions"), 403, "v5")


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"X-Forwarded-Host": "localhost"},
        {"x-forwarded-proto": "http"},
        {"forwarded": "for=127.0.0.1"},
        {"via": "1.1 proxy"},
        {"x-real-ip": "127.0.0.1"},
        {"host": "suite.example"},
        {"host": "localhost.evil.example"},
        {"host": "evil.example@localhost"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "192.0.2.1:8080"},
        {"host": "0.0.0.0:8080"},
        {"host": "[2001:db8::1]"},
        {"host": "localhost, evil.example"},
        {"host": ""},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost.evil.example"},
        {"origin": "http://localhost@evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "localhost"},
        {"origin": "file://localhost"},
    ],
    ids=lambda headers: " ".join(next(iter(headers.items()))),
)
async def test_a_request_that_is_not_from_whom_it_seems_is_refused(
    operator: httpx.AsyncClient, kept: Kept, headers: dict[str, str]
):
    identifier = await kept.bury("one", 1)
    assert_error(await operator.get("/subscriptions", headers=headers), 403, "v5")
    assert_error(await operator.delete(f"/dead-letters/{identifier}", headers=headers), 403, "v5")
    assert_error(await operator.post("/dead-letters/replay", json={}, headers=headers), 403, "v5")
    assert await kept.dead() == [identifier]


@pytest.mark.parametrize(
    "media", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"]
)
async def test_a_post_that_a_page_could_send_unasked_is_refused(
    operator: httpx.AsyncClient, kept: Kept, media: str | None
):
    await kept.subscribe()
    identifier = await kept.bury("one", 1)
    headers = {} if media is None else {"content-type": media}
    assert_error(await operator.post("/dead-letters/replay", content=b"{}", headers=headers), 403, "v5")
    assert await kept.dead() == [identifier]
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert (await operator.post("/dead-letters/replay", content=b"{}", headers=headers)).json()["replayed"] == 1
