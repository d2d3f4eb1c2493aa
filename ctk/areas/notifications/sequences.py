"""Sequences: the events of one resource beside each other, and beside what the other version's subscriber gets."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from ctk.areas.notifications.timelines import Action, ReceivedEvent, Timeline, matching_event, type_names
from ctk.areas.shared.problems import of_known_parts
from ctk.standard.profile import Event
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

OTHER_VERSION = "NOT-38"
_ORDER = ("create", "change", "state", "delete")


def expect_timeline(target: Target, timeline: Timeline, events: Sequence[ReceivedEvent], expect: Expect) -> None:
    """Looks at the events of the resource that lived from creation to deletion, and of the other one."""
    sends = {event.cause: event for event in target.profile.events_of(timeline.resource.name)}
    came = {}
    for cause, event in sends.items():
        action = timeline.action(cause)
        if action and (received := matching_event(event, action, events)):
            came[cause] = received
    _expect_order(expect, timeline, events, came)
    _expect_ids(expect, timeline, events)
    _expect_content(expect, timeline, sends, came)
    _expect_nothing(expect, timeline, sends, came, events)
    _expect_both(expect, timeline, sends, events)
    _expect_once(expect, timeline, sends, came, events)


def _expect_order(
    expect: Expect, timeline: Timeline, events: Sequence[ReceivedEvent], came: dict[str, ReceivedEvent]
) -> None:
    """Expects creation, change of text, change of state and deletion to come as they were done."""
    order = [came[cause] for cause in _ORDER if cause in came and came[cause].about(timeline.first.id)]
    if len(order) > 1:
        places = [events.index(event) for event in order]
        reason = "they came as " + ", ".join(str(event.type) for event in sorted(order, key=events.index))
        expect("NOT-30", places == sorted(places), reason, *(event.exchange for event in order))


def _expect_ids(expect: Expect, timeline: Timeline, events: Sequence[ReceivedEvent]) -> None:
    """Expects events that differ to have ids that differ; the same event may come twice."""
    keys = {action.key for action in timeline.actions}
    about = [event for event in events if event.id and any(event.about(key) for key in keys)]
    if len(about) > 1:
        first_by_id: dict[str, ReceivedEvent] = {}
        doubles = [
            (first, event)
            for event in about
            if (first := first_by_id.setdefault(str(event.id), event)).exchange.sent != event.exchange.sent
        ]
        shown = [each.exchange for each in doubles[0]] if doubles else []
        expect("NOT-33", not doubles, f"two events have the eventId {doubles[0][0].id if doubles else ''}", *shown)


def _expect_content(
    expect: Expect, timeline: Timeline, sends: dict[str, Event], came: dict[str, ReceivedEvent]
) -> None:
    """Expects the content to be as GET said after creation, with the changed text, with the changed state."""
    if (received := came.get("create")) and timeline.seen.status == 200:
        content = received.content(sends["create"])
        other = [
            name for name in timeline.seen.body.keys() | content if timeline.seen.body.get(name) != content.get(name)
        ]
        expect(
            "NOT-34", not other, f"other than GET says: {', '.join(sorted(other))}", timeline.seen, received.exchange
        )
    for rule, cause, name in (
        ("NOT-35", "change", timeline.resource.text),
        ("NOT-36", "state", timeline.resource.state),
    ):
        if (action := timeline.action(cause)) and (received := came.get(cause)):
            content = received.content(sends[cause])
            expect.equal(rule, content.get(name), action.sent.get(name), action.exchange, received.exchange)


def _expect_nothing(
    expect: Expect,
    timeline: Timeline,
    sends: dict[str, Event],
    came: dict[str, ReceivedEvent],
    events: Sequence[ReceivedEvent],
) -> None:
    """Expects no event of the patch that changed nothing: it would have the text of before."""
    name = timeline.resource.text
    if "change" in came and name in timeline.first.body:
        before = timeline.first.body[name]
        event = sends["change"]
        idle = [
            received.exchange
            for received in events
            if received.type in type_names(event)
            and received.about(timeline.first.id)
            and received.content(event).get(name) == before
        ]
        expect("NOT-31", not idle, f"a {event.type} came of a patch that changed nothing", *idle)


def _expect_both(expect: Expect, timeline: Timeline, sends: dict[str, Event], events: Sequence[ReceivedEvent]) -> None:
    """Expects one patch of text and state to be a change of both kinds."""
    if timeline.both and {"change", "state"} <= set(sends):
        missing = [
            event.type
            for event in (sends["change"], sends["state"])
            if not any(received.type in type_names(event) and received.about(timeline.both) for received in events)
        ]
        reason = (
            f"no {' and no '.join(missing)} came of a patch of {timeline.resource.text} and {timeline.resource.state}"
        )
        shown = [received.exchange for received in events if received.about(timeline.both)]
        expect("NOT-32", not missing, reason, *shown)


def _expect_once(
    expect: Expect,
    timeline: Timeline,
    sends: dict[str, Event],
    came: dict[str, ReceivedEvent],
    events: Sequence[ReceivedEvent],
) -> None:
    """Expects whatever comes again to come with the same eventId."""
    for cause in ("create", "delete"):
        if cause in came:
            event, key = sends[cause], timeline.first.id
            repeats = [
                received
                for received in events
                if received.type in type_names(event) and received.content(event).get("id") == key
            ]
            ids = sorted({str(received.id) for received in repeats})
            shown = [received.exchange for received in repeats]
            expect("NOT-37", len(ids) < 2, f"{event.type} came with the eventIds {', '.join(ids)}", *shown)


def expect_other_version(
    target: Target, timeline: Timeline, events: Sequence[ReceivedEvent] | None, expect: Expect
) -> None:
    """Expects a subscriber at the other version's hub to get the events of the same timeline.

    `events` is None where that hub takes no subscription.
    """
    other = target.other_version
    if other is None or not expect.items(OTHER_VERSION):
        return
    if events is None:
        expect.untested(OTHER_VERSION, "the hub of the other version takes no subscription")
        return
    for event, action in other_version_events(target, timeline):
        received = matching_event(event, action, events)
        if received is None:
            expect(
                OTHER_VERSION, False, f"no {event.type} came to the subscriber of {other.profile.name}", action.exchange
            )
            continue
        problems = of_known_parts(other.schemas.of_schema(event.schema, received.exchange.sent), len(event.content))
        expect(OTHER_VERSION, not problems, f"{event.type}: {'; '.join(problems)}", received.exchange)
        href = str(received.content(event).get("href", ""))
        right = urlsplit(other.http.base).path + "/" in href
        expect(OTHER_VERSION, right, f"{event.type}: the href is {href or 'missing'}", received.exchange)


def other_version_events(target: Target, timeline: Timeline) -> list[tuple[Event, Action]]:
    """Returns the events that the other version sends, each with its action.

    A change of a text that the other version lacks sends none.
    """
    other = target.other_version
    if other is None or timeline.resource.other_name not in other.profile.resources:
        return []
    schema = other.document.schema(other.profile.resources[timeline.resource.other_name].schema)
    shown = timeline.resource.text in other.document.attributes(schema)
    return [(event, action) for event, action in timeline.expected(other.profile) if shown or action.cause != "change"]
