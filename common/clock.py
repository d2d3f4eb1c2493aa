"""Time and new ids: the two things of the world that a verb needs besides the store."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WRITTEN = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[Tt ](?P<hour>\d\d:\d\d)(?::(?P<second>\d\d)(?:\.(?P<part>\d+))?)?"
    r"(?P<zone>[Zz]|[+-]\d\d:?\d\d)",
    re.ASCII,
)


def text(moment: datetime) -> str:
    """Returns an instant as the servers write it: RFC 3339, UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def micros(moment: datetime) -> int:
    """Returns whole microseconds since 1970-01-01T00:00Z."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def instant(written: str) -> int | None:
    """Returns the microseconds since 1970 that a date-time writes (RFC 3339). Returns None where the text is none, or
    no calendar has it.

    Seconds may be left out, as Java writes a full minute, and the colon of an offset (ISO 8601). Digits beyond the
    microsecond are cut; a leap second is the first of the next minute.
    """
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return None
    leap = match["second"] == "60"
    zone = "+00:00" if match["zone"] in "Zz" else match["zone"]
    part = (match["part"] or "")[:6].ljust(6, "0")
    try:
        moment = datetime.fromisoformat(
            f"{match['day']}T{match['hour']}:{'59' if leap else match['second'] or '00'}.{part}{zone}"
        )
    except ValueError:
        return None
    return micros(moment) + (1_000_000 if leap else 0)


def utc_now() -> datetime:
    """Returns the present instant, with its zone."""
    return datetime.now(UTC)


def random_id() -> str:
    """Returns a new resource id: 36 characters, never handed out twice."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class World:
    """What a verb takes from outside: the clock and the source of ids; tests stop the one and count with the other."""

    now: Callable[[], datetime] = utc_now
    new_id: Callable[[], str] = random_id
