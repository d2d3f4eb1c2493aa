"""A logged change -> the event that one version sends of it, in its document's envelope."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from common.clock import text
from common.document import Document
from common.events.announcer import CONTENT
from common.events.channel import Channel
from common.events.kinds import EventType
from common.store.event_log import Logged

SUITE = "tmf-reference-suite"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PRIORITY = "3"


def event_id(change: str, kind: str) -> str:
    """The id of an event: the same in both versions, and however often it is sent."""
    return str(uuid5(UUID(change), kind))


def event_document(channel: Channel, told: EventType, logged: Logged) -> Document:
    """The event of `told`'s type that tells of a change; what its envelope does not declare is left out."""
    change = logged.change
    moment = text(_EPOCH + timedelta(microseconds=change.at))
    shown = told.view.shown(logged.stored, change.origin)
    changed = change.changed.get(channel.version.name, ()) if told.kind == CONTENT else ()
    everything: Document = {
        "eventId": event_id(change.id, told.kind),
        "eventTime": moment,
        "eventType": told.name,
        "correlationId": change.correlation,
        "domain": channel.api.title,
        "title": told.name,
        "description": _description(told, logged, changed),
        "priority": _PRIORITY,
        "timeOcurred": moment,
        "timeOccurred": moment,
        "@type": told.schema,
        "source": _reference(logged.stored.id, str(shown.get("@type", told.view.name)), shown.get("href")),
        "reportingSystem": _reference(SUITE, "System", None),
        told.container: {told.place: shown},
    }
    if changed:
        everything["fieldPath"] = ",".join(changed)
        everything["analyticCharacteristic"] = [_characteristic(",".join(changed))]
    return {name: value for name, value in everything.items() if name in told.declared}


def _description(told: EventType, logged: Logged, changed: tuple[str, ...]) -> str:
    """One sentence for a person who reads the event."""
    what = f" ({', '.join(changed)})" if changed else ""
    return f"{told.name} of {told.view.name} {logged.stored.id}{what}."


def _reference(identifier: str, referred: str, href: str | None) -> Document:
    made: Document = {"id": identifier, "@type": "EntityRef", "@referredType": referred}
    return {**made, "href": href} if href else made


def _characteristic(value: str) -> Document:
    """What changed, where the envelope has no `fieldPath` for it (v5)."""
    return {"@type": "StringCharacteristic", "name": "fieldPath", "valueType": "string", "value": value}
