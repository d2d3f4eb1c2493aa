"""The law of the shapes, for every v4 resource: what v4 said comes back, and what v5 alone says is never lost."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.document import Canonical
from common.store.base import Stored
from common.store.record import from_record, to_record
from tests.common.views.documents import View, views

few = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.large_base_example,
    ],
)
every_view = pytest.mark.parametrize("view", views(), ids=[one.name for one in views()])


def text(value: Any) -> bytes:
    """The value as JSON with its names in order: 1, 1.0 and true differ."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


@every_view
@few
@given(st.data())
def test_what_v4_said_comes_back(view: View, data: st.DataObject) -> None:
    said = data.draw(view.v4_documents())
    as_it_was = deepcopy(said)
    stored = view.shape.up(said)
    kept_stored = deepcopy(stored)
    assert text(view.shape.down(stored)) == text(said)
    assert text(said) == text(as_it_was)
    assert text(stored.document) == text(kept_stored.document)
    assert text(stored.residue) == text(kept_stored.residue)


@every_view
@few
@given(st.data())
def test_the_residue_survives_the_store(view: View, data: st.DataObject) -> None:
    said = data.draw(view.v4_documents())
    stored = view.shape.up(said)
    read = from_record(orjson.loads(text(to_record(Stored("a", 1, 1, 1, stored))))).canonical
    assert text(view.shape.down(read)) == text(said)


@every_view
@few
@given(st.data())
def test_what_v5_said_is_seen_alike_after_a_way_through_v4(view: View, data: st.DataObject) -> None:
    stored = Canonical(data.draw(view.v5_documents()))
    as_it_was = deepcopy(stored.document)
    shown = view.shape.down(stored)
    assert text(stored.document) == text(as_it_was)
    assert text(view.shape.down(view.shape.up(shown))) == text(shown)


def changed(data: st.DataObject, view: View, before: dict[str, Any]) -> dict[str, Any]:
    """`before` with some attributes added, replaced or removed, and perhaps an array edited."""
    other = data.draw(view.v4_documents())
    chance = Random(data.draw(st.integers(0, 2**16)))
    after = dict(before)
    names = sorted((before.keys() | other.keys()) - {"id"})
    for name in chance.sample(names, min(len(names), chance.randrange(3))):
        if name in other:
            after[name] = other[name]
        else:
            del after[name]
    lists = sorted(name for name, value in after.items() if isinstance(value, list) and value)
    if lists and chance.random() < 0.6:
        name = chance.choice(lists)
        after[name] = edited(chance, after[name])
    return after


def edited(chance: Random, elements: list[Any]) -> list[Any]:
    """A list with an element less, in another order, doubled, or with an element's attribute changed."""
    made = list(elements)
    way = chance.choice(["less", "order", "doubled", "changed"])
    place = chance.randrange(len(made))
    if way == "less":
        del made[place]
    elif way == "order":
        made.reverse()
    elif way == "doubled":
        made.insert(0, made[place])
    elif isinstance(made[place], dict):
        new: Any = chance.choice(["other", 1, True, None, {}, []])
        made[place] = {**made[place], chance.choice(["name", "role", "id", "@type"]): new}
    return made


@every_view
@few
@given(st.data())
def test_a_change_in_v4_is_seen_in_v4_exactly(view: View, data: st.DataObject) -> None:
    made_by_v4 = data.draw(st.booleans())
    v4_said, v5_said = (view.v4_documents(), view.v5_documents())
    stored = view.shape.up(data.draw(v4_said)) if made_by_v4 else Canonical(data.draw(v5_said))
    before = view.shape.down(stored)
    after = changed(data, view, before)
    originals = deepcopy((stored.document, stored.residue, before, after))
    carried = view.shape.carry(stored, before, after)
    assert text(view.shape.down(carried)) == text(after)
    assert text(originals) == text((stored.document, stored.residue, before, after))


@every_view
@few
@given(st.data())
def test_a_change_in_v4_keeps_what_v5_alone_says(view: View, data: st.DataObject) -> None:
    stored = Canonical(data.draw(view.v5_documents()))
    before = view.shape.down(stored)
    carried = view.shape.carry(stored, before, changed(data, view, before))
    for name in view.shape.hidden & stored.document.keys():
        owners = {path[0] for path in (view.shape.stored_path((v4,)) for v4 in view.shape.plan.inner) if path}
        if name not in owners and not moved_to(view, name):
            assert text(carried.document[name]) == text(stored.document[name])


def moved_to(view: View, name: str) -> bool:
    """True where a v4 attribute of another name is stored as `name`."""
    return any(name in path for row in view.shape.plan.rows for path in row.paths.values())


@every_view
@few
@given(st.data())
def test_a_changed_text_in_v4_leaves_every_other_attribute_as_it_was(view: View, data: st.DataObject) -> None:
    stored = Canonical(data.draw(view.v5_documents()))
    before = view.shape.down(stored)
    name = view.case.text_attribute
    carried = view.shape.carry(stored, before, {**before, name: "told anew"})
    target = view.shape.stored_path((name,))[0]
    others = {key: value for key, value in stored.document.items() if key != target}
    assert text({key: value for key, value in carried.document.items() if key != target}) == text(others)
    assert carried.document[target] == "told anew"
