"""The story told to the session's store, once."""

from __future__ import annotations

from contextlib import suppress

import httpx
import pytest

from common.errors import NotFound
from common.store.mongo import MongoStore
from tests.specs_examples.story import scenes

Answers = dict[str, httpx.Response]


@pytest.fixture(scope="session")
def kept_answers() -> Answers:
    """What the suite answered to the story; empty until it is told."""
    return {}


@pytest.fixture
async def created(client: httpx.AsyncClient, store: MongoStore, kept_answers: Answers) -> Answers:
    """The answers to every create request, by the view's name. Each request is sent once, in the order of the story;
    what somebody else created under its id goes first (not every resource can be deleted over HTTP)."""
    for scene in scenes() if not kept_answers else ():
        with suppress(NotFound):
            collection = scene.case.view.collection
            await store.delete(collection, await store.get(collection, scene.create.get("id", "")))
        kept_answers[scene.case.name] = await client.post(scene.case.path, json=scene.create)
    return kept_answers
