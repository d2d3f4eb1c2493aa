"""Dates as Java and others write them: a full minute without seconds, an offset without its colon."""

from __future__ import annotations

import httpx
import pytest

from tests.api.resource_views import Case, cases

_ATTRIBUTES = [
    (case, name)
    for case in cases()
    for name in sorted(case.view.schema.creatable - case.view.schema.server_set)
    if {"create", "list"} <= case.verbs
    and (attribute := case.view.schema.attributes.find((name,))) is not None
    and (attribute.kind, attribute.format, attribute.many) == ("string", "date-time", False)
]
every_date = pytest.mark.parametrize(
    ("case", "name"), _ATTRIBUTES, ids=[f"{case.name}-{name}" for case, name in _ATTRIBUTES]
)


def test_both_versions_have_such_dates():
    assert {case.view.version for case, _ in _ATTRIBUTES} == {"v4", "v5"}
    assert len(_ATTRIBUTES) > 20


@every_date
@pytest.mark.parametrize("written", ["2026-01-01T00:00Z", "2026-01-01T01:00+0100", "2026-01-01T00:00:00-0000"])
async def test_a_date_is_taken_answered_as_it_came_and_asked_for_as_an_instant(
    client: httpx.AsyncClient, case: Case, name: str, written: str
):
    made = await client.post(case.path, json={**case.body("dated"), name: written})
    assert made.status_code == 201, made.text
    assert made.json()[name] == written
    for operator, moment in (
        ("", "2026-01-01T00:00Z"),
        (".lte", "2026-01-01T00:00:00Z"),
        (".gte", "2026-01-01T02:00+0200"),
    ):
        asked = {"id": made.json()["id"], f"{name}{operator}": moment}
        found = await client.get(case.path, params=asked)
        assert [one["id"] for one in found.json()] == [made.json()["id"]], asked
    later = {"id": made.json()["id"], f"{name}.gt": "2026-01-01T00:00Z"}
    assert (await client.get(case.path, params=later)).json() == []


async def test_a_blank_before_an_offset_without_colon_was_a_plus(client: httpx.AsyncClient):
    path = "/tmf-api/troubleTicket/v5/troubleTicket"
    body = {"description": "d", "severity": "s", "ticketType": "t", "requestedResolutionDate": "2026-01-01T00:00Z"}
    made = (await client.post(path, json=body)).json()
    answer = await client.get(f"{path}?id={made['id']}&requestedResolutionDate=2026-01-01T01:00+0100")
    assert [one["id"] for one in answer.json()] == [made["id"]]


@pytest.mark.parametrize("version", ["v4", "v5"])
async def test_a_hub_query_may_name_such_a_date(client: httpx.AsyncClient, version: str):
    query = "event.troubleTicket.requestedResolutionDate.lt=2026-01-01T00:00Z"
    body = {"callback": "https://93.184.215.14/dates", "query": query}
    answer = await client.post(f"/tmf-api/troubleTicket/{version}/hub", json=body)
    assert answer.status_code in (201, 409), answer.text


@pytest.mark.parametrize("written", ["2026-01-01T00Z", "2026-01-01T00:00", "2026-01-01T24:00Z", "2026-13-01T00:00Z"])
async def test_what_names_no_instant_is_refused(client: httpx.AsyncClient, written: str):
    body = {"description": "d", "severity": "s", "ticketType": "t", "requestedResolutionDate": written}
    answer = await client.post("/tmf-api/troubleTicket/v5/troubleTicket", json=body)
    assert answer.status_code == 400
    assert "/requestedResolutionDate" in answer.json()["message"]
