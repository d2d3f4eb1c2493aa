"""A tiny application in place of the suite's, below the real command line: `python -m tests.serve.stand_in serve ...`.

GET /health/ready: 200 where the store answers, else 503. PUT /kept/TEXT stores, GET /kept gives it back. GET /slow says
`begun` at once and `finished` when the file `go` is in TMF_DATA_DIR. GET /pid: who answers.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from common import cli, settings
from common.errors import StartRefused
from common.resource import Api, Version
from common.serve.run import Served

Send = Callable[[dict[str, Any]], Awaitable[None]]
TOY = Api("TMF999", "Toy", (Version("v5", "/tmf-api/toy/v5", Path("toy.yaml")),), ())


class StandIn:
    """One per worker; the client is made after the fork, at the lifespan's start."""

    def __init__(self, chosen: settings.Settings):
        self.settings = chosen
        self.client: AsyncMongoClient[dict[str, Any]] | None = None

    async def __call__(self, scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        status, text = 200, ""
        try:
            if scope["path"] == "/slow":
                await self._slow(send)
                return
            status, text = await self._answer(scope["method"], scope["path"])
        except PyMongoError as error:
            status, text = 503, type(error).__name__
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": text.encode()})

    async def _live(self, receive: Callable[[], Awaitable[Any]], send: Send) -> None:
        await receive()
        self.client = AsyncMongoClient(self.settings.mongodb_uri, serverSelectionTimeoutMS=2000)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.client.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, method: str, path: str) -> tuple[int, str]:
        assert self.client is not None
        kept = self.client[self.settings.database].kept
        if path == "/health/ready":
            await self.client.admin.command("ping")
            return 200, "ready"
        if path == "/pid":
            return 200, str(os.getpid())
        if method == "PUT":
            await kept.update_one({"_id": "it"}, {"$set": {"text": path.rpartition("/")[2]}}, upsert=True)
        found = await kept.find_one({"_id": "it"})
        return (200, found["text"]) if found else (404, "")

    async def _slow(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun ", "more_body": True})
        while not (self.settings.data_dir / "go").exists():
            await asyncio.sleep(0.02)
        await send({"type": "http.response.body", "body": b"finished"})


def application() -> StandIn:
    """Like common.app's; a database called `refused` is refused."""
    chosen = settings.read(os.environ, {})
    if chosen.database == "refused":
        raise StartRefused("The database refused is refused.")
    return StandIn(chosen)


if __name__ == "__main__":
    cli.SERVED = Served("tests.serve.stand_in:application()", lambda _settings: [TOY])
    cli.main()
