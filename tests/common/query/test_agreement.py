"""The two readers of conditions mean the same: the matcher over a document in memory, and the running store."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from common.document import Canonical
from common.query.conditions import (
    Compare,
    Condition,
    Either,
    Element,
    Every,
    Matching,
    Moment,
    Not,
    OneOf,
    Page,
    Pattern,
    Present,
    Query,
)
from common.query.matcher import holds
from common.store.base import Index, Stored
from common.store.mongo import MongoStore

NAMES = ("a", "b", "c", "@type", "d.e", "$x", "%at")
INSTANT = 1_767_225_600_000_000
TEXTS = (
    "",
    "x",
    "y",
    "xy",
    "Xä",
    "10",
    "2026-01-01T00:00:00Z",
    "2026-01-01T02:00:00+02:00",
    "2026-06-01T00:00:00.5Z",
    "2026-01-01",
    "y" * 10_000,
    "y" * 10_001,
)
NUMBERS = (0, 1, 1.0, 1.5, -3, 2**53 + 1, float(2**53))
scalars = st.sampled_from([*TEXTS, *NUMBERS, True, False, None])


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects, and arrays of values and objects; no document declares an array of arrays."""
    objects = st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    return objects | st.lists(scalars | objects, max_size=3)


values = st.recursive(scalars, _nested, max_leaves=6)
documents = st.dictionaries(st.sampled_from(NAMES), values, max_size=4)
paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(tuple)
moments = st.sampled_from([Moment(INSTANT), Moment(INSTANT + 1), Moment(1_780_272_000_500_000)])
patterns = st.sampled_from(
    [
        Pattern("x"),
        Pattern("^x", True),
        Pattern("[0-9]$"),
        Pattern("ä"),
        Pattern("^$"),
        Pattern("y+$"),
        Pattern("^y{2}"),
    ]
)
ordered = st.sampled_from([*TEXTS, *NUMBERS]) | moments
leaves = st.one_of(
    st.builds(OneOf, paths, st.lists(scalars | moments, min_size=1, max_size=3).map(tuple)),
    st.builds(Compare, paths, st.sampled_from(["gt", "gte", "lt", "lte"]), ordered),
    st.builds(Matching, paths, patterns),
    st.builds(Present, paths),
)


def _joined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Every, parts), st.builds(Either, parts), st.builds(Not, inner), st.builds(Element, paths, inner)
    )


conditions = st.recursive(leaves, _joined, max_leaves=5)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(st.lists(documents, min_size=4, max_size=8), st.lists(conditions, min_size=12, max_size=20))
async def test_the_store_finds_what_the_matcher_lets_through(
    store: MongoStore, kept: list[dict[str, Any]], asked: list[Condition]
):
    things = f"agreement-{uuid.uuid4().hex}"
    await store.prepare(
        {things: [Index(("a",)), Index(("b",), instants=True), Index(("a", "b")), Index(("c", "@type"))]}
    )
    for position, document in enumerate(kept):
        await store.insert(things, Stored(str(position), 1, position // 2, 1, Canonical(document)))
    for condition in asked:
        found = await store.find(things, Query(condition, Page(0, 100, asked=False)))
        wanted = [str(position) for position, document in enumerate(kept) if holds(condition, document)]
        assert sorted(one.id for one in found.page) == wanted, condition
    await store.connection.collection(things).drop()
