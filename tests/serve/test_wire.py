"""What comes over the wire in a shape of its own: offers of another protocol, bodies that are longer than allowed."""

from __future__ import annotations

import asyncio
import json
import socket
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from http.client import parse_headers
from urllib.parse import urlsplit

import httpx
import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from common.serve import closing
from common.serve.closing import DROPPED_BYTES
from common.serve.protocol import WebProtocol
from tests.running import Running, running_suite

_TICKET = "/tmf-api/troubleTicket/{}/troubleTicket"
_OFFER = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQCAAAAAAIAAAAA"}
_NEW = {"name": "n", "description": "d", "severity": "s", "ticketType": "t"}
_SMALL, _MEGABYTE = 0, 1_000_000
_TOO_LONG = 5_600_000
_EXPECT = {"Expect": "100-continue"}
_CLOSE = {"Connection": "close"}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A suite as a user runs it, that may deliver to this machine."""
    environ = {"TMF_CALLBACK_ALLOW": "127.0.0.0/8"}
    with running_suite(tmp_path_factory.mktemp("wire"), environ=environ) as running:
        yield running


class Wire:
    """One connection, and requests byte by byte as a test writes them."""

    def __init__(self, suite: Running):
        parts = urlsplit(suite.url)
        # Shorter than the server waits for the rest of a request: the end of its writing is met before that.
        bound = closing.DROPPING_SECONDS / 2
        self.socket = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=bound)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def answer(self) -> tuple[int, bytes, dict[str, str]]:
        """The next answer that is none of going on: its status, its body, its headers."""
        status = 100
        while status == 100:
            status = int(self.file.readline().split()[1])
            headers = {name.lower(): value for name, value in parse_headers(self.file).items()}
        return status, self.file.read(int(headers.get("content-length", 0))), headers

    def ended(self) -> bool:
        """Whether nothing follows; waits for it."""
        return self.file.read(1) == b""

    def send(self, message: bytes, pieces: int) -> None:
        """Sends it in so many writes that arrive apart, the first ones within the head."""
        cuts = [0, *(30 * piece for piece in range(1, pieces // 2 + 1))]
        rest = len(message) - cuts[-1]
        cuts += [cuts[-1] + rest * piece // (pieces - pieces // 2) for piece in range(1, pieces - pieces // 2)]
        for start, end in zip(cuts, [*cuts[1:], len(message)], strict=True):
            self.socket.sendall(message[start:end])
            if pieces > 1:
                time.sleep(0.005)


def request(
    method: str, path: str, body: object = None, *, headers: Mapping[str, str], pad: int = 0, chunked: bool = False
) -> bytes:
    """A request's bytes; `pad`: so many spaces stand before the body's JSON."""
    content = b"" if body is None else b" " * pad + json.dumps(body).encode()
    media = "application/merge-patch+json" if method == "PATCH" else "application/json"
    framing = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(len(content))}
    lines = {"Host": "suite.example", "Content-Type": media, **framing, **headers}
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    if not chunked:
        return head.encode() + content
    step = max(1, len(content) // 7)
    parts = [content[at : at + step] for at in range(0, len(content), step)]
    return head.encode() + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def _stored(suite: Running, version: str) -> str:
    """The path of a ticket that was made for this test."""
    path = _TICKET.format(version)
    return f"{path}/{httpx.post(suite.url + path, json=_NEW).json()['id']}"


def _asked(suite: Running, verb: str, version: str) -> tuple[str, str, object, int]:
    """Method, path, body and awaited status of one verb."""
    if verb == "hub":
        callback = f"http://127.0.0.1:9/{uuid.uuid4()}"
        return "POST", f"/tmf-api/troubleTicket/{version}/hub", {"callback": callback}, 201
    if verb == "POST":
        return "POST", _TICKET.format(version), _NEW, 201
    body, status = {"PATCH": ({"severity": "new"}, 200), "GET": ({}, 200), "DELETE": ({}, 204)}[verb]
    return verb, _stored(suite, version), body, status


@pytest.mark.parametrize("pieces", [1, 8], ids=["one-write", "several-writes"])
@pytest.mark.parametrize("pad", [_SMALL, _MEGABYTE], ids=["small", "1MB"])
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize("verb", ["GET", "POST", "PATCH", "DELETE", "hub"])
@pytest.mark.parametrize("version", ["v4", "v5"])
def test_an_offer_to_upgrade_is_ignored_and_the_request_served(
    suite: Running, version: str, verb: str, chunked: bool, pad: int, pieces: int
) -> None:
    method, path, body, status = _asked(suite, verb, version)
    wire = Wire(suite)
    wire.send(request(method, path, body, headers=_OFFER, pad=pad, chunked=chunked), pieces)
    answered, content, headers = wire.answer()
    assert answered == status, content
    assert "upgrade" not in headers
    if verb == "PATCH":
        assert json.loads(content)["severity"] == "new"
    # The connection goes on, with and without an offer.
    for more in ({}, _OFFER):
        wire.send(request("GET", _TICKET.format(version) + "?limit=1", headers=more), 1)
        assert wire.answer()[0] in (200, 206)


def test_requests_with_offers_behind_each_other_in_one_write_are_served_in_their_order(suite: Running) -> None:
    path, names = _TICKET.format("v5"), [str(number) for number in range(20)]
    messages = [
        request("POST", path, {**_NEW, "name": name}, headers=_OFFER if turn % 3 else {}, chunked=turn % 2 == 0)
        for turn, name in enumerate(names)
    ]
    wire = Wire(suite)
    wire.send(b"".join(messages), 1)
    answers = [wire.answer() for _ in names]
    assert [(status, json.loads(content)["name"]) for status, content, _ in answers] == [(201, name) for name in names]


def test_an_offer_beside_close_closes(suite: Running) -> None:
    wire = Wire(suite)
    wire.send(request("POST", _TICKET.format("v5"), _NEW, headers={**_OFFER, "Connection": "close, Upgrade"}), 1)
    assert wire.answer()[0] == 201
    assert wire.ended()


@pytest.mark.parametrize("protocol", ["websocket", "TLS/1.2", "h2c, websocket"])
def test_other_offers_are_ignored_too(suite: Running, protocol: str) -> None:
    wire = Wire(suite)
    wire.send(request("POST", _TICKET.format("v5"), _NEW, headers={"Connection": "upgrade", "Upgrade": protocol}), 1)
    assert wire.answer()[0] == 201


def test_a_broken_head_with_an_offer_is_a_400(suite: Running) -> None:
    wire = Wire(suite)
    head = request("POST", _TICKET.format("v5"), headers={**_OFFER, "Content-Length": "10", "Broken": "x\0y"})
    wire.send(head, 1)
    assert wire.answer()[0] == 400


def test_a_tunnel_is_refused(suite: Running) -> None:
    wire = Wire(suite)
    wire.send(request("CONNECT", "elsewhere.example:443", headers=_OFFER), 1)
    assert wire.answer()[0] in (400, 404, 405)


@pytest.mark.parametrize("headers", [{}, _EXPECT, _OFFER], ids=["plain", "expect", "offer"])
@pytest.mark.parametrize("close", [{}, _CLOSE], ids=["keep-alive", "close"])
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_a_sender_of_too_long_a_body_hears_413(
    suite: Running, chunked: bool, close: Mapping[str, str], headers: Mapping[str, str]
) -> None:
    both = ", ".join(value for value in (close.get("Connection"), headers.get("Connection")) if value)
    sent = {**headers, **({"Connection": both} if both else {})}
    message = request("POST", _TICKET.format("v5"), _NEW, headers=sent, pad=_TOO_LONG, chunked=chunked)
    for _ in range(9):
        wire = Wire(suite)
        wire.socket.sendall(message)
        status, content, answered = wire.answer()
        assert (status, json.loads(content)["status"], answered["connection"]) == (413, "413", "close")
        assert wire.ended()


@pytest.mark.parametrize("close", [{}, _CLOSE], ids=["keep-alive", "close"])
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_httpx_hears_413(suite: Running, chunked: bool, close: Mapping[str, str]) -> None:
    piece = b" " * 100_000
    for _ in range(9):
        content = (piece for _ in range(_TOO_LONG // len(piece))) if chunked else b" " * _TOO_LONG
        headers = {"Content-Type": "application/json", **close}
        assert httpx.post(suite.url + _TICKET.format("v4"), content=content, headers=headers).status_code == 413


def test_a_sender_that_waits_to_be_asked_hears_413_and_is_not_asked(suite: Running) -> None:
    message = request("POST", _TICKET.format("v5"), _NEW, headers=_EXPECT, pad=_TOO_LONG)
    wire = Wire(suite)
    wire.socket.sendall(message[: message.index(b"\r\n\r\n") + 4])
    assert wire.file.readline().startswith(b"HTTP/1.1 413 ")
    assert b"\r\nconnection: close\r\n" in wire.file.read()


def test_a_sender_of_an_allowed_body_is_asked_for_it(suite: Running) -> None:
    message = request("POST", _TICKET.format("v5"), _NEW, headers={**_EXPECT, **_OFFER})
    end = message.index(b"\r\n\r\n") + 4
    wire = Wire(suite)
    wire.socket.sendall(message[:end])
    assert wire.file.read(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
    wire.socket.sendall(message[end:])
    assert wire.answer()[0] == 201


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/tmf-api/nothing", {}, 404),
        ("PUT", _TICKET.format("v5"), {}, 405),
        ("POST", _TICKET.format("v5"), {"Accept": "text/csv"}, 406),
        ("DELETE", _TICKET.format("v5") + "/none", {}, 404),
        ("GET", "/", {}, 200),
    ],
)
def test_whoever_is_answered_before_the_end_of_a_long_body_hears_it(
    suite: Running, method: str, path: str, headers: Mapping[str, str], status: int
) -> None:
    message = request(method, path, _NEW, headers={**headers, **_CLOSE}, pad=_TOO_LONG)
    for _ in range(9):
        wire = Wire(suite)
        wire.socket.sendall(message)
        assert wire.answer()[0] == status
        assert wire.ended()


def test_what_follows_a_refused_body_is_dropped_up_to_a_bound(suite: Running) -> None:
    piece, beyond = b" " * (1 << 20), b" " * (200 << 20)
    head = request("POST", _TICKET.format("v5"), headers={"Content-Length": str(1 << 40)})
    wire = Wire(suite)
    wire.socket.sendall(head)
    for _ in range((DROPPED_BYTES >> 20) - 1):
        wire.socket.sendall(piece)
    with pytest.raises(ConnectionError):
        wire.socket.sendall(beyond)
    assert httpx.get(suite.url + "/health/ready").status_code == 200


async def test_a_sender_that_neither_sends_nor_goes_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "DROPPING_SECONDS", 0.1)

    async def refuse(_scope: object, _receive: object, send: Callable[[dict[str, object]], Awaitable[None]]) -> None:
        headers = [(b"content-length", b"0"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    state, config = ServerState(), Config(refuse, http=WebProtocol, ws="none", lifespan="off", log_config=None)
    server = await asyncio.get_running_loop().create_server(lambda: WebProtocol(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(request("POST", "/", headers={"Content-Length": "100"}))
    assert (await reader.read()).startswith(b"HTTP/1.1 413")
    assert state.connections
    async with asyncio.timeout(60):
        while state.connections:
            await asyncio.sleep(0.01)
    writer.close()
    server.close()
