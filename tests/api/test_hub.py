"""The hub: how a subscription is registered, read back and ended, and what it refuses; nothing is sent here."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from openapi_core.testing import MockRequest, MockResponse

from common import apis
from common.app import build
from common.binding import channels
from common.events.channel import Channel
from common.settings import Settings
from common.store.database import Database
from tests.api.resource_views import bound
from tests.api.test_contract import document
from tests.api.test_errors import assert_error
from tests.conftest import ORIGIN

CHANNELS = channels(bound())
every_hub = pytest.mark.parametrize("channel", CHANNELS, ids=[f"{one.api.code}-{one.version.name}" for one in CHANNELS])
TICKETS = next(one for one in CHANNELS if (one.api.code, one.version.name) == ("TMF621", "v5"))
TICKET_HUB = TICKETS.version.base + "/hub"

SECRETS = {
    "headers": {"Authorization": "Basic c2VjcmV0LWhlYWRlcg==", "X-Api-Key": "secret-key"},
    "oauth": {
        "tokenUrl": "https://1.1.1.1/token",
        "clientId": "secret-client",
        "clientSecret": "secret-password",
        "scope": "secret-scope",
    },
    "signature": {"secret": "secret-of-the-signature"},
}
HIDDEN = ("c2VjcmV0LWhlYWRlcg", "secret-key", "secret-client", "secret-password", "secret-scope", "secret-of-the")


def address() -> str:
    """A public callback that nobody has registered yet."""
    return f"https://1.1.1.1/{uuid.uuid4().hex}"


def first_type(channel: Channel) -> str:
    """The name of some event type of a channel."""
    return next(iter(channel.types.values())).name


def judge(channel: Channel, method: str, answer: httpx.Response) -> None:
    """Raises where the document does not declare this answer of its hub."""
    path = answer.request.url.path
    request = MockRequest(ORIGIN, method, path, path_pattern=path, content_type="application/json")
    told = MockResponse(answer.content, answer.status_code, dict(answer.headers), "application/json")
    document(channel.api.code, channel.version.name, channel.version.base).validate_response(request, told)


def test_every_version_of_every_api_has_a_hub():
    declared = [(api.code, version.name) for api in apis.declared() for version in api.versions]
    assert [(one.api.code, one.version.name) for one in CHANNELS] == declared


@every_hub
async def test_a_subscription_is_answered_with_its_address_and_read_back(client: httpx.AsyncClient, channel: Channel):
    hub = channel.version.base + "/hub"
    asked = {"callback": address(), "query": f"eventType={first_type(channel)}"}
    made = await client.post(hub, json=asked)
    assert made.status_code == 201, made.text
    body = made.json()
    href = f"{ORIGIN}{hub}/{body['id']}"
    assert made.headers["location"] == href
    expected = {"id": body["id"], **asked}
    if channel.version.name == "v5":
        expected = {**expected, "href": href, "@type": "Hub"}
    assert body == expected
    read = await client.get(href)
    assert (read.status_code, read.json()) == (200, expected)
    judge(channel, "post", made)


@every_hub
async def test_every_event_type_of_a_channel_can_be_asked_for(client: httpx.AsyncClient, channel: Channel):
    names = [one.name for one in channel.types.values()]
    for query in (",".join(names[:20]), "eventType=" + ";eventType=".join(names[:20]), *names[20:]):
        asked = {"callback": address(), "query": "eventType=" + query.removeprefix("eventType=")}
        made = await client.post(channel.version.base + "/hub", json=asked)
        assert made.status_code == 201, made.text


@every_hub
async def test_a_subscription_ends_once(client: httpx.AsyncClient, channel: Channel):
    made = await client.post(channel.version.base + "/hub", json={"callback": address()})
    assert made.json()["query"] == ""
    href = made.headers["location"]
    ended = await client.delete(href)
    assert (ended.status_code, ended.content) == (204, b"")
    for method in ("GET", "DELETE"):
        missing = await client.request(method, href)
        assert_error(missing, 404, channel.version.name)
        assert f'"{made.json()["id"]}"' in missing.json()["message"]
        if method == "DELETE":
            judge(channel, "delete", missing)


@every_hub
async def test_a_callback_has_the_same_query_once_at_each_hub(client: httpx.AsyncClient, channel: Channel):
    hub, other = channel.version.base + "/hub", _other(channel).version.base + "/hub"
    asked = {"callback": address(), "query": f"eventType={first_type(channel)}"}
    made = await client.post(hub, json=asked)
    assert made.status_code == 201
    again = await client.post(hub, json={**asked, "headers": {"X-Other": "1"}})
    assert_error(again, 409, channel.version.name)
    judge(channel, "post", again)
    assert (await client.post(hub, json={**asked, "query": ""})).status_code == 201
    assert (await client.post(other, json={"callback": asked["callback"], "query": ""})).status_code == 201
    assert (await client.delete(made.headers["location"])).status_code == 204
    assert (await client.post(hub, json=asked)).status_code == 201


@every_hub
async def test_a_subscription_is_known_at_its_own_hub_alone(client: httpx.AsyncClient, channel: Channel):
    made = await client.post(channel.version.base + "/hub", json={"callback": address()})
    elsewhere = f"{_other(channel).version.base}/hub/{made.json()['id']}"
    for method in ("GET", "DELETE"):
        assert_error(await client.request(method, elsewhere), 404, _other(channel).version.name)
    assert (await client.get(made.headers["location"])).status_code == 200


def _other(channel: Channel) -> Channel:
    """The channel of the API's other version; another API's where it has one version alone."""
    others = [one for one in CHANNELS if one is not channel]
    return next((one for one in others if one.api.code == channel.api.code), others[0])


@every_hub
async def test_secrets_are_told_by_name_alone(client: httpx.AsyncClient, channel: Channel):
    hub = channel.version.base + "/hub"
    asked = {"callback": address(), **SECRETS, "batch": 20}
    made = await client.post(hub, json=asked)
    assert made.status_code == 201, made.text
    again = await client.post(hub, json=asked)
    assert again.status_code == 409
    refused = [
        await client.post(hub, json={**asked, **wrong})
        for wrong in ({"callback": "x"}, {"query": "x=1"}, {"batch": "many"}, {"more": 1})
    ]
    assert [one.status_code for one in refused] == [400] * len(refused)
    read = await client.get(made.headers["location"])
    for shown in (made.json(), read.json()):
        assert shown["credentials"] == ["headers", "oauth", "signature"]
        assert shown["batch"] == 20
        assert shown.keys().isdisjoint(SECRETS)
    for answer in (made, again, read, *refused):
        assert [one for one in HIDDEN if one in answer.text] == []


async def test_the_marks_of_a_v5_hub_are_taken(client: httpx.AsyncClient):
    marks = {"@type": "Hub", "@baseType": "Hub", "@schemaLocation": "https://example.com/hub.json"}
    made = await client.post(TICKET_HUB, json={"callback": address(), **marks})
    assert made.status_code == 201, made.text
    assert made.json()["@type"] == "Hub"


async def test_a_name_that_is_not_known_yet_is_taken(client: httpx.AsyncClient):
    made = await client.post(TICKET_HUB, json={"callback": f"https://{uuid.uuid4().hex}.invalid/events"})
    assert made.status_code == 201, made.text


@pytest.fixture
async def allowing(settings: Settings, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of one API whose operator allows some addresses besides the public ones."""
    chosen = replace(
        settings,
        delivery=replace(settings.delivery, callback_allow=("localhost", "10.1.0.0/16", "fd00::/8", "192.168.7.7")),
    )
    transport = httpx.ASGITransport(app=build(chosen, apis.chosen(["TMF621"]), database))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


@pytest.mark.parametrize(
    ("callback", "status"),
    [
        ("http://localhost:8080/{}", 201),
        ("http://LocalHost/{}", 201),
        ("http://10.1.2.3/{}", 201),
        ("http://[::ffff:10.1.2.3]/{}", 201),
        ("http://[fd00::7]/{}", 201),
        ("http://192.168.7.7/{}", 201),
        ("https://1.1.1.1/{}", 201),
        ("http://10.2.0.1/{}", 400),
        ("http://127.0.0.1/{}", 400),
        ("http://192.168.7.8/{}", 400),
        ("ftp://localhost/{}", 400),
        ("http://ada@localhost/{}", 400),
    ],
)
async def test_the_operator_allows_addresses_besides(allowing: httpx.AsyncClient, callback: str, status: int):
    answer = await allowing.post(TICKET_HUB, json={"callback": callback.format(uuid.uuid4().hex)})
    assert answer.status_code == status, answer.text
