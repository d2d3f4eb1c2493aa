"""What one version of one API tells: its event types, and the language in which they are asked for."""

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
    """The hub and the listeners of one version: `types` by listener segment; `language` speaks of envelopes whose
    content is called `event`; `bodies` judge what listeners are sent, by segment."""

    api: Api
    version: Version
    types: Mapping[str, EventType]
    language: Language
    bodies: Mapping[str, Validator]
    marks: TypeMarks

    def told(self, collection: str, kind: str) -> EventType | None:
        """The event type that tells of such a change of a resource; None where the version has none."""
        chosen = (one for one in self.types.values() if one.kind == kind and one.view.collection == collection)
        return next(chosen, None)

    def address(self, identifier: str, origin: str) -> str:
        """The address of a subscription."""
        return f"{origin}{self.version.base}/hub/{identifier}"


def channel(
    api: Api,
    version: Version,
    operations: Iterable[Operation],
    resource_views: Iterable[ResourceView],
    read: Documented,
) -> Channel:
    """The channel that a document describes; raises StartRefused for a listener that fits no resource."""
    heard = [operation for operation in operations if operation.verb == "listen"]
    served = tuple(resource_views)
    types = {one.segment: event_type(one, served, read.components, read.file) for one in heard}
    content = _content(types.values(), read.components)
    schema = _asked(types.values(), content, read.components)
    judges: dict[str, Validator] = {}
    bodies = {one.segment: _body(one, read, judges) for one in types.values()}
    return Channel(api, version, types, Language(Attributes(schema, read.components), False), bodies, read.marks)


@dataclass(frozen=True, slots=True)
class Documented:
    """What a channel reads of its document."""

    file: str
    components: Mapping[str, Schema]
    normal: JsonSchemas
    marks: TypeMarks


def channel_at(channels: Iterable[Channel], api: str, version: str) -> Channel:
    """The channel of an API's version; raises NotFound where the suite does not serve it."""
    for one in channels:
        if one.api.code == api and one.version.name == version:
            return one
    raise NotFound(f"{api} {version} is not served here.")


def _content(types: Iterable[EventType], components: Mapping[str, Schema]) -> dict[str, Any]:
    """Everything that stands in the content of some event: by place, its schema."""
    places: dict[str, Any] = {}
    for one in types:
        envelope = flatten({"$ref": one.schema}, components).properties
        places.update(flatten(envelope[one.container], components).properties)
    return places


def _asked(types: Iterable[EventType], content: Document, components: Mapping[str, Schema]) -> Schema:
    """The schema of what queries speak of: every envelope attribute, and the content under one name."""
    envelopes: dict[str, Any] = {}
    for one in types:
        declared = flatten({"$ref": one.schema}, components).properties
        envelopes.update({name: node for name, node in declared.items() if name != one.container})
    return {"type": "object", "properties": {**envelopes, CONTENT: {"type": "object", "properties": content}}}


def _body(one: EventType, read: Documented, judges: dict[str, Validator]) -> Validator:
    """The validator of an event type's envelope; types whose envelopes say the same share it."""
    envelope = flatten({"$ref": one.schema}, read.components).properties
    key = repr(sorted(envelope.items()))
    if key not in judges:
        judges[key] = compile_object(envelope, ("eventType", one.container), read.normal)
    return judges[key]
