"""Extensions: the schema behind @schemaLocation judges what the document does not declare, and nothing else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from common import apis
from common.app import build
from common.errors import StartRefused
from common.schema.extension import Registry
from common.settings import Settings, read
from common.store.database import Database

_TICKET = "/tmf-api/troubleTicket/v5/troubleTicket"
_BODY = {"description": "d", "severity": "s", "ticketType": "t"}
SCHEMA = {
    "$id": "https://operator.example/schemas/FibreTicket.json",
    "allOf": [{"$ref": "#/definitions/Base"}],
    "definitions": {"Base": {"required": ["lineLength"], "properties": {"lineLength": {"type": "number"}}}},
    "required": ["severity", "zone"],
    "properties": {
        "severity": {"type": "integer"},
        "zone": {"enum": ["north", "south"]},
    },
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        found = {
            "/FibreTicket.json": json.dumps(SCHEMA),
            "/broken.json": "{",
            "/odd.json": '{"properties": {"zone": {"type": 7}}}',
        }
        self.send_response(302 if self.path == "/moved.json" else 200 if self.path in found else 404)
        self.send_header("Location", "/FibreTicket.json")
        self.end_headers()
        self.wfile.write(found.get(self.path, "").encode())

    def log_message(self, *_: object):
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
async def extended(tmp_path: Path, settings: Settings, database: Database, host: str):
    (tmp_path / "FibreTicket.json").write_text(json.dumps(SCHEMA))
    place = {"MONGODB_URI": str(settings.store.mongodb_uri), "TMF_SCHEMA_DIR": str(tmp_path)}
    environ = {**place, "TMF_SCHEMA_HOSTS": host}
    app = build(read(environ, {}), apis.chosen(["TMF621"]), database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://h") as client:
        yield client


def locations(host: str) -> list[str]:
    return [SCHEMA["$id"], "https://elsewhere.example/x/FibreTicket.json", f"http://{host}/FibreTicket.json"]


@pytest.mark.parametrize("which", [0, 1, 2])
async def test_an_extension_is_judged_by_its_schema(extended: httpx.AsyncClient, host: str, which: int):
    extension = {"@schemaLocation": locations(host)[which], "@type": "FibreTicket", "@baseType": "TroubleTicket"}
    good = await extended.post(_TICKET, json={**_BODY, **extension, "zone": "north", "lineLength": 2.5})
    assert good.status_code == 201, good.text
    assert good.json()["zone"] == "north"
    bad = await extended.post(_TICKET, json={**_BODY, **extension, "zone": "west"})
    assert bad.status_code == 400
    assert {problem["pointer"] for problem in bad.json()["problems"]} == {"/zone", ""}
    patched = await extended.patch(good.json()["href"], json={"zone": "east"})
    assert patched.status_code == 400


async def test_an_extension_inside_the_body_is_judged_too(extended: httpx.AsyncClient):
    note = {"text": "t", "@schemaLocation": SCHEMA["$id"], "zone": "west", "lineLength": 1}
    bad = await extended.post(_TICKET, json={**_BODY, "note": [note]})
    assert bad.status_code == 400
    assert "/note/0/zone" in bad.json()["message"]


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1:9/Unknown.json", "http://[", "nonsense", "", "file:///etc/passwd"]
)
async def test_a_schema_from_elsewhere_is_not_fetched_and_its_attributes_are_kept(
    extended: httpx.AsyncClient, location: str
):
    sent = {**_BODY, "@schemaLocation": location, "zone": "west"}
    answer = await extended.post(_TICKET, json=sent)
    assert answer.status_code == 201
    assert answer.json()["zone"] == "west"


@pytest.mark.parametrize("spelling", ["127.0.0.\U0001fbf1", "0x7f.1", "127.0.0.1."])
async def test_an_allowed_host_is_the_same_in_every_spelling(extended: httpx.AsyncClient, host: str, spelling: str):
    location = f"http://{host.replace('127.0.0.1', spelling)}/FibreTicket.json"
    bad = await extended.post(_TICKET, json={**_BODY, "@schemaLocation": location, "zone": "west", "lineLength": 1})
    assert bad.status_code == 400
    assert {problem["pointer"] for problem in bad.json()["problems"]} == {"/zone"}


@pytest.mark.parametrize("form", ["http://me@{}/a.json", "http://{}\\@1.1.1.1/a.json", "http://{}\r\n/a.json"])
async def test_an_address_that_readers_may_take_for_another_is_not_fetched(
    extended: httpx.AsyncClient, host: str, form: str
):
    sent = {**_BODY, "@schemaLocation": form.format(host), "zone": "west"}
    assert (await extended.post(_TICKET, json=sent)).status_code == 201


@pytest.mark.parametrize("name", ["broken.json", "missing.json", "moved.json", "odd.json"])
async def test_a_schema_that_cannot_be_used_is_told(extended: httpx.AsyncClient, host: str, name: str):
    answer = await extended.post(_TICKET, json={**_BODY, "@schemaLocation": f"http://{host}/{name}", "zone": "w"})
    assert answer.status_code == 400
    assert name in answer.json()["message"]


def test_a_broken_local_schema_stops_the_start(tmp_path: Path):
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(StartRefused, match=r"bad\.json is not JSON"):
        Registry(tmp_path)
