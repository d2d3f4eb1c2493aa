"""The pages of one list: disjoint, complete, counted."""

from __future__ import annotations

from ctk.areas.paging import limits
from ctk.areas.paging.marked_list import SIZE, MarkedList
from ctk.exchange import Exchange
from ctk.target.page import READ, ids, require_page, total
from ctk.verdict.ledger import Expect


def pages(marked_list: MarkedList, expect: Expect) -> None:
    """Cuts five resources into three pages."""
    marked_list.require_filter()
    whole = marked_list.page()
    cut = [marked_list.ask(offset=offset, limit=2) for offset in range(0, SIZE, 2)]
    last = cut[-1]
    expect("PAG-24", last.status in READ, f"answered {last.status}", last)
    for page in cut:
        expect("PAG-20", isinstance(page.json, list), "a page is no JSON array", page)
        limits.count(require_page(page), expect)
    expect("PAG-25", last.status == 200, f"answered {last.status}", last)
    _together(marked_list, whole, cut, expect)
    _totals(cut, expect)
    _loose(marked_list, expect)


def _together(marked_list: MarkedList, whole: Exchange, cut: list[Exchange], expect: Expect) -> None:
    seen = [key for page in cut for key in ids(page)]
    strange = set(seen) - set(marked_list.ids)
    expect("PAG-27", bool(seen) and not strange, f"pages show {len(strange)} that the filter does not find", *cut)
    expect("PAG-21", bool(seen) and len(seen) == len(set(seen)), "a resource stands on two pages", *cut)
    missing = set(marked_list.ids) - set(seen)
    expect("PAG-22", not missing, f"{len(missing)} of {SIZE} are on no page", *cut)
    expect("PAG-23", seen == ids(whole), "the pages have another order than the whole list", whole, *cut)


def _totals(cut: list[Exchange], expect: Expect) -> None:
    totals = [total(page) for page in cut]
    if None in totals:
        expect.untested("PAG-26", "no X-Total-Count")
    else:
        expect("PAG-26", len(set(totals)) == 1, f"x-total-count is {', '.join(map(str, totals))}", *cut)


def _loose(marked_list: MarkedList, expect: Expect) -> None:
    """Asks with a limit or an offset alone, a limit that takes all, an offset that is no multiple of the limit."""
    begun, named = marked_list.page(limit=2), marked_list.page(offset=0, limit=2)
    expect.equal("PAG-28", ids(begun), ids(named), begun, named)
    rest = marked_list.page(offset=2)
    expect("PAG-29", len(set(ids(rest))) == SIZE - 2, f"an offset of 2 of {SIZE} gave {len(ids(rest))}", rest)
    full = marked_list.page(limit=SIZE)
    expect("PAG-30", sorted(ids(full)) == sorted(marked_list.ids), f"a limit of {SIZE} gave {len(ids(full))}", full)
    expect("PAG-31", full.status == 200, f"answered {full.status}", full)
    first, middle = marked_list.page(offset=0, limit=1), marked_list.page(offset=1, limit=3)
    right = len(ids(middle)) == 3 and not set(ids(first)) & set(ids(middle))
    end = marked_list.page(offset=4, limit=1)
    right = right and len(ids(end)) == 1 and not set(ids(end)) & set(ids(middle))
    expect("PAG-32", right, "a page of 3 from the second element is not the three in the middle", first, middle, end)
