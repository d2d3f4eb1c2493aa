"""Creation: what a client gets back, what the server sets, what is refused."""

import httpx
import pytest

from tests.api.resource_views import Case, every
from tests.conftest import ORIGIN


@every("create", "retrieve")
async def test_a_created_resource_is_answered_stored_and_found_at_its_location(client: httpx.AsyncClient, case: Case):
    answer = await client.post(case.path, json=case.body())
    assert answer.status_code == 201, answer.text
    created = answer.json()
    assert created["href"] == answer.headers["location"] == f"{ORIGIN}{case.path}/{created['id']}"
    assert answer.headers["etag"]
    read = await client.get(created["href"])
    assert read.status_code == 200
    assert read.json() == created
    assert read.headers["etag"] == answer.headers["etag"]


@every("create")
async def test_what_was_sent_is_what_is_answered(client: httpx.AsyncClient, case: Case):
    sent = case.body("kept as sent")
    created = (await client.post(case.path, json=sent)).json()
    set_by_server = case.view.schema.server_set | {"id", "href"}
    assert {name: created[name] for name in sent if name not in set_by_server} == {
        name: value for name, value in sent.items() if name not in set_by_server
    }


@every("create")
async def test_the_server_sets_type_dates_and_first_state(client: httpx.AsyncClient, case: Case):
    sent = case.body()
    sent.pop("@type", None)
    created = (await client.post(case.path, json=sent)).json()
    resource = case.view.resource
    assert created["@type"] == case.view.schema.type_name
    shown = [name for name in (resource.updated, resource.status) if name in case.view.schema.readable]
    assert all(created.get(name) for name in shown)


@every("create")
async def test_a_body_with_several_problems_is_told_all_of_them(client: httpx.AsyncClient, case: Case):
    sent = {**case.body(), case.text_attribute: 17, "@baseType": 4, "notDeclared": 1}
    answer = await client.post(case.path, json=sent)
    assert answer.status_code == 400
    told = {problem["pointer"] for problem in answer.json()["problems"]}
    assert {f"/{case.text_attribute}", "/@baseType", "/notDeclared"} <= told
    assert all(pointer in answer.json()["message"] for pointer in told)


@every("create")
async def test_a_missing_mandatory_attribute_is_named(client: httpx.AsyncClient, case: Case):
    mandatory = case.view.schema.mandatory - case.view.schema.server_set - set(case.view.resource.defaults)
    for name in sorted(mandatory & case.body().keys() - {"@type"}):
        sent = case.body()
        del sent[name]
        answer = await client.post(case.path, json=sent)
        assert answer.status_code == 400, name
        assert f'"{name}" is mandatory' in answer.json()["message"]


@every("create")
async def test_an_empty_or_non_string_type_is_refused(client: httpx.AsyncClient, case: Case):
    for bad in ("", 5, None):
        answer = await client.post(case.path, json={**case.body(), "@type": bad})
        assert answer.status_code == 400, (bad, answer.text)
        assert "/@type" in answer.json()["message"]


@every("create")
async def test_a_sent_id_is_kept_where_the_create_schema_has_it(client: httpx.AsyncClient, case: Case):
    wanted = f"chosen-{case.name}"
    answer = await client.post(case.path, json={**case.body(), "id": wanted})
    assert answer.status_code == 201
    honoured = "id" in case.view.schema.creatable
    assert (answer.json()["id"] == wanted) is honoured
    again = await client.post(case.path, json={**case.body(), "id": wanted})
    assert again.status_code == (409 if honoured else 201)


@pytest.mark.parametrize("bad", ["a/b", "", " x", "x" * 300, "..", "a\nb"])
async def test_an_id_that_no_address_can_hold_is_refused(client: httpx.AsyncClient, bad: str):
    path = "/tmf-api/partyManagement/v5/individual"
    answer = await client.post(path, json={"id": bad, "givenName": "Ada", "familyName": "Berg"})
    assert answer.status_code == 400
    assert "/id" in answer.json()["message"]


@pytest.mark.parametrize("identifier", ["ä ö", "50%", "a.b", "$where", "a?b#c", "x&y=1"])
async def test_an_unusual_id_is_found_at_its_location(client: httpx.AsyncClient, identifier: str):
    path = "/tmf-api/partyManagement/v5/individual"
    answer = await client.post(path, json={"id": identifier, "givenName": "Ada", "familyName": "Berg"})
    assert answer.status_code == 201
    assert (await client.get(answer.headers["location"])).json()["id"] == identifier


async def test_names_that_the_store_cannot_hold_as_they_are_come_back_unchanged(client: httpx.AsyncClient):
    value = {"$gt": 1, "a.b": {"c.$d": [{"%24": 2, "nul\u0000": 3}]}}
    path = "/tmf-api/customerManagement/v4/customer"
    body = {
        "name": "Ada",
        "engagedParty": {"id": "1", "@referredType": "Individual"},
        "characteristic": [{"name": "odd", "valueType": "object", "value": value}],
    }
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    assert (await client.get(answer.headers["location"])).json()["characteristic"][0]["value"] == value


async def test_a_state_that_only_the_server_may_set_is_refused_at_creation(client: httpx.AsyncClient):
    body = {"productOrderItem": [{"id": "1", "action": "add"}], "state": "completed"}
    answer = await client.post("/tmf-api/productOrderingManagement/v5/productOrder", json=body)
    assert answer.status_code == 400
    assert "/state" in answer.json()["message"]


async def test_an_order_may_start_as_a_draft_in_v5(client: httpx.AsyncClient):
    body = {"productOrderItem": [{"id": "1", "action": "add"}], "requestedInitialState": "draft"}
    answer = await client.post("/tmf-api/productOrderingManagement/v5/productOrder", json=body)
    assert answer.json()["state"] == "draft"
    identifier = answer.json()["id"]
    v4 = await client.get(f"/tmf-api/productOrderingManagement/v4/productOrder/{identifier}")
    assert v4.json()["state"] == "acknowledged"


@every("create")
async def test_a_date_that_the_server_sets_is_its_own(client: httpx.AsyncClient, case: Case):
    old = "2001-01-01T00:00:00Z"
    dates = {name: old for name in case.view.schema.server_set if not name.endswith(("History", "statusChange"))}
    created = await client.post(case.path, json={**case.body(), **dates})
    assert created.status_code == 201, created.text
    assert {name: created.json()[name] for name in dates if created.json()[name] == old} == {}
