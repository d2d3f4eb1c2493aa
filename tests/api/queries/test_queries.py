"""What a list finds and what it refuses, row by row, in both versions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from common.store.database import Database
from tests.api.queries import accepted, catalog, hostile, refused
from tests.api.queries.refused import Refused
from tests.api.queries.row import BOTH, Row, path
from tests.conftest import answering

_SHOWN = 110


def _named(version: str, of: str, query: str) -> str:
    """How a row is called: its version, the resource where it is no offering, the query."""
    resource = "" if of == "productOffering" else f" {of}"
    return f"{version}{resource} {query[:_SHOWN] or '(nothing)'}"


def _params(rows: Iterable[Any]) -> list[Any]:
    """Each row once for each of its versions."""
    found = []
    for row in rows:
        for version in row.versions:
            query = row.query_in(version) if isinstance(row, Row) else row.query
            found.append(pytest.param(version, row, id=_named(version, row.of, query)))
    return found


@pytest.fixture(scope="session")
async def filled(session_client: httpx.AsyncClient, session_database: Database) -> None:
    """The catalog, created once."""
    await answering(session_database)
    await catalog.create(session_client)


@pytest.mark.parametrize(("version", "row"), _params(accepted.ROWS))
async def test_a_query_finds_what_its_row_says(client: httpx.AsyncClient, filled: None, version: str, row: Row):
    answer = await catalog.ask(client, version, row.of, row.query_in(version))
    assert answer.status_code in (200, 206), answer.text[:300]
    found = [int(one["id"].rpartition("-")[2]) for one in answer.json()]
    expected = [int(number) for number in row.expected.split()]
    assert (found if row.in_order else sorted(found)) == expected, row.why
    paged = "limit=" in row.query or "offset=" in row.query
    assert paged or answer.headers["x-total-count"] == str(len(expected))
    assert answer.headers["x-result-count"] == str(len(expected))


@pytest.mark.parametrize(("version", "row"), _params(refused.ROWS))
async def test_a_refused_query_is_told_why(client: httpx.AsyncClient, filled: None, version: str, row: Refused):
    answer = await catalog.ask(client, version, row.of, row.query)
    assert answer.status_code == row.status, answer.text[:300]
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body["code"] == body["status"] == str(row.status)
    assert body["reason"]
    assert isinstance(body["message"], str)
    assert [one for one in row.fragments if one not in body["message"]] == [], body["message"]
    assert body.get("@type") == ("Error" if version == "v5" else None)


@pytest.mark.parametrize("query", hostile.QUERIES, ids=[f"{at} {one[:40]}" for at, one in enumerate(hostile.QUERIES)])
@pytest.mark.parametrize("version", BOTH)
async def test_a_query_that_nobody_means_is_answered_or_refused(
    client: httpx.AsyncClient, filled: None, version: str, query: str
):
    answer = await asyncio.wait_for(catalog.ask(client, version, "productOffering", query), 10)
    assert answer.status_code in (200, 206, 400, 501), answer.text[:300]
    if answer.status_code >= 400:
        assert answer.json()["message"]
    else:
        assert all(one["id"].startswith(catalog.GROUP) for one in answer.json())


async def test_the_pages_of_a_sorted_list_make_up_the_whole(client: httpx.AsyncClient, filled: None):
    whole = (await catalog.ask(client, "v5", "productOffering", "sort=-lifecycleStatus&fields=id")).json()
    parts = []
    for offset in range(0, 12, 5):
        query = f"sort=-lifecycleStatus&fields=id&offset={offset}&limit=5"
        answer = await catalog.ask(client, "v5", "productOffering", query)
        assert answer.status_code == (206 if offset < 10 else 200)
        assert answer.headers["x-total-count"] == "12"
        parts += answer.json()
    assert parts == whole


async def pages(client: httpx.AsyncClient, first: httpx.Response, relation: str) -> list[list[str]]:
    """The ids of a page and of those that its link leads to, one after the other."""
    found, answer = [], first
    while True:
        found.append([one["id"] for one in answer.json()])
        link = re.search(rf'<([^>]*)>; rel="{relation}"', answer.headers.get("link", ""))
        if link is None or len(found) > 20:
            return found
        answer = await client.get(link[1])
        assert answer.status_code in (200, 206), answer.text[:300]


@pytest.mark.parametrize("start", ["offset=0", "after="])
@pytest.mark.parametrize("size", [1, 5, 6, 12])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "sort=name",
        "sort=-description",
        "sort=isBundle",
        "sort=-lifecycleStatus,statusReason",
        "sort=validFor.startDateTime",
        "sort=-validFor.startDateTime,isSellable",
        "sort=serviceLevelAgreement.name&lifecycleStatus=Active,Retired",
        "sort=id&description.ne=red;isBundle=true",
        "sort=-name&" + path("$[?(@.category || !@.description)]"),
    ],
)
async def test_links_lead_through_the_whole_list_and_back(
    client: httpx.AsyncClient, filled: None, query: str, size: int, start: str
):
    answer = await catalog.ask(client, "v5", "productOffering", query)
    whole = [one["id"] for one in answer.json()]
    asked = "&".join(part for part in (query, start, f"limit={size}") if part)
    first = await catalog.ask(client, "v5", "productOffering", asked)
    there = await pages(client, first, "next")
    assert [one for page in there for one in page] == whole
    assert all(len(page) == size for page in there[:-1])
    if len(there) > 1:
        following = re.search(r'<([^>]*)>; rel="next"', first.headers["link"])
        assert following
        back = await pages(client, await client.get(following[1]), "prev")
        assert back[:2] == [there[1], there[0]]
        assert [one for page in back[2:] for one in page] == []


def test_the_tables_are_as_long_as_they_should_be():
    v5 = [row for row in accepted.ROWS if "v5" in row.versions]
    v4 = [row for row in accepted.ROWS if "v4" in row.versions]
    assert len(v5) >= 160
    assert len(v4) >= 100
    assert len(refused.ROWS) >= 70


def test_no_row_is_there_twice():
    for rows in (accepted.ROWS, refused.ROWS):
        seen = [(row.of, row.query, row.versions) for row in rows]
        assert len(set(seen)) == len(seen), {one for one in seen if seen.count(one) > 1}


def test_every_row_expects_resources_that_there_are():
    for row in accepted.ROWS:
        numbers = [int(number) for number in row.expected.split()]
        assert set(numbers) <= set(range(1, len(catalog.BODIES[row.of]) + 1)), row
        assert len(set(numbers)) == len(numbers), row
        assert row.in_order or numbers == sorted(numbers), row
