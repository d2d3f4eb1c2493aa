"""The documents' operations over ASGI: a request is found, read, carried out and answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from common import operations
from common.binding import ServedOperation
from common.errors import NotFound, NotImplementedYet
from common.events.channel import Channel
from common.hub import verbs
from common.hub.listener import receive
from common.hub.verbs import Hub
from common.operations import Engine
from common.request import Request, require_acceptable
from common.resource_view import ResourceView
from common.responses import Response, refused
from common.web.answering import answer, options, read_request, served_method
from common.web.routes import Routes
from common.web.wire import App, Receive, RequestLimits, Scope, Send, read_headers, send_response

Verb = Callable[[Engine, ResourceView, Request], Awaitable[Response]]

_VERBS: Mapping[str, Verb] = {
    "list": operations.list_resources,
    "create": operations.create,
    "retrieve": operations.retrieve,
    "patch": operations.patch,
    "delete": operations.delete,
}

# The text is the path's segment: which event a listener path is for.
_HUB_VERBS: Mapping[str, Callable[[Hub, Channel, str, Request], Awaitable[Response]]] = {
    "subscribe": verbs.subscribe,
    "subscription": verbs.subscription,
    "unsubscribe": verbs.unsubscribe,
    "listen": receive,
}


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What the documents' operations are carried out with."""

    engine: Engine
    hub: Hub
    limits: RequestLimits


def dispatcher(inner: App, routes: Routes, dispatch: Dispatch) -> App:
    """Returns an ASGI application that serves the documents' operations and hands everything else to `inner`."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        route = routes.find(scope["path"].rstrip("/")) if scope["type"] == "http" else None
        if route is None:
            await inner(scope, receive, send)
            return
        methods, identifier = route
        version = next(iter(methods.values())).version.name
        await answer(scope, send, version, lambda: _respond(dispatch, methods, identifier, scope, receive))

    return app


async def _respond(
    dispatch: Dispatch, methods: Mapping[str, ServedOperation], identifier: str | None, scope: Scope, receive: Receive
) -> Response:
    """Carries out one request of a declared path."""
    method = served_method(scope, methods)
    if method is None:
        return options(methods)
    headers = read_headers(scope)
    require_acceptable(headers)
    request = await read_request(scope, receive, headers, identifier, dispatch.limits)
    return await _carried_out(dispatch, methods[method], request)


async def _carried_out(dispatch: Dispatch, served: ServedOperation, request: Request) -> Response:
    verb = served.operation.verb
    if served.view is not None:
        return await _VERBS[verb](dispatch.engine, served.view, request)
    if served.channel is None:
        raise NotImplementedYet(f"{served.operation.method} {served.operation.path} is not served here.")
    return await _HUB_VERBS[verb](dispatch.hub, served.channel, served.operation.segment, request)


def not_found(routes: Routes) -> App:
    """Returns the application for every address that nothing else serves: 404 with our error body."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        refusal = NotFound(f"Nothing is served at {scope['path'][:200]}.")
        await send_response(refused(refusal, routes.version_of(scope["path"])), scope["method"] == "HEAD", send)

    return app
