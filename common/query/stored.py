"""Conditions in one version's names -> the same in the names of the stored shape."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import unquote

from common.document import Path
from common.errors import NotImplementedYet
from common.query.conditions import (
    Compare,
    Condition,
    Either,
    Element,
    Every,
    Matching,
    Not,
    OneOf,
    Order,
    Present,
    Query,
    Scalar,
)

RESIDUE_STEP = "%residue"
"""Stands first in the path of what is kept beside the stored shape; no attribute is called so."""

_HREF = ("href",)
_NO_ID = " "


class Names(Protocol):
    """How attribute names of the asked version lie in the store; a `Shape` is one."""

    def stored_path(self, path: Path) -> Path:
        """Returns names in the asked version -> names in the store. Raises NotImplementedYet where nothing is kept
        as such."""

    def stored_values(self, path: Path, value: Any) -> tuple[Any, ...]:
        """Returns the stored values that the asked version shows as `value`."""

    def keeps_values(self, path: Path) -> bool:
        """Returns whether every value at `path` is stored as it is shown."""


def stored_query(query: Query, names: Names, collection: str) -> Query:
    """Returns the query in stored names; `collection` is the path below which the version's hrefs lie.

    Raises NotImplementedYet where the store keeps what is asked for in a form that cannot be compared so.
    """
    condition = stored_condition(query.condition, names, collection)
    return replace(query, condition=condition, order=tuple(_order(key, names) for key in query.order))


def stored_condition(condition: Condition, names: Names, collection: str, at: Path = ()) -> Condition:
    """Returns one condition in stored names; `at` is the path of the array element that its own paths begin at."""
    match condition:
        case Every(parts):
            return Every(tuple(stored_condition(part, names, collection, at) for part in parts))
        case Either(parts):
            return Either(tuple(stored_condition(part, names, collection, at) for part in parts))
        case Not(part):
            return Not(stored_condition(part, names, collection, at))
        case OneOf(path, values):
            if (*at, *path) == _HREF:
                return OneOf(("id",), tuple(_id_behind(str(value), collection) for value in values))
            return OneOf(_below(path, at, names), _values(values, (*at, *path), names))
        case Compare(path, operator, value):
            _require_kept((*at, *path), names)
            return Compare(_below(path, at, names), operator, value)
        case Matching(path, pattern):
            _require_kept((*at, *path), names)
            return Matching(_below(path, at, names), pattern)
        case Present(path):
            return Every(()) if (*at, *path) == _HREF else Present(_below(path, at, names))
        case Element(path, inner):
            return Element(_below(path, at, names), stored_condition(inner, names, collection, (*at, *path)))


def _below(path: Path, at: Path, names: Names) -> Path:
    """Returns the stored path, counted from the stored place of `at`."""
    whole, start = names.stored_path((*at, *path)), names.stored_path(at) if at else ()
    if whole[: len(start)] != start:
        raise NotImplementedYet(f"{'.'.join((*at, *path))} is not kept inside {'.'.join(at)}; ask for it alone.")
    return whole[len(start) :]


def _values(values: tuple[Scalar, ...], path: Path, names: Names) -> tuple[Scalar, ...]:
    return tuple(dict.fromkeys(stored for value in values for stored in names.stored_values(path, value)))


def _require_kept(path: Path, names: Names) -> None:
    """Raises NotImplementedYet where the store keeps other values than the version shows, which have another order."""
    if path == _HREF:
        raise NotImplementedYet("An href is computed and not stored: it is found by equality alone.")
    if not names.keeps_values(path):
        raise NotImplementedYet(f"{'.'.join(path)} is stored in another form: it is found by equality alone.")


def _order(order: Order, names: Names) -> Order:
    _require_kept(order.path, names)
    return replace(order, path=names.stored_path(order.path))


def _id_behind(href: str, collection: str) -> str:
    """Returns the id that an href of this collection ends in; a blank, which no id is, for any other."""
    _, separator, identifier = href.partition(collection + "/")
    return unquote(identifier) if separator and "/" not in identifier else _NO_ID
