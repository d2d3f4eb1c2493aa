"""Cursors of v5, `after` and `before`: pages from place to place."""

from __future__ import annotations

from ctk.areas.paging.links import walk
from ctk.areas.paging.marked_list import SIZE, MarkedList
from ctk.exchange import Exchange, Untestable
from ctk.target.page import READ, ids, links, total
from ctk.verdict.ledger import Expect


def cursors(marked_list: MarkedList, expect: Expect) -> None:
    """Pages through a list that begins with an empty cursor."""
    if not expect.items("PAG-46"):
        return
    refused = marked_list.ask("after=no-cursor", limit=2)
    expect("PAG-50", refused.status == 400, f"answered {refused.status}", refused)
    both = marked_list.ask("after=", offset=2, limit=2)
    expect("PAG-51", both.status == 400, f"answered {both.status}", both)
    marked_list.require_filter()
    whole, first = ids(marked_list.page()), marked_list.ask("after=", limit=2)
    begun = first.status in READ and ids(first) == whole[:2] and "after=" in links(first).get("next", "")
    expect("PAG-46", begun, f"answered {first.status}, with no cursor to the next page or another first page", first)
    if not begun:
        raise Untestable("no cursor leads on")
    walked = walk(marked_list, first)
    expect("PAG-47", ids(walked[1]) == whole[2:4] if walked[1:] else False, "not the next two", *walked[:2])
    seen = [key for page in walked for key in ids(page)]
    expect("PAG-48", sorted(seen) == sorted(marked_list.ids), f"{len(seen)} elements in place of {SIZE}", *walked)
    _back(marked_list, walked, whole, expect)
    _totals(walked, expect)
    _sorted(marked_list, expect)
    _meanwhile(marked_list, first, expect)


def _back(marked_list: MarkedList, walked: list[Exchange], whole: list[str], expect: Expect) -> None:
    middle = walked[1] if walked[1:] else None
    if middle is None or "before=" not in links(middle).get("prev", ""):
        expect("PAG-49", False, "the second page has no cursor to the one before", *walked[:2])
        return
    back = marked_list.follow(middle, "prev")
    expect.equal("PAG-49", ids(back), whole[:2], middle, back)


def _totals(walked: list[Exchange], expect: Expect) -> None:
    totals = {total(page) for page in walked}
    if None in totals or len(walked) < 2:
        expect.untested("PAG-53", "no X-Total-Count, or one page alone")
    else:
        expect("PAG-53", len(totals) == 1, f"x-total-count is {', '.join(sorted(map(str, totals)))}", *walked)


def _sorted(marked_list: MarkedList, expect: Expect) -> None:
    whole = ids(marked_list.page(sort="-id"))
    walked = walk(marked_list, marked_list.page("after=", limit=2, sort="-id"))
    expect.equal("PAG-66", [key for page in walked for key in ids(page)], whole, *walked)


def _meanwhile(marked_list: MarkedList, first: Exchange, expect: Expect) -> None:
    """Creates one more resource of the same mark between two pages."""
    marked_list.target.create(marked_list.resource, "minimal", **dict(marked_list.filter))
    led = marked_list.anew().follow(first, "next")
    repeated = set(ids(first)) & set(ids(led))
    expect("PAG-52", bool(ids(led)) and not repeated, f"{len(repeated)} resources are on both pages", first, led)
