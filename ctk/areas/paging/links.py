"""The links between pages (RFC 8288)."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from ctk.areas.paging.marked_list import SIZE, MarkedList
from ctk.exchange import Exchange, Untestable
from ctk.target import page as pages
from ctk.target.page import ids
from ctk.verdict.ledger import Expect

_PLACING = ("offset", "limit", "after", "before")


def links(marked_list: MarkedList, expect: Expect) -> None:
    """Looks at the links of three pages, and where they lead."""
    if not expect.items("PAG-33"):
        return
    marked_list.require_filter()
    cut = [marked_list.page(offset=offset, limit=2) for offset in range(0, SIZE, 2)]
    _present(cut, expect)
    _leading(marked_list, cut, expect)
    _kept(marked_list, expect)
    _walked(marked_list, cut[0], expect)


def _present(cut: list[Exchange], expect: Expect) -> None:
    first, middle, last = (pages.links(page) for page in cut)
    expect("PAG-33", "first" in first and "first" in middle, "a page has no link first", *cut[:2])
    expect("PAG-34", "next" in first and "next" in middle, "a page with more behind it has no link next", *cut[:2])
    expect("PAG-35", "prev" in middle and "prev" in last, "a page behind the first has no link prev", *cut[1:])
    expect("PAG-36", "last" in first and "last" in middle, "a page has no link last", *cut[:2])
    if not (first or middle or last):
        raise Untestable("no page has links")
    expect("PAG-37", "next" not in last, "the last page has a link next", cut[-1])
    expect("PAG-38", "prev" not in first, "the first page has a link prev", cut[0])
    every = [
        urlsplit(address).path.rstrip("/") for page_links in (first, middle, last) for address in page_links.values()
    ]
    path = urlsplit(cut[0].url).path
    astray = [link_path for link_path in every if link_path.rpartition("/")[2] != path.rpartition("/")[2]]
    expect("PAG-43", not astray, f"a link leads to {astray[:1]}", *cut)


def _leading(marked_list: MarkedList, cut: list[Exchange], expect: Expect) -> None:
    first, middle, last = cut
    for rule, page, rel, wanted in (
        ("PAG-39", last, "first", first),
        ("PAG-40", first, "next", middle),
        ("PAG-41", middle, "prev", first),
        ("PAG-42", first, "last", last),
    ):
        if rel not in pages.links(page):
            expect.untested(rule, f"the page has no link {rel}")
            continue
        led = _followed(marked_list, page, rel)
        expect.equal(rule, led and ids(led), ids(wanted), page, *([led] if led else []))


def _followed(marked_list: MarkedList, page: Exchange, rel: str) -> Exchange | None:
    """Returns the page behind a link. Returns None where the link does not lead to a page."""
    try:
        return marked_list.follow(page, rel)
    except Untestable:
        return None


def _kept(marked_list: MarkedList, expect: Expect) -> None:
    """Expects a link's query to keep what the page's says beside its place."""
    page = marked_list.page(limit=2, sort="id")
    if "next" not in pages.links(page):
        expect.untested("PAG-44", "the page has no link next")
        return
    others = _asked(pages.links(page)["next"])
    expect.equal("PAG-44", others, _asked(page.url), page)


def _asked(address: str) -> list[tuple[str, str]]:
    pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    return sorted(pair for pair in pairs if pair[0] not in _PLACING)


def _walked(marked_list: MarkedList, page: Exchange, expect: Expect) -> None:
    """Follows next from the first page on, no further than there can be pages."""
    if "next" not in pages.links(page):
        expect.untested("PAG-45", "the page has no link next")
        return
    walked = walk(marked_list, page)
    seen = [key for walked_page in walked for key in ids(walked_page)]
    reason = f"{len(set(seen) & set(marked_list.ids))} of {SIZE} were seen, in {len(seen)} elements"
    expect("PAG-45", sorted(seen) == sorted(marked_list.ids), reason, *walked)


def walk(marked_list: MarkedList, page: Exchange) -> list[Exchange]:
    """Returns a page and those behind it, as far as the links lead, but no more than there are resources."""
    walked = [page]
    while "next" in pages.links(walked[-1]) and len(walked) <= SIZE:
        led = _followed(marked_list, walked[-1], "next")
        if led is None:
            break
        walked.append(led)
    return walked
