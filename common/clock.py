"""Time and new ids: the two things of the world that a verb needs besides the store."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def text(moment: datetime) -> str:
    """An instant as the servers write it: RFC 3339, UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def micros(moment: datetime) -> int:
    """Whole microseconds since 1970-01-01T00:00Z."""
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def utc_now() -> datetime:
    """The present instant, with its zone."""
    return datetime.now(UTC)


def random_id() -> str:
    """A new resource id: 36 characters, never handed out twice."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class World:
    """What a verb takes from outside: the clock and the source of ids; tests stop the one and count with the other."""

    now: Callable[[], datetime] = utc_now
    new_id: Callable[[], str] = random_id
