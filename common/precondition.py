"""ETag, If-Match, If-None-Match (RFC 9110, section 13): a revision as the client sees and names it."""

from __future__ import annotations

from collections.abc import Mapping

from common.errors import PreconditionFailed


def etag(revision: int) -> str:
    """The entity tag of a revision."""
    return f'"{revision:x}"'


def require_match(headers: Mapping[str, str], revision: int) -> None:
    """Raises PreconditionFailed where If-Match is there and does not hold for `revision`."""
    wanted = headers.get("if-match")
    if wanted is not None and not _named(wanted, revision):
        raise PreconditionFailed(f"If-Match: {wanted[:80]} is not the present revision, {etag(revision)}.")


def is_unchanged(headers: Mapping[str, str], revision: int) -> bool:
    """True where If-None-Match names `revision`: the client has it already."""
    known = headers.get("if-none-match")
    return known is not None and _named(known, revision)


def _named(header: str, revision: int) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag(revision) in tags
