"""Pages of a collection, and how many resources match in all, as any MongoDB reads and counts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pymongo.errors import ExecutionTimeout

from common.errors import InvalidQuery
from common.query.conditions import Page, Query
from common.store.base import ListResult
from common.store.connection import Record, Records
from common.store.mongo_query import Filter, beyond, conjunction, sort_keys, to_mongo
from common.store.record import from_record

_LIVE: Filter = {"created": {"$gt": -1}}
"""Matches every resource, and no tombstone of a deleted one."""


@dataclass(frozen=True, slots=True)
class ListLimits:
    """How far one list may go. `milliseconds`: for each question to the server. `count`: the matches that are counted
    for a total; where there are more, the total is a lower bound."""

    milliseconds: int
    count: int


class ListReader(Protocol):
    """Reads lists from one kind of server."""

    async def find_page(self, records: Records, query: Query) -> ListResult:
        """Returns the page that `query`, in stored names, asks for. Raises InvalidQuery where the server takes longer
        than a list may."""


class PlainReader:
    """The ListReader of every server that reads an index in its order and stops at the limit."""

    def __init__(self, limits: ListLimits):
        self.limits = limits

    async def find_page(self, records: Records, query: Query) -> ListResult:
        """See ListReader."""
        page, where = query.page, to_mongo(query.condition)
        try:
            rows = await self.read(records, query, where) if page.limit else []
        except ExecutionTimeout as error:
            sentence = f"The list was not found within {self.limits.milliseconds} ms"
            advice = "ask by an indexed attribute (an id, a name, a state, a date) as well."
            raise InvalidQuery(f"{sentence}; {advice}") from error
        more = len(rows) > page.limit
        rows = rows[: page.limit]
        if page.is_backwards:
            rows.reverse()
        total, is_exact = await self._total(records, page, where, None if more else len(rows))
        if page.limit == 0:
            more = total > page.offset
        if not is_exact:
            total = max(total, page.offset + len(rows) + (1 if more else 0))
        is_inside = page.after is not None or page.offset > 0
        has_next, has_previous = (True, more) if page.is_backwards else (more, is_inside)
        return ListResult([from_record(row) for row in rows], total, is_exact, has_next, has_previous)

    async def read(self, records: Records, query: Query, where: Filter) -> list[Record]:
        """Returns the page's records in the direction of reading, and one more where there is one. `where` is the
        query's condition. Raises ExecutionTimeout."""
        page = query.page
        bounds = [beyond(query.order, page.after, backwards=False)] if page.after else []
        bounds += [beyond(query.order, page.before, backwards=True)] if page.before else []
        cursor = records.find(conjunction([where, _LIVE, *bounds])).sort(sort_keys(query.order, page.is_backwards))
        return await cursor.skip(page.offset).limit(page.limit + 1).max_time_ms(self.limits.milliseconds).to_list()

    async def count(self, records: Records, where: Filter) -> tuple[int, bool]:
        """Returns how many resources match, and True where none is left uncounted. Raises ExecutionTimeout."""
        if not where:
            return await records.estimated_document_count(), True
        return await self.count_up_to(self.limits.count, records, where)

    async def count_up_to(self, most: int, records: Records, where: Filter) -> tuple[int, bool]:
        """Returns how many resources match, at most `most`, and True where none is left uncounted."""
        live = conjunction([where, _LIVE])
        counted = await records.count_documents(live, limit=most + 1, maxTimeMS=self.limits.milliseconds)
        return min(counted, most), counted <= most

    async def _total(self, records: Records, page: Page, where: Filter, ending: int | None) -> tuple[int, bool]:
        """Returns how many resources match, and whether none is left uncounted. `ending` is the length of a page that
        none follows: the page of a list that ends tells the total without a count."""
        if ending is not None and not page.by_place and page.limit and (ending or page.offset == 0):
            return page.offset + ending, True
        try:
            return await self.count(records, where)
        except ExecutionTimeout:
            return 0, False
