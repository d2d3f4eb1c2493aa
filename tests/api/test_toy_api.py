"""An eighth API, made from a ten-line document: it needs its own declaration and nothing of common/ changes."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from common.app import build
from common.errors import StartRefused
from common.resource import Api, Resource, Version, always
from common.settings import Settings
from common.store.database import Database

DOCUMENT = """
openapi: 3.0.3
info: {title: Gadgets, version: 1.0.0}
paths:
  /gadget: {get: {operationId: listGadget, responses: &answer {'200': {description: ok, content: &gadget
    {application/json: {schema: {$ref: '#/components/schemas/Gadget'}}}}}},
    post: {operationId: createGadget, requestBody: {content: *gadget}, responses: *answer}}
  /gadget/{id}: {get: {operationId: retrieveGadget, responses: *answer}, patch: {operationId: patchGadget,
    requestBody: {content: *gadget}, responses: *answer}, delete: {operationId: deleteGadget, responses: *answer}}
components: {schemas: {Gadget: {type: object, required: [name], properties: {id: {type: string}, name: {type: string},
  weight: {type: integer}, mood: {type: string, enum: [calm, wild]}}}}}
"""
BASE = "/tmf-api/gadgets/v5"


def gadgets(folder: Path, text: str = DOCUMENT, **declared: object) -> Api:
    file = folder / "TMF999-v5.yaml"
    file.write_text(text)
    resource = Resource("gadget", status="mood", defaults={"mood": always("calm")}, **declared)
    return Api("TMF999", "Gadgets", (Version("v5", BASE, file),), (resource,))


def test_the_document_has_ten_lines_and_little_more():
    assert len(DOCUMENT.strip().splitlines()) <= 12


async def test_an_api_is_its_document_and_its_declaration(tmp_path: Path, settings: Settings, database: Database):
    app = build(settings, (gadgets(tmp_path),), database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://h") as client:
        made = await client.post(f"{BASE}/gadget", json={"name": "lamp", "weight": 3})
        assert made.status_code == 201, made.text
        assert made.json()["mood"] == "calm"
        changed = await client.patch(made.json()["href"], json={"mood": "wild"})
        assert changed.json()["mood"] == "wild"
        listed = await client.get(f"{BASE}/gadget", params={"weight": 3, "id": made.json()["id"]})
        assert listed.json() == [changed.json()]
        refused = await client.post(f"{BASE}/gadget", json={"weight": "x", "mood": "odd", "size": 1})
        assert {p["pointer"] for p in refused.json()["problems"]} == {"", "/weight", "/mood", "/size"}
        assert (await client.delete(made.json()["href"])).status_code == 204
        assert "Gadgets" in (await client.get("/")).text
        assert (await client.get(f"{BASE}/ui/")).status_code == 200
        assert (await client.get(f"{BASE}/openapi.json")).json()["info"]["title"] == "Gadgets"


async def test_a_path_taken_out_of_a_document_is_lost(tmp_path: Path, settings: Settings, database: Database):
    text = DOCUMENT.replace(", delete: {operationId: deleteGadget, responses: *answer}", "")
    app = build(settings, (gadgets(tmp_path, text),), database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://h") as client:
        made = await client.post(f"{BASE}/gadget", json={"name": "lamp"})
        assert (await client.delete(made.json()["href"])).status_code == 405


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("/gadget/{id}:", "/widget/{id}:", "/widget"),
        ("/gadget/{id}:", "/gadget/{id}/parts:", "/gadget/{id}/parts"),
        ("mood: {", "temper: {", '"mood"'),
        ("openapi: 3.0.3", "openapi: [", "cannot be read"),
        ("paths:", "ways:", "no paths"),
    ],
)
def test_a_declaration_that_contradicts_its_document_stops_the_start(
    tmp_path: Path, settings: Settings, database: Database, old: str, new: str, told: str
):
    with pytest.raises(StartRefused) as refused:
        build(settings, (gadgets(tmp_path, DOCUMENT.replace(old, new)),), database)
    assert told in str(refused.value)
    assert "TMF999-v5.yaml" in str(refused.value)


def test_a_missing_document_stops_the_start(tmp_path: Path, settings: Settings, database: Database):
    api = gadgets(tmp_path)
    api.versions[0].document.unlink()
    with pytest.raises(StartRefused, match=r"TMF999-v5\.yaml cannot be read"):
        build(settings, (api,), database)


def test_an_attribute_that_the_document_lacks_stops_the_start(tmp_path: Path, settings: Settings, database: Database):
    with pytest.raises(StartRefused, match='"born" of gadget'):
        build(settings, (gadgets(tmp_path, created="born"),), database)
