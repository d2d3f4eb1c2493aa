"""Event types: each listener path of a document names one, for a resource and a kind of change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from common.errors import StartRefused
from common.openapi import Operation
from common.resource_view import ResourceView
from common.schema.flat import flatten
from common.schema.json_schemas import Schema

_END = "Event"
_SAME = {"statusChange": "stateChange"}
"""Documents that call a state a status call its change so."""

_CONTAINERS = ("event", "payload")


@dataclass(frozen=True, slots=True)
class EventType:
    """One event type of one version.

    `segment`: of its listener path; `schema`: the component of its envelope; `declared`: the envelope's attributes;
    `container`: the one that holds the content; `place`: under which name the resource lies in it.
    """

    segment: str
    kind: str
    view: ResourceView
    schema: str
    declared: frozenset[str]
    container: str
    place: str

    @property
    def name(self) -> str:
        """As `eventType` says it."""
        return self.segment[:1].upper() + self.segment[1:]


def event_type(
    operation: Operation, views: Iterable[ResourceView], components: Mapping[str, Schema], file: str
) -> EventType:
    """Returns the event type of a listener operation. Raises StartRefused where it belongs to no resource of the
    document, or its schema has no place for one."""
    segment, schema = operation.segment, operation.body or ""
    owners = [view for view in views if segment.startswith(view.name)]
    if not owners or not segment.endswith(_END):
        raise StartRefused(f"The document {file} declares {operation.path}, which is no event of a resource of it.")
    view = max(owners, key=lambda view: len(view.name))
    word = segment.removeprefix(view.name).removesuffix(_END)
    kind = word[:1].lower() + word[1:]
    declared = flatten({"$ref": schema}, components).properties
    container = next((name for name in _CONTAINERS if name in declared), None)
    places = flatten(declared[container], components).properties if container else {}
    if container is None or not places:
        raise StartRefused(f"The document {file} has no place for the resource in the schema {schema}.")
    place = view.name if view.name in places else next(iter(places))
    return EventType(segment, _SAME.get(kind, kind), view, schema, frozenset(declared), container, place)
