"""Our conditions -> a MongoDB query; pure, and the only place that writes MongoDB's operators."""

from __future__ import annotations

from typing import Any

from common.document import Path
from common.query.conditions import Either, Equals, Query
from common.store.names import kept_name

DOCUMENT = "document"


def to_mongo(query: Query) -> dict[str, Any]:
    """The query's conditions as a MongoDB filter; empty where there are none."""
    clauses = [_either(condition) for condition in query.conditions]
    if len(clauses) <= 1:
        return clauses[0] if clauses else {}
    return {"$and": clauses}


def _either(condition: Either) -> dict[str, Any]:
    by_path: dict[Path, list[Any]] = {}
    for option in condition.options:
        by_path.setdefault(option.path, []).extend(option.values)
    options = [_equals(Equals(path, tuple(values))) for path, values in by_path.items()]
    return options[0] if len(options) == 1 else {"$or": options}


def _equals(condition: Equals) -> dict[str, Any]:
    values = list(condition.values)
    return {field(condition.path): {"$eq": values[0]} if len(values) == 1 else {"$in": values}}


def field(path: Path) -> str:
    """An attribute path as a field of the kept document; the id is the key itself."""
    if path == ("id",):
        return "_id"
    return ".".join((DOCUMENT, *(kept_name(name) for name in path)))
