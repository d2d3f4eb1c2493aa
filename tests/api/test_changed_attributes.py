"""A patch tells exactly what the client changed: an event names no attribute that nobody touched, in either version."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from common.store.database import Database
from common.store.outbox import OUTBOX
from tests.api.resource_views import Case, cases, every


def patching(case: Case) -> list[Case]:
    """The versions of a resource in which it can be patched."""
    return [one for one in cases() if one.view.collection == case.view.collection and "patch" in one.verbs]


def without_type(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "@type"}


async def changed(database: Database, case: Case, identifier: str) -> dict[str, list[str]]:
    """By version, the attributes that the last change of a resource is announced with."""
    record = await database.connection.collection(case.view.collection).find_one({"_id": identifier})
    assert record
    announced: dict[str, list[str]] = record[OUTBOX][-1]["changed"]
    return announced


@every("create", "patch")
@pytest.mark.parametrize("shape", [without_type, dict], ids=["no-type", "typed"])
async def test_an_event_names_what_was_changed_alone(
    client: httpx.AsyncClient, database: Database, case: Case, shape: Any
):
    made = (await client.post(case.path, json=shape(case.body("as it was made")))).json()
    for number, other in enumerate(patching(case)):
        name = other.text_attribute
        text = f"https://example.com/{number}" if name == "url" else f"change {number}"
        if name not in other.view.schema.readable or name not in case.view.schema.readable:
            continue
        answer = await client.patch(f"{other.path}/{made['id']}", json={name: text})
        assert answer.status_code == 200, answer.text
        for attributes in (await changed(database, case, made["id"])).values():
            assert set(attributes) <= {name}


@every("create", "retrieve", "patch")
async def test_a_patch_keeps_nothing_that_the_server_shows_by_itself(
    client: httpx.AsyncClient, database: Database, case: Case
):
    made = (await client.post(case.path, json=without_type(case.body("as it was made")))).json()
    before = await database.resources.get(case.view.collection, made["id"])
    same = await client.patch(f"{case.path}/{made['id']}", json=made)
    assert same.status_code == 200, same.text
    assert same.json() == made
    assert await database.resources.get(case.view.collection, made["id"]) == before
    text = "https://example.com/b" if case.text_attribute == "url" else "b"
    answer = await client.patch(f"{case.path}/{made['id']}", json={case.text_attribute: text})
    assert answer.json().get("@type") == made.get("@type")
    after = await database.resources.get(case.view.collection, made["id"])
    assert "@type" not in after.canonical.residue.get("set", {})
