"""JSON documents as plain values, and the one shape in which they are stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = Any
Document = dict[str, Any]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Canonical:
    """A resource as it is stored.

    `document` is the resource in v5 shape, without `href`; `residue` holds what only v4 can say, in the form that
    `common.views` writes and reads (empty for a resource that v4 never wrote).
    """

    document: Document
    residue: Document = field(default_factory=dict)


def is_same(one: Json, other: Json) -> bool:
    """True where the JSON values are equal; 1, 1.0 and true are three values."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(is_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(is_same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def pointer(path: tuple[str | int, ...]) -> str:
    """The JSON pointer (RFC 6901) of a path of names and array positions; the root is the empty string."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
