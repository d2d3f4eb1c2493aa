"""Serves what stands beside the operations: health, the documents' downloads, the pages for people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import orjson
from starlette.exceptions import HTTPException

from common.errors import MethodNotAllowed, StoreUnavailable
from common.responses import JSON, Response
from common.store.base import Store
from common.web.answering import answer
from common.web.wire import App, Receive, Scope, Send

_METHODS = "GET, HEAD"
FixedAnswer = Callable[[], Awaitable[tuple[int, bytes, str]]]
"""Returns status, content and media type."""
FixedAnswers = Mapping[str, FixedAnswer]
"""By path."""


def fixed_answers(store: Store, downloads: Mapping[str, tuple[bytes, str]]) -> FixedAnswers:
    """Returns the addresses that answer without a verb: health and the documents' downloads. GET alone."""

    async def live() -> tuple[int, bytes, str]:
        return 200, b'{"status":"live"}', JSON

    async def ready() -> tuple[int, bytes, str]:
        try:
            await store.ping()
        except StoreUnavailable as error:
            return 503, orjson.dumps({"status": "unavailable", "reason": error.message}), JSON
        return 200, b'{"status":"ready"}', JSON

    return {"/health/live": live, "/health/ready": ready, **{path: _download(*it) for path, it in downloads.items()}}


def _download(content: bytes, media: str) -> FixedAnswer:
    async def download() -> tuple[int, bytes, str]:
        return 200, content, media

    return download


def serve_pages(fixed: FixedAnswers, pages: Mapping[str, App], prefixes: Mapping[str, App], otherwise: App) -> App:
    """Returns an application that sends a request to a fixed answer or a page by its exact path, to an application by
    its prefix, or to `otherwise`."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/")
        page = pages.get(path)
        if page is None:
            prefix = path[: path.find("/ui") + 3] if "/ui" in path else ""
            page = prefixes.get(prefix)
        if path not in fixed and page is None:
            await otherwise(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await answer(scope, send, "v5", lambda: _refuse_method(scope))
        elif path in fixed:
            await _send_fixed(scope["method"], fixed[path], send)
        elif page is not None:
            await _send_page(page, scope, receive, send, otherwise)

    return app


async def _refuse_method(scope: Scope) -> Response:
    """Raises MethodNotAllowed: a page is read and nothing else."""
    raise MethodNotAllowed(f"{scope['method']} is not allowed here; {_METHODS} are.", headers={"Allow": _METHODS})


async def _send_page(page: App, scope: Scope, receive: Receive, send: Send, otherwise: App) -> None:
    """Sends a page for people; what its application has not is answered with our error body."""
    try:
        await page(scope, receive, send)
    except (HTTPException, ValueError):  # Starlette's way of saying 404; a path with NUL
        await otherwise(scope, receive, send)


async def _send_fixed(method: str, fixed: FixedAnswer, send: Send) -> None:
    status, content, media = await fixed()
    headers = [(b"content-type", media.encode()), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else content})
