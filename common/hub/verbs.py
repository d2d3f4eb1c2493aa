"""The verbs of a hub: subscribe, read a subscription back, unsubscribe (TMF630 part 4)."""

from __future__ import annotations

from dataclasses import dataclass

from common.clock import World, micros
from common.errors import NotFound
from common.events.channel import Channel
from common.hub.callbacks import Callback
from common.hub.destinations import Allowed
from common.hub.event_filter import parse_event_filter
from common.hub.subscription import Subscription, from_record, parse_registration
from common.query.language import Limits
from common.query.parse import refuse_parameters
from common.request import Request, parse_json, require_media, require_object
from common.responses import JSON, Response
from common.store.deliveries import Deliveries
from common.store.event_log import EventLog
from common.store.received import Received
from common.store.subscriptions import Subscriptions


@dataclass(frozen=True, slots=True)
class Hub:
    """What a hub and its listener paths work with: `callbacks` are told of what the paths receive, `body_depth` is how
    deep that may be nested."""

    world: World
    subscriptions: Subscriptions
    deliveries: Deliveries
    log: EventLog
    allowed: Allowed
    limits: Limits
    received: Received
    callbacks: tuple[Callback, ...]
    body_depth: int


async def subscribe(hub: Hub, channel: Channel, _segment: str, request: Request) -> Response:
    """POST a subscription: 201 with Location; 409 where the callback has the same query here already. What
    changes after the answer is sent; a change just before it may be."""
    require_media(request.headers, (JSON,))
    refuse_parameters(request.query)
    given = await parse_registration(require_object(parse_json(request.body)), hub.allowed)
    parse_event_filter(given["query"], channel, hub.limits)
    code, version = channel.api.code, channel.version.name
    _, head = await hub.log.bounds(code)
    made = Subscription(
        id=hub.world.new_id(), api=code, version=version, start=head, created=micros(hub.world.now()), **given
    )
    await hub.subscriptions.add(made.record())
    address = channel.address(made.id, request.origin)
    return Response(201, made.shown(address), {"Location": address})


async def subscription(hub: Hub, channel: Channel, _segment: str, request: Request) -> Response:
    """GET a subscription: 200, without its secrets."""
    refuse_parameters(request.query)
    found = await _found(hub, channel, request)
    return Response(200, found.shown(channel.address(found.id, request.origin)))


async def unsubscribe(hub: Hub, channel: Channel, _segment: str, request: Request) -> Response:
    """DELETE a subscription: 204; what was not delivered yet is not delivered any more."""
    refuse_parameters(request.query)
    found = await _found(hub, channel, request)
    await hub.subscriptions.remove(found.id)
    await hub.deliveries.forget(found.id)
    return Response(204)


async def _found(hub: Hub, channel: Channel, request: Request) -> Subscription:
    """The subscription that the path names, where it is one of this hub and has not ended."""
    missing = NotFound(f'There is no subscription with the id "{request.id}" at this hub.')
    try:
        found = from_record(await hub.subscriptions.get(request.id or ""))
    except NotFound:
        raise missing from None
    if (found.api, found.version) != (channel.api.code, channel.version.name) or found.ended:
        raise missing
    return found
