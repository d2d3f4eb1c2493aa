"""Addresses: hrefs behind proxies, aliases, HEAD and OPTIONS, downloads, what an error never tells."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
import yaml

from common import apis
from common.app import build
from common.resource import SPECS, Api
from common.settings import Settings, read
from common.store.base import ListResult
from common.store.database import Database, open_database
from common.store.listing import ListLimits
from common.store.mongo import MongoStore

_INDIVIDUAL = "/tmf-api/partyManagement/v5/individual"
_BODY = {"givenName": "Ada", "familyName": "Berg"}
_FORWARDED = {"x-forwarded-proto": "https", "x-forwarded-host": "api.example, inner", "x-forwarded-prefix": "/open/"}


def suite(settings: Settings, database: Database, **environ: str) -> httpx.AsyncClient:
    chosen = read({"MONGODB_URI": str(settings.store.mongodb_uri), **environ}, {})
    transport = httpx.ASGITransport(app=build(chosen, apis.chosen(["TMF632"]), database))
    return httpx.AsyncClient(transport=transport, base_url="http://inner.example:81")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "http://inner.example:81"),
        ({"TMF_TRUST_PROXY": "true"}, "https://api.example/open"),
        ({"TMF_PUBLIC_URL": "https://public.example/base"}, "https://public.example/base"),
        ({"TMF_PUBLIC_URL": "https://public.example", "TMF_TRUST_PROXY": "true"}, "https://public.example"),
    ],
)
async def test_addresses_begin_as_the_settings_say(
    settings: Settings, database: Database, environ: dict, expected: str
):
    async with suite(settings, database, **environ) as client:
        made = await client.post(_INDIVIDUAL, json=_BODY, headers=_FORWARDED)
        assert made.json()["href"] == f"{expected}{_INDIVIDUAL}/{made.json()['id']}" == made.headers["location"]
        listed = await client.get(_INDIVIDUAL + "?limit=1", headers=_FORWARDED)
        assert listed.headers["link"].startswith(f"<{expected}{_INDIVIDUAL}?")


async def test_strict_fields_leave_out_everything_that_was_not_named_in_v4(settings: Settings, database: Database):
    async with suite(settings, database, TMF_STRICT_FIELDS="true") as client:
        made = await client.post("/tmf-api/party/v4/individual", json=_BODY)
        chosen = await client.get(made.json()["href"] + "?fields=givenName")
        assert chosen.json() == {"givenName": "Ada"}
        nothing = await client.get(made.json()["href"] + "?fields=none")
        assert nothing.json().keys() == {"id", "href"}
        v5 = await client.get(made.json()["href"].replace("party/v4", "partyManagement/v5") + "?fields=givenName")
        assert v5.json().keys() == {"givenName", "id", "href", "@type"}


@pytest.mark.parametrize(
    ("code", "alias"),
    [(api.code, alias) for api in apis.declared() for version in api.versions for alias in version.aliases],
)
async def test_an_alias_is_the_same_address(client: httpx.AsyncClient, code: str, alias: str):
    (api,) = apis.chosen([code])
    base = next(version.base for version in api.versions if alias in version.aliases)
    segment = api.resources[0].name
    answer = await client.get(f"{alias}/{segment}")
    assert answer.status_code == 200
    assert all(f"{base}/{segment}/" in one["href"] for one in answer.json())
    assert (await client.get(f"{alias}/{segment}/none")).status_code == 404


async def test_head_answers_as_get_without_a_body(client: httpx.AsyncClient):
    made = await client.post(_INDIVIDUAL, json=_BODY)
    read_, head = await client.get(made.json()["href"]), await client.head(made.json()["href"])
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == read_.headers


async def test_options_tells_the_methods(client: httpx.AsyncClient):
    answer = await client.options(_INDIVIDUAL)
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    ("api", "version"),
    [(api, v.name) for api in apis.declared() for v in api.versions],
    ids=lambda value: value.code if isinstance(value, Api) else value,
)
async def test_a_document_is_downloaded_as_it_is_in_specs(client: httpx.AsyncClient, api: Api, version: str):
    base = next(one.base for one in api.versions if one.name == version)
    kept = yaml.load((SPECS / f"{api.code}-{version}.yaml").read_bytes(), yaml.CSafeLoader)
    for name, parse in (
        ("json", httpx.Response.json),
        ("yaml", lambda answer: yaml.load(answer.content, yaml.CSafeLoader)),
    ):
        told = parse(await client.get(f"{base}/openapi.{name}"))
        assert told.pop("servers") == [{"url": base}]
        assert told == {key: value for key, value in kept.items() if key != "servers"}


async def test_an_unexpected_failure_tells_nothing_of_its_cause(settings: Settings, caplog: pytest.LogCaptureFixture):
    class Failing(MongoStore):
        async def find(self, collection: str, query: object) -> ListResult:
            raise RuntimeError("the secret reason")

    database = open_database(str(settings.store.mongodb_uri), "x")
    failing = Failing(database.connection, ListLimits(10_000, 10))
    async with suite(settings, replace(database, resources=failing)) as client:
        answer = await client.get(_INDIVIDUAL)
    assert answer.status_code == 500
    assert answer.json()["code"] == "500"
    assert "secret" not in answer.text
    assert "the secret reason" in caplog.text
