"""Cursors of v5, `after` and `before`: pages from place to place."""

from __future__ import annotations

from ctk.areas.paging.links import walk
from ctk.areas.paging.marked import SIZE, Marked
from ctk.exchange import Exchange, Untestable
from ctk.target.page import READ, ids, links, total
from ctk.verdict.ledger import Judge


def cursors(found: Marked, judge: Judge) -> None:
    """The pages of a list that begins with an empty cursor."""
    if not judge.items("PAG-46"):
        return
    refused = found.ask("after=no-cursor", limit=2)
    judge("PAG-50", refused.status == 400, f"answered {refused.status}", refused)
    both = found.ask("after=", offset=2, limit=2)
    judge("PAG-51", both.status == 400, f"answered {both.status}", both)
    found.require_filter()
    whole, first = ids(found.page()), found.ask("after=", limit=2)
    begun = first.status in READ and ids(first) == whole[:2] and "after=" in links(first).get("next", "")
    judge("PAG-46", begun, f"answered {first.status}, with no cursor to the next page or another first page", first)
    if not begun:
        raise Untestable("no cursor leads on")
    walked = walk(found, first)
    judge("PAG-47", ids(walked[1]) == whole[2:4] if walked[1:] else False, "not the next two", *walked[:2])
    seen = [key for page in walked for key in ids(page)]
    judge("PAG-48", sorted(seen) == sorted(found.ids), f"{len(seen)} elements in place of {SIZE}", *walked)
    _back(found, walked, whole, judge)
    _totals(walked, judge)
    _sorted(found, judge)
    _meanwhile(found, first, judge)


def _back(found: Marked, walked: list[Exchange], whole: list[str], judge: Judge) -> None:
    middle = walked[1] if walked[1:] else None
    if middle is None or "before=" not in links(middle).get("prev", ""):
        judge("PAG-49", False, "the second page has no cursor to the one before", *walked[:2])
        return
    back = found.follow(middle, "prev")
    judge.equal("PAG-49", ids(back), whole[:2], middle, back)


def _totals(walked: list[Exchange], judge: Judge) -> None:
    told = {total(page) for page in walked}
    if None in told or len(walked) < 2:
        judge.untested("PAG-53", "no X-Total-Count, or one page alone")
    else:
        judge("PAG-53", len(told) == 1, f"x-total-count is {', '.join(sorted(map(str, told)))}", *walked)


def _sorted(found: Marked, judge: Judge) -> None:
    whole = ids(found.page(sort="-id"))
    walked = walk(found, found.page("after=", limit=2, sort="-id"))
    judge.equal("PAG-66", [key for page in walked for key in ids(page)], whole, *walked)


def _meanwhile(found: Marked, first: Exchange, judge: Judge) -> None:
    """One more resource of the same mark, made between two pages."""
    found.stage.create(found.resource, "minimal", **dict(found.filter))
    led = found.anew().follow(first, "next")
    repeated = set(ids(first)) & set(ids(led))
    judge("PAG-52", bool(ids(led)) and not repeated, f"{len(repeated)} resources are on both pages", first, led)
