"""Filling a database with many resources at once, for tools; nobody hears of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pymongo.errors import BulkWriteError

from common.store.base import Stored
from common.store.connection import ToolDatabase
from common.store.record import FORM, FORMS, to_record

_DUPLICATE = 11000


def note_form(database: ToolDatabase, collections: Iterable[str]) -> None:
    """Notes that those collections which are still empty keep records in the present form."""
    for name in collections:
        if database[name].find_one({}, {"_id": 1}) is None:
            database[FORMS].replace_one({"_id": name}, {"form": FORM}, upsert=True)


def insert_new(database: ToolDatabase, collection: str, resources: Sequence[Stored]) -> int:
    """Keeps the resources whose ids are free; the others stay as they are. Returns how many were new."""
    try:
        records = [to_record(resource) for resource in resources]
        return len(database[collection].insert_many(records, ordered=False).inserted_ids)
    except BulkWriteError as error:
        if any(failure["code"] != _DUPLICATE for failure in error.details["writeErrors"]):
            raise
        return int(error.details["nInserted"])
