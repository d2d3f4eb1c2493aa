"""Answers one HTTP request: its parts become plain values, and whatever goes wrong becomes an error body."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable

from common.errors import MethodNotAllowed, Refusal
from common.request import Request
from common.responses import Response, refused
from common.web.wire import Receive, RequestLimits, Scope, Send, origin, read_body, send_response

_LOG = logging.getLogger(__name__)

Respond = Callable[[], Awaitable[Response]]
"""Carries one request out; may raise any Refusal."""


async def answer(scope: Scope, send: Send, version: str, respond: Respond) -> None:
    """Sends what `respond` returns; a refusal, or a failure of ours, becomes an error body of `version`."""
    try:
        response = await respond()
    except Refusal as refusal:
        response = refused(refusal, version)
    except Exception:
        _LOG.exception("%s %s failed", scope["method"], scope["path"])
        response = refused(Refusal("The server failed on this request; its log has the reason."), version)
    await send_response(response, scope["method"] == "HEAD", send)


def served_method(scope: Scope, methods: Iterable[str]) -> str | None:
    """Returns which of a path's methods a request is served by: HEAD is GET without its body. Returns None for
    OPTIONS, which asks for the methods. Raises MethodNotAllowed."""
    method = "GET" if scope["method"] == "HEAD" else str(scope["method"])
    served = tuple(methods)
    if method in served:
        return method
    if method == "OPTIONS":
        return None
    allowed = _allowed(served)
    raise MethodNotAllowed(f"{scope['method']} is not allowed here; {allowed} are.", headers={"Allow": allowed})


def options(methods: Iterable[str]) -> Response:
    """Returns the answer to OPTIONS: the methods of the path, by the header Allow."""
    return Response(204, None, {"Allow": _allowed(methods)})


def _allowed(methods: Iterable[str]) -> str:
    served = set(methods)
    return ", ".join(sorted(served | {"OPTIONS"} | ({"HEAD"} if "GET" in served else set())))


async def read_request(
    scope: Scope, receive: Receive, headers: dict[str, str], identifier: str | None, limits: RequestLimits
) -> Request:
    """Returns the request as plain values, with the body of a POST or PATCH. Raises BadRequest, BodyTooLarge."""
    has_body = scope["method"] in ("POST", "PATCH")
    body = await read_body(receive, headers, limits.body_limit) if has_body else b""
    query = scope["query_string"].decode("latin-1")
    return Request(identifier, query, headers, body, origin(scope, headers, limits))
