"""Which indexes the collections of the suite have on the store's server, beside those that their resources declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure

from common.binding import bind, indexes, read_documents
from common.errors import StartRefused
from common.resource import Api
from common.store.base import Index, Indexes
from common.store.connection import client_options
from common.store.indexes import PENDING, SHARED, keys, name

PRESENT, MISSING, BUILDING, OTHER = "present", "missing", "building", "other"

_Keys = tuple[tuple[str, Any], ...]
_NARROWING = ("hidden", "sparse", "partialFilterExpression", "collation")
"""What keeps an index with the right keys from serving every list."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One index of a collection: `attribute` is the dotted path in stored names, "newest first" for the index of all
    lists, empty for an index that nobody declares; `name` and `keys` are the server's; `state` is PRESENT, MISSING,
    BUILDING or OTHER (nobody declares it); `documents` is how many the collection has, as the server estimates."""

    collection: str
    attribute: str
    name: str
    keys: _Keys
    state: str
    documents: int


def declared_by(apis: tuple[Api, ...]) -> Indexes:
    """Every index that a collection of these APIs is to have; raises StartRefused as the start does."""
    return {collection: (*SHARED, *own) for collection, own in indexes(bind(read_documents(apis))).items()}


def patient_client(uri: str) -> MongoClient[dict[str, Any]]:
    """A client that waits for an answer as long as an index is built; a time limit in the URI stays."""
    options = client_options(uri)
    return MongoClient(uri, **{**options, **({"socketTimeoutMS": 0} if "socketTimeoutMS" in options else {})})


def standings(declared: Indexes, database: Database[dict[str, Any]]) -> list[Standing]:
    """Every declared index and every other one of the same collections. Raises PyMongoError."""
    under_way = built_now(_operations(database), database.name)
    return [
        standing
        for collection, own in declared.items()
        for standing in _of_collection(database, collection, own, under_way)
    ]


def create(found: Iterable[Standing], database: Database[dict[str, Any]]) -> Iterator[Standing]:
    """Creates what is missing, one index after the other, and waits for what is being built; yields each when it is
    there. Raises StartRefused where the server refuses one, PyMongoError where it does not answer."""
    for one in (one for one in found if one.attribute and one.state in (MISSING, BUILDING)):
        try:
            database[one.collection].create_index(list(one.keys), name=one.name)
        except OperationFailure as error:
            told = (error.details or {}).get("errmsg", str(error))
            raise StartRefused(f'The index "{one.name}" of {one.collection} cannot be created: {told}') from error
        yield one


def built_now(operations: Iterable[Mapping[str, Any]], database: str) -> set[tuple[str, str]]:
    """(collection, index name) of every index that the server's operations in progress (MongoDB, currentOp) build in
    the database: either a createIndexes command, or the build itself, which carries the index's specification."""
    found = set()
    for one in operations:
        command = one.get("command") or {}
        collection = command.get("createIndexes")
        if isinstance(collection, str) and str(one.get("ns", "")).startswith(f"{database}."):
            found |= {(collection, spec["name"]) for spec in command.get("indexes", [command]) if "name" in spec}
    return found


def _operations(database: Database[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the server does at the moment; nothing where it does not tell, or not to this user."""
    try:
        return list(database.client.admin.command("currentOp").get("inprog", []))
    except OperationFailure:
        return []


def _of_collection(
    database: Database[dict[str, Any]], collection: str, declared: Iterable[Index], under_way: set[tuple[str, str]]
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


def attribute(index: Index) -> str:
    """What a person calls the index: its attribute, the order of every list, or what has not left yet."""
    if index == PENDING:
        return "pending events"
    return ".".join(index.path) or "newest first"


def _serves(spec: Mapping[str, Any], wanted: _Keys) -> bool:
    """True for an index on the server that does what one with these keys alone does, whatever its name."""
    return tuple(spec["key"]) == wanted and not any(spec.get(narrowing) for narrowing in _NARROWING)
