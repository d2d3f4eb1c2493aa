"""Pages of a list: when the answer is partial, and the links to its neighbours (RFC 8288)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from common.query.conditions import Page

_IN_A_LINK = "%:/?[]@!$'()*+,;=-._~"
_PLACING = ("offset", "limit", "after", "before")


@dataclass(frozen=True, slots=True)
class Extent:
    """How a page lies in its list: how many resources match in all (at least, where not `is_exact`), whether some
    follow the page, whether some precede it; `first`, `last`: the cursors of its own first and last resource."""

    total: int
    is_exact: bool
    has_next: bool
    has_previous: bool
    first: str = ""
    last: str = ""


def status(page: Page, extent: Extent) -> int:
    """Returns 206 where the client asked for a part and more remains, 200 otherwise."""
    return 206 if page.asked and extent.has_next else 200


def links(page: Page, extent: Extent, address: str, query: str) -> str:
    """Returns the Link header of a page; empty where the list is whole. `address` has no query; `query` is as it was
    sent."""
    places = _by_place(extent) if page.by_place else _by_count(page, extent)
    if page.limit == 0 or not places:
        return ""
    parameters = [
        quote(pair, safe=_IN_A_LINK) for pair in query.split("&") if pair and pair.partition("=")[0] not in _PLACING
    ]
    return ", ".join(
        f'<{address}?{"&".join([*parameters, place, f"limit={page.limit}"])}>; rel="{rel}"'
        for rel, place in places.items()
    )


def _by_count(page: Page, extent: Extent) -> dict[str, str]:
    """Returns the neighbours by offset; the last page is known where the total is."""
    if not page.asked and not extent.has_next:
        return {}
    targets = {"first": 0}
    last = max(0, (extent.total - 1) // max(1, page.limit) * page.limit)
    if page.offset > 0:
        targets["prev"] = max(0, page.offset - page.limit)
        if extent.is_exact:
            targets["prev"] = min(targets["prev"], last)
    if extent.has_next:
        targets["next"] = page.offset + page.limit
    if extent.is_exact:
        targets["last"] = last
    return {rel: f"offset={offset}" for rel, offset in targets.items()}


def _by_place(extent: Extent) -> dict[str, str]:
    """Returns the neighbours by cursor."""
    targets = {"first": "after="}
    if extent.has_previous and extent.first:
        targets["prev"] = f"before={extent.first}"
    if extent.has_next and extent.last:
        targets["next"] = f"after={extent.last}"
    return targets
