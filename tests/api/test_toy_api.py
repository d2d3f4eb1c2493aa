"""An eighth API needs its own declaration, and nothing else changes.

First one of a ten-line document, handed to the suite. Then a real folder with documents of its own (tests/toy) in
a copy of the project, where everything that the project asks of an API is asked of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from common.app import build
from common.errors import StartRefused
from common.resource import Api, Resource, Version, always
from common.settings import Settings
from common.store.database import Database
from tests.running import Running, running_suite
from tests.toy.copy import BASE as GADGETS
from tests.toy.copy import Copy, add_toy, made

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
JUDGED = {"TMF_CALLBACK_ALLOW": "127.0.0.0/8", "TMF_SCHEMA_HOSTS": "127.0.0.1"}
"""What the kit needs of a suite: that it may send events to this machine, and fetch schemas from it."""


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


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the project to which the toy is added."""
    copy = made(tmp_path_factory.mktemp("project"))
    add_toy(copy)
    return copy


@pytest.fixture(scope="module")
def suite(copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The copy's suite on data that the copy seeded."""
    folder = tmp_path_factory.mktemp("running")
    said = copy.done("common.cli", "seed", "--size", "300", "--data-dir", str(folder / "data"))
    assert said == "300 resources written, 0 were there already.\n"
    with running_suite(folder, environ={**copy.environ, **JUDGED}) as running:
        yield running


@pytest.mark.long
def test_a_further_api_touches_its_folder_its_documents_and_the_readme_alone(copy: Copy):
    assert copy.touched() == [
        "README.md",
        "specs/TMF999-v5.json",
        "specs/TMF999-v5.yaml",
        "specs/source/TMF999-v5.yaml",
        "specs/source/examples/TMF999-v5.yaml",
        "specs/source/examples/answers/TMF999-v5.yaml",
        "tmf999/__init__.py",
        "tmf999/py.typed",
        "tmf999/resources.py",
        "tmf999/seed.py",
    ]
    changes = copy.done("git", "diff", "--numstat").split()
    assert changes == ["1", "0", "README.md"]


@pytest.mark.long
@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("mypy", "tmf999"),
        ("tests.imports",),
        ("pytest", "tests/test_house.py"),
        ("pytest", "tests/test_specs.py", "-k", "TMF999 or has_its_documents"),
        ("pytest", "tests/test_spec_examples.py", "tests/specs_examples", "-k", "TMF999 or story"),
        ("pytest", "tests/specs_clients", "-k", "every_document"),
        ("pytest", "tests/common/test_seed.py"),
    ],
    ids=["style", "types", "layers", "house", "documents", "examples", "clients", "story"],
)
def test_what_is_asked_of_every_api_holds_for_a_further_one(copy: Copy, command: tuple[str, ...]):
    copy.done(*command)


@pytest.mark.long
def test_the_layers_are_asked_of_a_further_api_too(copy: Copy):
    file = copy.folder / "tmf999" / "resources.py"
    text = file.read_text()
    try:
        file.write_text(text + "import tmf620.resources\n")
        assert "never import each other BROKEN" in copy.run("tests.imports").stdout
    finally:
        file.write_text(text)


@pytest.mark.long
def test_the_contract_tests_hold_for_a_further_api(copy: Copy):
    said = copy.done("pytest", "tests/api", "-k", "TMF999", "--ignore", "tests/api/test_toy_api.py")
    assert int(re.findall(r"(\d+) passed", said)[0]) > 40


@pytest.mark.long
def test_the_seed_tells_of_a_further_api(suite: Running):
    answer = httpx.get(f"{suite.url}{GADGETS}/gadget", params={"limit": 100})
    assert answer.status_code == 200
    assert len(answer.json()) == int(answer.headers["x-total-count"]) >= 5
    assert {gadget["mood"] for gadget in answer.json()} == {"calm", "wild"}
    keeper = answer.json()[0]["keeper"]
    party = httpx.get(f"{suite.url}/tmf-api/partyManagement/v5/individual/{keeper['id']}")
    assert party.json()["name"] == keeper["name"]


@pytest.mark.long
def test_the_kit_judges_a_further_api(copy: Copy, suite: Running):
    """The kit makes its profile of the document: there is no file of the kit about this API."""
    said = copy.done("ctk", suite.url, "--api", "TMF999-v5", "--level", "best")
    passed, failed, _ = re.findall(r"(\d+) (?:passed|failed|not tested)", said.rpartition("level best:")[2])
    assert int(passed) > 800, said
    assert int(failed) == 0, said
