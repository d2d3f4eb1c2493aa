"""Our conditions -> a MongoDB query; pure, and the only place that writes MongoDB's operators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from common.document import Path
from common.errors import NotImplementedYet
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
    Order,
    Place,
    Present,
    Scalar,
)
from common.query.stored import RESIDUE_STEP
from common.store.record import AT, DOCUMENT, encode_name

_NULL = 10
"""BSON's number for the type of null."""

_NOBODY = "%"
"""No name is kept so: a percent sign begins two digits, or ends a name (`%at`)."""

Filter = dict[str, Any]


def to_mongo(condition: Condition) -> Filter:
    """Returns the condition as a MongoDB filter over the store's records; empty where it always holds."""
    return _written(condition, root=True)


def field(path: Path) -> str:
    """Returns an attribute path as a field of the record; the id is the key itself."""
    if path == ("id",):
        return "_id"
    if path[0] == RESIDUE_STEP:
        return ".".join(("residue", *(encode_name(name) for name in path[1:])))
    return f"{DOCUMENT}.{_inner(path)}"


def order_field(order: Order) -> str:
    """Returns the field that an order sorts by: an instant's microseconds, or the value itself."""
    return field(order.path) + (AT if order.instants else "")


def sort_keys(order: Iterable[Order], backwards: bool) -> list[tuple[str, int]]:
    """Returns the whole order, ties included, as MongoDB's sort; `backwards` reverses it. Nothing ties behind an id."""
    keys = [(order_field(key), -1 if key.descending else 1) for key in order]
    names = [name for name, _ in keys]
    whole = keys[: names.index("_id") + 1] if "_id" in names else [*keys, ("created", -1), ("_id", -1)]
    return [(name, -sign if backwards else sign) for name, sign in whole]


def beyond(order: Iterable[Order], place: Place, backwards: bool) -> Filter:
    """Returns the filter of the records that stand behind a place in the order; `backwards`: before it."""
    keys = sort_keys(order, backwards)
    values = (*place.values, place.created, place.id)
    if not place.values:
        # The bound on `created` alone lets an index seek; the alternatives only part what was created at once.
        side, within = ("$gt", "$gte") if backwards else ("$lt", "$lte")
        ties = [{"created": {side: place.created}}, {"_id": {side: place.id}}]
        return {"created": {within: place.created}, "$or": ties}
    options = []
    for position, (name, sign) in enumerate(keys):
        further = _further(name, sign, values[position])
        if further is not None:
            same = [{key: value} for (key, _), value in zip(keys[:position], values[:position], strict=True)]
            options.append(conjunction([*same, further]))
    return {"$or": options}


def _further(name: str, sign: int, value: Scalar) -> Filter | None:
    """Returns the filter of what comes behind `value`, upwards (sign 1) or downwards. Returns None where nothing
    does. What has no value comes first upwards."""
    if value is None:
        return {name: {"$ne": None}} if sign == 1 else None
    if sign == 1:
        return {name: {"$gt": value}}
    if name in ("created", "_id"):
        return {name: {"$lt": value}}
    return {"$or": [{name: {"$lt": value}}, {name: None}]}


def conjunction(filters: Iterable[Filter]) -> Filter:
    """Returns filters that all hold as one filter. Tests of different fields stand side by side, which lets every
    server choose an index; tests that clash stand under `$and`."""
    joined: Filter = {}
    rest: list[Filter] = []
    for part in filters:
        for name, test in part.items():
            if name not in joined:
                joined[name] = test
            elif _are_apart(joined[name], test):
                joined[name] = {**joined[name], **test}
            else:
                rest.append({name: test})
    return {**joined, "$and": [*joined.get("$and", []), *rest]} if rest else joined


def _are_apart(left: Any, right: Any) -> bool:
    """Returns True for two tests of one field that can stand in one object, as different operators."""
    both = isinstance(left, dict) and isinstance(right, dict)
    return both and not left.keys() & right.keys() and not {"$regex", "$options"} & (left.keys() | right.keys())


def _written(condition: Condition, root: bool) -> Filter:
    match condition:
        case Every(parts):
            return conjunction(_written(part, root) for part in parts)
        case Either(parts):
            options = [_written(part, root) for part in parts]
            if not options:
                return {"$nor": [{}]}
            return options[0] if len(options) == 1 else {"$or": options}
        case Not(part):
            return _denied(part, root)
        case OneOf(path, values):
            tests = _equalities(_name(path, root), values)
            return tests[0] if len(tests) == 1 else {"$or": tests}
        case _:
            name, test = _test(condition, root)
            return {name: test}


def _denied(condition: Condition, root: bool) -> Filter:
    """Returns the opposite of a condition, carried inwards so that every test stays beside its field."""
    match condition:
        case Every(parts):
            return _written(Either(tuple(Not(part) for part in parts)), root)
        case Either(parts):
            return _written(Every(tuple(Not(part) for part in parts)), root)
        case Not(part):
            return _written(part, root)
        case OneOf(path, values):
            tests = _equalities(_name(path, root), values)
            return conjunction({name: _opposite(test)} for equality in tests for name, test in equality.items())
        case _:
            name, test = _test(condition, root)
            return {name: _opposite(test)}


def _opposite(test: Any) -> dict[str, Any]:
    if not isinstance(test, dict):
        return {"$ne": test}
    if "$in" in test:
        return {"$nin": test["$in"]}
    if "$exists" in test:
        return {"$exists": not test["$exists"]}
    return {"$not": test}


def _equalities(name: str, values: Iterable[Scalar]) -> list[Filter]:
    """Returns one test for each way in which a value is kept: as it is, as the microseconds beside it, as null."""
    plain = [value for value in values if value is not None and not isinstance(value, Moment)]
    moments = [value.micros for value in values if isinstance(value, Moment)]
    tests: list[Filter] = []
    if plain:
        tests.append({name: _equality(plain)})
    if moments:
        tests.append({name + AT: _equality(moments)})
    if any(value is None for value in values):
        tests.append({name: {"$type": _NULL}})
    return tests


def _equality(values: list[Any]) -> Any:
    """Returns one value stands for itself: with `$eq` SecantusDB uses the first field alone of an index of several."""
    return values[0] if len(values) == 1 else {"$in": values}


def _test(condition: Condition, root: bool) -> tuple[str, dict[str, Any]]:
    """Returns a condition on one path as a field and its test."""
    match condition:
        case Compare(path, operator, Moment(micros)):
            return _name(path, root) + AT, {"$" + operator: micros}
        case Compare(path, operator, value):
            return _name(path, root), {"$" + operator: value}
        case Matching(path, pattern):
            options = {"$options": "i"} if pattern.ignore_case else {}
            return _name(path, root), {"$regex": pattern.searched, **options}
        case Present(path):
            return _name(path, root), {"$exists": True}
        case Element(path, inner):
            return _name(path, root), {"$elemMatch": _of_element(inner)}
        case _:
            raise AssertionError(condition)


def _of_element(condition: Condition) -> Filter:
    """Returns the test of one array element. SecantusDB takes a test that begins with an operator for one of a plain
    value, so such a one begins with a name that nothing is kept under."""
    written = _written(condition, root=False)
    plain = any(not name.startswith("$") for name in written)
    return written if plain else {_NOBODY: {"$exists": False}, **written}


def _name(path: Path, root: bool) -> str:
    if not path:
        raise NotImplementedYet("A filter on the plain values of an array is not served; filter by an attribute.")
    return field(path) if root else _inner(path)


def _inner(path: Path) -> str:
    return ".".join(encode_name(name) for name in path)
