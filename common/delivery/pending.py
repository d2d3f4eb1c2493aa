"""An event that one subscriber has not taken yet and that waits for another try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

_STORED_AS = {"position": "place"}
"""Fields that the store calls otherwise; what an earlier version wrote has these names too."""

_FIELDS = {stored: name for name, stored in _STORED_AS.items()}


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """One event of one subscription.

    `subscription`: the id of the subscription.
    `api`, `seq`: name the log's entry.
    `position`: the index of the event's kind among the kinds of the change.
    `kind`, `event`, `type`: the event's kind, id and type.
    `key`: the resource, `collection/id`; its later events wait behind this one.
    `happened`: when the change happened, in microseconds since 1970.
    `attempts`: how many were made; `reason`: why the last one failed; `due`: when the next one may be made, in
    microseconds since 1970.
    `entry`: the log's entry itself, where the event is a dead letter that is sent again; otherwise None.
    """

    subscription: str
    api: str
    seq: int
    position: int
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
        """Returns the same for the same event of the same subscription."""
        return f"{self.subscription}/{self.seq:012d}/{self.position}"

    @property
    def line(self) -> str:
        """Returns the ordering key: the resource. A replayed dead letter gets a key of its own, so that it does not
        wait behind newer events."""
        return f"{self.key} again" if self.entry else self.key

    def record(self) -> dict[str, Any]:
        """Returns it as the store keeps it, waiting or dead."""
        values = {_STORED_AS.get(name, name): value for name, value in asdict(self).items()}
        if self.entry is None:
            del values["entry"]
        return {"_id": self.id, **values}

    def failed(self, reason: str, due: int) -> PendingEvent:
        """Returns the same event after one more attempt."""
        return replace(self, attempts=self.attempts + 1, reason=reason, due=due)


def pending_from_record(record: Mapping[str, Any]) -> PendingEvent:
    """Returns what `PendingEvent.record` has written. Leaves out what a dead letter has besides."""
    named = {_FIELDS.get(name, name): value for name, value in record.items()}
    return PendingEvent(**{name: value for name, value in named.items() if name in PendingEvent.__dataclass_fields__})
