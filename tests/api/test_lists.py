"""Lists: order, pages, counts, equality filters and chosen attributes, in the asked version's names."""

import re
import uuid

import httpx
import pytest

from tests.api.resource_views import Case, every
from tests.api.test_errors import assert_error
from tests.conftest import ORIGIN

_TICKET = "/tmf-api/troubleTicket/v5/troubleTicket"


async def three(client: httpx.AsyncClient, case: Case) -> tuple[str, list[str]]:
    """Three resources with one text of their own; the text as a filter value and the ids, oldest first."""
    text = f"list-{uuid.uuid4().hex}"
    created = [(await client.post(case.path, json=case.body(text))).json() for _ in range(3)]
    return created[0][case.text_attribute], [one["id"] for one in created]


@every("create", "list")
async def test_a_list_is_newest_first_with_its_counts(client: httpx.AsyncClient, case: Case):
    text, ids = await three(client, case)
    answer = await client.get(case.path, params={case.text_attribute: text})
    assert answer.status_code == 200
    assert [one["id"] for one in answer.json()] == ids[::-1]
    assert answer.headers["x-total-count"] == answer.headers["x-result-count"] == "3"
    everything = await client.get(case.path)
    assert [one["id"] for one in everything.json()[:3]] == ids[::-1]


@every("create", "list")
async def test_a_part_of_a_list_is_told_as_one(client: httpx.AsyncClient, case: Case):
    text, ids = await three(client, case)
    first = await client.get(case.path, params={case.text_attribute: text, "limit": 2})
    assert first.status_code == 206
    assert (first.headers["x-total-count"], first.headers["x-result-count"]) == ("3", "2")
    following = re.search(r'<([^>]*)>; rel="next"', first.headers["link"])
    assert following
    second = await client.get(following[1])
    assert second.status_code == 200
    assert [one["id"] for one in first.json() + second.json()] == ids[::-1]
    assert 'rel="prev"' in second.headers["link"]
    beyond = await client.get(case.path, params={case.text_attribute: text, "offset": 9})
    assert (beyond.status_code, beyond.json(), beyond.headers["x-total-count"]) == (200, [], "3")
    nothing = await client.get(case.path, params={case.text_attribute: text, "limit": 0})
    assert (nothing.status_code, nothing.json()) == (206, [])


@every("create", "list", "retrieve")
async def test_chosen_attributes_come_alone(client: httpx.AsyncClient, case: Case):
    text, ids = await three(client, case)
    always = {"id", "href"} if case.view.version == "v4" else {"id", "href", "@type"}
    href = f"{ORIGIN}{case.path}/{ids[0]}"
    assert (await client.get(href, params={"fields": "none"})).json().keys() == always
    chosen = (await client.get(href, params={"fields": case.text_attribute})).json()
    assert chosen.keys() == always | {case.text_attribute}
    listed = await client.get(case.path, params={case.text_attribute: text, "fields": f"id,{case.text_attribute}"})
    assert [one.keys() for one in listed.json()] == [always | {case.text_attribute}] * 3
    unknown = await client.get(href, params={"fields": "notDeclared"})
    assert unknown.status_code == 400
    assert "notDeclared" in unknown.json()["message"]


@every("create", "patch")
async def test_fields_on_a_write_are_v5s_alone(client: httpx.AsyncClient, case: Case):
    answer = await client.post(case.path + "?fields=id", json=case.body())
    if case.view.version == "v4":
        assert answer.status_code == 400
        return
    assert answer.json().keys() == {"id", "href", "@type"}
    change = {case.text_attribute: "https://example.com/x"}
    changed = await client.patch(answer.json()["href"] + "?fields=" + case.text_attribute, json=change)
    assert changed.json().keys() == {"id", "href", "@type", case.text_attribute}


@every("list")
async def test_an_unknown_attribute_is_refused_with_the_nearest_names(client: httpx.AsyncClient, case: Case):
    wrong = case.text_attribute + "s"
    answer = await client.get(case.path, params={wrong: "x"})
    assert answer.status_code == 400
    assert f'"{wrong}"' in answer.json()["message"]
    assert case.text_attribute in answer.json()["message"].split("nearest")[1]


@every("list")
@pytest.mark.parametrize(
    "bad", ["offset=-1", "limit=ten", "limit=1.5", "limit=1&limit=2", "limit=1000000", "offset=%C2%B2"]
)
async def test_a_page_that_is_none_is_refused(client: httpx.AsyncClient, case: Case, bad: str):
    answer = await client.get(f"{case.path}?{bad}")
    assert answer.status_code == 400
    assert bad[:5] in answer.json()["message"]


@every("create", "list")
async def test_a_list_answers_at_a_trailing_slash_too(client: httpx.AsyncClient, case: Case):
    text, ids = await three(client, case)
    answer = await client.get(case.path + "/", params={case.text_attribute: text})
    assert [one["id"] for one in answer.json()] == ids[::-1]


async def tickets(client: httpx.AsyncClient) -> str:
    """Three tickets that differ; the name of all three."""
    name = f"group {uuid.uuid4().hex}"
    common = {"name": name, "severity": "minor", "ticketType": "fault"}
    party = {"role": "owner", "partyOrPartyRole": {"id": "p1", "@referredType": "Individual", "@type": "PartyRef"}}
    for body in (
        {**common, "description": "A", "status": "acknowledged", "relatedParty": [party]},
        {**common, "description": "B", "status": "inProgress", "note": [{"author": "x, y", "text": "t"}]},
        {**common, "description": "C; D", "status": "inProgress", "priority": "1,5"},
    ):
        assert (await client.post(_TICKET, json=body)).status_code == 201
    return name


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=inProgress", ["B", "C; D"]),
        ("status=inProgress&description=B", ["B"]),
        ("status=acknowledged,inProgress", ["A", "B", "C; D"]),
        ("status=acknowledged%2CinProgress", ["A", "B", "C; D"]),
        ("description=A&description=B", ["A", "B"]),
        ("description=A;description=B", ["A", "B"]),
        ("description=A;status=inProgress", ["A", "B", "C; D"]),
        ("description=C;%20D", ["C; D"]),
        ("description=C%3B%20D", ["C; D"]),
        ("priority=1,5", ["C; D"]),
        ("note.author=x,%20y", ["B"]),
        ("note.author=z", []),
        ("relatedParty.role=owner", ["A"]),
        ("relatedParty.partyOrPartyRole.id=p1", ["A"]),
        ("relatedParty.partyOrPartyRole.@type=PartyRef", ["A"]),
        ("description=%24ne", []),
    ],
)
async def test_equality_filters(client: httpx.AsyncClient, query: str, expected: list[str]):
    name = await tickets(client)
    answer = await client.get(f"{_TICKET}?name={name}&{query}")
    assert answer.status_code == 200, answer.text
    assert sorted(one["description"] for one in answer.json()) == expected


async def test_filters_speak_the_names_of_the_asked_version(client: httpx.AsyncClient):
    name = await tickets(client)
    v4 = _TICKET.replace("v5", "v4")
    found = await client.get(v4, params={"name": name, "relatedParty.id": "p1"})
    assert [one["description"] for one in found.json()] == ["A"]
    assert (await client.get(v4, params={"relatedParty.partyOrPartyRole.id": "p1"})).status_code == 400
    history = await client.get(v4, params={"name": name, "statusChange.status": "acknowledged"})
    assert [one["description"] for one in history.json()] == ["A"]


async def test_a_date_filter_matches_the_string_that_was_returned_and_other_spellings(client: httpx.AsyncClient):
    created = (await client.post(_TICKET, json={"description": "d", "severity": "s", "ticketType": "t"})).json()
    date = created["creationDate"]
    for spelling in (date, date.replace("Z", "+00:00"), date.replace("Z", "%2B00:00")):
        answer = await client.get(f"{_TICKET}?creationDate={spelling}&id={created['id']}")
        assert [one["id"] for one in answer.json()] == [created["id"]], spelling


async def test_typed_filters_tell_the_expected_type(client: httpx.AsyncClient):
    path = "/tmf-api/productCatalogManagement/v5/productOffering"
    assert "boolean" in (await client.get(path + "?isBundle=maybe")).json()["message"]
    assert "integer" in (await client.get(path + "?productOfferingTerm.duration.amount=x")).json()["message"]
    made = await client.post(
        path,
        json={
            "name": "typed",
            "isBundle": True,
            "productOfferingTerm": [{"name": "t", "duration": {"amount": 24, "units": "month"}}],
        },
    )
    assert made.status_code == 201, made.text
    found = await client.get(path + "?isBundle=true&productOfferingTerm.duration.amount=24&name=typed")
    assert [one["id"] for one in found.json()] == [made.json()["id"]]


@every("create", "list")
async def test_a_resource_is_found_by_its_id_and_by_its_href(client: httpx.AsyncClient, case: Case):
    created = (await client.post(case.path, json=case.body())).json()
    for name in ("id", "href"):
        answer = await client.get(case.path, params={name: created[name]})
        assert [one["id"] for one in answer.json()] == [created["id"]], name
        assert (await client.get(case.path, params={name: "https://example.com/none"})).json() == []


@every("create", "list")
async def test_what_the_server_sets_can_be_filtered_by(client: httpx.AsyncClient, case: Case):
    """Kits ask for each mandatory attribute with the value that they were answered."""
    created = (await client.post(case.path, json=case.body())).json()
    for name, value in created.items():
        if isinstance(value, str):
            answer = await client.get(case.path, params={name: value, "id": created["id"]})
            assert [one["id"] for one in answer.json()] == [created["id"]], (name, value)


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
async def test_a_date_at_the_end_of_time_matches_nothing(client: httpx.AsyncClient, value: str):
    answer = await client.get(_TICKET, params={"creationDate": value})
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize("value", ["yesterday", "", "2026-13-01", "2026-02-30T00:00:00Z", "2026-05-01T08:30:00"])
async def test_a_date_that_no_calendar_has_is_refused(client: httpx.AsyncClient, value: str):
    answer = await client.get(_TICKET, params={"creationDate": value})
    assert answer.status_code == 400
    assert all(part in answer.json()["message"] for part in ("creationDate", value, "date-time"))


@every("list")
async def test_brackets_by_the_thousand_are_refused_at_every_collection(client: httpx.AsyncClient, case: Case):
    for query in ("[]" * 2000, "[]" * 2000 + "=x", "%5B%5D" * 700, "[]~" * 1000 + "=x"):
        answer = await client.get(f"{case.path}?{query}")
        assert_error(answer, 400, case.view.version)
