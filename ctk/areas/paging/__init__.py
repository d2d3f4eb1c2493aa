"""Paging and order: limit, offset, counts, links, cursors, sort."""

from __future__ import annotations

from ctk.area import Area
from ctk.areas.paging import cursors, limits, links, pages, sorting
from ctk.areas.paging.marked_list import create_marked_list
from ctk.exchange import Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_PARTS = (limits.limits, limits.wrong, pages.pages, links.links, sorting.ties, cursors.cursors)


def paged(target: Target, resource: Resource, expect: Expect) -> None:
    """Runs all that is tried on one set of resources; a part that cannot go on does not stop the others."""
    marked_list = create_marked_list(target, resource)
    reasons = []
    for part in _PARTS:
        try:
            part(marked_list, expect)
        except Untestable as stop:
            reasons.append(str(stop))
    if reasons:
        raise Untestable("; ".join(dict.fromkeys(reasons)))


AREA = Area("paging", "pages, the links between them, cursors and order", checks=(paged, sorting.order))
