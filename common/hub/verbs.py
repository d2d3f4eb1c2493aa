"""The verbs of a hub: subscribe, read a subscription back, unsubscribe (TMF630 part 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from common.clock import World, micros
from common.errors import NotFound
from common.events.channel import Channel
from common.hub.callbacks import Callback
from common.hub.destinations import Allowed
from common.hub.event_filter import parse_event_filter
from common.hub.subscription import Subscription, parse_registration, subscription_from_record
from common.query.language import Limits
from common.query.parse import refuse_parameters
from common.request import Request, parse_json, require_media, require_object
from common.responses import JSON, Response
from common.store.database import Database


@dataclass(frozen=True, slots=True)
class Hub:
    """What hubs and listener paths work with.

    `allowed`: where events may be sent.
    `limits`: of a subscription's query.
    `callbacks`: called with what listener paths receive.
    `body_depth`: how deep a received event may be nested.
    """

    world: World
    database: Database
    allowed: Allowed
    limits: Limits
    callbacks: tuple[Callback, ...]
    body_depth: int


async def subscribe(hub: Hub, channel: Channel, _segment: str, request: Request) -> Response:
    """Answers POST of a subscription: 201 with Location.

    What changes after the answer is sent; a change just before it may be. Raises InvalidBody, InvalidQuery, Conflict
    (409) where the callback has the same query here already.
    """
    require_media(request.headers, (JSON,))
    refuse_parameters(request.query)
    fields = await parse_registration(require_object(parse_json(request.body)), hub.allowed)
    parse_event_filter(fields["query"], channel, hub.limits)
    api = channel.api
    _, head = await hub.database.log.bounds(api.log)
    created = micros(hub.world.now())
    where: dict[str, Any] = {"api": api.code, "version": channel.version.name, "log": api.log, "start": head}
    new = Subscription(id=hub.world.new_id(), created=created, **where, **fields)
    await hub.database.subscriptions.add(new.record())
    address = channel.address(new.id, request.origin)
    return Response(201, new.shown(address), {"Location": address})


async def subscription(hub: Hub, channel: Channel, _segment: str, request: Request) -> Response:
    """Answers GET of a subscription: 200, without its secrets. Raises NotFound."""
    refuse_parameters(request.query)
    stored = await _require_subscription(hub, channel, request)
    return Response(200, stored.shown(channel.address(stored.id, request.origin)))


async def unsubscribe(hub: Hub, channel: Channel, _segment: str, request: Request) -> Response:
    """Answers DELETE of a subscription: 204. What was not delivered yet is not delivered any more. Raises NotFound."""
    refuse_parameters(request.query)
    identifier = (await _require_subscription(hub, channel, request)).id
    await hub.database.subscriptions.remove(identifier)
    await hub.database.deliveries.forget(identifier)
    return Response(204)


async def _require_subscription(hub: Hub, channel: Channel, request: Request) -> Subscription:
    """Returns the subscription that the path names. Raises NotFound where it is none of this hub or has ended."""
    missing = NotFound(f'There is no subscription with the id "{request.id}" at this hub.')
    try:
        stored = subscription_from_record(await hub.database.subscriptions.get(request.id or ""))
    except NotFound:
        raise missing from None
    if (stored.api, stored.version) != (channel.api.code, channel.version.name) or stored.ended:
        raise missing
    return stored
