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


def is_same(left: Json, right: Json) -> bool:
    """Returns True where the JSON values are equal; 1, 1.0 and true are three values."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(is_same(value, right[name]) for name, value in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(is_same(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)


def pointer(path: tuple[str | int, ...]) -> str:
    """Returns the JSON pointer (RFC 6901) of a path of names and array positions; the root is the empty string."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
