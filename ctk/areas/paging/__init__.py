"""Paging and order: limit, offset, counts, links, cursors, sort."""

from __future__ import annotations

from ctk.area import Area
from ctk.areas.paging import cursors, limits, links, pages, sorting
from ctk.areas.paging.marked import marked
from ctk.exchange import Untestable
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_PARTS = (limits.limits, limits.wrong, pages.pages, links.links, sorting.ties, cursors.cursors)


def paged(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Everything that is tried on one set of resources; a part that cannot go on does not stop the others."""
    found = marked(stage, resource)
    reasons = []
    for part in _PARTS:
        try:
            part(found, judge)
        except Untestable as stop:
            reasons.append(str(stop))
    if reasons:
        raise Untestable("; ".join(dict.fromkeys(reasons)))


AREA = Area("paging", "pages, the links between them, cursors and order", stories=(paged, sorting.order))
