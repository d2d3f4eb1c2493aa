"""The operator's paths below `/admin/`: subscriptions, their deliveries, dead letters. No document describes them.

They answer on loopback alone until there is authentication: see `require_local`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from common.clock import instant
from common.delivery.operator import DeliveryOperator
from common.document import pointer
from common.errors import Forbidden, InvalidBody, InvalidQuery, NotFound, Problem
from common.query.pairs import pairs
from common.query.parse import refuse_parameters
from common.request import Request, media_type, parse_json, require_acceptable, require_media, require_object
from common.responses import JSON, Response
from common.web.answering import answer, options, read_request, served_method
from common.web.wire import App, Receive, RequestLimits, Scope, Send, read_headers

_BASE = "/admin"
_VERSION = "v5"
_MOST = 1000
_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<plain>[A-Za-z0-9.\-]+))(?::[0-9]{1,5})?")
_PASSED_ON = frozenset({"forwarded", "via", "x-real-ip"})

OperatorVerb = Callable[[DeliveryOperator, Request], Awaitable[Response]]


def admin(inner: App, operator: DeliveryOperator, body_limit: int) -> App:
    """Returns an ASGI application that serves the operator's paths and leaves all else to `inner`. `body_limit`: in
    bytes."""
    # Nothing here is answered with an address, so the address by which it is reached does not matter.
    limits = RequestLimits(body_limit, trust_proxy=False, public_url="http://localhost")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/") if scope["type"] == "http" else ""
        if path != _BASE and not path.startswith(_BASE + "/"):
            await inner(scope, receive, send)
            return
        await answer(scope, send, _VERSION, lambda: _respond(operator, limits, scope, receive))

    return app


async def _respond(operator: DeliveryOperator, limits: RequestLimits, scope: Scope, receive: Receive) -> Response:
    """Carries out one request of an operator."""
    headers = read_headers(scope)
    require_local(scope, headers)
    require_acceptable(headers)
    methods, identifier = _route(scope["path"].rstrip("/"))
    method = served_method(scope, methods)
    if method is None:
        return options(methods)
    return await methods[method](operator, await read_request(scope, receive, headers, identifier, limits))


def require_local(scope: Scope, headers: Mapping[str, str]) -> None:
    """Raises Forbidden for a request that does not come from this machine, or not from who it seems: one passed on by a
    proxy, behind which everybody is local; one sent to another name (DNS rebinding); one that a browser sends for a
    page from elsewhere, or would send without asking first (CSRF)."""
    alone = "The paths below /admin answer on this machine's loopback address alone"
    if not _is_loopback((scope.get("client") or ("",))[0]):
        raise Forbidden(f"{alone}, and this request comes from elsewhere.")
    for name in headers:
        if name in _PASSED_ON or name.startswith("x-forwarded"):
            raise Forbidden(f"{alone}, and by its header {name} this request came through a proxy.")
    if not _names_loopback(headers.get("host", "")):
        raise Forbidden(f"{alone}; Host must be localhost or a loopback address.")
    if "origin" in headers:
        scheme, _, host = headers["origin"].partition("://")
        if scheme not in ("http", "https") or not _names_loopback(host):
            raise Forbidden(f"{alone}; where Origin is sent, it must be localhost or a loopback address.")
    if scope["method"] == "POST" and ("content-type" not in headers or media_type(headers) != JSON):
        raise Forbidden(f"A POST below {_BASE} must have the header Content-Type: {JSON}.")


def _names_loopback(host: str) -> bool:
    """Returns True where a host with or without a port is `localhost` or a loopback address."""
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    return (match["plain"] or "").lower() == "localhost" or _is_loopback(match["six"] or match["plain"])


def _is_loopback(address: str) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return (mapped or ip).is_loopback


def _route(path: str) -> tuple[Mapping[str, OperatorVerb], str | None]:
    """Returns the verbs at a path by method, and the path's id. Raises NotFound."""
    for pattern, methods in _PLACES:
        match = pattern.fullmatch(path.removeprefix(_BASE))
        if match:
            return methods, match["id"] if "id" in pattern.groupindex else None
    raise NotFound(f"Nothing is served at {path[:200]}.")


def _moment(written: Any) -> int:
    at = instant(written) if isinstance(written, str) else None
    if at is None:
        raise ValidationError("must be an RFC 3339 date-time, such as 2026-03-01T10:00:00Z")
    return at


class _Attempts(Schema):
    since = fields.Function(deserialize=_moment, load_default=0)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, _MOST))


class _Letters(Schema):
    subscription = fields.String(load_default=None)
    after = fields.String(load_default="")
    limit = fields.Integer(load_default=100, validate=validate.Range(1, _MOST))


_ReplayFrom = Schema.from_dict({"from": fields.Function(deserialize=_moment, required=True)})


class _ReplayAll(Schema):
    subscription = fields.String(load_default=None, allow_none=True)


class _Nothing(Schema):
    pass


def _parameters(schema: Schema, query: str) -> dict[str, Any]:
    """Returns the parameters of a query. Raises InvalidQuery."""
    given: dict[str, str] = {}
    names = ", ".join(sorted(schema.fields))
    for pair in pairs(query):
        if pair.name not in schema.fields or pair.operator != "eq":
            raise InvalidQuery(f'The parameter "{pair.name[:80]}" is unknown here; the operation knows {names}.')
        if pair.name in given:
            raise InvalidQuery(f'The parameter "{pair.name}" is given more than once.')
        given[pair.name] = pair.value
    try:
        loaded: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        raise InvalidQuery("; ".join(f"{name}: {fault}" for name, fault in _faults(error))) from error
    return loaded


def _body(schema: Schema, request: Request) -> dict[str, Any]:
    """Returns the body of a request that knows no parameter; none at all is an empty object. Raises BadRequest."""
    refuse_parameters(request.query)
    require_media(request.headers, (JSON,))
    sent = require_object(parse_json(request.body or b"{}"))
    try:
        loaded: dict[str, Any] = schema.load(sent)
    except ValidationError as error:
        raise InvalidBody([Problem(pointer((name,)), fault) for name, fault in _faults(error)]) from error
    return loaded


def _faults(error: ValidationError) -> list[tuple[str, str]]:
    """Returns what is wrong with each attribute or parameter, by name."""
    messages = error.messages if isinstance(error.messages, dict) else {"": error.messages}
    return [(str(name), " ".join(map(str, texts))) for name, texts in messages.items()]


async def _subscriptions(operator: DeliveryOperator, request: Request) -> Response:
    refuse_parameters(request.query)
    return Response(200, await operator.every_subscription())


async def _subscription(operator: DeliveryOperator, request: Request) -> Response:
    refuse_parameters(request.query)
    return Response(200, await operator.one_subscription(request.id or ""))


async def _attempts(operator: DeliveryOperator, request: Request) -> Response:
    return Response(200, await operator.attempts(request.id or "", **_parameters(_Attempts(), request.query)))


async def _replay_from(operator: DeliveryOperator, request: Request) -> Response:
    return Response(200, await operator.replay_from(request.id or "", _body(_ReplayFrom(), request)["from"]))


async def _letters(operator: DeliveryOperator, request: Request) -> Response:
    return Response(200, await operator.dead_letters(**_parameters(_Letters(), request.query)))


async def _letter(operator: DeliveryOperator, request: Request) -> Response:
    refuse_parameters(request.query)
    return Response(200, await operator.dead_letter(request.id or ""))


async def _replay(operator: DeliveryOperator, request: Request) -> Response:
    _body(_Nothing(), request)
    return Response(200, await operator.replay(request.id or ""))


async def _replay_all(operator: DeliveryOperator, request: Request) -> Response:
    return Response(200, await operator.replay_all(**_body(_ReplayAll(), request)))


async def _discard(operator: DeliveryOperator, request: Request) -> Response:
    refuse_parameters(request.query)
    await operator.discard(request.id or "")
    return Response(204)


# A dead letter's id has slashes in it, and a server decodes those that were sent encoded.
_PLACES: tuple[tuple[re.Pattern[str], Mapping[str, OperatorVerb]], ...] = (
    (re.compile(r"/subscriptions"), {"GET": _subscriptions}),
    (re.compile(r"/subscriptions/(?P<id>[^/]+)"), {"GET": _subscription}),
    (re.compile(r"/subscriptions/(?P<id>[^/]+)/attempts"), {"GET": _attempts}),
    (re.compile(r"/subscriptions/(?P<id>[^/]+)/replay"), {"POST": _replay_from}),
    (re.compile(r"/dead-letters"), {"GET": _letters}),
    (re.compile(r"/dead-letters/replay"), {"POST": _replay_all}),
    (re.compile(r"/dead-letters/(?P<id>.+)/replay", re.DOTALL), {"POST": _replay}),
    (re.compile(r"/dead-letters/(?P<id>.+)", re.DOTALL), {"GET": _letter, "DELETE": _discard}),
)
