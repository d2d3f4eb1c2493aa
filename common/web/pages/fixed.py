"""What is served beside the operations: health, the documents' downloads, the pages for people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import orjson
from starlette.exceptions import HTTPException

from common.errors import MethodNotAllowed, StoreUnavailable
from common.responses import JSON, refused
from common.store.base import Store
from common.web.wire import App, Receive, Scope, Send, send_response

Answer = Callable[[], Awaitable[tuple[int, bytes, str]]]
FixedAnswers = Mapping[str, Answer]


def fixed_answers(store: Store, downloads: Mapping[str, tuple[bytes, str]]) -> FixedAnswers:
    """The addresses that answer without a verb: health and the documents' downloads. GET alone."""

    async def live() -> tuple[int, bytes, str]:
        return 200, b'{"status":"live"}', JSON

    async def ready() -> tuple[int, bytes, str]:
        try:
            await store.ping()
        except StoreUnavailable as error:
            return 503, orjson.dumps({"status": "unavailable", "reason": error.message}), JSON
        return 200, b'{"status":"ready"}', JSON

    return {"/health/live": live, "/health/ready": ready, **{path: _given(*it) for path, it in downloads.items()}}


def _given(content: bytes, media: str) -> Answer:
    async def answer() -> tuple[int, bytes, str]:
        return 200, content, media

    return answer


def switch(plain: FixedAnswers, pages: Mapping[str, App], prefixes: Mapping[str, App], otherwise: App) -> App:
    """Sends a request to a plain answer or page by its exact path, to an application by its prefix, or `otherwise`."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/")
        if path in plain:
            await _send_plain(scope["method"], plain[path], send)
            return
        chosen = pages.get(path)
        if chosen is None:
            prefix = path[: path.find("/ui") + 3] if "/ui" in path else ""
            chosen = prefixes.get(prefix, otherwise)
        await _send_page(chosen, scope, receive, send, otherwise)

    return app


async def _send_page(page: App, scope: Scope, receive: Receive, send: Send, otherwise: App) -> None:
    """A page for people, read only; what its application has not is told with our error body."""
    if page is not otherwise and scope["method"] not in ("GET", "HEAD"):
        await _refuse_method(scope["method"], send)
        return
    try:
        await page(scope, receive, send)
    except (HTTPException, ValueError):  # Starlette's way of saying 404; a path with NUL
        await otherwise(scope, receive, send)


async def _refuse_method(method: str, send: Send) -> None:
    allowed = "GET, HEAD"
    refusal = MethodNotAllowed(f"{method} is not allowed here; {allowed} are.", headers={"Allow": allowed})
    await send_response(refused(refusal, "v5"), head=False, send=send)


async def _send_plain(method: str, answer: Answer, send: Send) -> None:
    if method not in ("GET", "HEAD"):
        await _refuse_method(method, send)
        return
    status, content, media = await answer()
    headers = [(b"content-type", media.encode()), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else content})
