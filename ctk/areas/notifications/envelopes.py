"""Envelopes: each event type as it arrived, and the server's own listener path for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from ctk.areas.notifications.lives import Deed, Life, Told, found, names
from ctk.exchange import Exchange
from ctk.profile import Event
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_PER_EVENT = tuple(f"NOT-{number}" for number in (*range(40, 53), *range(60, 63)))
_TEXTS = ("title", "description", "domain", "priority", "correlationId")
_MOMENTS = ("timeOcurred", "timeOccurred")
_DAY = timedelta(days=1)


def judge_events(stage: Stage, life: Life, heard: Sequence[Told], judge: Judge) -> None:
    """Judges every event type of a resource by what was heard."""
    known = [name for event in stage.profile.events.values() for name in names(event)]
    for event in stage.profile.events_of(life.resource.name):
        deed = life.deed(event.cause)
        if deed is None:
            _untested(judge, event, life.reason(event.cause))
            continue
        one = found(event, deed, heard, known)
        judge("NOT-40", one is not None, "it did not come", deed.exchange, item=event.type)
        if one is None:
            _untested(judge, event, "it did not come")
            continue
        _judge_envelope(stage, judge, event, deed, one)
        _judge_content(judge, event, life, deed, one)
        _judge_listener(stage, judge, event, one)


def _untested(judge: Judge, event: Event, why: str) -> None:
    for rule in _PER_EVENT:
        if event.type in judge.items(rule):
            judge.untested(rule, why, item=event.type)


def _judge_envelope(stage: Stage, judge: Judge, event: Event, deed: Deed, one: Told) -> None:
    item, heard, envelope = event.type, one.exchange, one.envelope
    media = heard.sent_headers.get("content-type", "").partition(";")[0].strip().lower()
    judge("NOT-41", media == "application/json" and bool(envelope), f"it came as {media}", heard, item=item)
    judge("NOT-42", isinstance(one.id, str) and one.id != "", f"its eventId is {one.id!r}", heard, item=item)
    moment = envelope.get("eventTime")
    judge("NOT-43", _moment(moment) is not None, f"its eventTime is {moment!r}", heard, item=item)
    _judge_day(judge, item, deed.exchange, one)
    judge("NOT-45", one.type in names(event), f"its eventType is {one.type!r}", heard, item=item)
    problems = stage.schemas.of_schema(event.schema, heard.sent)
    judge("NOT-48", not problems, "; ".join(problems), heard, item=item)
    if item in judge.items("NOT-49"):
        judge.equal("NOT-49", envelope.get("@type"), event.schema, heard, item=item)
    _judge_optional(stage, judge, event, one)


def _judge_day(judge: Judge, item: str, cause: Exchange, one: Told) -> None:
    """The time of an event against the Date header of the answer to what caused it: both are the server's clock."""
    moment = _moment(one.envelope.get("eventTime"))
    try:
        date = parsedate_to_datetime(cause.headers.get("date", ""))
    except ValueError:
        judge.untested("NOT-44", "the answer to what caused it has no Date", item=item)
        return
    told = f"its eventTime is {one.envelope.get('eventTime')!r}, its cause was answered at {date}"
    judge("NOT-44", moment is not None and abs(moment - date) < _DAY, told, cause, one.exchange, item=item)


def _judge_optional(stage: Stage, judge: Judge, event: Event, one: Told) -> None:
    """What an envelope may have besides, where the document declares it."""
    declared = stage.document.attributes(stage.document.schema(event.schema))
    for name in (name for name in _MOMENTS if name in declared):
        moment = one.envelope.get(name)
        judge("NOT-51", _moment(moment) is not None, f"its {name} is {moment!r}", one.exchange, item=event.type)
    sent = {name: one.envelope[name] for name in _TEXTS if name in one.envelope}
    if not sent:
        judge.untested("NOT-52", "it has none of them", item=event.type)
        return
    wrong = [name for name, value in sent.items() if not isinstance(value, str) or not value]
    judge("NOT-52", not wrong, f"no text: {', '.join(wrong)}", one.exchange, item=event.type)


def _judge_content(judge: Judge, event: Event, life: Life, deed: Deed, one: Told) -> None:
    content, item = one.content(event), event.type
    judge("NOT-46", bool(content), f"there is no {'.'.join(event.content)}", one.exchange, item=item)
    if not content:
        for rule in ("NOT-47", "NOT-50"):
            judge.untested(rule, "it has no content", item=item)
        return
    judge.equal("NOT-47", content.get("id"), deed.key, deed.exchange, one.exchange, item=item)
    if "href" not in content:
        judge.untested("NOT-50", "its content has no href", item=item)
        return
    href = str(life.seen.body.get("href", "")).replace(life.first.id, deed.key)
    judge.equal("NOT-50", content["href"], href, life.seen, one.exchange, item=item)


def _judge_listener(stage: Stage, judge: Judge, event: Event, one: Told) -> None:
    """The event is sent to the server's own listener path, as it came, and then as another type."""
    path, item = f"/listener/{event.listener}", event.type
    if item in judge.items("NOT-60"):
        answer = stage.http("post", path, body=one.exchange.sent)
        judge.equal("NOT-60", answer.status, 201 if stage.profile.version == "v4" else 204, answer, item=item)
        if item in judge.items("NOT-62"):
            judge.equal("NOT-62", answer.body.get("eventId"), one.id or "an eventId", answer, item=item)
    if item in judge.items("NOT-61"):
        other = stage.http("post", path, body={**one.envelope, "eventType": "CtkNeverHappensEvent"})
        judge.equal("NOT-61", other.status, 400, other, item=item)


def _moment(value: object) -> datetime | None:
    """A date-time with an offset; None where it is none."""
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
