"""The pages of one list: disjoint, complete, counted."""

from __future__ import annotations

from ctk.areas.paging import limits
from ctk.areas.paging.marked import SIZE, Marked
from ctk.exchange import Exchange
from ctk.target.page import READ, ids, read, total
from ctk.verdict.ledger import Judge


def pages(found: Marked, judge: Judge) -> None:
    """Five resources on three pages."""
    found.require_filter()
    whole = found.page()
    cut = [found.ask(offset=offset, limit=2) for offset in range(0, SIZE, 2)]
    last = cut[-1]
    judge("PAG-24", last.status in READ, f"answered {last.status}", last)
    for page in cut:
        judge("PAG-20", isinstance(page.json, list), "a page is no JSON array", page)
        limits.count(read(page), judge)
    judge("PAG-25", last.status == 200, f"answered {last.status}", last)
    _together(found, whole, cut, judge)
    _totals(cut, judge)
    _loose(found, judge)


def _together(found: Marked, whole: Exchange, cut: list[Exchange], judge: Judge) -> None:
    seen = [key for page in cut for key in ids(page)]
    strange = set(seen) - set(found.ids)
    judge("PAG-27", bool(seen) and not strange, f"pages show {len(strange)} that the filter does not find", *cut)
    judge("PAG-21", bool(seen) and len(seen) == len(set(seen)), "a resource stands on two pages", *cut)
    missing = set(found.ids) - set(seen)
    judge("PAG-22", not missing, f"{len(missing)} of {SIZE} are on no page", *cut)
    judge("PAG-23", seen == ids(whole), "the pages have another order than the whole list", whole, *cut)


def _totals(cut: list[Exchange], judge: Judge) -> None:
    told = [total(page) for page in cut]
    if None in told:
        judge.untested("PAG-26", "no X-Total-Count")
    else:
        judge("PAG-26", len(set(told)) == 1, f"x-total-count is {', '.join(map(str, told))}", *cut)


def _loose(found: Marked, judge: Judge) -> None:
    """A limit or an offset alone, a limit that takes all, an offset that is no multiple of the limit."""
    begun, named = found.page(limit=2), found.page(offset=0, limit=2)
    judge.equal("PAG-28", ids(begun), ids(named), begun, named)
    rest = found.page(offset=2)
    judge("PAG-29", len(set(ids(rest))) == SIZE - 2, f"an offset of 2 of {SIZE} gave {len(ids(rest))}", rest)
    full = found.page(limit=SIZE)
    judge("PAG-30", sorted(ids(full)) == sorted(found.ids), f"a limit of {SIZE} gave {len(ids(full))}", full)
    judge("PAG-31", full.status == 200, f"answered {full.status}", full)
    first, middle = found.page(offset=0, limit=1), found.page(offset=1, limit=3)
    right = len(ids(middle)) == 3 and not set(ids(first)) & set(ids(middle))
    end = found.page(offset=4, limit=1)
    right = right and len(ids(end)) == 1 and not set(ids(end)) & set(ids(middle))
    judge("PAG-32", right, "a page of 3 from the second element is not the three in the middle", first, middle, end)
