"""The verb of the listener paths: an event is judged, told to own code, kept and answered (TMF630 part 4)."""

from __future__ import annotations

from dataclasses import replace

from common.clock import micros
from common.document import Document
from common.errors import InvalidBody, Problem
from common.events.channel import Channel
from common.events.kinds import EventType
from common.hub.callbacks import ReceivedEvent, tell
from common.hub.verbs import Hub
from common.query.parse import refuse_parameters
from common.request import Request, parse_json, require_media, require_object, require_storable
from common.resource import V4
from common.responses import JSON, Response
from common.schema.compile import Validator
from common.schema.messages import shown
from common.store.received import Receipt

_SPELLINGS = ("timeOcurred", "timeOccurred")
"""The one spelling is v4's, the other v5's; senders mix them up, so both are read in both."""


async def listen(hub: Hub, channel: Channel, segment: str, request: Request) -> Response:
    """POST an event: v4 201 with the event, v5 204. Every event is told to every callback at least once, and kept once;
    one that a callback failed on is not kept and answered with 500, so that it is sent again."""
    require_media(request.headers, (JSON,))
    refuse_parameters(request.query)
    told = channel.types[segment]
    sent = require_object(parse_json(request.body))
    require_storable(sent, hub.body_depth)
    event = _filled(channel, told, sent)
    problems = [*_wrong_type(told, event), *_problems(channel.bodies[segment], told, event)]
    if problems:
        raise InvalidBody(sorted(problems, key=lambda one: (one.pointer, one.rule)))
    heard = ReceivedEvent(channel.api.code, channel.version.name, told.name, event)
    await tell(hub.callbacks, heard)
    receipt = _receipt(hub, heard)
    await hub.received.keep(receipt)
    if channel.version.name != V4:
        return Response(204)
    return Response(201, _subscribed(receipt, f"{request.origin}{channel.version.base}/listener/{segment}"))


def _filled(channel: Channel, told: EventType, sent: Document) -> Document:
    """The event with its `eventType`, and in v5 with every `@type`, where they were not sent."""
    typed = sent if "eventType" in sent else {**sent, "eventType": told.name}
    return typed if channel.version.name == V4 else channel.type_marks.fill(told.schema, typed)


def _wrong_type(told: EventType, event: Document) -> list[Problem]:
    """The problem of an event that names another type. A document may call the schema otherwise than the path; that
    name is taken as well."""
    named = event["eventType"]
    if not isinstance(named, str) or named in (told.name, told.schema):
        return []
    return [Problem("/eventType", f"{shown(named)} was sent to the listener of {told.name}")]


def _problems(validator: Validator, told: EventType, event: Document) -> list[Problem]:
    """What is wrong with an event; a moment in the other spelling is judged as if it had the document's."""
    declared, other = sorted(_SPELLINGS, key=lambda name: name not in told.declared)
    if other not in event or declared in event:
        return validator.problems(event)
    spelled = {declared if name == other else name: value for name, value in event.items()}
    found = validator.problems(spelled)
    return [replace(one, pointer=f"/{other}") if one.pointer == f"/{declared}" else one for one in found]


def _receipt(hub: Hub, heard: ReceivedEvent) -> Receipt:
    """The event as it is kept. Its own id names it, beside its type: some senders give the events that one change leads
    to the same id."""
    identifier = heard.event.get("eventId") or hub.world.new_id()
    name = f"{heard.api}/{heard.version}/{heard.type}/{identifier}"
    return Receipt(name, micros(hub.world.now()), heard.api, heard.version, heard.type, heard.event)


def _subscribed(receipt: Receipt, address: str) -> Document:
    """The event, and what the documents' answer, an EventSubscription, asks for besides."""
    own = receipt.event.get("id")
    identifier = own if isinstance(own, str) else receipt.id
    return {**receipt.event, "id": identifier, "callback": address, "query": ""}
