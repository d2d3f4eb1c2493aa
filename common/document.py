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


def pointer(path: tuple[str | int, ...]) -> str:
    """The JSON pointer (RFC 6901) of a path of names and array positions; the root is the empty string."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
