"""What a hub refuses to register: each refusal names place, value and rule."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from common.events.channel import Channel
from tests.api.test_errors import assert_error
from tests.api.test_hub import HIDDEN, SECRETS, TICKET_HUB, address, every_hub, first_type


async def refusal(client: httpx.AsyncClient, **sent: Any) -> str:
    """The message that a subscription to tickets is refused with."""
    answer = await client.post(TICKET_HUB, json={"callback": "https://1.1.1.1/refused", **sent})
    assert_error(answer, 400, "v5")
    return str(answer.json()["message"])


_NO_HEADER = "is no header that a subscription can choose"


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"X Y": "1"}, f'"X Y" {_NO_HEADER}'),
        ({"X:": "1"}, f'"X:" {_NO_HEADER}'),
        ({"": "1"}, f'"" {_NO_HEADER}'),
        ({"Host": "other.example.com"}, f'"Host" {_NO_HEADER}'),
        ({"content-length": "1"}, f'"content-length" {_NO_HEADER}'),
        ({"Transfer-Encoding": "chunked"}, f'"Transfer-Encoding" {_NO_HEADER}'),
        ({"Content-Type": "text/plain"}, f'"Content-Type" {_NO_HEADER}'),
        ({"X-One": "a\r\nX-Two: secret-key"}, "the value of X-One has characters that no header has"),
        ({"X-One": "secret-key\u00e4"}, "the value of X-One has characters that no header has"),
        ({"X-One": "secret-key" * 500}, "the value of X-One has characters that no header has, or too many"),
        ({f"X-{number}": "1" for number in range(21)}, "20"),
    ],
)
async def test_a_header_that_no_request_should_have_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], told: str
):
    message = await refusal(client, headers=headers)
    assert message.startswith("/headers: ")
    assert told in message
    assert "secret-key" not in message


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"headers": "X-One: 1"}, "/headers"),
        ({"headers": {"X-One": 1}}, "/headers/X-One"),
        ({"oauth": "https://1.1.1.1/token"}, "/oauth"),
        ({"oauth": {"tokenUrl": "https://1.1.1.1/token", "clientId": "me"}}, "/oauth/clientSecret"),
        ({"oauth": {**SECRETS["oauth"], "clientId": ""}}, "/oauth/clientId"),
        ({"oauth": {**SECRETS["oauth"], "tokenUrl": "http://10.0.0.1/token"}}, "/oauth/tokenUrl"),
        ({"oauth": {**SECRETS["oauth"], "grant": "password"}}, "/oauth/grant"),
        ({"signature": {"secret": "short"}}, "/signature/secret"),
        ({"signature": {}}, "/signature/secret"),
        ({"batch": "20"}, "/batch"),
        ({"batch": -1}, "/batch"),
        ({"batch": 101}, "/batch"),
        ({"query": 1}, "/query"),
        ({"query": "x" * 4001}, "/query"),
        ({"callback": 7}, "/callback"),
        ({"callback": ["https://1.1.1.1/"]}, "/callback"),
        ({"callback": None}, "/callback"),
    ],
)
async def test_a_value_that_an_attribute_cannot_have_is_refused_at_its_place(
    client: httpx.AsyncClient, sent: dict[str, Any], pointer: str
):
    message = await refusal(client, **sent)
    assert [part.partition(": ")[0] for part in message.split("; /")] == [pointer]
    assert [one for one in HIDDEN if one in message] == []


async def test_every_problem_of_a_subscription_is_told_at_once(client: httpx.AsyncClient):
    message = await refusal(client, callback="ftp://1.1.1.1/", batch=-1, calback="x", signature={"secret": "short"})
    for pointer in ("/callback: ", "/batch: ", "/calback: ", "/signature/secret: "):
        assert pointer in message


@every_hub
async def test_an_unknown_attribute_is_refused_with_the_nearest_name(client: httpx.AsyncClient, channel: Channel):
    answer = await client.post(channel.version.base + "/hub", json={"callback": address(), "callbak": "x"})
    assert_error(answer, 400, channel.version.name)
    told = "a subscription has no such attribute; the nearest declared names are callback"
    assert answer.json()["message"] == f"/callbak: {told}"


_NOT_PUBLIC = "which is no public address"


@pytest.mark.parametrize(
    ("callback", "told"),
    [
        ("", "must be an absolute http or https address"),
        ("listener", "must be an absolute http or https address"),
        ("/listener", "must be an absolute http or https address"),
        ("//1.1.1.1/listener", "must be an absolute http or https address"),
        ("ftp://1.1.1.1/listener", "must be an absolute http or https address"),
        ("file:///etc/passwd", "must be an absolute http or https address"),
        ("https://", "must be an absolute http or https address"),
        ("https:///listener", "must be an absolute http or https address"),
        ("https://ada@1.1.1.1/", "must have neither user, password nor fragment"),
        ("https://ada:b@1.1.1.1/", "must have neither user, password nor fragment"),
        ("https://1.1.1.1/#part", "must have neither user, password nor fragment"),
        ("https://1.1.1.1/a b", "none that is blank"),
        ("https://1.1.1.1/a\nb", "none that is blank"),
        ("https://1.1.1.1/" + "x" * 2000, "2000 characters at most"),
        ("https://1.1.1.1:99999/", "is no address"),
        ("https://[::1/", "is no address"),
        ("http://127.0.0.1/listener", _NOT_PUBLIC),
        ("http://127.9.9.9:8080/", _NOT_PUBLIC),
        ("http://127.1/", _NOT_PUBLIC),
        ("http://2130706433/", _NOT_PUBLIC),
        ("http://0.0.0.0/", _NOT_PUBLIC),
        ("http://10.1.2.3/", _NOT_PUBLIC),
        ("http://172.16.0.1/", _NOT_PUBLIC),
        ("http://192.168.1.1/", _NOT_PUBLIC),
        ("http://100.64.0.1/", _NOT_PUBLIC),
        ("http://169.254.169.254/latest/meta-data", _NOT_PUBLIC),
        ("http://224.0.0.1/", _NOT_PUBLIC),
        ("http://255.255.255.255/", _NOT_PUBLIC),
        ("http://[::1]/", _NOT_PUBLIC),
        ("http://[::]/", _NOT_PUBLIC),
        ("http://[fe80::1]/", _NOT_PUBLIC),
        ("http://[fd00::1]/", _NOT_PUBLIC),
        ("http://[ff02::1]/", _NOT_PUBLIC),
        ("http://[::ffff:127.0.0.1]/", _NOT_PUBLIC),
        ("http://[::ffff:a9fe:a9fe]/", _NOT_PUBLIC),
        ("http://[2002:7f00:1::]/", _NOT_PUBLIC),
        ("http://[64:ff9b::10.0.0.1]/", _NOT_PUBLIC),
        ("http://[2001:0:7f00:1::]/", _NOT_PUBLIC),
        ("http://127.0.0.\U0001fbf1/", _NOT_PUBLIC),
        ("http://127.0.0.1./", _NOT_PUBLIC),
        ("http://0x7f.1/", _NOT_PUBLIC),
        ("http://[::127.0.0.1]/", _NOT_PUBLIC),
        ("http://[64:ff9b:1::10.0.0.1]/", _NOT_PUBLIC),
        ("http://[fec0::1]/", _NOT_PUBLIC),
        ("http://localhost./", _NOT_PUBLIC),
        ("http://[::1%25lo]/", "has a zone in its host"),
        ("http://127.0.0.%31/", "a character that no host name has"),
        ("http://127.0.0.1\\.example.com/", "a character that no host name has"),
        ("http://256.0.0.1/", "is no IPv4 address"),
        ("http://" + "a" * 64 + ".example/", "a label of more than 63 characters"),
        ("http://a..example/", "an empty label"),
        ("http://" + ".".join(["a" * 60] * 5) + "/", "more than 253 characters"),
        ("http://localhost:8080/listener", _NOT_PUBLIC),
        ("http://LOCALHOST/", _NOT_PUBLIC),
    ],
)
async def test_an_address_that_events_may_not_go_to_is_refused(client: httpx.AsyncClient, callback: str, told: str):
    for pointer, sent in (
        ("/callback", {"callback": callback}),
        ("/oauth/tokenUrl", {"oauth": {**SECRETS["oauth"], "tokenUrl": callback}}),
    ):
        message = await refusal(client, **sent)
        shown = re.sub("//.*@", "//", callback[:200])
        assert message.startswith(f'{pointer}: "{shown}" ')
        assert told in message
        assert (_NOT_PUBLIC not in told) or "TMF_CALLBACK_ALLOW" in message


@every_hub
@pytest.mark.parametrize(
    "host",
    ["127.0.0.\U0001fbf1", "127.0.0.1.", "\u2460\u2461\u2466.1", "0x7f000001", "[::127.0.0.1]", "a" * 64, "a..b"],
)
async def test_no_hub_takes_another_spelling_of_a_host(client: httpx.AsyncClient, channel: Channel, host: str):
    hub, address = channel.version.base + "/hub", f"http://{host}:8080/listener"
    oauth = {**SECRETS["oauth"], "tokenUrl": address}
    answer = await client.post(hub, json={"callback": address, "oauth": oauth})
    assert_error(answer, 400, channel.version.name)
    problems = answer.json()["message"].split("; /")
    assert [problem.lstrip("/").partition(" ")[0] for problem in problems] == ["callback:", "oauth/tokenUrl:"]
    assert all(f'"{address}" ' in problem for problem in problems)


async def test_a_subscription_without_callback_is_refused(client: httpx.AsyncClient):
    for sent in ({}, {"query": ""}, {"callback": None}):
        answer = await client.post(TICKET_HUB, json=sent)
        assert_error(answer, 400, "v5")
        assert answer.json()["message"].startswith("/callback: ")


@every_hub
async def test_an_unknown_event_type_is_refused_with_the_nearest_name(client: httpx.AsyncClient, channel: Channel):
    known = first_type(channel)
    wrong = known[:-1]
    asked = {
        f"eventType={wrong}": wrong,
        f"eventType={known},{wrong}": wrong,
        f"eventType={known};{known}": f"{known};{known}",
        f"filter=$[?@.eventType=='{wrong}']": wrong,
    }
    for query, named in asked.items():
        answer = await client.post(channel.version.base + "/hub", json={"callback": address(), "query": query})
        assert_error(answer, 400, channel.version.name)
        message = answer.json()["message"]
        assert message.startswith("query: ")
        assert f'no eventType "{named[:80]}"' in message
        assert f"nearest declared names are {known}" in message


_ATTRIBUTE = 'No attribute "{}" is declared here.'


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("eventTyp=TroubleTicketCreateEvent", _ATTRIBUTE.format("eventTyp") + " The nearest declared names are eventT"),
        ("event.troubleTicket.sevrity=major", "nearest declared names are severity"),
        ("event.ticket.severity=major", 'No attribute "event.ticket.severity"'),
        ("severity=major", _ATTRIBUTE.format("severity")),
        ("eventTime=yesterday", "eventTime"),
        ("offset=1", "offset"),
        ("limit=1", "limit"),
        ("after=x", "after"),
        ("sort=eventTime", "sort"),
        ("fields=sevrity", "sevrity"),
        ("fields=event.troubleTicket.sevrity", "sevrity"),
        ("fields=event.ticket.severity", "event.ticket.severity"),
        ("filter=$[?", "filter"),
        ("filter=$[?@.event.troubleTicket.sevrity=='x']", "sevrity"),
    ],
)
async def test_a_query_that_no_event_can_be_asked_for_is_refused(client: httpx.AsyncClient, query: str, told: str):
    message = await refusal(client, query=query)
    assert told in message


async def test_a_filter_that_is_not_served_is_told_so(client: httpx.AsyncClient):
    asked = {"callback": address(), "query": "filter=$..severity"}
    assert_error(await client.post(TICKET_HUB, json=asked), 501, "v5")
