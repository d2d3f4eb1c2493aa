"""A resource is inserted, replaced and deleted below HTTP just as a verb does it, whoever asks."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from common import apis
from common.binding import announcers
from common.change import Cause, Change
from common.changes import Changes, Kept
from common.clock import World
from common.document import Canonical
from common.errors import Conflict, NotFound
from common.operations import Engine, create
from common.query.language import FilterLimits, Limits
from common.request import Request
from common.resource import Resource
from common.responses import warning
from common.schema.extension import Registry
from common.store.base import Stored
from common.store.mongo import MongoStore
from common.store.outbox import OUTBOX
from tests.api.resource_views import Case, bound, cases, every

_AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
_LIMITS = Limits(10, 10, 10, 10, FilterLimits(100, 5, 100))
_CAUSE = Cause(_AT, "http://suite.example", "job-7", caller="importJob/7")
_SET_BY_SERVER = ("id", "href")


@pytest.fixture
def changes(store: MongoStore) -> Changes:
    """The changes of the whole suite, over its store."""
    return Changes(store, announcers(bound()))


def named(name: str) -> Resource:
    """A declared resource."""
    return next(one for api in apis.declared() for one in api.resources if one.name == name)


def content(**attributes: Any) -> Canonical:
    return Canonical(attributes, {})


async def outbox(store: MongoStore, resource: Resource, identifier: str) -> list[dict[str, Any]]:
    """The announcements that a record still carries."""
    record = await store.connection.collection(resource.collection).find_one({"_id": identifier})
    return list((record or {}).get(OUTBOX, []))


def timeless(value: Any) -> Any:
    """A document without its moments, which two creations do not share."""
    if isinstance(value, dict):
        return {name: timeless(inner) for name, inner in value.items() if name not in _SET_BY_SERVER}
    if isinstance(value, list):
        return [timeless(inner) for inner in value]
    return "a moment" if isinstance(value, str) and value[:4].isdigit() and "T" in value else value


@every("create", "retrieve")
async def test_what_is_inserted_below_http_is_what_a_post_makes(
    client: httpx.AsyncClient, changes: Changes, case: Case
):
    posted = await client.post(case.path, json=case.body("as a verb makes it"))
    assert posted.status_code == 201, posted.text
    body = case.view.fill_create(case.body("as a verb makes it"))
    identifier = uuid.uuid4().hex
    kept = await changes.insert(case.view.resource, case.view.shape.up(body), identifier, _CAUSE)
    read = await client.get(f"{case.path}/{identifier}")
    assert read.status_code == 200
    assert timeless(read.json()) == timeless(posted.json())
    assert (kept.stored.id, kept.warnings) == (identifier, ())


async def test_a_change_is_announced_in_the_write_that_keeps_it(store: MongoStore, changes: Changes):
    ticket, identifier = named("troubleTicket"), uuid.uuid4().hex
    kept = await changes.insert(ticket, content(description="a", status="acknowledged"), identifier, _CAUSE)
    later = replace(_CAUSE, correlation=None)
    moved = await changes.replace(ticket, kept.stored, content(description="b", status="pending"), later)
    assert moved is not None
    first, second = await outbox(store, ticket, identifier)
    assert (first["kinds"], first["correlation"]) == (["create"], "job-7")
    assert second["kinds"] == ["attributeValueChange", "stateChange", "informationRequired"]
    assert second["correlation"] == second["id"]
    assert moved.stored.canonical.document["statusChangeDate"] == "2026-05-04T09:30:00.000Z"
    assert await changes.delete(ticket, moved.stored, _CAUSE)
    assert [entry["kinds"] for entry in await outbox(store, ticket, identifier)][2:] == [["delete"]]
    with pytest.raises(NotFound):
        await store.get(ticket.collection, identifier)


async def test_a_change_of_what_has_changed_meanwhile_is_not_made(store: MongoStore, changes: Changes):
    ticket, identifier = named("troubleTicket"), uuid.uuid4().hex
    kept = await changes.insert(ticket, content(description="a"), identifier, _CAUSE)
    assert await changes.replace(ticket, kept.stored, content(description="b"), _CAUSE)
    assert await changes.replace(ticket, kept.stored, content(description="c"), _CAUSE) is None
    assert not await changes.delete(ticket, kept.stored, _CAUSE)
    assert (await store.get(ticket.collection, identifier)).canonical.document["description"] == "b"


async def test_an_id_is_taken_once(changes: Changes):
    ticket, identifier = named("troubleTicket"), uuid.uuid4().hex
    await changes.insert(ticket, content(description="a"), identifier, _CAUSE)
    with pytest.raises(Conflict, match=identifier):
        await changes.insert(ticket, content(description="b"), identifier, _CAUSE)


async def test_what_has_no_events_is_kept_without_any(store: MongoStore):
    thing = Resource(f"thing-{uuid.uuid4().hex}", created="born")
    kept = await Changes(store, {}).insert(thing, content(name="a"), "one", _CAUSE)
    assert await outbox(store, thing, "one") == []
    assert kept.stored.canonical.document == {"id": "one", "name": "a", "born": "2026-05-04T09:30:00.000Z"}
    await store.connection.collection(thing.collection).drop()


def test_a_change_without_a_resource_is_none():
    with pytest.raises(ValueError, match="before it, after it"):
        _ = Change(Resource("thing"), None, None, _CAUSE).identifier


class Warned(Changes):
    """Changes that have something to say about each of their own."""

    async def insert(self, resource: Resource, canonical: Canonical, identifier: str, cause: Cause) -> Kept:
        return replace(await super().insert(resource, canonical, identifier, cause), warnings=('a "b"', "c\r\nX: d"))


async def test_the_warnings_of_a_change_come_with_its_answer(store: MongoStore):
    view = next(case.view for case in cases() if case.name == "TMF621-v5-troubleTicket")
    engine = Engine(store, Warned(store, {}), World(), Registry(None, frozenset()), _LIMITS, 10)
    body = b'{"description": "a", "severity": "major", "ticketType": "fault"}'
    request = Request(None, "", {"content-type": "application/json"}, body, "http://suite.example")
    answer = await create(engine, view, request)
    assert answer.status == 201
    assert answer.headers["Warning"] == '299 - "a \\"b\\"", 299 - "c  X: d"'


def test_a_warning_is_one_line_of_ascii():
    assert warning("größer\n\\") == '299 - "gr??er \\\\"'


def test_a_deletion_has_the_revision_behind_the_last():
    stored = Stored("one", 7, 0, 0, content())
    assert Change(Resource("thing"), stored, None, _CAUSE).revision == 8
