"""Deliveries to a host in another spelling: it is judged, and connected to, in one form."""

from __future__ import annotations

from common.hub.subscription import Subscription
from common.store.subscriptions import Subscriptions
from tests.hub.receiver import Receiver
from tests.hub.stage import Stage, eventually

_READ_BY_CLIENTS = ("127.0.0.\U0001fbf1", "127.0.0.1.", "0x7f.1", "[::ffff:127.0.0.1]")
_SPELLINGS = (*_READ_BY_CLIENTS, "127.1", "2130706433", "\u2460\u2461\u2466.1", "[::127.0.0.1]")


async def test_nothing_arrives_at_another_spelling_of_a_host_that_is_not_allowed(stage: Stage, heard: Receiver):
    port = heard.url.rpartition(":")[2]
    places = [f"http://{host}:{port}/{number}" for number, host in enumerate(_SPELLINGS)]
    subscriptions = Subscriptions(stage.connection)
    _, head = await stage.database.log.bounds("TMF621")
    # What an earlier version has taken is judged again.
    stored = [Subscription(f"s-{number}", "TMF621", "v5", at, "", head, 0) for number, at in enumerate(places)]
    token = {"tokenUrl": places[0], "clientId": "me", "clientSecret": "secret"}
    stored.append(Subscription("s-token", "TMF621", "v5", "http://1.1.1.1:9/", "", head, 0, oauth=token))
    for subscription in stored:
        await subscriptions.add(subscription.record())
    async with stage.dispatching(callback_allow=()):
        await stage.ticket()

        async def judged() -> bool:
            progress = [await subscriptions.progress(subscription.id) for subscription in stored]
            return all("no public address" in row.get("reason", "") for row in progress)

        await eventually(judged, "the judgement")
    assert heard.heard == []


async def test_an_allowed_address_is_reached_in_every_spelling(stage: Stage, heard: Receiver):
    port = heard.url.rpartition(":")[2]
    for number, host in enumerate(_READ_BY_CLIENTS):
        await stage.subscribed(f"http://{host}:{port}/{number}")
    async with stage.dispatching():
        await stage.ticket()
        await eventually(lambda: {event.path for event in heard.heard} == {"/0", "/1", "/2", "/3"}, "the events")
