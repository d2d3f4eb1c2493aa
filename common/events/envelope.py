"""Makes the event that one version sends of a logged change, in its document's envelope."""

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
    """Returns the id of an event: the same in both versions, and however often it is sent."""
    return str(uuid5(UUID(change), kind))


def event_document(channel: Channel, event_type: EventType, logged: Logged) -> Document:
    """Returns the event of this type about a logged change; what its envelope does not declare is left out."""
    announcement = logged.announcement
    moment = text(_EPOCH + timedelta(microseconds=announcement.at))
    shown = event_type.view.shown(logged.stored, announcement.origin)
    changed = announcement.changed.get(channel.version_key, ()) if event_type.kind == CONTENT else ()
    everything: Document = {
        "eventId": event_id(announcement.id, event_type.kind),
        "eventTime": moment,
        "eventType": event_type.name,
        "correlationId": announcement.correlation,
        "domain": channel.api.title,
        "title": event_type.name,
        "description": _description(event_type, logged, changed),
        "priority": _PRIORITY,
        "timeOcurred": moment,
        "timeOccurred": moment,
        "@type": event_type.schema,
        "source": _reference(logged.stored.id, str(shown.get("@type", event_type.view.name)), shown.get("href")),
        "reportingSystem": _reference(SUITE, "System", None),
        event_type.container: {event_type.place: shown},
    }
    if changed:
        everything["fieldPath"] = ",".join(changed)
        everything["analyticCharacteristic"] = [_characteristic(",".join(changed))]
    return {name: value for name, value in everything.items() if name in event_type.declared}


def _description(event_type: EventType, logged: Logged, changed: tuple[str, ...]) -> str:
    """Returns one sentence for a person who reads the event."""
    what = f" ({', '.join(changed)})" if changed else ""
    return f"{event_type.name} of {event_type.view.name} {logged.stored.id}{what}."


def _reference(identifier: str, referred: str, href: str | None) -> Document:
    made: Document = {"id": identifier, "@type": "EntityRef", "@referredType": referred}
    return {**made, "href": href} if href else made


def _characteristic(value: str) -> Document:
    """Returns what changed, for an envelope that has no `fieldPath` (v5)."""
    return {"@type": "StringCharacteristic", "name": "fieldPath", "valueType": "string", "value": value}
