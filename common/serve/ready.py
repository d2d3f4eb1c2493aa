"""Whether something on this machine listens, and whether a web server answers yet."""

from __future__ import annotations

import http.client
import socket

ONE_SECOND = 1.0


def listens(host: str, port: int) -> bool:
    """Returns True where something accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=ONE_SECOND).close()
        return True
    except OSError:
        return False


def web_answers(host: str, port: int) -> bool:
    """Returns True where GET /health/ready is answered with 200."""
    connection = http.client.HTTPConnection(host, port, timeout=ONE_SECOND)
    try:
        connection.request("GET", "/health/ready", headers={"Connection": "close"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
