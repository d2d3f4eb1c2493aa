"""Whose a collection is: that of one API, or shared by several that say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from common.errors import StartRefused
from common.resource import Api, Resource

_OWN = frozenset({"name", "v4_name"})
"""What two windows on one stored resource may declare differently: what each calls it."""


def require_own_collections(apis: Iterable[Api]) -> None:
    """Raises StartRefused where two resources share a collection and do not all declare it, or declare it unlike."""
    owners: dict[str, tuple[Api, Resource]] = {}
    for api in apis:
        for resource in api.resources:
            owner = owners.setdefault(resource.collection, (api, resource))
            if owner[1] is not resource:
                _require_shared(owner, (api, resource))


def _require_shared(left: tuple[Api, Resource], right: tuple[Api, Resource]) -> None:
    (first, mine), (second, theirs) = left, right
    both = f'{first.code} and {second.code} keep resources in one collection, "{mine.collection}"'
    if not (mine.shared and theirs.shared):
        raise StartRefused(f"{both}: give one of them a collection of its own, or declare it shared in both.")
    if first.log != second.log:
        raise StartRefused(f'{both}, and number its changes in two logs, "{first.log}" and "{second.log}".')
    unlike = [row.name for row in fields(Resource) if row.name not in _OWN and not _is_alike(mine, theirs, row.name)]
    if unlike:
        raise StartRefused(f"{both}, and declare it unlike: {', '.join(unlike)}.")


def _is_alike(mine: Resource, theirs: Resource, name: str) -> bool:
    """Returns True where two declarations say the same; of functions it is known only what they are for."""
    values = getattr(mine, name), getattr(theirs, name)
    if name in ("defaults", "derived"):
        return bool(values[0].keys() == values[1].keys())
    return bool(values[0] == values[1])
