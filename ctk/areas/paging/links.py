"""The links between pages (RFC 8288)."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from ctk.areas.paging.marked import SIZE, Marked
from ctk.exchange import Exchange, Untestable
from ctk.target import page as pages
from ctk.target.page import ids
from ctk.verdict.ledger import Judge

_PLACING = ("offset", "limit", "after", "before")


def links(found: Marked, judge: Judge) -> None:
    """The links of three pages, and where they lead."""
    if not judge.items("PAG-33"):
        return
    found.require_filter()
    cut = [found.page(offset=offset, limit=2) for offset in range(0, SIZE, 2)]
    _present(cut, judge)
    _leading(found, cut, judge)
    _kept(found, judge)
    _walked(found, cut[0], judge)


def _present(cut: list[Exchange], judge: Judge) -> None:
    first, middle, last = (pages.links(page) for page in cut)
    judge("PAG-33", "first" in first and "first" in middle, "a page has no link first", *cut[:2])
    judge("PAG-34", "next" in first and "next" in middle, "a page with more behind it has no link next", *cut[:2])
    judge("PAG-35", "prev" in middle and "prev" in last, "a page behind the first has no link prev", *cut[1:])
    judge("PAG-36", "last" in first and "last" in middle, "a page has no link last", *cut[:2])
    if not (first or middle or last):
        raise Untestable("no page has links")
    judge("PAG-37", "next" not in last, "the last page has a link next", cut[-1])
    judge("PAG-38", "prev" not in first, "the first page has a link prev", cut[0])
    every = [urlsplit(address).path.rstrip("/") for one in (first, middle, last) for address in one.values()]
    path = urlsplit(cut[0].url).path
    astray = [one for one in every if one.rpartition("/")[2] != path.rpartition("/")[2]]
    judge("PAG-43", not astray, f"a link leads to {astray[:1]}", *cut)


def _leading(found: Marked, cut: list[Exchange], judge: Judge) -> None:
    first, middle, last = cut
    for rule, page, rel, wanted in (
        ("PAG-39", last, "first", first),
        ("PAG-40", first, "next", middle),
        ("PAG-41", middle, "prev", first),
        ("PAG-42", first, "last", last),
    ):
        if rel not in pages.links(page):
            judge.untested(rule, f"the page has no link {rel}")
            continue
        led = _followed(found, page, rel)
        judge.equal(rule, led and ids(led), ids(wanted), page, *([led] if led else []))


def _followed(found: Marked, page: Exchange, rel: str) -> Exchange | None:
    """The page behind a link; None where the link does not lead to a page."""
    try:
        return found.follow(page, rel)
    except Untestable:
        return None


def _kept(found: Marked, judge: Judge) -> None:
    """What else a link's query says, beside that of its page."""
    page = found.page(limit=2, sort="id")
    if "next" not in pages.links(page):
        judge.untested("PAG-44", "the page has no link next")
        return
    told = _asked(pages.links(page)["next"])
    judge.equal("PAG-44", told, _asked(page.url), page)


def _asked(address: str) -> list[tuple[str, str]]:
    pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    return sorted(pair for pair in pairs if pair[0] not in _PLACING)


def _walked(found: Marked, page: Exchange, judge: Judge) -> None:
    """Follows next from the first page on, no further than there can be pages."""
    if "next" not in pages.links(page):
        judge.untested("PAG-45", "the page has no link next")
        return
    walked = walk(found, page)
    seen = [key for one in walked for key in ids(one)]
    told = f"{len(set(seen) & set(found.ids))} of {SIZE} were seen, in {len(seen)} elements"
    judge("PAG-45", sorted(seen) == sorted(found.ids), told, *walked)


def walk(found: Marked, page: Exchange) -> list[Exchange]:
    """A page and those behind it, as far as the links lead, but no more than there are resources."""
    walked = [page]
    while "next" in pages.links(walked[-1]) and len(walked) <= SIZE:
        led = _followed(found, walked[-1], "next")
        if led is None:
            break
        walked.append(led)
    return walked
