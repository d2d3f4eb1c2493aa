"""A real HTTP listener that the kit opens: it receives events, and publishes schemas that servers fetch."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from ctk.exchange import Exchange


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet: two would wait for each other's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._answer(self.server.receive("POST", self.path, headers, content), b"", "application/json")

    def do_GET(self) -> None:
        content = self.server.published.get(self.path)
        self._answer(404 if content is None else 200, content or b"", "application/schema+json")

    def _answer(self, status: int, content: bytes, media: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Logs nothing: requests are kept."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int]):
        super().__init__(address, _Handler)
        self.changed = threading.Condition()
        self.requests: list[Exchange] = []
        self.published: dict[str, bytes] = {}
        self.answers: dict[str, list[int]] = {}

    def receive(self, method: str, path: str, headers: dict[str, str], content: bytes) -> int:
        """Keeps a request; returns the next code set for its path, 204 where there is none."""
        with self.changed:
            status = codes.pop(0) if (codes := self.answers.get(path)) else 204
            self.requests.append(Exchange(method, path, "", headers, content, status, {}, b""))
            self.changed.notify_all()
        return status


class Listener:
    """Listens on `host` (a port that the system gives unless `port` is one) until closed.

    `address` is what servers are told: the listener's own, or `public`, where servers reach it by another.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, public: str = ""):
        self._server = _Server((host, port))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.address = public.rstrip("/") or f"http://{host}:{self._server.server_address[1]}"

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def callback(self, name: str) -> str:
        """Returns the address that events for `name` are to be sent to."""
        return f"{self.address}/{name}"

    def answer(self, name: str, *codes: int) -> None:
        """Sets the codes of the next answers to requests for `name`; later ones are answered with 204."""
        with self._server.changed:
            self._server.answers[self._path(name)] = list(codes)

    def publish(self, name: str, content: Any) -> str:
        """Publishes JSON, and returns its address."""
        self._server.published[self._path(name)] = json.dumps(content).encode()
        return f"{self.address}/{name}"

    def received(self, name: str) -> list[Exchange]:
        """Returns what was sent to `name` so far, in order; the event is `sent`, the status our answer."""
        with self._server.changed:
            return self._of(name)

    def wait(self, name: str, enough: Callable[[list[Exchange]], bool], seconds: float) -> list[Exchange]:
        """Returns what was sent to `name`, as soon as it is enough, or whatever came within these seconds."""
        deadline = time.monotonic() + seconds
        with self._server.changed:
            while not enough(requests := self._of(name)) and (left := deadline - time.monotonic()) > 0:
                self._server.changed.wait(left)
            return requests

    def _of(self, name: str) -> list[Exchange]:
        return [request for request in self._server.requests if request.url.partition("?")[0] == self._path(name)]

    def _path(self, name: str) -> str:
        return f"{urlsplit(self.address).path}/{name}"
