"""Lists from SecantusDB, which sorts everything that matches before it limits.

Such a server reads every match of an open range, sorts it, and throws all but a page away; a closed range of an indexed
whole number it reads alone. So the time of creation is walked in closed windows, each wider than the one before, until
the page is full. A window without a match costs one look into an index. How densely resources lie is guessed at the
first list of a kind, and learnt from every list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.clock import micros
from common.query.conditions import Page, Place, Query
from common.store.connection import Record, Records
from common.store.listing import ListLimits, PlainReader
from common.store.mongo_query import Filter, sort_keys

_LOWEST, _HIGHEST = -(2**62), 2**62
_GROWTH = 4

_MOST_DENSITIES = 1000
_WALKED_OFFSET = 1000
"""The resources that are read to be passed over; for more, the server passes over them itself, which reads them all."""

SMALL = 200
"""A collection of so many resources is read at once, where a walk in windows would ask many times for little."""

_QUESTIONS_UNMEASURED = 16
"""The lists of a small collection before it is measured again; to measure is to read it all."""

_WALKED_COUNT = 1000
"""The most matches that are counted: this server reads each resource that it counts."""


def is_secantus(build_info: Mapping[str, Any]) -> bool:
    """Returns True where a server's answer to `buildInfo` is SecantusDB's."""
    return "secantusVersion" in build_info


@dataclass(frozen=True, slots=True)
class Density:
    """How the resources lie that lists of one kind find, in microseconds: `newest` is when the newest was created,
    `gap` the average time between two creations."""

    newest: int
    gap: int = 50_000


class WindowedReader(PlainReader):
    """The ListReader of SecantusDB; collections of at most `small` resources are read at once."""

    def __init__(self, limits: ListLimits, now: Callable[[], datetime], small: int = SMALL):
        super().__init__(limits)
        self.small = small
        self._now = now
        self._densities: dict[tuple[str, ...], Density] = {}
        self._unmeasured: dict[str, int] = {}

    async def is_large(self, records: Records) -> bool:
        """Returns True for a collection that is read in windows. Once large it counts as large for ever: it is never
        measured again, which would read it all."""
        left = self._unmeasured.get(records.name, 0)
        if left == 0:
            left = _QUESTIONS_UNMEASURED if await records.estimated_document_count() <= self.small else -1
        self._unmeasured[records.name] = left - (left > 0)
        return left < 0

    async def read(self, records: Records, query: Query, where: Filter) -> list[Record]:
        """See PlainReader; lists in another order than newest first, or by alternatives, are read as there."""
        in_one_range = not query.order and not _has_alternatives(where)
        if in_one_range and query.page.offset <= _WALKED_OFFSET and await self.is_large(records):
            return await self._walk(records, query.page, where)
        return await super().read(records, query, where)

    async def count(self, records: Records, where: Filter) -> tuple[int, bool]:
        """See PlainReader."""
        if not await self.is_large(records):
            return await self.count_up_to(self.limits.count, records, where)
        most = min(self.limits.count, _WALKED_COUNT)
        if _has_alternatives(where):
            return await self.count_up_to(most, records, where)
        counted = 0
        for low, high in windows(None, self._density(records, where), most + most // 4):
            part = {**where, "created": within(low, high)}
            left = most + 1 - counted
            counted += await records.count_documents(part, limit=left, maxTimeMS=self.limits.milliseconds)
            if counted > most:
                return most, False
        return counted, True

    async def _walk(self, records: Records, page: Page, where: Filter) -> list[Record]:
        """Returns the page's records, and one more, window by window."""
        density = self._density(records, where)
        wanted = page.offset + page.limit + 1
        rows: list[Record] = []
        for low, high in _windows_of(page, density, wanted):
            part = {**where, "created": within(low, high)}
            cursor = records.find(part).sort(sort_keys((), page.is_backwards)).max_time_ms(self.limits.milliseconds)
            if not _holds_place(low, high, page):
                cursor = cursor.limit(wanted - len(rows))
            rows += _between_places(await cursor.to_list(), page)
            if len(rows) >= wanted or _is_past(low, page):
                break
        if rows and not page.by_place:
            self._learn(records, where, measured(rows[0]["created"], rows[-1]["created"], len(rows)))
        return rows[page.offset : wanted]

    def _density(self, records: Records, where: Filter) -> Density:
        """Returns what is known of lists of this collection by the same fields."""
        return self._densities.get((records.name, *sorted(where)), Density(micros(self._now())))

    def _learn(self, records: Records, where: Filter, density: Density) -> None:
        """Keeps what a list has shown, for a bounded number of kinds of lists."""
        if len(self._densities) >= _MOST_DENSITIES:
            self._densities.clear()
        self._densities[records.name, *sorted(where)] = density


def windows(start: int | None, density: Density, wanted: int) -> Iterator[tuple[int, int]]:
    """Yields closed ranges (low, high) of creation times into the past, without a gap, from `start` or, where that is
    None, from the newest end. The first is about as wide as `wanted` resources lie; each next one grows faster, so that
    six or seven reach the oldest end where the guess was wrong."""
    high = _HIGHEST if start is None else start
    width, growth = density.gap * wanted + 1, _GROWTH
    low = (density.newest if start is None else start) - width
    while low > _LOWEST:
        yield low, high
        width, growth = width * growth, growth * growth
        low, high = low - width, low - 1
    yield _LOWEST, high


def windows_onwards(start: int, density: Density, wanted: int) -> Iterator[tuple[int, int]]:
    """Yields the same ranges in a mirror: from `start` into the future."""
    yield from ((-high, -low) for low, high in windows(-start, density, wanted))


def within(low: int, high: int) -> Filter:
    """Returns the test of a closed range, written half open: behind an equality in an index of three fields, SecantusDB
    0.7 leaves out what lies on the lower bound of `$gte`."""
    return {"$gt": low - 1, "$lte": high}


def measured(newest: int, oldest: int, count: int) -> Density:
    """Returns the density of `count` resources that were read from the newest end, between two times."""
    return Density(newest, (newest - oldest) // count + 1)


def _has_alternatives(where: Filter) -> bool:
    """Returns True for a filter that is more than tests of fields, side by side; such a one uses no range."""
    return any(name.startswith("$") for name in where)


def _windows_of(page: Page, density: Density, wanted: int) -> Iterator[tuple[int, int]]:
    if page.is_backwards and page.before:
        return windows_onwards(page.before.created, density, wanted)
    return windows(page.after.created if page.after else None, density, wanted)


def _holds_place(low: int, high: int, page: Page) -> bool:
    """Returns True for a window that holds the moment of a place: some of what was created then stands on its other
    side, so that no limit can be set before that is left out."""
    return any(place is not None and low <= place.created <= high for place in (page.after, page.before))


def _between_places(rows: Iterable[Record], page: Page) -> list[Record]:
    """Returns the rows that stand behind `after` and before `before`: a window knows no ties."""
    return [row for row in rows if _stands(row, page.after, -1) and _stands(row, page.before, 1)]


def _stands(row: Record, place: Place | None, side: int) -> bool:
    if place is None:
        return True
    mine, other = (row["created"], row["_id"]), (place.created, place.id)
    return mine > other if side == 1 else mine < other


def _is_past(low: int, page: Page) -> bool:
    """Returns True where both ends are given and the walk has passed the second."""
    return page.after is not None and page.before is not None and low <= page.before.created
