"""Limit and offset alone: what they give, and what is said of wrong ones. A server without filters is tried, too."""

from __future__ import annotations

from ctk.areas.paging.marked import SIZE, Marked
from ctk.exchange import Exchange
from ctk.target.page import READ, ids, read, total
from ctk.verdict.ledger import Judge

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


def limits(found: Marked, judge: Judge) -> None:
    """A page of two where there are five or more."""
    page = found.ask(limit=2)
    judge("PAG-03", page.status in READ, f"answered {page.status}", page)
    read(page)
    size = len(page.elements)
    judge("PAG-01", size <= 2, f"a limit of 2 gave {size}", page)
    judge("PAG-02", size == 2, f"a limit of 2 gave {size} of {SIZE} or more", page)
    judge("PAG-04", page.status == 206, f"answered {page.status}", page)
    _counted(page, bool(found.filter), judge)
    _skipped(found, judge)
    _behind(found, page, judge)


def wrong(found: Marked, judge: Judge) -> None:
    """Numbers that are none, or too small or too large."""
    huge = found.ask(limit=_HUGE)
    judge("PAG-10", huge.status in (*READ, 400), f"answered {huge.status}", huge)
    none = found.ask(limit=0)
    judge("PAG-11", none.status == 400 or _empty(none), f"answered {none.status}, {len(none.elements)} elements", none)
    answers = {rule: found.ask(query) for rule, query in _WRONG.items()}
    for rule, answer in answers.items():
        judge(rule, answer.status == 400, f"answered {answer.status}", answer)
    beyond = found.ask(offset=_BEYOND)
    judge("PAG-19", beyond.status == 400 or _empty(beyond), f"answered {beyond.status}", beyond)
    broken = [one for one in (*answers.values(), none, beyond) if one.status >= 500]
    told = f"answered {broken[0].status}" if broken else ""
    judge("PAG-18", not broken, told, *(broken or answers.values()))


def count(page: Exchange, judge: Judge) -> None:
    """X-Result-Count of a page."""
    result = page.headers.get("x-result-count")
    if result is None:
        judge.untested("PAG-05", "no X-Result-Count")
    else:
        judge.equal("PAG-05", result, str(len(page.elements)), page)


def _counted(page: Exchange, alone: bool, judge: Judge) -> None:
    count(page, judge)
    told = total(page)
    if told is None:
        judge.untested("PAG-06", "no X-Total-Count")
        return
    right = told.isdecimal() and (int(told) == SIZE if alone else int(told) >= SIZE)
    judge("PAG-06", right, f"x-total-count is {told} where there are {SIZE}{'' if alone else ' or more'}", page)


def _skipped(found: Marked, judge: Judge) -> None:
    """The second resource, then the first: one created meanwhile does not make them the same."""
    second, first = (found.page(offset=offset, limit=1) for offset in (1, 0))
    skipped = len(ids(first)) == len(ids(second)) == 1 and ids(first) != ids(second)
    judge("PAG-07", skipped, f"offset 0 gave {ids(first)}, offset 1 gave {ids(second)}", first, second)


def _behind(found: Marked, page: Exchange, judge: Judge) -> None:
    """A page far behind the end of a list, given a page of it; a list that nobody counts has no end to pass."""
    end = str(SIZE) if found.filter else total(page)
    if end is None or not end.isdecimal():
        judge.untested("PAG-08", "no filter and no X-Total-Count: nothing tells where the end is")
        judge.untested("PAG-09", "no filter and no X-Total-Count: nothing tells where the end is")
        return
    page = found.ask(offset=int(end) + _BEHIND, limit=2)
    judge("PAG-08", page.status < 500 and not page.elements, f"answered {page.status}", page)
    judge("PAG-09", page.status == 200 and page.json == [], f"answered {page.status}", page)


def _empty(answer: Exchange) -> bool:
    return answer.status in READ and answer.json == []
