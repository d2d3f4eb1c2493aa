"""What a subscription's `query` asks for: which events, and which attributes of their content.

`eventType=XEvent&event.resource.attribute=value&fields=name,status`, in the language of lists (TMF630 part 4); the
content is called `event`, also where an envelope calls it `payload`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from common.document import Document, Path
from common.errors import InvalidQuery
from common.events.channel import CONTENT, Channel
from common.events.kinds import EventType
from common.query.conditions import ALWAYS, Condition, Either, Every, OneOf
from common.query.fields import NONE, select
from common.query.language import Limits
from common.query.matcher import holds
from common.query.pairs import pairs
from common.query.parse import parse_list
from common.schema.messages import nearest

_IDENTITY = ("id", "href", "@type")
_FIELDS = re.compile(r"(^|&)fields(\.eq)?=[^&]*")


@dataclass(frozen=True, slots=True)
class EventFilter:
    """`fields`: paths in the resource that lies in the content, () for its identity alone, None for all of it."""

    condition: Condition
    fields: tuple[Path, ...] | None

    def wants(self, told: EventType, event: Document) -> bool:
        """True where the event is asked for."""
        return self.condition == ALWAYS or holds(self.condition, {**event, CONTENT: event[told.container]})

    def part(self, told: EventType, event: Document) -> Document:
        """The event with the chosen attributes alone; a resource keeps its identity."""
        if self.fields is None:
            return event
        content = event[told.container]
        kept = select(content[told.place], self.fields, _IDENTITY)
        return {**event, told.container: {**content, told.place: kept}}


def parse_event_filter(text: str, channel: Channel, limits: Limits) -> EventFilter:
    """The interest that a `query` writes; raises InvalidQuery for what no event of the channel can be asked for."""
    query = text.strip().removeprefix("?")
    asked = parse_list(_FIELDS.sub("", query).lstrip("&"), channel.language, limits)
    if asked.page.asked or asked.order:
        raise InvalidQuery("query: offset, limit, after, before and sort belong to lists; events come as they happen.")
    known = sorted({one.name for one in channel.types.values()})
    for name in _types(asked.condition):
        if name not in known:
            near = nearest(name, known)
            hint = f" The {near}." if near else ""
            raise InvalidQuery(
                f'query: {channel.api.code} {channel.version.name} has no eventType "{name[:80]}".{hint}'
            )
    return EventFilter(asked.condition, _fields(query, channel))


def _types(condition: Condition) -> Iterator[str]:
    """Every event type that a condition asks for by name."""
    match condition:
        case Every(parts) | Either(parts):
            for part in parts:
                yield from _types(part)
        case OneOf(("eventType",), values):
            # A text with commas stands beside its parts (common.query.terms).
            yield from (str(value) for value in values if "," not in str(value))


def _fields(query: str, channel: Channel) -> tuple[Path, ...] | None:
    given = [one.value for one in pairs(query) if one.name == "fields" and one.operator == "eq"]
    names = [name.strip() for text in given for name in text.split(",") if name.strip()]
    if not names:
        return None
    return () if names == [NONE] else tuple(path for name in names for path in _field(name, channel))


def _field(name: str, channel: Channel) -> list[Path]:
    """The path in the resource that `name` or `event.resource.name` chooses; none for an attribute of the envelope,
    which is never left out. Raises InvalidQuery where no resource declares it."""
    path = tuple(name.split("."))
    places = {one.place for one in channel.types.values()}
    if len(path) > 2 and path[0] in (CONTENT, "payload") and path[1] in places:
        channel.language.attribute((CONTENT, *path[1:]), "fields")
        return [path[2:]]
    if any(channel.language.attributes.find((CONTENT, place, *path)) for place in places):
        return [path]
    if channel.language.attributes.find(path):
        return []
    raise InvalidQuery(f'query: fields: no event of {channel.api.code} has the attribute "{name[:80]}" in its content.')
