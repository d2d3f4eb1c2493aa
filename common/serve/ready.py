"""Whether a store or a web server answers yet."""

from __future__ import annotations

import http.client
import socket

from pymongo import MongoClient
from pymongo.errors import ConfigurationError, ConnectionFailure, OperationFailure, PyMongoError

from common import settings
from common.errors import StartRefused

ONE_SECOND = 1.0


def listens(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=ONE_SECOND).close()
        return True
    except OSError:
        return False


def store_answers(mongodb_uri: str) -> bool:
    """Whether the store answers a ping within a second or so. Raises StartRefused where waiting cannot help: the
    address is wrong, or the user is not let in."""
    place = settings.shown(mongodb_uri)
    try:
        milliseconds = int(ONE_SECOND * 1000)
        with MongoClient[dict[str, object]](
            mongodb_uri,
            serverSelectionTimeoutMS=milliseconds,
            connectTimeoutMS=milliseconds,
            socketTimeoutMS=milliseconds,
        ) as client:
            client.admin.command("ping")
        return True
    except ConnectionFailure:
        return False
    except OperationFailure as error:
        raise StartRefused(
            f"The store at {place} refuses us (code {error.code}); look at the user and the password in MONGODB_URI."
        ) from None
    except (ConfigurationError, PyMongoError, ValueError, TypeError):
        raise StartRefused(f"MONGODB_URI, which names {place}, is no address that the driver can use.") from None


def dispatcher_answers(mongodb_uri: str, database: str, name: str) -> bool:
    """Whether a dispatcher whose name begins so has told the store that it works."""
    try:
        with MongoClient[dict[str, str]](mongodb_uri, serverSelectionTimeoutMS=int(ONE_SECOND * 1000)) as client:
            return any(one["_id"].startswith(f"{name}-") for one in client[database]["dispatchers"].find())
    except PyMongoError:
        return False


def web_answers(host: str, port: int) -> bool:
    """Whether GET /health/ready is answered with 200."""
    connection = http.client.HTTPConnection(host, port, timeout=ONE_SECOND)
    try:
        connection.request("GET", "/health/ready", headers={"Connection": "close"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
