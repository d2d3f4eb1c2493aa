"""What a store promises, whatever server is behind it; tests/common/store holds every implementation to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from common.document import Canonical, Path
from common.query.conditions import Query


@dataclass(frozen=True, slots=True)
class Stored:
    """One kept resource. `revision` grows with every change and is never used twice for one id, a deleted and newly
    created one included; `created`, `updated` are microseconds since 1970 (UTC)."""

    id: str
    revision: int
    created: int
    updated: int
    canonical: Canonical


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a write tells the world, kept in that very write until a dispatcher has taken it on.

    `id`: the same for the same change, whoever asks. `at`: microseconds since 1970. `kinds`: of its events, in their
    order: create, attributeValueChange, stateChange ... `changed`: by version, the dotted paths of the content that
    changed, in its names. `origin`: what the addresses in its events begin with. `correlation`: what the client called
    its request, or the change's own id.
    """

    id: str
    at: int
    kinds: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    origin: str
    correlation: str


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a collection, how many resources match in all (at least, where not `is_exact`), and whether some
    stand behind and before the page."""

    page: Sequence[Stored]
    total: int
    is_exact: bool
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a collection: resources that share the value at `path` lie together, newest first; `instants` where
    the values are date-times. Without a path: all resources, newest first."""

    path: Path
    instants: bool = False


Indexes = Mapping[str, Iterable[Index]]
"""By collection."""


class Store(Protocol):
    """Every method raises StoreUnavailable where the server does not answer; an acknowledged write is on disk."""

    async def insert(self, collection: str, stored: Stored, change: Announcement | None = None) -> None:
        """Keeps a new resource and its change; raises Conflict where its id is taken."""

    async def get(self, collection: str, identifier: str) -> Stored:
        """The resource with this id; raises NotFound."""

    async def replace(self, collection: str, stored: Stored, revision: int, change: Announcement | None = None) -> bool:
        """Keeps `stored` in the place of `revision`, and the change; False where that is not the present one (or it is
        gone)."""

    async def delete(self, collection: str, stored: Stored, change: Announcement | None = None) -> bool:
        """Removes the resource and keeps the change; False where `stored` is not its present revision (or it is
        gone)."""

    async def find(self, collection: str, query: Query) -> Found:
        """The page that the query, in stored names, asks for. Raises InvalidQuery where it takes longer than a query
        may."""

    async def ping(self) -> None:
        """Returns where the server answers."""

    async def prepare(self, indexes: Indexes) -> None:
        """Creates what the collections need, where it is missing."""

    async def close(self) -> None:
        """Lets go of every connection."""
