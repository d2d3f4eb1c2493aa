"""Refusals: every error, the framework's own included, has the error body of TMF630."""

import httpx
import pytest

from common import apis
from common.binding import ServedOperation
from common.resource import Version
from tests.api.resource_views import Case, bound, every

_TICKET = "/tmf-api/troubleTicket/v5/troubleTicket"
_VALID = {"description": "no dial tone", "severity": "major", "ticketType": "fault"}
LISTENERS = [
    next(one for one in bound() if one.version is version and one.operation.verb == "listen")
    for api in apis.declared()
    for version in api.versions
]
"""One listener of each version."""

versions = pytest.mark.parametrize(
    "version", [one.version for one in LISTENERS], ids=[f"{one.api.code}-{one.version.name}" for one in LISTENERS]
)


def assert_error(answer: httpx.Response, status: int, version: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body["code"] == str(status) == body["status"]
    assert body["reason"]
    assert body["message"]
    assert body.get("@type") == ("Error" if version == "v5" else None)


@every("list")
async def test_a_method_that_the_document_does_not_declare_is_refused_with_those_it_does(
    client: httpx.AsyncClient, case: Case
):
    for path, verbs in (
        (case.path, {"list": "GET", "create": "POST"}),
        (f"{case.path}/1", {"retrieve": "GET", "patch": "PATCH", "delete": "DELETE"}),
    ):
        declared = {method for verb, method in verbs.items() if verb in case.verbs}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - declared:
            answer = await client.request(method, path, json={})
            assert_error(answer, 405, case.view.version)
            assert set(answer.headers["allow"].split(", ")) - {"HEAD", "OPTIONS"} == declared


@every("retrieve")
async def test_an_unknown_id_is_not_found(client: httpx.AsyncClient, case: Case):
    missing = await client.get(f"{case.path}/no-such-id")
    assert_error(missing, 404, case.view.version)
    assert f"no {case.view.name} " in missing.json()["message"]
    if "patch" in case.verbs:
        assert_error(await client.patch(f"{case.path}/no-such-id", json={}), 404, case.view.version)
    if "delete" in case.verbs:
        assert_error(await client.delete(f"{case.path}/no-such-id"), 404, case.view.version)


@every("create")
async def test_bodies_that_are_no_json_object_are_refused(client: httpx.AsyncClient, case: Case):
    for content in (b"", b"{", b"[]", b'"text"', b"\xff\xfe"):
        answer = await client.post(case.path, content=content, headers={"content-type": "application/json"})
        assert_error(answer, 400, case.view.version)


@every("create")
async def test_a_media_type_that_is_not_read_is_refused(client: httpx.AsyncClient, case: Case):
    answer = await client.post(case.path, content=b"<a/>", headers={"content-type": "text/xml"})
    assert_error(answer, 415, case.view.version)


@every("create")
async def test_a_media_type_with_a_parameter_is_read(client: httpx.AsyncClient, case: Case):
    answer = await client.request(
        "POST", case.path, json=case.body(), headers={"content-type": "application/json;charset=utf-8"}
    )
    assert answer.status_code == 201


@every("list")
async def test_an_answer_that_the_client_does_not_accept_is_refused(client: httpx.AsyncClient, case: Case):
    assert_error(await client.get(case.path, headers={"accept": "text/html"}), 406, case.view.version)
    assert (await client.get(case.path, headers={"accept": "text/html, application/*;q=0.5"})).status_code == 200


async def test_a_body_over_the_limit_is_refused(client: httpx.AsyncClient):
    long = {**_VALID, "description": "x" * 6_000_000}
    assert_error(await client.post(_TICKET, json=long), 413, "v5")


async def test_a_body_nested_too_deeply_is_refused(client: httpx.AsyncClient):
    content = b'{"description":' + b"[" * 900 + b"]" * 900 + b"}"
    answer = await client.post(_TICKET, content=content, headers={"content-type": "application/json"})
    assert_error(answer, 400, "v5")


async def test_a_whole_number_beyond_64_bits_is_refused(client: httpx.AsyncClient):
    for number, status in ((2**63, 400), (-(2**63) - 1, 400), (10**30, 400), (2**63 - 1, 201), (-(2**63), 201)):
        value = {"name": "big", "@type": "Characteristic", "value": number, "text": "1" * 40}
        answer = await client.post(_TICKET, json={**_VALID, "troubleTicketCharacteristic": [value]})
        if status == 201:
            assert answer.json()["troubleTicketCharacteristic"][0]["value"] == number
            continue
        assert_error(answer, 400, "v5")
        assert "/troubleTicketCharacteristic/0/value" in answer.json()["message"]


@pytest.mark.parametrize(
    "path", ["/", "/nope", "/tmf-api", "/tmf-api/troubleTicket/v5/nope", "/tmf-api/troubleTicket/v9"]
)
async def test_an_address_that_nothing_serves_is_not_found(client: httpx.AsyncClient, path: str):
    if path != "/":
        assert_error(await client.get(path), 404, "v5")
        return
    assert (await client.get(path)).status_code == 200


async def test_an_unknown_address_below_v4_has_a_v4_body(client: httpx.AsyncClient):
    assert_error(await client.get("/tmf-api/troubleTicket/v4/nope"), 404, "v4")


async def test_a_parameter_that_an_operation_does_not_know_is_refused(client: httpx.AsyncClient):
    created = (await client.post(_TICKET, json=_VALID)).json()
    assert_error(await client.get(created["href"] + "?name=x"), 400, "v5")
    assert_error(await client.post(_TICKET + "?limit=1", json=_VALID), 400, "v5")
    assert_error(await client.delete(created["href"] + "?x=1"), 400, "v5")


async def test_every_declared_operation_is_served(client: httpx.AsyncClient):
    """Nothing declared is 404 by path, 405 or 501."""
    for one in bound():
        path = one.version.base + one.operation.path.replace("{id}", "none")
        answer = await client.request(one.operation.method, path, json={})
        assert answer.status_code in (200, 400, 404), (path, answer.text)
        assert "Nothing is served" not in answer.text


@versions
async def test_a_hub_refuses_what_it_cannot_keep(client: httpx.AsyncClient, version: Version):
    hub = version.base + "/hub"
    empty = await client.post(hub, json={})
    assert_error(empty, 400, version.name)
    assert "/callback: " in empty.json()["message"]
    for content in (b"", b"{", b"[]", b'"text"', b"\xff\xfe"):
        answer = await client.post(hub, content=content, headers={"content-type": "application/json"})
        assert_error(answer, 400, version.name)
    assert_error(await client.post(hub, content=b"<a/>", headers={"content-type": "text/xml"}), 415, version.name)
    assert_error(await client.post(hub, json={}, headers={"accept": "text/html"}), 406, version.name)
    assert_error(await client.post(hub + "?limit=1", json={"callback": "https://x.example.com"}), 400, version.name)
    for method in ("GET", "DELETE"):
        missing = await client.request(method, hub + "/no-such-id")
        assert_error(missing, 404, version.name)
        assert '"no-such-id"' in missing.json()["message"]
        assert_error(await client.request(method, hub + "/no-such-id?fields=id"), 400, version.name)
    for method, path, allowed in (
        ("GET", hub, {"POST", "OPTIONS"}),
        ("PATCH", hub + "/1", {"GET", "HEAD", "DELETE", "OPTIONS"}),
    ):
        refused = await client.request(method, path)
        assert_error(refused, 405, version.name)
        assert set(refused.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("one", LISTENERS, ids=[f"{one.api.code}-{one.operation.segment}" for one in LISTENERS])
async def test_a_listener_refuses_what_is_no_event_of_its_type(client: httpx.AsyncClient, one: ServedOperation):
    path = one.version.base + one.operation.path
    empty = await client.post(path, json={})
    assert_error(empty, 400, one.version.name)
    container = "payload" if (one.api.code, one.version.name) == ("TMF666", "v4") else "event"
    assert f'"{container}" is mandatory' in empty.json()["message"]
    assert_error(await client.post(path, content=b"[]"), 400, one.version.name)
    assert_error(await client.post(path, content=b"<a/>", headers={"content-type": "text/xml"}), 415, one.version.name)
    refused = await client.get(path)
    assert_error(refused, 405, one.version.name)
    assert refused.headers["allow"] == "OPTIONS, POST"


async def test_a_coded_body_is_not_read(client: httpx.AsyncClient):
    answer = await client.post(_TICKET, json=_VALID, headers={"content-encoding": "gzip"})
    assert_error(answer, 415, "v5")
    assert (await client.post(_TICKET, json=_VALID, headers={"content-encoding": "identity"})).status_code == 201


@pytest.mark.parametrize("host", ['a>; rel="x", <b"/<script>', "a b", "a/b", "", "h:99999999"])
async def test_a_host_that_no_address_has_is_refused(client: httpx.AsyncClient, host: str):
    assert_error(await client.get(_TICKET + "?limit=1", headers={"host": host}), 400, "v5")


@pytest.mark.parametrize("path", ["nope.js", "..%2f..%2f..%2fetc%2fpasswd", "%00", "a/b/c"])
async def test_a_file_that_swagger_ui_has_not_is_not_found(client: httpx.AsyncClient, path: str):
    assert_error(await client.get(f"/tmf-api/troubleTicket/v5/ui/{path}"), 404, "v5")


@pytest.mark.parametrize("path", ["/", "/tmf-api/troubleTicket/v5/ui/", "/tmf-api/troubleTicket/v5/openapi.json"])
async def test_a_page_is_only_read(client: httpx.AsyncClient, path: str):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = await client.request(method, path)
        assert_error(answer, 405, "v5")
        assert answer.headers["allow"] == "GET, HEAD"
