"""What a change tells: the kinds of its events in their order, what changed in each version's names, its id."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from common.binding import announcers
from common.change import Cause, Change
from common.document import Canonical, Document
from common.events.announcer import Announcer, VersionView
from common.events.difference import differences
from common.resource import Resource
from common.store.base import Announcement, Stored
from common.views.shape import same_shape
from tests.api.resource_views import bound

_NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
_CAUSE = Cause(_NOW, "http://suite.example", None)
_KINDS = frozenset({"create", "attributeValueChange", "stateChange", "delete", "waiting", "alert"})
_THING = Resource(
    "thing",
    updated="lastUpdate",
    status="state",
    events_of_states={"held": "waiting"},
    events_of_attributes={"alert": "alert"},
)
_QUIET = frozenset({"state", "lastUpdate"})


def announcer(kinds: frozenset[str] = _KINDS, resource: Resource = _THING) -> Announcer:
    """The announcer of a resource that both versions show alike, save that v4 does not look at `alert`."""
    versions = (VersionView("v4", same_shape(), _QUIET | {"alert"}), VersionView("v5", same_shape(), _QUIET))
    return Announcer(resource, kinds, versions)


def thing(revision: int = 1, **content: object) -> Stored:
    """A stored resource."""
    return Stored("one", revision, 0, 0, Canonical(dict(content), {}))


def changed(before: Document, after: Document, of: Announcer | None = None) -> Announcement | None:
    """What a change from one content to another tells."""
    made = of or announcer()
    return made.announcement(Change(made.resource, thing(1, **before), thing(2, **after), _CAUSE))


def created(of: Announcer, new: Stored, cause: Cause = _CAUSE) -> Announcement | None:
    """What a creation tells."""
    return of.announcement(Change(of.resource, None, new, cause))


def deleted(of: Announcer, old: Stored) -> Announcement | None:
    """What a deletion tells."""
    return of.announcement(Change(of.resource, old, None, _CAUSE))


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ({"name": "a"}, {"name": "b"}, ("attributeValueChange",)),
        ({"name": "a"}, {}, ("attributeValueChange",)),
        ({}, {"name": "a"}, ("attributeValueChange",)),
        ({"name": 1}, {"name": True}, ("attributeValueChange",)),
        ({"state": "new"}, {"state": "done"}, ("stateChange",)),
        ({}, {"state": "done"}, ("stateChange",)),
        ({"state": "new"}, {}, ("stateChange",)),
        ({"state": "new"}, {"state": "held"}, ("stateChange", "waiting")),
        ({"state": "held"}, {"state": "new"}, ("stateChange",)),
        ({"state": "held", "name": "a"}, {"state": "held", "name": "b"}, ("attributeValueChange",)),
        ({"state": "new", "name": "a"}, {"state": "done", "name": "b"}, ("attributeValueChange", "stateChange")),
        ({}, {"alert": "x"}, ("attributeValueChange", "alert")),
        ({"alert": "x"}, {"alert": "y"}, ("attributeValueChange", "alert")),
        ({"alert": "x"}, {}, ("attributeValueChange",)),
        ({"alert": "x", "name": "a"}, {"alert": "x", "name": "b"}, ("attributeValueChange",)),
        ({"state": "new"}, {"state": "held", "alert": 1}, ("attributeValueChange", "alert", "stateChange", "waiting")),
        ({"name": "a", "lastUpdate": "1"}, {"name": "b", "lastUpdate": "2"}, ("attributeValueChange",)),
    ],
)
def test_a_change_tells_of_what_changed_and_then_of_what_it_led_to(
    before: Document, after: Document, kinds: tuple[str, ...]
):
    announcement = changed(before, after)
    assert announcement is not None
    assert announcement.kinds == kinds


@pytest.mark.parametrize("content", [{}, {"name": "a", "state": "held", "alert": [1]}])
def test_no_change_tells_nothing(content: Document):
    assert changed(content, dict(content)) is None
    assert changed({**content, "lastUpdate": "1"}, {**content, "lastUpdate": "2"}) is None


def test_a_kind_that_no_document_has_is_not_announcement():
    without = frozenset({"attributeValueChange", "create"})
    announcement = changed({"state": "new"}, {"state": "held", "name": "a"}, announcer(without))
    assert announcement is not None
    assert announcement.kinds == ("attributeValueChange",)
    assert changed({"state": "new"}, {"state": "held"}, announcer(without)) is None
    assert deleted(announcer(without), thing()) is None
    assert created(announcer(frozenset({"delete"})), thing()) is None


def test_what_changed_is_announcement_to_each_version_by_what_it_shows():
    announcement = changed({"name": "a", "state": "new"}, {"name": "b", "state": "done", "alert": 1})
    assert announcement is not None
    assert announcement.changed == {"v4": ("name",), "v5": ("alert", "name")}


def test_a_creation_and_a_deletion_tell_one_event_and_no_differences():
    made, gone = created(announcer(), thing(name="a")), deleted(announcer(), thing(name="a"))
    assert made is not None
    assert gone is not None
    assert (made.kinds, made.changed) == (("create",), {})
    assert (gone.kinds, gone.changed) == (("delete",), {})


def test_a_change_is_named_by_its_resource_and_revision():
    def name(of: Resource, identifier: str, revision: int) -> str:
        stored = Stored(identifier, revision, 0, 0, Canonical({}, {}))
        announcement = created(announcer(resource=of), stored)
        assert announcement is not None
        return announcement.id

    other = Resource("other")
    assert name(_THING, "one", 1) == name(_THING, "one", 1)
    assert len({name(_THING, "one", 1), name(_THING, "one", 2), name(_THING, "two", 1), name(other, "one", 1)}) == 4


def test_the_deletion_of_a_revision_is_another_change_than_what_made_it():
    changes = (
        created(announcer(), thing(1)),
        changed({"name": "a"}, {"name": "b"}),
        deleted(announcer(), thing(2)),
    )
    assert len({change.id for change in changes if change}) == 3


def test_a_change_keeps_its_circumstances():
    announcement = created(announcer(), thing(), Cause(_NOW, "https://api.example", "call-7"))
    assert announcement is not None
    assert (announcement.at, announcement.origin, announcement.correlation) == (
        1777887000000000,
        "https://api.example",
        "call-7",
    )
    alone = created(announcer(), thing())
    assert alone is not None
    assert alone.correlation == alone.id


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [("a", "c")]),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2, "d": 1}}}, [("a", "b", "c"), ("a", "b", "d")]),
        ({"a": [1, 2]}, {"a": [1, 3]}, [("a",)]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, [("a",)]),
        ({"a": {"b": 1}}, {"a": [1]}, [("a",)]),
        ({"a": {"b": 1}}, {}, [("a",)]),
        ({"a": None}, {}, [("a",)]),
        ({"a": 1}, {"a": 1.0}, [("a",)]),
        ({"a": 1}, {"a": True}, [("a",)]),
        ({"b": 1, "a": 1}, {"c": 1}, [("a",), ("b",), ("c",)]),
        ({}, {}, []),
    ],
)
def test_differences_go_as_deep_as_objects_do(before: Document, after: Document, paths: list[tuple[str, ...]]):
    assert list(differences(before, after)) == paths
    assert sorted(differences(after, before)) == sorted(paths)


def test_every_resource_of_the_suite_has_an_announcer_for_every_version_that_serves_it():
    served: dict[str, set[str]] = {}
    for one in bound():
        if one.view:
            served.setdefault(one.view.collection, set()).add(one.version.name)
    announcement = {name: {version.name for version in one.versions} for name, one in announcers(bound()).items()}
    assert announcement == served


def test_a_state_is_no_content_where_a_document_has_an_event_for_it_alone():
    quiet = {
        f"{name}-{version.name}": version.quiet for name, one in announcers(bound()).items() for version in one.versions
    }
    assert quiet["troubleTicket-v4"] >= {"status", "statusChange", "statusChangeDate", "lastUpdate"}
    assert quiet["troubleTicket-v5"] >= {"status", "statusChangeHistory", "statusChangeDate", "lastUpdate"}
    assert quiet["productCatalog-v4"] == quiet["productCatalog-v5"] == {"lastUpdate", "lifecycleStatus"}
    assert quiet["productOrder-v4"] == {"orderDate", "state"}
    assert quiet["partyAccount-v4"] == {"lastModified", "state"}
    assert quiet["billFormat-v5"] == frozenset()
