"""A load of plain HTTP/1.1 requests over kept-alive connections; counts answers, never judges time."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import partial

import httptools


@dataclass(frozen=True)
class Wish:
    """One kind of request: how it is asked, the status that is success."""

    method: str
    path: str
    status: int
    body: bytes = b""

    def encoded(self) -> bytes:
        """Returns the request as it goes on the wire."""
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        if self.body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n"
        return head.encode() + b"\r\n" + self.body


class _Connection(asyncio.Protocol):
    """Sends one request after the other until the shared count is used up."""

    def __init__(self, wish: Wish, left: list[int], done: asyncio.Future[None]):
        self.wish, self.left, self.done = wish, left, done
        self.request = wish.encoded()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begins."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._next()

    def _next(self) -> None:
        if self.left[0] <= 0:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.left[0] -= 1
        self.parser = httptools.HttpResponseParser(self)
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Feeds the parser."""
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Counts one answer."""
        status = self.parser.get_status_code()
        if status != self.wish.status and not self.done.done():
            self.done.set_exception(RuntimeError(f"{self.wish.method} {self.wish.path} answered {status}"))
            return
        asyncio.get_running_loop().call_soon(self._next)

    def connection_lost(self, error: Exception | None) -> None:
        """Ends."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))


async def rate(port: int, wish: Wish, requests: int, connections: int = 32) -> float:
    """Answers a second for `requests` requests over `connections` connections."""
    loop = asyncio.get_running_loop()
    left = [requests]
    ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(connections)]
    start = time.perf_counter()
    for end in ends:
        await loop.create_connection(partial(_Connection, wish, left, end), "127.0.0.1", port)
    await asyncio.gather(*ends)
    return requests / (time.perf_counter() - start)
