"""An event that one subscriber has not taken yet and that waits for another try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """`subscription`: whose; `api`, `seq`: the log's entry; `place`: which of its events, by position among its kinds;
    `kind`, `event`, `type`: that event's kind, id and type; `key`: the resource, `collection/id`, whose later events
    wait behind it. `attempts` were made, the last of them failed with `reason`. `due`: of the next, and `happened`: of
    the change, microseconds since 1970. `entry`: the log's entry itself, in an event that came back from the dead."""

    subscription: str
    api: str
    seq: int
    place: int
    kind: str
    event: str
    type: str
    key: str
    happened: int
    attempts: int = 0
    due: int = 0
    reason: str = ""
    entry: Mapping[str, Any] | None = None

    @property
    def id(self) -> str:
        """The same for the same event of the same subscription."""
        return f"{self.subscription}/{self.seq:012d}/{self.place}"

    @property
    def line(self) -> str:
        """Which events wait for each other: those of one resource; what came back from the dead is older than all that
        comes, and has a line of its own."""
        return f"{self.key} again" if self.entry else self.key

    def record(self) -> dict[str, Any]:
        """As the store keeps it, waiting or dead."""
        values = asdict(self)
        if self.entry is None:
            del values["entry"]
        return {"_id": self.id, **values}

    def failed(self, reason: str, due: int) -> PendingEvent:
        """The same after one more attempt."""
        return replace(self, attempts=self.attempts + 1, reason=reason, due=due)


def from_record(record: Mapping[str, Any]) -> PendingEvent:
    """The inverse of `PendingEvent.record`; what a dead letter has besides is left out."""
    known = {name: value for name, value in record.items() if name in PendingEvent.__dataclass_fields__}
    return PendingEvent(**known)
