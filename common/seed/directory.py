"""The directory of the story: what every API's share tells about its resources, found by name and number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from common.document import Document
from common.seed.plot import shares
from common.seed.references import PARTY_REF_OR_ROLE_REF, reference, related_party
from common.seed.share import Kind


def id_of(kind: str, number: int) -> str:
    """Returns the id of a resource."""
    return _kinds()[kind].id % number


def display_name(kind: str, number: int) -> str | None:
    """Returns the name of a resource; None for a kind whose references carry no name."""
    name = _kinds()[kind].name
    return name(number) if name else None


def minute_of(kind: str, number: int) -> int:
    """Returns the minute of the story in which a resource came to be. Raises LookupError where its share is silent."""
    minute = _kinds()[kind].minute
    if minute is None:
        raise LookupError(f"nobody says when {kind} {number} came to be")
    return minute(number)


def type_of(kind: str) -> str:
    """Returns the `@type` of a resource's documents: its name with a capital."""
    return kind[0].upper() + kind[1:]


def reference_to(kind: str, number: int, reference_type: str | None = None) -> Document:
    """Returns a reference to a resource, of type `<Type>Ref` unless another type is given."""
    referred = type_of(kind)
    return reference(reference_type or f"{referred}Ref", referred, id_of(kind, number), display_name(kind, number))


@lru_cache(maxsize=4096)
def document_of(kind: str, number: int) -> Document:
    """Returns the v5 document of a resource, which is not to be changed."""
    return _kinds()[kind].document(number)


def referred(to: Document) -> Document:
    """Returns the v5 document that a reference leads to, which is not to be changed."""
    name = to["@referredType"]
    digits = re.search(r"\d+$", to["id"])
    if digits is None:
        raise LookupError(f"{to['id']} is no id of the story")
    return document_of(name[0].lower() + name[1:], int(digits[0]))


def player(part: str, number: int = 0) -> Document:
    """Returns the reference to the party that plays a part of somebody's cast, for instance that of the operator."""
    return _cast()[part](number)


def party(role: str, part: str, number: int = 0, kind: str = PARTY_REF_OR_ROLE_REF) -> Document:
    """Returns the party that plays a part as a related party in a role."""
    return related_party(role, player(part, number), kind)


@cache
def _kinds() -> Mapping[str, Kind]:
    return {name: kind for share in shares().values() for name, kind in share.kinds.items()}


@cache
def _cast() -> Mapping[str, Callable[[int], Document]]:
    return {name: part for share in shares().values() for name, part in share.cast.items()}
