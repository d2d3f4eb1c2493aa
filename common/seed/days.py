"""The story's days: every instant is counted in minutes from one fixed beginning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from common.document import Document

BEGINNING = datetime(2024, 1, 1, 8, 0, tzinfo=UTC)
HOUR = 60
DAY = 24 * HOUR


def at(minutes: int) -> str:
    """Returns the instant so many minutes after the beginning, as the servers write it."""
    moment = BEGINNING + timedelta(minutes=minutes)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def since(minutes: int) -> Document:
    """Returns a TimePeriod that begins so many minutes after the beginning and is open."""
    return {"startDateTime": at(minutes)}


def between(first: int, last: int) -> Document:
    """Returns a TimePeriod from one minute of the story to another."""
    return {"startDateTime": at(first), "endDateTime": at(last)}
