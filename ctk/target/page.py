"""What an answer that is a page of a list says of itself: its ids, its total, its links (RFC 8288)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from ctk.exchange import Exchange, Untestable

READ = (200, 206)
_LINK = re.compile(r"<([^>]*)>([^<]*)")
_REL = re.compile(r'\brel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)


def require_page(answer: Exchange) -> Exchange:
    """Returns the answer. Raises Untestable where it is no list."""
    if answer.status not in READ or not isinstance(answer.json, list):
        raise Untestable(f"{answer.url.partition('?')[2] or 'a list'} answered {answer.status}")
    return answer


def ids(answer: Exchange) -> list[str]:
    """Returns the ids of a page, as texts."""
    return [str(element.get("id")) for element in answer.elements]


def links(answer: Exchange) -> Mapping[str, str]:
    """Returns the addresses of a Link header by their relation, made whole."""
    addresses: dict[str, str] = {}
    for address, rest in _LINK.findall(answer.headers.get("link", "")):
        for quoted, plain in _REL.findall(rest):
            for rel in (quoted or plain).lower().split():
                addresses.setdefault(rel, urljoin(answer.url, address))
    return addresses


def total(answer: Exchange) -> str | None:
    """Returns X-Total-Count as it was sent. Returns None where it was not."""
    return answer.headers.get("x-total-count")
