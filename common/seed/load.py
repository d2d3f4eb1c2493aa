"""Writes a seeded story into the store, in batches; what is there already stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from pymongo.database import Database
from pymongo.errors import BulkWriteError

from common.clock import micros
from common.document import Canonical, Document
from common.errors import StartRefused
from common.resource import Api, Resource
from common.seed.plot import LARGEST, smallest
from common.store.base import Stored
from common.store.mongo import note_form
from common.store.record import to_record

BATCH = 500
MOST_EMBEDDED = 50_000
_DUPLICATE = 11000
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_BORN = ("creationDate", "orderDate", "lastUpdate")


def require_size(size: int, embedded: bool) -> None:
    """Raises StartRefused for a size that cannot be seeded, or not into the local store."""
    if not smallest() <= size <= LARGEST:
        raise StartRefused(f"A seed has {smallest()} to {LARGEST} resources; {size} were asked for.")
    if embedded and size > MOST_EMBEDDED:
        told = f"The local store is not made for {size} resources (more than {MOST_EMBEDDED})"
        raise StartRefused(f"{told}; set MONGODB_URI to a MongoDB.")


def plant(apis: Iterable[Api], story: Any, database: Database[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    """Writes every API's documents; yields (written, found there already) after each batch, as they add up."""
    written = known = 0
    for api in apis:
        by_name = {resource.name: resource for resource in api.resources}
        note_form(database, by_name)
        documents = api.seed(story) if api.seed else iter(())
        while batch := list(islice(documents, BATCH)):
            grouped: dict[str, list[dict[str, Any]]] = {}
            for place, (name, document) in enumerate(batch, written + known):
                grouped.setdefault(name, []).append(_record(by_name[name], document, place))
            for name, records in grouped.items():
                new = _insert(database, name, records)
                written, known = written + new, known + len(records) - new
            yield written, known


def _record(resource: Resource, document: Document, place: int) -> dict[str, Any]:
    """The record of a seeded document, as old as it says it is, or by its place in the story."""
    told = next((document[name] for name in (resource.created, *_BORN) if name and name in document), None)
    moment = micros(datetime.fromisoformat(told) if told else _EPOCH + timedelta(seconds=place))
    return to_record(Stored(document["id"], moment, moment, moment, Canonical(document)))


def _insert(database: Database[dict[str, Any]], name: str, records: list[dict[str, Any]]) -> int:
    """How many of the records were new."""
    try:
        return len(database[name].insert_many(records, ordered=False).inserted_ids)
    except BulkWriteError as error:
        others = [one for one in error.details["writeErrors"] if one["code"] != _DUPLICATE]
        if others:
            raise
        return int(error.details["nInserted"])
