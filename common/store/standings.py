"""How declared indexes stand: which of them the server has, which it is building, which are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pymongo.errors import OperationFailure

from common.errors import StartRefused
from common.store.base import Index, Indexes
from common.store.connection import Record, ToolDatabase
from common.store.indexes import attribute, keys, name

PRESENT, MISSING, BUILDING, OTHER = "present", "missing", "building", "other"

_Keys = tuple[tuple[str, Any], ...]
_NARROWING = ("hidden", "sparse", "partialFilterExpression", "collation")
"""What keeps an index with the right keys from serving every list."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One index of a collection.

    `attribute`: the dotted path in stored names, "newest first" for the index of all lists, empty for an index that
    nobody declares. `name`, `keys`: as on the server. `state`: PRESENT, MISSING, BUILDING, or OTHER where nobody
    declares it. `documents`: how many the collection has, as the server estimates.
    """

    collection: str
    attribute: str
    name: str
    keys: _Keys
    state: str
    documents: int


def standings(declared: Indexes, database: ToolDatabase) -> list[Standing]:
    """Returns every declared index, and every other one of the same collections."""
    under_way = built_now(_operations(database), database.name)
    return [
        standing
        for collection, own in declared.items()
        for standing in _of_collection(database, collection, own, under_way)
    ]


def create_indexes(listed: Iterable[Standing], database: ToolDatabase) -> Iterator[Standing]:
    """Creates what is missing, one index after the other, and waits for what is being built; yields each when it is
    there. Raises StartRefused where the server refuses one."""
    for standing in listed:
        if not standing.attribute or standing.state not in (MISSING, BUILDING):
            continue
        try:
            database[standing.collection].create_index(list(standing.keys), name=standing.name)
        except OperationFailure as error:
            reason = (error.details or {}).get("errmsg", str(error))
            title = f'The index "{standing.name}" of {standing.collection}'
            raise StartRefused(f"{title} cannot be created: {reason}") from error
        yield standing


def built_now(operations: Iterable[Mapping[str, Any]], database: str) -> set[tuple[str, str]]:
    """Returns (collection, index name) of every index that the server's operations in progress (MongoDB, currentOp)
    build in the database: either a createIndexes command, or the build itself, which carries the index's
    specification."""
    building = set()
    for operation in operations:
        command = operation.get("command") or {}
        collection = command.get("createIndexes")
        if isinstance(collection, str) and str(operation.get("ns", "")).startswith(f"{database}."):
            building |= {(collection, spec["name"]) for spec in command.get("indexes", [command]) if "name" in spec}
    return building


def _operations(database: ToolDatabase) -> list[Record]:
    """Returns what the server does at the moment; nothing where it does not say, or not to this user."""
    try:
        return list(database.client.admin.command("currentOp").get("inprog", []))
    except OperationFailure:
        return []


def _of_collection(
    database: ToolDatabase, collection: str, declared: Iterable[Index], under_way: set[tuple[str, str]]
) -> Iterator[Standing]:
    records = database[collection]
    documents = records.estimated_document_count()
    there = {title: spec for title, spec in records.index_information().items() if title != "_id_"}
    for index in declared:
        wanted, title = tuple(keys(index)), name(index)
        same = next((other for other, spec in there.items() if _serves(spec, wanted)), None)
        being_built = (collection, same or title) in under_way
        state = BUILDING if being_built else PRESENT if same else MISSING
        there.pop(same or "", None)
        yield Standing(collection, attribute(index), same or title, wanted, state, documents)
    for title, spec in there.items():
        state = BUILDING if (collection, title) in under_way else OTHER
        yield Standing(collection, "", title, tuple(spec["key"]), state, documents)


def _serves(spec: Mapping[str, Any], wanted: _Keys) -> bool:
    """Returns True for an index on the server that does what one with these keys alone does, whatever its name."""
    return tuple(spec["key"]) == wanted and not any(spec.get(narrowing) for narrowing in _NARROWING)
