"""The envelope of every event type, about a resource that the API made, judged by openapi-core over its document."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import httpx
import pytest
from openapi_core.testing import MockRequest

from common.binding import channels
from common.document import Document
from common.events.channel import Channel
from common.events.envelope import SUITE, event_document, event_id
from common.events.kinds import EventType
from common.resource import SPECS
from common.store.base import Announcement
from common.store.event_log import Logged
from common.store.mongo import MongoStore
from tests.api.resource_views import Case, bound, cases
from tests.api.test_contract import document
from tests.conftest import ORIGIN
from tests.specs_clients.check import read

_AT = 1_777_887_000_123_456
_MOMENT = "2026-05-04T09:30:00.123Z"
_CHANGE_ID = "8d2c1f0e-6a53-4b0e-9c55-2f6d6a6c9a42"
_CONTENT = "attributeValueChange"


@dataclass(frozen=True)
class Sort:
    """One event type of one version."""

    channel: Channel
    told: EventType

    @property
    def name(self) -> str:
        return f"{self.channel.api.code}-{self.channel.version.name}-{self.told.segment}"

    @property
    def case(self) -> Case:
        """The resource that it tells of."""
        return next(case for case in cases() if case.path == self.told.view.path)

    @property
    def envelope(self) -> Document:
        """What the document declares of the envelope and of what it inherits, by attribute."""
        return declared(self.components, {"$ref": f"#/{self.told.schema}"})

    @property
    def places(self) -> set[str]:
        """Under which names the document lets something lie in the content."""
        return set(declared(self.components, self.envelope[self.told.container]))

    @property
    def components(self) -> Document:
        """The schemas of the document."""
        found: Document = written(f"{self.channel.api.code}-{self.channel.version.name}")["components"]["schemas"]
        return found


@cache
def written(name: str) -> Document:
    """A document as it is written in specs/, read with another reader than the servers'."""
    return read(name)


def declared(components: Document, schema: Document) -> Document:
    """The attributes of a schema of a document, inherited ones and those behind a reference included."""
    if "$ref" in schema:
        return declared(components, components[schema["$ref"].rsplit("/", 1)[-1]])
    found: Document = {}
    for part in schema.get("allOf", ()):
        found.update(declared(components, part))
    return {**found, **schema.get("properties", {})}


SORTS = [Sort(channel, told) for channel in channels(bound()) for told in channel.types.values()]
every_type = pytest.mark.parametrize("sort", SORTS, ids=[sort.name for sort in SORTS])


@pytest.fixture(scope="session")
def made_once() -> dict[str, str]:
    """By case, the id of the resource that its events tell of."""
    return {}


async def logged(client: httpx.AsyncClient, store: MongoStore, sort: Sort, made: dict[str, str]) -> Logged:
    """A change of the resource, of the kind that the event type tells of."""
    case = sort.case
    if case.name not in made:
        answer = await client.post(case.path, json=case.body("told of"))
        assert answer.status_code == 201, answer.text
        made[case.name] = answer.json()["id"]
    stored = await store.get(case.view.collection, made[case.name])
    changed = {"v4": ("from.v4",), "v5": ("from.v5", "also")} if sort.told.kind == _CONTENT else {}
    change = Announcement(_CHANGE_ID, _AT, (sort.told.kind,), changed, ORIGIN, "call-7")
    return Logged(sort.channel.api.code, 1, case.view.collection, change, stored)


def judge(sort: Sort, event: Any) -> None:
    """Raises where the event is not what the document declares for its listener."""
    base = sort.channel.version.base
    path = f"{base}/listener/{sort.told.segment}"
    sent = MockRequest(ORIGIN, "post", path, data=json.dumps(event).encode(), content_type="application/json")
    document(sort.channel.api.code, sort.channel.version.name, base).validate_request(sent)


def test_there_are_as_many_event_types_as_listener_paths():
    paths = [path for file in SPECS.glob("TMF*.yaml") for path in written(file.stem)["paths"] if "/listener/" in path]
    assert len(SORTS) == len(paths) == 150


@every_type
async def test_an_event_is_as_its_document_declares_it(
    client: httpx.AsyncClient, store: MongoStore, made_once: dict[str, str], sort: Sort
):
    event = event_document(sort.channel, sort.told, await logged(client, store, sort, made_once))
    judge(sort, event)
    assert event.keys() <= sort.envelope.keys()
    for name, wrong in (("eventTime", "yesterday"), ("eventType", 7), (sort.told.container, "a text")):
        with pytest.raises(Exception, match=r"(?i)invalid|error"):
            judge(sort, {**event, name: wrong})


@every_type
async def test_an_event_tells_what_happened_and_when(
    client: httpx.AsyncClient, store: MongoStore, made_once: dict[str, str], sort: Sort
):
    about = await logged(client, store, sort, made_once)
    event = event_document(sort.channel, sort.told, about)
    name = sort.told.segment[0].upper() + sort.told.segment[1:]
    version = sort.channel.version.name
    assert event["eventType"] == event["title"] == name
    assert event["eventId"] == event_id(_CHANGE_ID, sort.told.kind)
    assert event["eventTime"] == _MOMENT
    assert event["domain"] == sort.channel.api.title
    assert event["correlationId"] == "call-7"
    assert event["priority"]
    assert about.stored.id in event["description"]
    spelt, misspelt = ("timeOcurred", "timeOccurred") if version == "v4" else ("timeOccurred", "timeOcurred")
    assert event[spelt] == _MOMENT
    assert misspelt not in event
    if version == "v5":
        # The document's discriminator knows schemas, and one of them is not called as its event type.
        assert event["@type"] == (name.removesuffix("Event") if name == "PartyInteractionStatusChangeEvent" else name)
        assert event["source"]["id"] == about.stored.id
        assert event["source"]["href"] == sort.told.view.address(about.stored.id, ORIGIN)
        assert event["reportingSystem"]["id"] == SUITE


@every_type
async def test_an_event_holds_the_resource_as_its_version_shows_it(
    client: httpx.AsyncClient, store: MongoStore, made_once: dict[str, str], sort: Sort
):
    about = await logged(client, store, sort, made_once)
    event = event_document(sort.channel, sort.told, about)
    container = "payload" if "payload" in sort.envelope else "event"
    (place,) = event[container]
    assert place in sort.places
    path = sort.told.view.path
    assert event[container][place]["href"] == f"{ORIGIN}{path}/{about.stored.id}"
    assert event[container][place] == (await client.get(f"{path}/{about.stored.id}")).json()


@every_type
async def test_an_event_of_changed_content_tells_where(
    client: httpx.AsyncClient, store: MongoStore, made_once: dict[str, str], sort: Sort
):
    about = await logged(client, store, sort, made_once)
    event = event_document(sort.channel, sort.told, about)
    told = "from.v4" if sort.channel.version.name == "v4" else "from.v5,also"
    is_content = sort.told.kind == _CONTENT
    where = event.get("fieldPath", "")
    for characteristic in event.get("analyticCharacteristic", ()):
        where = characteristic["value"]
    declares = {"fieldPath", "analyticCharacteristic"} & sort.envelope.keys()
    assert where == (told if is_content and declares else "")
    assert (told.replace(",", ", ") in event["description"]) is is_content
    silent = event_document(
        sort.channel, sort.told, replace(about, announcement=replace(about.announcement, changed={}))
    )
    assert silent.keys().isdisjoint({"fieldPath", "analyticCharacteristic"})


def sort_of(code: str, version: str, segment: str) -> Sort:
    """The event type of this name."""
    return next(sort for sort in SORTS if sort.name == f"{code}-{version}-{segment}")


@pytest.mark.parametrize(
    ("code", "version", "segment", "container", "place"),
    [
        ("TMF620", "v4", "catalogCreateEvent", "event", "catalog"),
        ("TMF620", "v5", "productCatalogCreateEvent", "event", "productCatalog"),
        ("TMF621", "v5", "troubleTicketDeleteEvent", "event", "troubleTicket"),
        ("TMF622", "v5", "cancelProductOrderCreateEvent", "event", "cancelProductOrder"),
        ("TMF622", "v5", "cancelProductOrderStateChangeEvent", "event", "canccelProductOrder"),
        ("TMF622", "v4", "cancelProductOrderStateChangeEvent", "event", "cancelProductOrder"),
        ("TMF622", "v5", "productOrderMilestoneEvent", "event", "productOrder"),
        ("TMF666", "v4", "financialAccountCreateEvent", "payload", "financialAccount"),
        ("TMF666", "v4", "partyAccountStateChangeEvent", "payload", "partyAccount"),
        ("TMF666", "v5", "financialAccountCreateEvent", "event", "financialAccount"),
    ],
)
async def test_the_resource_lies_where_the_published_document_has_it(
    client: httpx.AsyncClient,
    store: MongoStore,
    made_once: dict[str, str],
    code: str,
    version: str,
    segment: str,
    container: str,
    place: str,
):
    sort = sort_of(code, version, segment)
    event = event_document(sort.channel, sort.told, await logged(client, store, sort, made_once))
    assert event[container].keys() == {place}


def test_an_event_has_one_id_however_often_and_in_whichever_version_it_is_sent():
    assert event_id(_CHANGE_ID, "create") == event_id(_CHANGE_ID, "create")
    assert event_id(_CHANGE_ID, "create") != event_id(_CHANGE_ID, "delete")
    assert event_id(_CHANGE_ID, "create") != event_id(_CHANGE_ID[::-1].replace("-", ""), "create")
