"""Envelopes: each event type as it arrived, and the server's own listener path for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from ctk.areas.notifications.timelines import Action, ReceivedEvent, Timeline, matching_event, type_names
from ctk.exchange import Exchange
from ctk.standard.profile import Event
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_PER_EVENT = tuple(f"NOT-{number}" for number in (*range(40, 53), *range(60, 63)))
_TEXTS = ("title", "description", "domain", "priority", "correlationId")
_MOMENTS = ("timeOcurred", "timeOccurred")
_DAY = timedelta(days=1)


def expect_events(target: Target, timeline: Timeline, events: Sequence[ReceivedEvent], expect: Expect) -> None:
    """Looks at every event type of a resource among the events that arrived."""
    names = [name for event in target.profile.events.values() for name in type_names(event)]
    for event in target.profile.events_of(timeline.resource.name):
        action = timeline.action(event.cause)
        if action is None:
            _untested(expect, event, timeline.reason(event.cause))
            continue
        received = matching_event(event, action, events, names)
        expect("NOT-40", received is not None, "it did not come", action.exchange, item=event.type)
        if received is None:
            _untested(expect, event, "it did not come")
            continue
        _expect_envelope(target, expect, event, action, received)
        _expect_content(expect, event, timeline, action, received)
        _expect_listener(target, expect, event, received)


def _untested(expect: Expect, event: Event, why: str) -> None:
    for rule in _PER_EVENT:
        if event.type in expect.items(rule):
            expect.untested(rule, why, item=event.type)


def _expect_envelope(target: Target, expect: Expect, event: Event, action: Action, received: ReceivedEvent) -> None:
    item, exchange, envelope = event.type, received.exchange, received.envelope
    media = exchange.sent_headers.get("content-type", "").partition(";")[0].strip().lower()
    expect("NOT-41", media == "application/json" and bool(envelope), f"it came as {media}", exchange, item=item)
    expect(
        "NOT-42",
        isinstance(received.id, str) and received.id != "",
        f"its eventId is {received.id!r}",
        exchange,
        item=item,
    )
    moment = envelope.get("eventTime")
    expect("NOT-43", _moment(moment) is not None, f"its eventTime is {moment!r}", exchange, item=item)
    _expect_day(expect, item, action.exchange, received)
    expect("NOT-45", received.type in type_names(event), f"its eventType is {received.type!r}", exchange, item=item)
    problems = target.schemas.of_schema(event.schema, exchange.sent)
    expect("NOT-48", not problems, "; ".join(problems), exchange, item=item)
    if item in expect.items("NOT-49"):
        expect.equal("NOT-49", envelope.get("@type"), event.schema, exchange, item=item)
    _expect_optional(target, expect, event, received)


def _expect_day(expect: Expect, item: str, cause: Exchange, received: ReceivedEvent) -> None:
    """Compares the time of an event with the Date header of the answer to its cause: both are the server's clock."""
    moment = _moment(received.envelope.get("eventTime"))
    try:
        date = parsedate_to_datetime(cause.headers.get("date", ""))
    except ValueError:
        expect.untested("NOT-44", "the answer to what caused it has no Date", item=item)
        return
    reason = f"its eventTime is {received.envelope.get('eventTime')!r}, its cause was answered at {date}"
    expect("NOT-44", moment is not None and abs(moment - date) < _DAY, reason, cause, received.exchange, item=item)


def _expect_optional(target: Target, expect: Expect, event: Event, received: ReceivedEvent) -> None:
    """Looks at what an envelope may have besides, where the document declares it."""
    declared = target.document.attributes(target.document.schema(event.schema))
    for name in (name for name in _MOMENTS if name in declared):
        moment = received.envelope.get(name)
        expect("NOT-51", _moment(moment) is not None, f"its {name} is {moment!r}", received.exchange, item=event.type)
    sent = {name: received.envelope[name] for name in _TEXTS if name in received.envelope}
    if not sent:
        expect.untested("NOT-52", "it has none of them", item=event.type)
        return
    wrong = [name for name, value in sent.items() if not isinstance(value, str) or not value]
    expect("NOT-52", not wrong, f"no text: {', '.join(wrong)}", received.exchange, item=event.type)


def _expect_content(expect: Expect, event: Event, timeline: Timeline, action: Action, received: ReceivedEvent) -> None:
    content, item = received.content(event), event.type
    expect("NOT-46", bool(content), f"there is no {'.'.join(event.content)}", received.exchange, item=item)
    if not content:
        for rule in ("NOT-47", "NOT-50"):
            expect.untested(rule, "it has no content", item=item)
        return
    expect.equal("NOT-47", content.get("id"), action.key, action.exchange, received.exchange, item=item)
    if "href" not in content:
        expect.untested("NOT-50", "its content has no href", item=item)
        return
    href = str(timeline.seen.body.get("href", "")).replace(timeline.first.id, action.key)
    expect.equal("NOT-50", content["href"], href, timeline.seen, received.exchange, item=item)


def _expect_listener(target: Target, expect: Expect, event: Event, received: ReceivedEvent) -> None:
    """Sends the event to the server's own listener path, as it came, and then as another type."""
    path, item = f"/listener/{event.listener}", event.type
    if item in expect.items("NOT-60"):
        answer = target.http("post", path, body=received.exchange.sent)
        expect.equal("NOT-60", answer.status, 201 if target.profile.version == "v4" else 204, answer, item=item)
        if item in expect.items("NOT-62"):
            expect.equal("NOT-62", answer.body.get("eventId"), received.id or "an eventId", answer, item=item)
    if item in expect.items("NOT-61"):
        other = target.http("post", path, body={**received.envelope, "eventType": "CtkNeverHappensEvent"})
        expect.equal("NOT-61", other.status, 400, other, item=item)


def _moment(value: object) -> datetime | None:
    """Returns a date-time with an offset. Returns None where it is none."""
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
