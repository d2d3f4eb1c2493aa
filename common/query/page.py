"""Pages of a list: when the answer is partial, and the links to its neighbours (RFC 8288)."""

from __future__ import annotations

from urllib.parse import quote

from common.query.conditions import Page

_IN_A_LINK = "%:/?[]@!$'()*+,;=-._~"


def status(page: Page, total: int) -> int:
    """206 where the client asked for a part and more remains, 200 otherwise."""
    more = page.offset + page.limit < total
    return 206 if page.asked and more else 200


def links(page: Page, total: int, address: str, query: str) -> str:
    """The Link header of a page; empty where the list is whole. `address` has no query; `query` is as it was sent."""
    if page.limit == 0 or (not page.asked and total <= page.limit):
        return ""
    kept = [
        quote(pair, safe=_IN_A_LINK)
        for pair in query.split("&")
        if pair and pair.partition("=")[0] not in ("offset", "limit")
    ]
    last = max(0, (total - 1) // page.limit * page.limit)
    places = {"first": 0, "last": last}
    if page.offset > 0:
        places["prev"] = max(0, min(page.offset - page.limit, last))
    if page.offset + page.limit < total:
        places["next"] = page.offset + page.limit
    order = [rel for rel in ("first", "prev", "next", "last") if rel in places]
    return ", ".join(
        f'<{address}?{"&".join([*kept, f"offset={places[rel]}", f"limit={page.limit}"])}>; rel="{rel}"' for rel in order
    )
