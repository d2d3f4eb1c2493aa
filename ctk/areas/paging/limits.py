"""Limit and offset alone: what they give, and what is said of wrong ones. Servers without filters are tried, too."""

from __future__ import annotations

from ctk.areas.paging.marked_list import SIZE, MarkedList
from ctk.exchange import Exchange
from ctk.target.page import READ, ids, require_page, total
from ctk.verdict.ledger import Expect

_HUGE = 1_000_000
_BEHIND = 1000
_BEYOND = 10**20
_WRONG = {
    "PAG-12": "limit=-1",
    "PAG-13": "limit=many",
    "PAG-14": "limit=1.5",
    "PAG-15": "offset=-1",
    "PAG-16": "offset=many",
    "PAG-17": "limit=1&limit=2",
}


def limits(marked_list: MarkedList, expect: Expect) -> None:
    """Asks for a page of two where there are five or more."""
    page = marked_list.ask(limit=2)
    expect("PAG-03", page.status in READ, f"answered {page.status}", page)
    require_page(page)
    size = len(page.elements)
    expect("PAG-01", size <= 2, f"a limit of 2 gave {size}", page)
    expect("PAG-02", size == 2, f"a limit of 2 gave {size} of {SIZE} or more", page)
    expect("PAG-04", page.status == 206, f"answered {page.status}", page)
    _counted(page, bool(marked_list.filter), expect)
    _skipped(marked_list, expect)
    _behind(marked_list, page, expect)


def wrong(marked_list: MarkedList, expect: Expect) -> None:
    """Sends numbers that are none, or too small or too large."""
    huge = marked_list.ask(limit=_HUGE)
    expect("PAG-10", huge.status in (*READ, 400), f"answered {huge.status}", huge)
    zero = marked_list.ask(limit=0)
    expect("PAG-11", zero.status == 400 or _empty(zero), f"answered {zero.status}, {len(zero.elements)} elements", zero)
    answers = {rule: marked_list.ask(query) for rule, query in _WRONG.items()}
    for rule, answer in answers.items():
        expect(rule, answer.status == 400, f"answered {answer.status}", answer)
    beyond = marked_list.ask(offset=_BEYOND)
    expect("PAG-19", beyond.status == 400 or _empty(beyond), f"answered {beyond.status}", beyond)
    broken = [answer for answer in (*answers.values(), zero, beyond) if answer.status >= 500]
    reason = f"answered {broken[0].status}" if broken else ""
    expect("PAG-18", not broken, reason, *(broken or answers.values()))


def count(page: Exchange, expect: Expect) -> None:
    """Expects X-Result-Count to be the size of its page."""
    result = page.headers.get("x-result-count")
    if result is None:
        expect.untested("PAG-05", "no X-Result-Count")
    else:
        expect.equal("PAG-05", result, str(len(page.elements)), page)


def _counted(page: Exchange, alone: bool, expect: Expect) -> None:
    count(page, expect)
    count_header = total(page)
    if count_header is None:
        expect.untested("PAG-06", "no X-Total-Count")
        return
    right = count_header.isdecimal() and (int(count_header) == SIZE if alone else int(count_header) >= SIZE)
    expect(
        "PAG-06", right, f"x-total-count is {count_header} where there are {SIZE}{'' if alone else ' or more'}", page
    )


def _skipped(marked_list: MarkedList, expect: Expect) -> None:
    """Asks for the second resource, then the first: one created meanwhile does not make them the same."""
    second, first = (marked_list.page(offset=offset, limit=1) for offset in (1, 0))
    skipped = len(ids(first)) == len(ids(second)) == 1 and ids(first) != ids(second)
    expect("PAG-07", skipped, f"offset 0 gave {ids(first)}, offset 1 gave {ids(second)}", first, second)


def _behind(marked_list: MarkedList, page: Exchange, expect: Expect) -> None:
    """Asks for a page far behind the end of a list; a list that nobody counts has no end to pass."""
    end = str(SIZE) if marked_list.filter else total(page)
    if end is None or not end.isdecimal():
        expect.untested("PAG-08", "no filter and no X-Total-Count: nothing tells where the end is")
        expect.untested("PAG-09", "no filter and no X-Total-Count: nothing tells where the end is")
        return
    page = marked_list.ask(offset=int(end) + _BEHIND, limit=2)
    expect("PAG-08", page.status < 500 and not page.elements, f"answered {page.status}", page)
    expect("PAG-09", page.status == 200 and page.json == [], f"answered {page.status}", page)


def _empty(answer: Exchange) -> bool:
    return answer.status in READ and answer.json == []
