"""The documents' operations over ASGI: a request is found, read, carried out and answered."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from common import operations
from common.binding import ServedOperation
from common.errors import MethodNotAllowed, NotFound, NotImplementedYet, Refusal
from common.events.channel import Channel
from common.hub import verbs
from common.hub.listener import listen
from common.hub.verbs import Hub
from common.operations import Engine
from common.request import Request, require_acceptable
from common.resource_view import ResourceView
from common.responses import Response, refused
from common.web.routes import Routes
from common.web.wire import App, Receive, RequestLimits, Scope, Send, origin, read_body, read_headers, send_response

_LOG = logging.getLogger(__name__)

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
    "listen": listen,
}


def dispatcher(inner: App, routes: Routes, engine: Engine, door: RequestLimits) -> App:
    """An ASGI application that serves the documents' operations and hands everything else to `inner`."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found = routes.find(scope["path"].rstrip("/")) if scope["type"] == "http" else None
        if found is None:
            await inner(scope, receive, send)
            return
        methods, identifier = found
        response = await _answer(scope, receive, methods, identifier, engine, door)
        await send_response(response, scope["method"] == "HEAD", send)

    return app


async def _answer(
    scope: Scope,
    receive: Receive,
    methods: Mapping[str, ServedOperation],
    identifier: str | None,
    engine: Engine,
    door: RequestLimits,
) -> Response:
    """The response to one request of a declared path; whatever goes wrong becomes an error body."""
    version = next(iter(methods.values())).version.name
    try:
        bound = _chosen(methods, scope["method"])
        if bound is None:
            return Response(204, None, {"Allow": _allowed(methods)})
        headers = read_headers(scope)
        require_acceptable(headers)
        body = (
            await read_body(receive, headers, door.body_limit) if bound.operation.method in ("POST", "PATCH") else b""
        )
        query = scope["query_string"].decode("latin-1")
        return await _carried_out(
            bound, Request(identifier, query, headers, body, origin(scope, headers, door)), engine
        )
    except Refusal as refusal:
        return refused(refusal, version)
    except Exception:
        _LOG.exception("%s %s failed", scope["method"], scope["path"])
        return refused(Refusal("The server failed on this request; its log has the reason."), version)


async def _carried_out(bound: ServedOperation, request: Request, engine: Engine) -> Response:
    verb = bound.operation.verb
    if bound.view is not None:
        return await _VERBS[verb](engine, bound.view, request)
    if bound.channel is None or engine.hub is None:
        raise NotImplementedYet(f"{bound.operation.method} {bound.operation.path} is not served here.")
    return await _HUB_VERBS[verb](engine.hub, bound.channel, bound.operation.segment, request)


def _chosen(methods: Mapping[str, ServedOperation], method: str) -> ServedOperation | None:
    """The operation of a method; HEAD is GET without its body, OPTIONS (None) tells the methods."""
    bound = methods.get("GET" if method == "HEAD" else method)
    if bound is None and method != "OPTIONS":
        allowed = _allowed(methods)
        raise MethodNotAllowed(f"{method} is not allowed here; {allowed} are.", headers={"Allow": allowed})
    return bound


def _allowed(methods: Mapping[str, ServedOperation]) -> str:
    head = ["HEAD"] if "GET" in methods else []
    return ", ".join(sorted([*methods, *head, "OPTIONS"]))


def not_found(routes: Routes) -> App:
    """The application for every address that nothing else serves: 404 with our error body."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        refusal = NotFound(f"Nothing is served at {scope['path'][:200]}.")
        await send_response(refused(refusal, routes.version_of(scope["path"])), scope["method"] == "HEAD", send)

    return app
