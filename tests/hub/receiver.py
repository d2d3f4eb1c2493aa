"""A real HTTP listener for tests: keeps what it is sent, and answers as it is told to."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class ReceivedEvent:
    """One request: its path, headers and body, and what was answered."""

    path: str
    headers: dict[str, str]
    body: Any
    raw: bytes
    status: int


@dataclass
class Receiver:
    """`answer`: from path and body to a status, or to an answer of its own; 204 for everything at first."""

    url: str = ""
    heard: list[ReceivedEvent] = field(default_factory=list)
    answer: Callable[[str, Any], Awaitable[int | web.Response]] | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(raw) if request.content_type == "application/json" else dict(await request.post())
        given: int | web.Response = 204 if self.answer is None else await self.answer(request.path, body)
        answer = web.Response(status=given) if isinstance(given, int) else given
        self.heard.append(ReceivedEvent(request.path, dict(request.headers), body, raw, answer.status))
        return answer

    def taken(self, path: str) -> list[Any]:
        """The bodies that were accepted at a path, in their order."""
        return [one.body for one in list(self.heard) if one.path == path and one.status < 300]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A listener on a port of the system's choice, in a thread and event loop of its own."""
    made = Receiver()
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/{path:.*}", made.handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.close()
