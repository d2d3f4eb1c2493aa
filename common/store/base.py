"""What a store promises, whatever server is behind it; tests/common/store holds every implementation to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from common.document import Canonical
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
class Found:
    """One page of a collection, newest first, and how many resources match in all."""

    page: Sequence[Stored]
    total: int


class Store(Protocol):
    """Every method raises StoreUnavailable where the server does not answer; an acknowledged write is on disk."""

    async def insert(self, collection: str, stored: Stored) -> None:
        """Keeps a new resource; raises Conflict where its id is taken."""

    async def get(self, collection: str, identifier: str) -> Stored:
        """The resource with this id; raises NotFound."""

    async def replace(self, collection: str, stored: Stored, revision: int) -> bool:
        """Keeps `stored` in the place of `revision`; False where that is not the present one (or it is gone)."""

    async def delete(self, collection: str, identifier: str, revision: int | None = None) -> bool:
        """Removes the resource, of `revision` alone where one is named; False where there was none such."""

    async def find(self, collection: str, query: Query) -> Found:
        """The page that the query asks for, ordered newest first, ties by id."""

    async def ping(self) -> None:
        """Returns where the server answers."""

    async def prepare(self, collections: Iterable[str]) -> None:
        """Creates the indexes that the collections need, where they are missing."""

    async def close(self) -> None:
        """Lets go of every connection."""
