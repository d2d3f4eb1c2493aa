"""Writes a seeded story into the store, in batches; what is there already stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from common.clock import micros
from common.document import Canonical, Document
from common.errors import StartRefused
from common.resource import Api, Resource
from common.seed.plot import LARGEST, smallest
from common.store.base import Stored
from common.store.connection import ToolDatabase
from common.store.filling import insert_new, note_form

BATCH = 500
MOST_EMBEDDED = 50_000
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_BORN = ("creationDate", "orderDate", "lastUpdate")


def require_size(size: int, embedded: bool) -> None:
    """Raises StartRefused for a size that cannot be seeded, or not into the local store."""
    if not smallest() <= size <= LARGEST:
        raise StartRefused(f"A seed has {smallest()} to {LARGEST} resources; {size} were asked for.")
    if embedded and size > MOST_EMBEDDED:
        limit = f"The local store is not made for {size} resources (more than {MOST_EMBEDDED})"
        raise StartRefused(f"{limit}; set MONGODB_URI to a MongoDB.")


def plant(apis: Iterable[Api], story: Any, database: ToolDatabase) -> Iterator[tuple[int, int]]:
    """Writes every API's documents; yields after each batch how many were written by then, and how many were there
    already."""
    written = present = 0
    for api in apis:
        by_name = {resource.name: resource for resource in api.resources}
        note_form(database, by_name)
        documents = api.seed(story) if api.seed else iter(())
        while batch := list(islice(documents, BATCH)):
            grouped: dict[str, list[Stored]] = {}
            for place, (name, document) in enumerate(batch, written + present):
                grouped.setdefault(name, []).append(_stored(by_name[name], document, place))
            for name, resources in grouped.items():
                new = insert_new(database, name, resources)
                written, present = written + new, present + len(resources) - new
            yield written, present


def _stored(resource: Resource, document: Document, place: int) -> Stored:
    """Returns a seeded document as the store keeps it, as old as it says it is, or by its place in the story."""
    date = next((document[name] for name in (resource.created, *_BORN) if name and name in document), None)
    moment = micros(datetime.fromisoformat(date) if date else _EPOCH + timedelta(seconds=place))
    return Stored(document["id"], moment, moment, moment, Canonical(document))
