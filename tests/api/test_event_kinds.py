"""Which change causes which events: read where records keep what changes tell, before a dispatcher takes it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from common import apis
from common.app import build
from common.binding import channels
from common.schema.flat import flatten
from common.settings import Settings
from common.store.connection import connect
from common.store.mongo import MongoStore
from common.store.outbox import Held, Outboxes
from common.store.record import DOCUMENT
from tests.api.resource_views import Case, bound, cases, every
from tests.conftest import ORIGIN

CREATE, CONTENT, STATE, DELETE = "create", "attributeValueChange", "stateChange", "delete"
_TICKET = {"description": "no light", "severity": "major", "ticketType": "fault"}


@dataclass(frozen=True)
class Suite:
    """A suite whose database is this module's own, so that no outbox but those of its resources is there."""

    client: httpx.AsyncClient
    outboxes: Outboxes

    async def held(self, case: Case, identifier: str) -> Held:
        """What a resource's record keeps."""
        found = await self.outboxes.read(case.view.collection, 500)
        return next(one for one in found if one.key == identifier)

    async def kinds(self, case: Case, identifier: str) -> list[list[str]]:
        """By change, in their order, the kinds of its events."""
        return [entry["kinds"] for entry in (await self.held(case, identifier)).entries]

    async def made(self, case: Case, **more: Any) -> dict[str, Any]:
        """A new resource."""
        answer = await self.client.post(case.path, json={**case.body("as created"), **more})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def patched(self, href: str, **change: Any) -> None:
        """The resource with some attributes changed."""
        answer = await self.client.patch(href, json=change)
        assert answer.status_code == 200, answer.text

    async def seen(self, case: Case, identifier: str) -> dict[str, dict[str, Any]]:
        """By version, the resource as its clients read it."""
        paths = {one.view.version: one.path for one in cases() if one.view.resource is case.view.resource}
        return {version: (await self.client.get(f"{path}/{identifier}")).json() for version, path in paths.items()}


@pytest.fixture(scope="module")
async def suite(settings: Settings) -> AsyncIterator[Suite]:
    """The module's suite; its database goes at the end."""
    assert settings.mongodb_uri
    database = f"{settings.database}-kinds"
    store = MongoStore(settings.mongodb_uri, database)
    transport = httpx.ASGITransport(app=build(settings, apis.declared(), store))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield Suite(client, Outboxes(store.connection))
    await store.close()
    with connect(settings.mongodb_uri) as tool:
        tool.drop_database(database)


def told_kinds(case: Case) -> set[str]:
    """The kinds of event that some version's document has for the resource."""
    collection = case.view.collection
    return {
        told.kind
        for channel in channels(bound())
        for told in channel.types.values()
        if told.view.collection == collection
    }


def other_text(case: Case) -> str:
    """A new value of the case's text attribute."""
    return "https://example.com/changed" if case.text_attribute == "url" else "changed"


def state_name(case: Case) -> str | None:
    """What the version calls the state, where its document lets a client change it."""
    status, view = case.view.resource.status, case.view
    names = (name for name in view.schema.patchable if view.shape.stored_path((name,)) == (status,))
    return next(names, None) if status else None


def other_state(case: Case, present: str | None) -> str:
    """A value that the state may be changed to and that no further event tells of."""
    name, read = state_name(case), case.create.removesuffix("_FVO").removesuffix("_Create")
    assert name
    schema = flatten({"$ref": read}, case.components).properties[name]
    while "$ref" in schema:
        schema = case.components[schema["$ref"].rsplit("/", 1)[-1]]
    further = {present, *case.view.resource.events_of_states}
    return next(value for value in schema.get("enum", ["Active", "Retired"]) if value not in further)


DELETED_V5 = [case for case in cases() if {"create", "delete"} <= case.verbs and case.view.version == "v5"]
every_deleted_v5 = pytest.mark.parametrize("case", DELETED_V5, ids=[case.name for case in DELETED_V5])
STATEFUL = [case for case in cases() if {"create", "patch"} <= case.verbs and state_name(case)]
every_state = pytest.mark.parametrize("case", STATEFUL, ids=[case.name for case in STATEFUL])


@every("create")
async def test_a_creation_is_told_by_one_event(suite: Suite, case: Case):
    headers = {"X-Correlation-Id": f"call-{case.name}"}
    made = (await suite.client.post(case.path, json=case.body(), headers=headers)).json()
    (entry,) = (await suite.held(case, made["id"])).entries
    assert entry["kinds"] == [CREATE]
    assert entry["changed"] == {}
    assert entry["origin"] == ORIGIN
    assert entry["correlation"] == f"call-{case.name}"
    assert CREATE in told_kinds(case)


@every("create", "patch")
async def test_a_change_of_content_is_told_with_the_names_that_each_version_has_for_it(suite: Suite, case: Case):
    made = await suite.made(case)
    before = await suite.seen(case, made["id"])
    await suite.patched(made["href"], **{case.text_attribute: other_text(case)})
    after = await suite.seen(case, made["id"])
    entries = (await suite.held(case, made["id"])).entries
    assert [entry["kinds"] for entry in entries] == [[CREATE], [CONTENT]]
    changed = entries[1]["changed"]
    assert changed[case.view.version] == [case.text_attribute]
    quiet = {"lastUpdate", "lastModified"}
    assert changed.keys() == after.keys()
    for version, names in changed.items():
        both = before[version], after[version]
        differ = {name for name in both[0].keys() | both[1].keys() if both[0].get(name) != both[1].get(name)}
        assert {name.partition(".")[0] for name in names} == differ - quiet
    assert entries[1]["correlation"] == entries[1]["id"] != entries[0]["id"]


@every_state
async def test_a_change_of_the_state_is_told_by_its_own_event_alone(suite: Suite, case: Case):
    name = state_name(case)
    made = await suite.made(case)
    await suite.patched(made["href"], **{name: other_state(case, made.get(name))})
    entries = (await suite.held(case, made["id"])).entries
    assert [entry["kinds"] for entry in entries] == [[CREATE], [STATE]]
    assert [names for names in entries[1]["changed"].values() if names] == []


@every_state
async def test_a_change_of_both_is_told_by_both_the_content_first(suite: Suite, case: Case):
    name = state_name(case)
    made = await suite.made(case)
    state = other_state(case, made.get(name))
    await suite.patched(made["href"], **{name: state, case.text_attribute: other_text(case)})
    entries = (await suite.held(case, made["id"])).entries
    assert [entry["kinds"] for entry in entries] == [[CREATE], [CONTENT, STATE]]
    assert entries[1]["changed"][case.view.version] == [case.text_attribute]


@every("create", "patch")
async def test_a_patch_that_changes_nothing_tells_nobody(suite: Suite, case: Case):
    made = await suite.made(case)
    await suite.patched(made["href"])
    await suite.patched(made["href"], **{case.text_attribute: made[case.text_attribute], "id": made["id"]})
    assert await suite.kinds(case, made["id"]) == [[CREATE]]
    refused = await suite.client.patch(made["href"], json={"id": "another"})
    assert refused.status_code == 400
    assert await suite.kinds(case, made["id"]) == [[CREATE]]


@every("create", "delete")
async def test_a_deletion_is_told_of_a_resource_that_is_gone(suite: Suite, case: Case):
    made = await suite.made(case)
    before = await suite.held(case, made["id"])
    assert (await suite.client.delete(made["href"])).status_code == 204
    assert (await suite.client.get(made["href"])).status_code == 404
    assert (await suite.client.delete(made["href"])).status_code == 404
    assert (await suite.client.get(case.path, params={"id": made["id"]})).json() == []
    held = await suite.held(case, made["id"])
    assert held.is_gone
    # A job has no event of its deletion; that of its creation stays all the same.
    gone = [[DELETE]] if DELETE in told_kinds(case) else []
    assert [entry["kinds"] for entry in held.entries] == [[CREATE], *gone]
    assert held.entries[-1][DOCUMENT] == before.entries[0][DOCUMENT]


@every_deleted_v5
async def test_a_resource_that_comes_again_keeps_what_was_told_before(suite: Suite, case: Case):
    identifier = uuid.uuid4().hex
    first = await suite.made(case, id=identifier)
    assert (await suite.client.delete(first["href"])).status_code == 204
    second = await suite.made(case, id=identifier)
    assert (await suite.client.get(second["href"])).json() == second
    again = await suite.client.post(case.path, json={**case.body(), "id": identifier})
    assert again.status_code == 409
    held = await suite.held(case, identifier)
    assert not held.is_gone
    gone = [[DELETE]] if DELETE in told_kinds(case) else []
    assert [entry["kinds"] for entry in held.entries] == [[CREATE], *gone, [CREATE]]
    assert len({entry["id"] for entry in held.entries}) == len(held.entries)
    assert held.entries[0]["revision"] < held.entries[-1]["revision"] == held.revision
    if "patch" in case.verbs:
        await suite.patched(second["href"], **{case.text_attribute: other_text(case)})
        assert (await suite.kinds(case, identifier))[-2:] == [[CREATE], [CONTENT]]


def case_of(name: str) -> Case:
    """The case of this name."""
    return next(case for case in cases() if case.name == name)


versions = pytest.mark.parametrize("version", ["v4", "v5"])


@versions
@pytest.mark.parametrize(
    ("api", "status", "state", "kind"),
    [
        ("TMF621-{}-troubleTicket", "status", "pending", "informationRequired"),
        ("TMF621-{}-troubleTicket", "status", "resolved", "resolved"),
        ("TMF622-{}-productOrder", "state", "pending", "informationRequired"),
    ],
)
async def test_a_state_that_asks_for_more_is_told_by_an_event_more(
    suite: Suite, version: str, api: str, status: str, state: str, kind: str
):
    case = case_of(api.format(version))
    made = await suite.made(case)
    await suite.patched(made["href"], **{status: state})
    await suite.patched(made["href"], description="still so")
    expected = [[CREATE], [STATE, kind], [CONTENT]]
    assert await suite.kinds(case, made["id"]) == expected
    other = await suite.made(case)
    await suite.patched(other["href"], **{status: state, "description": "new"})
    assert await suite.kinds(case, other["id"]) == [[CREATE], [CONTENT, STATE, kind]]


_MESSAGES = {
    "milestone": {
        "productOrderMilestone": [
            {"@type": "ProductOrderMilestone", "id": "1", "name": "technician has been", "status": "Completed"}
        ]
    },
    "jeopardyAlert": {
        "productOrderJeopardyAlert": [{"@type": "ProductOrderJeopardyAlert", "id": "1", "jeopardyType": "late"}]
    },
    "errorMessage": {
        "productOrderErrorMessage": [
            {"@type": "ProductOrderErrorMessage", "code": "7", "message": "no such address", "reason": "unknown"}
        ]
    },
}


@pytest.mark.parametrize("kind", _MESSAGES)
async def test_what_an_order_tells_its_customer_has_an_event_of_its_own(suite: Suite, kind: str):
    case = case_of("TMF622-v5-productOrder")
    made = await suite.made(case)
    await suite.patched(made["href"], **_MESSAGES[kind])
    await suite.patched(made["href"], **_MESSAGES[kind])
    (name,) = _MESSAGES[kind]
    await suite.patched(made["href"], **{name: None})
    assert await suite.kinds(case, made["id"]) == [[CREATE], [CONTENT, kind], [CONTENT]]
    entries = (await suite.held(case, made["id"])).entries
    assert [entry["changed"] for entry in entries[1:]] == [{"v4": [], "v5": [name]}] * 2


async def test_one_patch_can_tell_everything_at_once(suite: Suite):
    case = case_of("TMF622-v5-productOrder")
    made = await suite.made(case)
    more = {name: value for change in _MESSAGES.values() for name, value in change.items()}
    await suite.patched(made["href"], state="pending", **more)
    told = [CONTENT, "errorMessage", "jeopardyAlert", "milestone", STATE, "informationRequired"]
    assert await suite.kinds(case, made["id"]) == [[CREATE], told]


async def test_what_a_refused_or_conflicting_write_would_have_told_is_not_told(suite: Suite):
    case = case_of("TMF621-v5-troubleTicket")
    made = await suite.made(case)
    stale = await suite.client.patch(made["href"], json={"description": "x"}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    assert (await suite.client.post(case.path, json={**_TICKET, "id": made["id"]})).status_code == 409
    assert (await suite.client.delete(made["href"], headers={"If-Match": '"0"'})).status_code == 412
    assert await suite.kinds(case, made["id"]) == [[CREATE]]
