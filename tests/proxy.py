"""A proxy between the driver and a real store, which closes connections and loses messages when a test says so."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import bson

QUESTION, ANSWER = "the question", "the answer"
_MESSAGE = 2013
_HEARTBEATS = frozenset({"", "hello", "ismaster", "isMaster"})


async def _nothing() -> None:
    return None


@dataclass
class Loss:
    """Messages that are lost with their connection. `command`: whose. `part`: QUESTION, which the store never gets, or
    ANSWER, after the store has carried the command out. `left`: how many more. `meanwhile`: what happens elsewhere
    just before the connection is closed."""

    command: str
    part: str
    left: int
    meanwhile: Callable[[], Awaitable[object]] = _nothing


@dataclass
class Line:
    """One connection of the driver, with its own one to the store. `command`: the last that was sent on it."""

    driver: asyncio.StreamWriter
    store: asyncio.StreamWriter
    command: str = ""

    def close(self) -> None:
        self.driver.close()
        self.store.close()


@dataclass
class Proxy:
    """`uri`: the store's address by way of the proxy."""

    uri: str = ""
    loss: Loss = field(default_factory=lambda: Loss("", "", 0))
    lines: list[Line] = field(default_factory=list)

    def lose(
        self, command: str, part: str, times: int = 1, meanwhile: Callable[[], Awaitable[object]] = _nothing
    ) -> None:
        """Loses the next messages of a command."""
        self.loss = Loss(command, part, times, meanwhile)

    def close_idle(self) -> int:
        """Closes every connection but the driver's heartbeats; the number of them."""
        idle = [line for line in self.lines if line.command not in _HEARTBEATS]
        for line in idle:
            line.close()
            self.lines.remove(line)
        return len(idle)

    async def is_lost(self, line: Line, part: str) -> bool:
        """Whether a message is to be lost now; it is counted, and its connection closed, then."""
        loss = self.loss
        if not loss.left or (loss.command, loss.part) != (line.command, part):
            return False
        loss.left -= 1
        await loss.meanwhile()
        line.close()
        return True

    async def carry(self, line: Line, reader: asyncio.StreamReader, part: str) -> None:
        """Passes messages on in one direction until an end closes."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readexactly(16)
                length, _, _, kind = struct.unpack("<iiii", head)
                body = await reader.readexactly(length - 16)
                if part == QUESTION:
                    line.command = next(iter(bson.decode(_first_document(body)))) if kind == _MESSAGE else ""
                if await self.is_lost(line, part):
                    return
                (line.store if part == QUESTION else line.driver).write(head + body)
        line.close()


def _first_document(body: bytes) -> bytes:
    """The command itself of an OP_MSG: behind four bytes of flags and the kind of its first section."""
    assert body[4] == 0
    return body[5 : 5 + struct.unpack_from("<i", body, 5)[0]]


@asynccontextmanager
async def proxy_of(store_uri: str) -> AsyncIterator[Proxy]:
    """A proxy in front of the store at an address of one host."""
    netloc = urlsplit(store_uri).netloc.rpartition("@")[2]
    host, _, port = netloc.partition(":")
    proxy = Proxy()
    carried: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        store_reader, store_writer = await asyncio.open_connection(host, int(port or 27017))
        line = Line(writer, store_writer)
        proxy.lines.append(line)
        for source, part in ((reader, QUESTION), (store_reader, ANSWER)):
            task = asyncio.create_task(proxy.carry(line, source, part))
            carried.add(task)
            task.add_done_callback(carried.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    proxy.uri = store_uri.replace(netloc, f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield proxy
    finally:
        server.close()
        for line in proxy.lines:
            line.close()
        await asyncio.gather(*carried)
