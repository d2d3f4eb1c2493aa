"""Whether the store's server and a background process answer yet, asked from a process that keeps no connection."""

from __future__ import annotations

from pymongo import MongoClient
from pymongo.errors import ConfigurationError, ConnectionFailure, OperationFailure, PyMongoError

from common import settings
from common.errors import StartRefused
from common.store.leases import MEMBERS

_ONE_SECOND_MS = 1000


def store_answers(uri: str) -> bool:
    """Returns True where the store answers a ping within a second or so. Raises StartRefused where waiting cannot help:
    the address is wrong, or the user is not let in."""
    shown = settings.without_credentials(uri)
    try:
        with MongoClient[dict[str, object]](
            uri,
            serverSelectionTimeoutMS=_ONE_SECOND_MS,
            connectTimeoutMS=_ONE_SECOND_MS,
            socketTimeoutMS=_ONE_SECOND_MS,
        ) as client:
            client.admin.command("ping")
        return True
    except ConnectionFailure:
        return False
    except OperationFailure as error:
        raise StartRefused(
            f"The store at {shown} refuses us (code {error.code}); look at the user and the password in MONGODB_URI."
        ) from None
    except (ConfigurationError, PyMongoError, ValueError, TypeError):
        raise StartRefused(f"MONGODB_URI, which names {shown}, is no address that the driver can use.") from None


def dispatcher_answers(uri: str, database: str, name: str) -> bool:
    """Returns True where a member whose name begins with `name` and a hyphen has said to the store that it lives."""
    try:
        with MongoClient[dict[str, str]](uri, serverSelectionTimeoutMS=_ONE_SECOND_MS) as client:
            return any(member["_id"].startswith(f"{name}-") for member in client[database][MEMBERS].find())
    except PyMongoError:
        return False
