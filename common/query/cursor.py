"""Cursors (`after`, `before`): a place in an ordered list as a text that clients keep and do not read."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson

from common.errors import InvalidQuery
from common.query.conditions import Place

_LONGEST = 4000
_SCALARS = (str, int, float, bool, type(None))
_WHOLE_BOUND = 2**63


def write_cursor(place: Place) -> str:
    """Returns the place as base64url without padding."""
    return base64.urlsafe_b64encode(orjson.dumps([place.created, place.id, *place.values])).decode().rstrip("=")


def read_cursor(name: str, texts: list[str] | None, keys: int) -> Place | None:
    """Returns the place of a parameter's texts, in an order of so many keys. Returns None where the parameter is
    absent, or empty, which is the beginning. Raises InvalidQuery for what no list with this order gave out."""
    if texts is None or texts == [""]:
        return None
    if len(texts) > 1:
        raise InvalidQuery(f"{name}: a list has one such place; this request names {len(texts)}.")
    decoded = _decoded(texts[0])
    if decoded is None or len(decoded) != keys + 2 or not _is_place(decoded):
        fault = f"{name}: {texts[0][:80]} is no place in this list"
        raise InvalidQuery(f"{fault}; take it from the Link header of a page with the same sort.")
    return Place(tuple(decoded[2:]), decoded[0], decoded[1])


def _decoded(text: str) -> list[Any] | None:
    if len(text) > _LONGEST or not text.isascii():
        return None
    try:
        decoded = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        return None
    return decoded if isinstance(decoded, list) else None


def _is_place(decoded: list[Any]) -> bool:
    created, identifier, *values = decoded
    has_types = (
        type(created) is int and type(identifier) is str and all(isinstance(value, _SCALARS) for value in values)
    )
    return has_types and all(abs(value) < _WHOLE_BOUND for value in (created, *values) if type(value) is int)
