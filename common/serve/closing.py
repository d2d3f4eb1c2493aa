"""Closing a connection so that its last answer arrives.

A system that is told to close a connection while bytes of the other side are unread, or still come, resets it; and a
reset takes away what the other side has not read yet: the 413 of a body that is too long. So where a request was
answered before it came to its end, writing ends first, then the rest of the request is read and dropped.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

DROPPED_BYTES = 64 << 20
"""How much of one request is dropped, at most: over ten times the default TMF_BODY_LIMIT, and some 50 ms of a worker.
Whoever sends more meets the reset."""

DROPPING_SECONDS = 30.0
"""How long one request is dropped, at most: an idle connection is kept as long."""


class PoliteTransport:
    """A connection's transport as the protocol sees it: the methods are the real one's own, but `close`."""

    __slots__ = ("_protocol", "_transport", "get_extra_info", "is_closing", "pause_reading", "resume_reading", "write")

    def __init__(self, transport: asyncio.Transport, protocol: HttpToolsProtocol):
        self._transport = transport
        self._protocol = protocol
        self.get_extra_info = transport.get_extra_info
        self.is_closing = transport.is_closing
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading
        self.write = transport.write

    def close(self) -> None:
        """Closes the connection: at once where the last request was read to its end, else after its rest."""
        cycle = self._protocol.cycle
        if self.is_closing() or cycle is None or not cycle.more_body:
            self._transport.close()
            return
        self.is_closing = lambda: True
        self._transport.set_protocol(_Dropping(self._transport, self._protocol))
        self._protocol.flow.resume_reading()
        self._transport.write_eof()

    def close_now(self) -> None:
        """Closes the connection without waiting for anything that may still come."""
        self._transport.close()


class _Dropping(asyncio.Protocol):
    """Takes a connection over from `before`, reads and drops what comes, and closes it at the end or at a bound."""

    def __init__(self, transport: asyncio.Transport, before: asyncio.Protocol):
        self._transport = transport
        self._before = before
        self._left = DROPPED_BYTES
        self._bound = asyncio.get_running_loop().call_later(DROPPING_SECONDS, transport.close)

    def data_received(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left < 0:
            self._transport.close()

    def eof_received(self) -> None:
        """Leaves the closing to the event loop, by returning None."""

    def connection_lost(self, exc: Exception | None) -> None:
        self._bound.cancel()
        self._before.connection_lost(exc)
