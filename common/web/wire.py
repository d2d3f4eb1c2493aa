"""ASGI's own words, and turning a request's parts into plain values and an answer into messages."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from common.errors import BadRequest, BodyTooLarge
from common.responses import JSON, Response

_HOST = re.compile(r"[A-Za-z0-9._\-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")
_SCHEME = re.compile(r"https?")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~\-]+)*")

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """What is believed of a request before it is read: the longest body in bytes, whether a proxy's headers are
    trusted, the public address (scheme, host, prefix) or None for the one the request names."""

    body_limit: int
    trust_proxy: bool
    public_url: str | None


def read_headers(scope: Scope) -> dict[str, str]:
    """Returns the request's headers by lower-case name; repeated ones joined by commas."""
    values: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        values.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    return {name: ", ".join(repeated) for name, repeated in values.items()}


async def read_body(receive: Receive, headers: Mapping[str, str], limit: int) -> bytes:
    """Returns the whole body. Raises BodyTooLarge as soon as it is known to pass `limit` bytes."""
    announced = headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest("The client went away before the body was complete.")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            raise _too_large(limit)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _too_large(limit: int) -> BodyTooLarge:
    # The connection ends with this answer: a client that waits to be asked for its body (Expect: 100-continue) and is
    # not would send its next request where the server still reads that body; and others may stop sending.
    return BodyTooLarge(f"A body may have {limit} bytes here.", headers={"Connection": "close"})


def origin(scope: Scope, headers: Mapping[str, str], door: RequestLimits) -> str:
    """Returns scheme, host and prefix that addresses in answers begin with. Raises BadRequest for what no address
    has."""
    if door.public_url:
        return door.public_url.rstrip("/")
    scheme, host, prefix = scope.get("scheme", "http"), headers.get("host", "localhost"), ""
    if door.trust_proxy:
        scheme = _first(headers, "x-forwarded-proto", scheme)
        host = _first(headers, "x-forwarded-host", host)
        prefix = _first(headers, "x-forwarded-prefix", "").rstrip("/")
    if not _HOST.fullmatch(host) or not _SCHEME.fullmatch(scheme) or not _PREFIX.fullmatch(prefix):
        raise BadRequest("Host (or the X-Forwarded headers in its place) is no address that an href can begin with.")
    return f"{scheme}://{host}{prefix}"


def _first(headers: Mapping[str, str], name: str, otherwise: str) -> str:
    return headers.get(name, otherwise).partition(",")[0].strip()


async def send_response(response: Response, head: bool, send: Send) -> None:
    """Sends the messages of one answer, without its body where `head`."""
    body = response.encoded()
    headers = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in response.headers.items()]
    if response.body is not None:
        headers += [(b"content-type", JSON.encode())]
    if response.status not in (204, 304):
        headers += [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})
