"""A collection belongs to one API, unless several declare on purpose that they share it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from common import apis
from common.app import build
from common.errors import StartRefused
from common.ownership import require_own_collections
from common.resource import Api, Resource, Version, always
from common.settings import Settings
from common.store.mongo import MongoStore
from tests.api.test_toy_api import DOCUMENT

_OF_THE_FIRST_RELEASE = {
    "TMF620": "productCatalog category productOffering productOfferingPrice productSpecification importJob exportJob",
    "TMF621": "troubleTicket troubleTicketSpecification",
    "TMF622": "productOrder cancelProductOrder",
    "TMF629": "customer",
    "TMF632": "individual organization",
    "TMF666": "partyAccount billingAccount settlementAccount financialAccount billPresentationMedia billFormat "
    "billingCycleSpecification",
    "TMF683": "partyInteraction",
}


def gadgets(folder: Path, code: str, **declared: object) -> Api:
    """A toy API whose resource is called as that of every other toy API."""
    file = folder / f"{code}-v5.yaml"
    file.write_text(DOCUMENT)
    resource = Resource("gadget", **{"status": "mood", "defaults": {"mood": always("calm")}, **declared})
    return Api(code, code, (Version("v5", f"/tmf-api/{code.lower()}/v5", file),), (resource,))


def test_what_the_first_release_kept_is_found_in_its_collections():
    declared = {api.code: [one.collection for one in api.resources] for api in apis.declared()}
    kept = {code: names.split() for code, names in _OF_THE_FIRST_RELEASE.items()}
    assert {code: sorted(declared[code]) for code in kept} == {code: sorted(names) for code, names in kept.items()}


def test_two_apis_that_keep_resources_in_one_collection_stop_the_start(
    tmp_path: Path, settings: Settings, store: MongoStore
):
    two = (gadgets(tmp_path, "TMF998"), gadgets(tmp_path, "TMF999"))
    with pytest.raises(StartRefused) as refused:
        build(settings, two, store)
    assert "TMF998 and TMF999" in str(refused.value)
    assert '"gadget"' in str(refused.value)
    assert "declare it shared in both" in str(refused.value)


async def test_two_apis_with_a_resource_of_one_name_keep_theirs(tmp_path: Path, settings: Settings, store: MongoStore):
    two = (gadgets(tmp_path, "TMF998"), gadgets(tmp_path, "TMF999", collection="gadget-TMF999"))
    app = build(settings, two, store)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://h") as client:
        made = await client.post("/tmf-api/tmf998/v5/gadget", json={"id": "apart", "name": "lamp"})
        assert made.status_code == 201
        assert (await client.get("/tmf-api/tmf999/v5/gadget/apart")).status_code == 404
        refused = await client.post("/tmf-api/tmf998/v5/gadget", json={"id": "apart", "name": "lamp"})
        assert refused.status_code == 409
        assert (await client.post("/tmf-api/tmf999/v5/gadget", json={"id": "apart", "name": "l"})).status_code == 201
        again = await client.post("/tmf-api/tmf999/v5/gadget", json={"id": "apart", "name": "l"})
        assert again.status_code == 409
        assert "gadget with the id" in again.json()["message"]
        assert "TMF999" not in again.json()["message"]


async def test_a_collection_shared_on_purpose_is_two_windows_on_one_resource(
    tmp_path: Path, settings: Settings, store: MongoStore
):
    shared = {"collection": "shared-gadget", "shared": True}
    first = gadgets(tmp_path, "TMF998", **shared)
    app = build(settings, (first, replace(gadgets(tmp_path, "TMF999", **shared), log="TMF998")), store)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://h") as client:
        made = await client.post("/tmf-api/tmf998/v5/gadget", json={"name": "lamp"})
        seen = await client.get(f"/tmf-api/tmf999/v5/gadget/{made.json()['id']}")
        assert seen.json() == {**made.json(), "href": made.json()["href"].replace("tmf998", "tmf999")}


@pytest.mark.parametrize(
    ("declared", "log", "sentence"),
    [
        ({"shared": False}, "TMF998", "declare it shared in both"),
        ({}, "TMF999", 'two logs, "TMF998" and "TMF999"'),
        ({"status": None, "defaults": {}}, "TMF998", "declare it unlike: status, defaults"),
    ],
)
def test_windows_on_one_resource_agree_on_it(tmp_path: Path, declared: dict[str, object], log: str, sentence: str):
    first = gadgets(tmp_path, "TMF998", shared=True)
    second = replace(gadgets(tmp_path, "TMF999", **{"shared": True, **declared}), log=log)
    with pytest.raises(StartRefused, match=sentence):
        require_own_collections((first, second))


def test_two_resources_of_one_api_share_nothing_either(tmp_path: Path):
    api = gadgets(tmp_path, "TMF998")
    both = replace(api, resources=(*api.resources, Resource("widget", collection="gadget")))
    with pytest.raises(StartRefused, match="TMF998 and TMF998"):
        require_own_collections((both,))
