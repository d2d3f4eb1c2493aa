"""Deliveries over a real store to a real listener: order, retries, refusals, ends, dead letters, replays."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from common.clock import micros, utc_now
from common.errors import StoreUnavailable
from common.store.connection import Record
from common.store.deliveries import Deliveries
from common.store.event_log import EventLog
from common.store.subscriptions import Subscriptions
from common.worker import trim
from tests.hub.receiver import Receiver
from tests.hub.stage import BASE, Stage, eventually

CHANGED = "TroubleTicketAttributeValueChangeEvent"


def told(heard: Receiver, path: str) -> list[tuple[str, str]]:
    """What arrived and was taken: event type and the ticket's description, repeats left out."""
    events = {one["eventId"]: one for one in reversed(heard.taken(path))}
    ordered = sorted(events.values(), key=lambda one: [e["eventId"] for e in heard.taken(path)].index(one["eventId"]))
    return [(one["eventType"], one["event"]["troubleTicket"]["description"]) for one in ordered]


async def test_what_a_change_tells_arrives_in_the_version_subscribed_at(stage: Stage, heard: Receiver):
    await stage.subscribed(heard.url + "/v5")
    v4 = await stage.client.post("/tmf-api/troubleTicket/v4/hub", json={"callback": heard.url + "/v4"})
    assert v4.status_code == 201
    async with stage.dispatching():
        href = await stage.ticket()
        await stage.changed(href, description="1", status="pending")
        assert (await stage.client.delete(href)).status_code == 204
        await eventually(lambda: len(heard.taken("/v5")) == len(heard.taken("/v4")) == 5, "the delivery")
    kinds = ["Create", "AttributeValueChange", "StatusChange", "InformationRequired", "Delete"]
    for version in ("v5", "v4"):
        events = heard.taken(f"/{version}")
        assert [one["eventType"] for one in events] == [f"TroubleTicket{kind}Event" for kind in kinds]
        assert all(f"/{version}/" in one["event"]["troubleTicket"]["href"] for one in events)
    assert [one["eventId"] for one in heard.taken("/v5")] == [one["eventId"] for one in heard.taken("/v4")]
    assert heard.taken("/v4")[1]["fieldPath"] == "description"
    assert heard.taken("/v5")[1]["analyticCharacteristic"][0]["value"] == "description"
    assert all(one["timeOcurred"] for one in heard.taken("/v4"))
    assert all(one["timeOccurred"] for one in heard.taken("/v5"))


async def test_a_patch_that_changes_nothing_tells_nothing(stage: Stage, heard: Receiver):
    await stage.subscribed(heard.url + "/all")
    async with stage.dispatching():
        href = await stage.ticket()
        await stage.changed(href, description="0")
        await stage.changed(href, description="1")
        await eventually(lambda: len(heard.taken("/all")) == 2, "the delivery")
    assert told(heard, "/all") == [("TroubleTicketCreateEvent", "0"), (CHANGED, "1")]


async def test_changes_made_while_no_dispatcher_ran_arrive_later(stage: Stage, heard: Receiver):
    await stage.subscribed(heard.url + "/late")
    href = await stage.ticket(id="late-1")
    for number in range(1, 6):
        await stage.changed(href, description=str(number))
    assert (await stage.client.delete(href)).status_code == 204
    await stage.ticket(id="late-1", description="again")
    async with stage.dispatching():
        await eventually(lambda: len(heard.taken("/late")) == 8, "the delivery")
    changes = [(CHANGED, str(number)) for number in range(1, 6)]
    ends = [("TroubleTicketDeleteEvent", "5"), ("TroubleTicketCreateEvent", "again")]
    assert told(heard, "/late") == [("TroubleTicketCreateEvent", "0"), *changes, *ends]
    assert (await stage.client.get(href)).status_code == 200


async def test_order_of_a_resource_holds_through_refusals(stage: Stage, heard: Receiver):
    refused = {"1": 2, "3": 7}

    async def answer(_path: str, body: Any) -> int:
        name = body["event"]["troubleTicket"]["description"]
        refused[name] = refused.get(name, 0) - 1
        return 500 if refused[name] >= 0 else 204

    heard.answer = answer
    await stage.subscribed(heard.url + "/order")
    async with stage.dispatching():
        href = await stage.ticket()
        for number in range(1, 6):
            await stage.changed(href, description=str(number))
        await eventually(lambda: len(heard.taken("/order")) == 6, "the delivery")
    assert [one[1] for one in told(heard, "/order")] == list("012345")
    assert len(heard.heard) == 6 + 2 + 7
    ids = [one.body["eventId"] for one in heard.heard if one.body["event"]["troubleTicket"]["description"] == "3"]
    assert len(set(ids)) == 1


async def test_one_resource_that_fails_holds_up_no_other(stage: Stage, heard: Receiver):
    async def answer(_path: str, body: Any) -> int:
        return 500 if body["event"]["troubleTicket"]["description"].startswith("bad") else 204

    heard.answer = answer
    await stage.subscribed(heard.url + "/mixed")
    async with stage.dispatching():
        await stage.ticket(description="bad")
        for number in range(20):
            await stage.ticket(description=f"good {number}")
        await eventually(lambda: len(heard.taken("/mixed")) == 20, "the delivery of the others")
        deliveries = Deliveries(stage.connection)
        found = (await Subscriptions(stage.connection).every())[0]["_id"]
        waiting = await deliveries.waiting(found)
        assert [one["type"] for one in waiting] == ["TroubleTicketCreateEvent"]
        heard.answer = None
        await eventually(lambda: len(heard.taken("/mixed")) == 21, "the delivery of the last")


async def test_a_subscriber_that_hangs_delays_nobody(stage: Stage, heard: Receiver):
    forever = asyncio.Event()

    async def answer(path: str, _body: Any) -> int:
        if path == "/hangs":
            await forever.wait()
        return 204

    heard.answer = answer
    await stage.subscribed(heard.url + "/hangs")
    await stage.subscribed("http://127.0.0.1:9/refuses")
    await stage.subscribed(heard.url + "/well")
    async with stage.dispatching(delivery_seconds=30.0):
        for _ in range(50):
            await stage.ticket()
        await eventually(lambda: len(heard.taken("/well")) == 50, "the delivery to the other")
    assert heard.taken("/hangs") == []


async def test_gone_ends_a_subscription(stage: Stage, heard: Receiver):
    async def answer(_path: str, _body: Any) -> int:
        return 410

    heard.answer = answer
    identifier = await stage.subscribed(heard.url + "/gone")
    subscriptions = Subscriptions(stage.connection)
    async with stage.dispatching():
        await stage.ticket()

        async def ended() -> bool:
            return bool((await subscriptions.get(identifier))["ended"])

        await eventually(ended, "the end of the subscription")
        await stage.ticket()
    assert (await stage.client.get(f"{BASE}/hub/{identifier}")).status_code == 404
    assert len({one.body["eventId"] for one in heard.heard}) == 1
    heard.answer = None
    await stage.subscribed(heard.url + "/gone")


async def test_retry_after_is_obeyed(stage: Stage, heard: Receiver):
    asked: list[int] = []

    async def answer(_path: str, _body: Any) -> int | web.Response:
        asked.append(micros(utc_now()))
        return web.Response(status=429, headers={"Retry-After": "1"}) if len(asked) == 1 else 204

    heard.answer = answer
    identifier = await stage.subscribed(heard.url + "/slower")
    async with stage.dispatching():
        await stage.ticket()
        await eventually(lambda: bool(heard.taken("/slower")), "the delivery")

        async def well() -> bool:
            return (await Subscriptions(stage.connection).progress(identifier)).get("failures") == 0

        await eventually(well, "the note of it")
    assert asked[1] - asked[0] >= 1_000_000


async def test_signature_headers_and_bearer_go_with_every_event(stage: Stage, heard: Receiver):
    tokens = {"given": 0}

    async def answer(path: str, body: Any) -> int | web.Response:
        if path != "/token":
            return 204
        assert body == {"grant_type": "client_credentials", "scope": "events"}
        tokens["given"] += 1
        return web.json_response({"access_token": "t0ken", "expires_in": 3600})

    heard.answer = answer
    secret = "a secret of sixteen"
    oauth = {"tokenUrl": heard.url + "/token", "clientId": "me", "clientSecret": "pass", "scope": "events"}
    await stage.subscribed(
        heard.url + "/signed", headers={"X-Api-Key": "k3y"}, oauth=oauth, signature={"secret": secret}
    )
    async with stage.dispatching(delivery_parallel=1):
        for _ in range(3):
            await stage.ticket()
        await eventually(lambda: len(heard.taken("/signed")) == 3, "the delivery")
    for one in (one for one in heard.heard if one.path == "/signed"):
        moment, mac = (part.split("=")[1] for part in one.headers["X-TMF-Signature"].split(","))
        expected = hmac.new(secret.encode(), f"{moment}.".encode() + one.raw, hashlib.sha256).hexdigest()
        assert mac == expected
        assert (one.headers["X-Api-Key"], one.headers["Authorization"]) == ("k3y", "Bearer t0ken")
    assert tokens["given"] == 1


async def test_a_batch_carries_several_events_in_order(stage: Stage, heard: Receiver):
    await stage.subscribed(heard.url + "/batch", batch=10)
    href = await stage.ticket()
    for number in range(1, 6):
        await stage.changed(href, description=str(number))
    for _ in range(30):
        await stage.ticket(description="other")
    async with stage.dispatching():
        await eventually(lambda: sum(len(one) for one in heard.taken("/batch")) == 36, "the delivery")
    lists = heard.taken("/batch")
    assert max(len(one) for one in lists) > 1
    assert max(len(one) for one in lists) <= 10
    found = [one["event"]["troubleTicket"]["description"] for batch in lists for one in batch]
    assert [one for one in found if one != "other"] == list("012345")


async def test_redirects_and_addresses_that_are_no_more_allowed_are_not_followed(stage: Stage, heard: Receiver):
    async def answer(path: str, _body: Any) -> int | web.Response:
        if path == "/moved":
            return web.Response(status=307, headers={"Location": heard.url + "/elsewhere"})
        return 204

    heard.answer = answer
    identifier = await stage.subscribed(heard.url + "/moved")
    other = await stage.subscribed(heard.url + "/inner")
    async with stage.dispatching():
        await stage.ticket()
        await eventually(lambda: bool(heard.heard), "a try")
    assert {one.path for one in heard.heard} == {"/moved", "/inner"}
    before = len(heard.heard)
    async with stage.dispatching(callback_allow=()):
        await stage.ticket()

        async def judged() -> bool:
            both = [await Subscriptions(stage.connection).progress(one) for one in (identifier, other)]
            return all("no public address" in one.get("reason", "") for one in both)

        await eventually(judged, "the judgement")
    assert len(heard.heard) == before


async def test_what_fails_for_too_long_is_a_dead_letter_and_comes_back(stage: Stage, heard: Receiver):
    async def answer(_path: str, _body: Any) -> int:
        return 503

    heard.answer = answer
    identifier = await stage.subscribed(heard.url + "/dead")
    deliveries = Deliveries(stage.connection)
    for number in range(70):
        await stage.ticket(description=str(number))

    async def dead() -> bool:
        return len(await deliveries.dead(identifier, "", 100)) == 70

    async with stage.dispatching(delivery_days=0.5 / 86_400):
        await eventually(dead, "the death of all")
    letters = await deliveries.dead(identifier, "", 100)
    assert all(one["reason"] and one["entry"] for one in letters)
    assert await deliveries.waiting(identifier) == []
    heard.answer = None
    fresh = {"attempts": 0, "due": 0, "happened": micros(utc_now())}
    await deliveries.set_aside([{**one, **fresh} for one in letters])
    await deliveries.discard([one["_id"] for one in letters])
    await Subscriptions(stage.connection).tell()
    async with stage.dispatching():
        await eventually(lambda: len(heard.taken("/dead")) == 70, "the replay")
    assert sorted(int(one[1]) for one in told(heard, "/dead")) == list(range(70))
    assert await deliveries.waiting(identifier) == []


async def test_a_place_moved_back_sends_everything_from_there_again(stage: Stage, heard: Receiver):
    identifier = await stage.subscribed(heard.url + "/again")
    subscriptions, log = Subscriptions(stage.connection), EventLog(stage.connection)
    async with stage.dispatching():
        await stage.ticket(description="before")
        await eventually(lambda: len(heard.taken("/again")) == 1, "the first delivery")
        moment = micros(utc_now())
        for number in range(3):
            await stage.ticket(description=str(number))
        await eventually(lambda: len(heard.taken("/again")) == 4, "the delivery")
        await subscriptions.go_back(identifier, await log.before("TMF621", moment))
        await eventually(lambda: len(heard.taken("/again")) == 7, "the replay")
    events = heard.taken("/again")
    ids = [one["eventId"] for one in events]
    assert set(ids[1:4]) == set(ids[4:])
    assert ids[0] not in ids[1:]


async def test_nothing_comes_after_the_end_of_a_subscription(stage: Stage, heard: Receiver):
    identifier = await stage.subscribed(heard.url + "/ended")
    await stage.subscribed(heard.url + "/other")
    async with stage.dispatching():
        await stage.ticket()
        await eventually(lambda: len(heard.taken("/ended")) == len(heard.taken("/other")) == 1, "the delivery")
        assert (await stage.client.delete(f"{BASE}/hub/{identifier}")).status_code == 204
        await stage.ticket()
        await eventually(lambda: len(heard.taken("/other")) == 2, "the delivery to the other")
    assert len(heard.taken("/ended")) == 1


async def test_queries_and_fields_choose(stage: Stage, heard: Receiver):
    query = "eventType=TroubleTicketCreateEvent&event.troubleTicket.severity=major&fields=name"
    await stage.subscribed(heard.url + "/some", query=query)
    await stage.subscribed(heard.url + "/all")
    async with stage.dispatching():
        href = await stage.ticket(severity="major", name="one")
        await stage.changed(href, name="two")
        await stage.ticket(severity="minor", name="three")
        await eventually(lambda: len(heard.taken("/all")) == 3, "the delivery")
        await stage.ticket(severity="major", name="four")
        await eventually(lambda: len(heard.taken("/some")) == 2, "the delivery of some")
    content = [one["event"]["troubleTicket"] for one in heard.taken("/some")]
    assert [one["name"] for one in content] == ["one", "four"]
    assert all(one.keys() == {"id", "href", "@type", "name"} for one in content)


async def test_attempts_are_logged(stage: Stage, heard: Receiver):
    answers = iter([500, 204])

    async def answer(_path: str, _body: Any) -> int:
        return next(answers)

    heard.answer = answer
    identifier = await stage.subscribed(heard.url + "/logged")
    async with stage.dispatching():
        await stage.ticket()
        await eventually(lambda: len(heard.taken("/logged")) == 1, "the delivery")
    since = utc_now().replace(year=2020)
    found = await Deliveries(stage.connection).attempts(identifier, since, 10)
    assert sorted((one["attempt"], one["status"]) for one in found) == [(1, 500), (2, 204)]
    assert all(one["milliseconds"] > 0 and one["type"] == "TroubleTicketCreateEvent" for one in found)


async def test_the_log_forgets_what_is_old_and_what_nobody_needs(stage: Stage, heard: Receiver):
    async def answer(_path: str, body: Any) -> int:
        return 500 if body["event"]["troubleTicket"]["description"] == "bad" else 204

    heard.answer = answer
    identifier = await stage.subscribed(heard.url + "/kept")
    log = EventLog(stage.connection)
    async with stage.dispatching() as dispatcher:
        for name in ("0", "1", "bad", "3", "4"):
            await stage.ticket(description=name)
        await eventually(lambda: len(heard.taken("/kept")) == 4, "the delivery")

        async def noted() -> bool:
            return bool((await dispatcher.tools.subscriptions.progress(identifier))["position"] == 5)

        await eventually(noted, "the note of it")
        assert await trim("TMF621", dispatcher.tools, 3_600_000_000, None) == 0
        assert await trim("TMF621", dispatcher.tools, -1_000_000, None) == 2
    assert [entry["seq"] for entry in await log.read("TMF621", 2, 10)] == [3, 4, 5]
    assert await log.bounds("TMF621") == (3, 5)
    assert await log.before("TMF621", 0) == 2


class Faltering(Deliveries):
    """A store that does not answer the first time an event is set aside."""

    asked = 0

    async def set_aside(self, events: Sequence[Record]) -> None:
        self.asked += 1
        if self.asked == 1:
            raise StoreUnavailable
        await super().set_aside(events)


async def test_an_event_that_could_not_be_set_aside_is_not_passed_over(stage: Stage, heard: Receiver):
    answers = iter([500])

    async def answer(_path: str, _body: Any) -> int:
        return next(answers, 204)

    heard.answer = answer
    await stage.subscribed(heard.url + "/falters")
    await stage.ticket()
    async with stage.dispatching() as dispatcher:
        object.__setattr__(dispatcher.tools, "deliveries", Faltering(stage.connection))
        await eventually(lambda: len(heard.taken("/falters")) == 1, "the delivery")
