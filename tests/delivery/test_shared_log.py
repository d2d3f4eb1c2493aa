"""Two APIs with a resource of one name: each tells of its own; where they share a collection on purpose, both tell."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from common.app import build
from common.binding import bind, channels, read_documents
from common.delivery.sender import Sender
from common.hub.destinations import Allowed
from common.resource import Api, Resource, Version
from common.settings import Settings, read
from common.store.connection import connect
from common.store.database import open_database
from common.worker import delivery_tools, worker_over
from tests.conftest import ORIGIN
from tests.hub.receiver import Receiver
from tests.hub.stage import eventually

_DOCUMENT = """
openapi: 3.0.3
info: {title: Gadgets, version: 1.0.0}
paths:
  /gadget: {post: {operationId: createGadget, requestBody: &gadget {content: {application/json: {schema:
    {$ref: '#/components/schemas/Gadget'}}}}, responses: &answer {'201': {description: ok, content: {application/json:
    {schema: {$ref: '#/components/schemas/Gadget'}}}}}}}
  /gadget/{id}: {get: {operationId: retrieveGadget, responses: *answer}, patch: {operationId: patchGadget,
    requestBody: *gadget, responses: *answer}}
  /hub: {post: {operationId: hubPost, requestBody: &none {content: {application/json: {schema: {type: object}}}},
    responses: &kept {'201': {description: ok}}}}
  /hub/{id}: {delete: {operationId: hubDelete, responses: {'204': {description: ok}}}}
  /listener/gadgetCreateEvent: {post: {operationId: gadgetCreateEvent, requestBody: &event {content: {application/json:
    {schema: {$ref: '#/components/schemas/GadgetEvent'}}}}, responses: *kept}}
  /listener/gadgetAttributeValueChangeEvent: {post: {operationId: gadgetAttributeValueChangeEvent,
    requestBody: *event, responses: *kept}}
components: {schemas: {Gadget: {type: object, properties: {id: {type: string}, name: {type: string}}},
  GadgetEvent: {type: object, properties: {eventId: {type: string}, eventType: {type: string},
    fieldPath: {type: string}, event: {type: object, properties: {gadget: {$ref: '#/components/schemas/Gadget'}}}}}}}
"""


def gadgets(folder: Path, code: str, log: str = "", **declared: object) -> Api:
    """A toy API with events."""
    file = folder / f"{code}-v5.yaml"
    file.write_text(_DOCUMENT)
    return Api(code, code, (Version("v5", base(code), file),), (Resource("gadget", **declared),), log=log)


def base(code: str) -> str:
    return f"/tmf-api/{code.lower()}/v5"


@asynccontextmanager
async def working(settings: Settings, served: Sequence[Api]) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a suite of these APIs, and a background process that works meanwhile."""
    database = open_database(str(settings.store.mongodb_uri), settings.store.database)
    sender = Sender(Allowed(settings.delivery.callback_allow), 5.0, 10)
    described = channels(bind(read_documents(tuple(served))))
    worker = worker_over(delivery_tools(database, settings, sender), settings, served, described, uuid.uuid4().hex)
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run(stop))
    transport = httpx.ASGITransport(app=build(settings, tuple(served), database))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            yield client
    finally:
        stop.set()
        await task
        await sender.close()
        await database.close()
        with connect(str(settings.store.mongodb_uri)) as tool:
            tool.drop_database(settings.store.database)


@pytest.fixture
def own(store_uri: str) -> Settings:
    """Settings of a database of the test's own."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    return read({"MONGODB_URI": store_uri, "TMF_DATABASE": name, "TMF_CALLBACK_ALLOW": "127.0.0.0/8"}, {})


async def told_to_both(client: httpx.AsyncClient, heard: Receiver) -> None:
    """Subscribes at both hubs, makes a gadget at each API and changes it."""
    for code in ("TMF998", "TMF999"):
        answer = await client.post(f"{base(code)}/hub", json={"callback": f"{heard.url}/{code}"})
        assert answer.status_code == 201, answer.text
    for code in ("TMF998", "TMF999"):
        made = await client.post(f"{base(code)}/gadget", json={"name": f"made at {code}"})
        assert made.status_code == 201, made.text
        changed = await client.patch(made.json()["href"], json={"name": f"changed at {code}"})
        assert changed.status_code == 200, changed.text


def names(heard: Receiver, code: str) -> list[str]:
    """The names of the gadgets in the events that the subscriber at an API's hub took."""
    return [event["event"]["gadget"]["name"] for event in heard.taken(f"/{code}")]


async def test_a_subscriber_hears_of_the_resources_of_its_api_alone(own: Settings, heard: Receiver, tmp_path: Path):
    served = [gadgets(tmp_path, "TMF998"), gadgets(tmp_path, "TMF999", collection="gadget-TMF999")]
    async with working(own, served) as client:
        await told_to_both(client, heard)
        await eventually(lambda: len(heard.taken("/TMF998")) + len(heard.taken("/TMF999")) >= 4, "the events")
        for code in ("TMF998", "TMF999"):
            assert names(heard, code) == [f"made at {code}", f"changed at {code}"]


async def test_subscribers_of_both_apis_hear_of_what_they_share(own: Settings, heard: Receiver, tmp_path: Path):
    shared = {"collection": "shared-gadget", "shared": True}
    served = [gadgets(tmp_path, "TMF998", **shared), gadgets(tmp_path, "TMF999", "TMF998", **shared)]
    async with working(own, served) as client:
        await told_to_both(client, heard)
        await eventually(lambda: len(heard.taken("/TMF998")) + len(heard.taken("/TMF999")) >= 8, "the events")
        everything = sorted(f"{word} at {code}" for word in ("made", "changed") for code in ("TMF998", "TMF999"))
        for code in ("TMF998", "TMF999"):
            assert sorted(names(heard, code)) == everything
            hrefs = {event["event"]["gadget"]["href"] for event in heard.taken(f"/{code}")}
            assert all(f"/{code.lower()}/" in href for href in hrefs)
            changes = [event for event in heard.taken(f"/{code}") if "fieldPath" in event]
            assert [event["fieldPath"] for event in changes] == ["name", "name"]
