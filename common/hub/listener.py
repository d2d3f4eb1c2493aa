"""The verb of the listener paths: an event is judged, given to own code, kept and answered (TMF630 part 4)."""

from __future__ import annotations

from dataclasses import replace

from common.clock import micros
from common.document import Document
from common.errors import InvalidBody, Problem
from common.events.channel import Channel
from common.events.kinds import EventType
from common.hub.callbacks import ReceivedEvent, call_back
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


async def receive(hub: Hub, channel: Channel, segment: str, request: Request) -> Response:
    """Answers POST of an event: v4 201 with the event, v5 204.

    Calls every callback at least once for every event, and keeps the event once. Raises InvalidBody. Raises Refusal
    where a callback fails: the event is not kept then and answered with 500, so that it is sent again.
    """
    require_media(request.headers, (JSON,))
    refuse_parameters(request.query)
    event_type = channel.types[segment]
    sent = require_object(parse_json(request.body))
    require_storable(sent, hub.body_depth)
    event = _filled(channel, event_type, sent)
    problems = [*_wrong_type(event_type, event), *_problems(channel.bodies[segment], event_type, event)]
    if problems:
        raise InvalidBody(sorted(problems, key=lambda problem: (problem.pointer, problem.rule)))
    received = ReceivedEvent(channel.api.code, channel.version.name, event_type.name, event)
    await call_back(hub.callbacks, received)
    receipt = _receipt(hub, received)
    await hub.database.received.keep(receipt)
    if channel.version.name != V4:
        return Response(204)
    return Response(201, _subscribed(receipt, f"{request.origin}{channel.version.base}/listener/{segment}"))


def _filled(channel: Channel, event_type: EventType, sent: Document) -> Document:
    """Returns the event with its `eventType`, and in v5 with every `@type`, where they were not sent."""
    typed = sent if "eventType" in sent else {**sent, "eventType": event_type.name}
    return typed if channel.version.name == V4 else channel.type_marks.fill(event_type.schema, typed)


def _wrong_type(event_type: EventType, event: Document) -> list[Problem]:
    """Returns the problem of an event that names another type. A document may call the schema otherwise than the path;
    that name is accepted as well."""
    name = event["eventType"]
    if not isinstance(name, str) or name in (event_type.name, event_type.schema):
        return []
    return [Problem("/eventType", f"{shown(name)} was sent to the listener of {event_type.name}")]


def _problems(validator: Validator, event_type: EventType, event: Document) -> list[Problem]:
    """Returns what is wrong with an event. A moment in the other spelling is judged as if it had the document's."""
    declared, other = sorted(_SPELLINGS, key=lambda name: name not in event_type.declared)
    if other not in event or declared in event:
        return validator.problems(event)
    spelled = {declared if name == other else name: value for name, value in event.items()}
    return [
        replace(problem, pointer=f"/{other}") if problem.pointer == f"/{declared}" else problem
        for problem in validator.problems(spelled)
    ]


def _receipt(hub: Hub, received: ReceivedEvent) -> Receipt:
    """Returns the event as it is kept, under its own id beside its type: some senders give all events of one change the
    same id."""
    identifier = received.event.get("eventId") or hub.world.new_id()
    name = f"{received.api}/{received.version}/{received.type}/{identifier}"
    return Receipt(name, micros(hub.world.now()), received.api, received.version, received.type, received.event)


def _subscribed(receipt: Receipt, address: str) -> Document:
    """Returns the event with what the documents' answer, an EventSubscription, asks for besides."""
    own = receipt.event.get("id")
    identifier = own if isinstance(own, str) else receipt.id
    return {**receipt.event, "id": identifier, "callback": address, "query": ""}
