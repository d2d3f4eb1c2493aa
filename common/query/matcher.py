"""Conditions read over a document in memory; the store's reader (`common.store.mongo_query`) means the same by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from operator import ge, gt, le, lt

from common.clock import instant
from common.document import Json, Path
from common.query.conditions import (
    Compare,
    Condition,
    Either,
    Element,
    Every,
    Matching,
    Moment,
    Not,
    OneOf,
    Operator,
    Order,
    Pattern,
    Present,
    Scalar,
)


def holds(condition: Condition, document: Json) -> bool:
    """Returns True where the condition holds for the document; its paths are the document's own names."""
    match condition:
        case Every(parts):
            return all(holds(part, document) for part in parts)
        case Either(parts):
            return any(holds(part, document) for part in parts)
        case Not(part):
            return not holds(part, document)
        case OneOf(path, values):
            return any(_equals(element, value) for element in _values(document, path) for value in values)
        case Compare(path, operator, value):
            return any(_compares(element, operator, value) for element in _values(document, path))
        case Matching(path, pattern):
            return any(isinstance(element, str) and _matches(pattern, element) for element in _values(document, path))
        case Present(path):
            return next(_reached(document, path), _NOWHERE) is not _NOWHERE
        case Element(path, inner):
            return any(_has_element(element, inner) for element in _reached(document, path))


_NOWHERE = object()


def _reached(value: Json, path: Path) -> Iterator[Json]:
    """Yields what stands at the path, through the elements of arrays; an array that ends it is one value."""
    if not path:
        yield value
    elif isinstance(value, dict):
        if path[0] in value:
            yield from _reached(value[path[0]], path[1:])
    elif isinstance(value, list):
        for element in value:
            if isinstance(element, dict):
                yield from _reached(element, path)


def _values(document: Json, path: Path) -> Iterator[Json]:
    """Yields the values at the path, those in an array that ends it included."""
    for element in _reached(document, path):
        yield element
        if isinstance(element, list):
            yield from element


def first_value(document: Json, order: Order) -> str | int | float | bool | None:
    """Returns the value that an order sorts the document by, an instant as microseconds. Returns None where there is
    none."""
    first = next(_reached(document, order.path), None)
    if order.instants:
        return instant(first) if isinstance(first, str) else None
    return first if isinstance(first, str | int | float) else None


def _has_element(array: Json, inner: Condition) -> bool:
    if not isinstance(array, list):
        return False
    return any(holds(inner, element) for element in array if isinstance(element, dict))


def _equals(element: Json, value: Scalar) -> bool:
    if isinstance(value, Moment):
        return isinstance(element, str) and instant(element) == value.micros
    if isinstance(value, bool) or isinstance(element, bool):
        return element is value
    return type(element) in _COMPARED and element == value


_COMPARED = (str, int, float, type(None))
_SIDES: Mapping[Operator, Callable[[Json, Json], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}


def _compares(element: Json, operator: Operator, value: str | int | float | Moment) -> bool:
    if isinstance(value, Moment):
        value, element = value.micros, instant(element) if isinstance(element, str) else None
    kinds = (str,) if isinstance(value, str) else (int, float)
    side: Callable[[Json, Json], bool] = _SIDES[operator]
    return type(element) in kinds and side(element, value)


def _matches(pattern: Pattern, text: str) -> bool:
    return re.search(pattern.searched, text, re.IGNORECASE if pattern.ignore_case else re.NOFLAG) is not None
