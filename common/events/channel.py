"""What one version of one API announces: its event types, and the language in which they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from common.document import Document
from common.errors import NotFound
from common.events.kinds import EventType, event_type
from common.openapi import Operation
from common.query.language import Language
from common.resource import Api, Version
from common.resource_view import ResourceView
from common.schema.compile import Validator, compile_object
from common.schema.flat import Attributes, flatten
from common.schema.json_schemas import JsonSchemas, Schema
from common.schema.type_marks import TypeMarks

CONTENT = "event"
"""How queries call the content of an event, whatever its envelope calls it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """The hub and the listeners of one version.

    `types`: the event types by listener segment.
    `language`: speaks of envelopes whose content is called `event`.
    `bodies`: judge what listeners are sent, by segment.
    """

    api: Api
    version: Version
    types: Mapping[str, EventType]
    language: Language
    bodies: Mapping[str, Validator]
    type_marks: TypeMarks

    @property
    def version_key(self) -> str:
        """What announcements call this version: its name, and the API's code before it in another API's log."""
        return version_key(self.api, self.version)

    def event_type_of(self, collection: str, kind: str) -> EventType | None:
        """Returns the event type of such a change of a resource. Returns None where the version has none."""
        types = (
            candidate
            for candidate in self.types.values()
            if candidate.kind == kind and candidate.view.collection == collection
        )
        return next(types, None)

    def address(self, identifier: str, origin: str) -> str:
        """Returns the address of a subscription."""
        return f"{origin}{self.version.base}/hub/{identifier}"


@dataclass(frozen=True, slots=True)
class Documented:
    """What a channel reads of its document."""

    file: str
    components: Mapping[str, Schema]
    schemas: JsonSchemas
    type_marks: TypeMarks


def version_key(api: Api, version: Version) -> str:
    """Returns what announcements call a version of an API."""
    return version.name if api.log == api.code else f"{api.code}/{version.name}"


def channel(
    api: Api, version: Version, operations: Iterable[Operation], views: Iterable[ResourceView], document: Documented
) -> Channel:
    """Returns the channel that a document describes. Raises StartRefused for a listener that fits no resource."""
    listeners = [operation for operation in operations if operation.verb == "listen"]
    resource_views, components = tuple(views), document.components
    types = {row.segment: event_type(row, resource_views, components, document.file) for row in listeners}
    content = _content(types.values(), components)
    schema = _asked(types.values(), content, components)
    judges: dict[str, Validator] = {}
    bodies = {event.segment: _body(event, document, judges) for event in types.values()}
    return Channel(api, version, types, Language(Attributes(schema, components), False), bodies, document.type_marks)


def channel_at(channels: Iterable[Channel], api: str, version: str) -> Channel:
    """Returns the channel of an API's version. Raises NotFound where the suite does not serve it."""
    for candidate in channels:
        if candidate.api.code == api and candidate.version.name == version:
            return candidate
    raise NotFound(f"{api} {version} is not served here.")


def _content(types: Iterable[EventType], components: Mapping[str, Schema]) -> dict[str, Any]:
    """Returns everything that stands in the content of some event: by place, its schema."""
    places: dict[str, Any] = {}
    for event in types:
        envelope = flatten({"$ref": event.schema}, components).properties
        places.update(flatten(envelope[event.container], components).properties)
    return places


def _asked(types: Iterable[EventType], content: Document, components: Mapping[str, Schema]) -> Schema:
    """Returns the schema of what queries speak of: every envelope attribute, and the content under one name."""
    envelopes: dict[str, Any] = {}
    for event in types:
        declared = flatten({"$ref": event.schema}, components).properties
        envelopes.update({name: node for name, node in declared.items() if name != event.container})
    return {"type": "object", "properties": {**envelopes, CONTENT: {"type": "object", "properties": content}}}


def _body(event: EventType, document: Documented, judges: dict[str, Validator]) -> Validator:
    """Returns the validator of an event type's envelope; types whose envelopes say the same share it."""
    envelope = flatten({"$ref": event.schema}, document.components).properties
    key = repr(sorted(envelope.items()))
    if key not in judges:
        judges[key] = compile_object(envelope, ("eventType", event.container), document.schemas)
    return judges[key]
