"""A proxy before a real suite that breaks one thing: a request, an answer, or the events to subscribers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import httpx

from ctk.standard.profile import profiles

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "accept-encoding"}
_BASES = {profile.base: profile.name for profile in profiles().values()}


@dataclass
class Ask:
    """A request on its way to the suite; a mutant may change it. Header names are in small letters."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    content: bytes

    @property
    def api(self) -> str:
        """`TMF621-v5`, empty outside every API."""
        return next((name for base, name in _BASES.items() if self.path.startswith(base + "/")), "")

    @property
    def rest(self) -> tuple[str, ...]:
        """The parts of the path under the API's base: `("troubleTicket", "ID")`."""
        base = next((base for base in _BASES if self.path.startswith(base + "/")), "")
        return tuple(part for part in self.path.removeprefix(base).split("/") if part)

    @property
    def verb(self) -> str:
        """list, create, retrieve, patch, delete; hub, unhub, gethub; listener; document; other."""
        rest = self.rest
        if not self.api or not rest or len(rest) > 2:
            return "other"
        if rest[0] == "listener":
            return "listener"
        if rest[0].startswith("openapi."):
            return "document"
        one = len(rest) == 2
        if rest[0] == "hub":
            return {"POST": "hub", "DELETE": "unhub", "GET": "gethub"}.get(self.method, "other")
        verbs = {("GET", False): "list", ("POST", False): "create", ("GET", True): "retrieve"}
        verbs |= {("PATCH", True): "patch", ("DELETE", True): "delete"}
        return verbs.get((self.method, one), "other")

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The query as pairs."""
        return parse_qsl(self.query, keep_blank_values=True)

    @property
    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        return _json(self.content)

    @json.setter
    def json(self, value: Any) -> None:
        self.content = json.dumps(value).encode()


@dataclass
class Answer:
    """An answer on its way to the client; a mutant may change it. Header names are in small letters."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        return _json(self.content)

    @json.setter
    def json(self, value: Any) -> None:
        self.content = json.dumps(value).encode()


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


Asking = Callable[[Ask, "Proxy"], Answer | None]
Answering = Callable[[Ask, Answer, "Proxy"], Answer | None]
Telling = Callable[[dict[str, Any], "Proxy"], list[dict[str, Any]]]


@dataclass(frozen=True)
class Mutant:
    """A broken server: `ask` may change a request, or answer it itself; `answer` may change an answer, or return
    another one; `event` says what is delivered in place of an event, to `proxy.callback`, as `proxy.media`. `kills` are
    the rules that must fail on it.

    `apis` and `resources` say where `make test` and `make test-long` try it; `make ctk-mutants` tries it everywhere.
    """

    name: str
    kills: tuple[str, ...]
    ask: Asking | None = None
    answer: Answering | None = None
    event: Telling | None = None
    apis: tuple[str, ...] = ("TMF621-v5",)
    resources: tuple[str, ...] = ("troubleTicket",)


@dataclass
class Proxy:
    """What a mutant may use: `memory` of its own, and `send`, which asks the suite itself. `address` is the proxy's."""

    mutant: Mutant
    origin: str
    client: httpx.Client
    address: str = ""
    memory: dict[str, Any] = field(default_factory=dict)
    callbacks: dict[str, str] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    callback: str = ""
    media: str = "application/json"

    def send(self, ask: Ask) -> Answer:
        """What the suite answers."""
        url = f"{self.origin}{ask.path}" + (f"?{ask.query}" if ask.query else "")
        headers = {name: value for name, value in ask.headers.items() if name not in _HOP}
        got = self.client.request(ask.method, url, headers=headers, content=ask.content)
        kept = {name.lower(): value for name, value in got.headers.items() if name.lower() not in _HOP}
        return Answer(got.status_code, kept, got.content)

    def serve(self, ask: Ask) -> Answer:
        """The answer to a client, broken as the mutant has it."""
        if ask.path.startswith("/_events/"):
            return self._deliver(ask)
        if self.mutant.ask and (made := self.mutant.ask(ask, self)) is not None:
            return made
        answer = self._subscribed(ask) if self.mutant.event and ask.verb in ("hub", "gethub") else self.send(ask)
        if self.mutant.answer and (made := self.mutant.answer(ask, answer, self)) is not None:
            return made
        return answer

    def _subscribed(self, ask: Ask) -> Answer:
        """A registration whose events come here first, or a look at it; the client sees its own callback."""
        body = ask.json
        if isinstance(body, dict) and str(body.get("callback", "")).startswith("http://127.0.0.1"):
            numbers = {callback: number for number, callback in self.callbacks.items()}
            number = numbers.get(body["callback"], str(len(numbers)))
            self.callbacks[number] = body["callback"]
            ask.json = {**body, "callback": f"{self.address}/_events/{number}"}
        answer = self.send(ask)
        told = answer.json
        if isinstance(told, dict) and (number := str(told.get("callback", "")).rpartition("/_events/")[2]):
            answer.json = {**told, "callback": self.callbacks.get(number, told["callback"])}
        return answer

    def _deliver(self, ask: Ask) -> Answer:
        """Passes on what the mutant makes of an event; one at a time, so that order is the suite's."""
        callback = self.callbacks[ask.path.rpartition("/")[2]]
        assert self.mutant.event
        status = 204
        with self.lock:
            self.callback = callback
            for event in self.mutant.event(ask.json, self):
                content = json.dumps(event).encode()
                status = self.client.post(callback, content=content, headers={"content-type": self.media}).status_code
        return Answer(status, {}, b"")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet: two would wait for each other's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Any

    def _any(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        content = self.rfile.read(int(headers.get("content-length") or 0))
        answer = self.server.proxy.serve(Ask(self.command, path, query, headers, content))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name not in ("date", "server"):
                self.send_header(name, value)
        silent = answer.status in (204, 304) or self.command == "HEAD"
        if not silent:
            self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if not silent:
            self.wfile.write(answer.content)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_HEAD = do_OPTIONS = _any

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


@contextmanager
def mutated(mutant: Mutant, origin: str) -> Iterator[str]:
    """The address of a suite (at `origin`) broken by a mutant."""
    limits = httpx.Limits(max_connections=100)
    with httpx.Client(timeout=30, limits=limits) as client, _Server(("127.0.0.1", 0), _Handler) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        server.proxy = Proxy(mutant, origin, client, address)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()


def on(*verbs: str) -> Callable[[Answering], Answering]:
    """An answer is broken for these verbs alone."""

    def restricted(change: Answering) -> Answering:
        return lambda ask, answer, proxy: change(ask, answer, proxy) if ask.verb in verbs else None

    return restricted


def status(code: int, *verbs: str, where: Callable[[Answer], bool] = lambda answer: answer.status < 300) -> Answering:
    """Answers of these verbs have another code."""

    def change(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb in verbs and where(answer):
            answer.status = code

    return change


def without_header(name: str, *verbs: str) -> Answering:
    """Answers of these verbs lack a header."""

    def change(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb in verbs:
            answer.headers.pop(name, None)

    return change


def body(change: Callable[[dict[str, Any]], Any], *verbs: str) -> Answering:
    """Every resource in successful answers of these verbs is changed in place; of a list, every element."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb in verbs and answer.status < 300:
            found = answer.json
            for one in found if isinstance(found, list) else [found]:
                if isinstance(one, dict):
                    change(one)
            answer.json = found

    return changed


def without(names: Mapping[str, Any] | set[str] | Callable[[str], bool], *verbs: str) -> Answering:
    """Every resource in successful answers of these verbs lacks some attributes."""
    dropped = names if callable(names) else names.__contains__

    def change(one: dict[str, Any]) -> None:
        for name in [name for name in one if dropped(name)]:
            del one[name]

    return body(change, *verbs)
