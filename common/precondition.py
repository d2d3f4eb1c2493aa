"""ETag, If-Match, If-None-Match and their dated kin (RFC 9110, section 13): a revision as clients see it."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from common.errors import PreconditionFailed

_SECOND = 1_000_000


def etag(revision: int) -> str:
    """Returns the entity tag of a revision."""
    return f'"{revision:x}"'


def require_match(headers: Mapping[str, str], revision: int, updated: int) -> None:
    """Raises PreconditionFailed where If-Match, or else If-Unmodified-Since, is there and does not hold for `revision`,
    last changed at `updated` (microseconds since 1970)."""
    condition = headers.get("if-match")
    if condition is not None:
        if not _named(condition, revision):
            raise PreconditionFailed(f"If-Match: {condition[:80]} is not the present revision, {etag(revision)}.")
        return
    moment = _seconds(headers.get("if-unmodified-since"))
    if moment is not None and updated // _SECOND > moment:
        raise PreconditionFailed("If-Unmodified-Since: the resource has changed since.")


def is_unchanged(headers: Mapping[str, str], revision: int, updated: int) -> bool:
    """Returns True where If-None-Match names `revision`, or else If-Modified-Since its time: the client has it
    already."""
    condition = headers.get("if-none-match")
    if condition is not None:
        return _named(condition, revision)
    moment = _seconds(headers.get("if-modified-since"))
    return moment is not None and updated // _SECOND <= moment


def _named(header: str, revision: int) -> bool:
    # A proxy that compresses makes an entity tag weak; its client must still be able to write.
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag(revision) in tags


def _seconds(date: str | None) -> int | None:
    """Returns an HTTP date in seconds since 1970; None for what is none, which is to be ignored."""
    try:
        return int(parsedate_to_datetime(date).timestamp()) if date else None
    except (ValueError, OverflowError):
        return None
