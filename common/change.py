"""A change of a resource as a value: what it was, what it becomes, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from common.resource import Resource
from common.store.base import Stored


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a resource changes, whoever asks: a verb, a job, an effect, a scheduler, a process.

    `at`: the moment of the change (UTC).
    `origin`: what the addresses in its events begin with: scheme, host, prefix.
    `correlation`: what the client called its request; None where it did not.
    `caller`: the id of who asks; None where the suite does not know.
    """

    at: datetime
    origin: str
    correlation: str | None = None
    caller: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One resource before and after; `before` is None at its creation, `after` at its deletion."""

    resource: Resource
    before: Stored | None
    after: Stored | None
    cause: Cause

    @property
    def identifier(self) -> str:
        """The id of the resource; raises ValueError for a change without a resource."""
        stored = self.after or self.before
        if stored is None:
            raise ValueError("A change has a resource before it, after it, or both.")
        return stored.id

    @property
    def revision(self) -> int:
        """The revision that the change makes; that of a deletion follows the last one of the resource."""
        if self.after:
            return self.after.revision
        return self.before.revision + 1 if self.before else 0
