"""Addresses that the suite listens at: is one free, keep it free, write it down."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from common.errors import StartRefused

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only read, to find the way back in
QUIET_PORTS = range(20_000, 32_000)


def written(host: str, port: int) -> str:
    """Returns host and port as they stand in a URL: `127.0.0.1:8080`, `[::1]:8080`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def reached(host: str) -> str:
    """Returns where a server that listens at `host` is reached from this machine."""
    return EVERYWHERE.get(host, host)


@contextmanager
def reserved(host: str, port: int) -> Iterator[int]:
    """Keeps a port (a free one for 0) for the web servers, which share it by SO_REUSEPORT; gives its number.

    That option would let two suites share a port by accident: so it is tried without it first, then held bound, without
    listening, until the end. Raises StartRefused where the address is not to be had.
    """
    try:
        if port:
            _listener(host, port, reuse=socket.SO_REUSEADDR).close()
        held = _listener(host, port, reuse=socket.SO_REUSEPORT, listen=False)
    except socket.gaierror:
        raise StartRefused(f"The address {host} is unknown; choose another one by --host.") from None
    except OSError as error:
        raise StartRefused(
            f"Port {port} at {host} is not to be had: {error.strerror}; "
            "stop what uses it or choose another one by --port."
        ) from None
    with held:
        yield int(held.getsockname()[1])


def free_port() -> int:
    """Returns a port of 127.0.0.1 that nothing uses; below those that the system gives to outgoing connections, so that
    a server that is started again finds it free."""
    while True:
        port = random.choice(QUIET_PORTS)  # noqa: S311 - no secret
        try:
            _listener("127.0.0.1", port, reuse=socket.SO_REUSEADDR).close()
            return port
        except OSError:
            continue


def _listener(host: str, port: int, reuse: int, listen: bool = True) -> socket.socket:
    # As gunicorn has it: IPv6 for a literal address of that kind, IPv4 for any name.
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, reuse, 1)
        listener.bind((host, port))
        if listen:
            listener.listen(1)
    except OSError:
        listener.close()
        raise
    return listener
