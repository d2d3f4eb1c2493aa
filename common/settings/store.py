"""The settings of the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from marshmallow import fields

from common.settings.row import Row
from common.settings.rules import absolute_path, matching, one_of, whole

STORES = ("auto", "mongod", "secantusd-rs", "secantusd-py")
MONGODB_URI = r"(?P<scheme>mongodb(\+srv)?://)([^@/?\s]*@)?(?P<place>[^@/?\s]+(/[^@/?\s]*)?)(\?\S*)?"


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where resources are kept; `mongodb_uri` is kept out of `repr`. Times in seconds."""

    server: str
    data_dir: Path
    mongodb_uri: str | None = field(repr=False)
    database: str
    seconds: int


STORE: tuple[Row, ...] = (
    Row(
        "store",
        ("TMF_STORE",),
        "auto",
        one_of(STORES),
        "The local store to start where MONGODB_URI is not set; auto takes the one that wrote the data, else the first "
        "that is installed, in the order mongod, secantusd-rs, secantusd-py.",
        flag=True,
        attribute="server",
    ),
    Row(
        "data_dir",
        ("TMF_DATA_DIR",),
        "./tmf-data",
        fields.Function(deserialize=absolute_path),
        "The directory of the local store's data, log and lock; made when it is not there.",
        flag=True,
    ),
    Row(
        "mongodb_uri",
        ("MONGODB_URI",),
        "",
        matching(MONGODB_URI, "must be mongodb:// or mongodb+srv:// and a host, user and password percent-encoded"),
        "The MongoDB to use; where it is set no local store is started. Never shown with user and password.",
        secret=True,
    ),
    Row(
        "database",
        ("TMF_DATABASE",),
        "tmf",
        matching(r"[A-Za-z0-9_-]{1,38}", "must be 1 to 38 letters, digits, _ or -"),
        "The name of the database in the store.",
    ),
    Row(
        "store_seconds",
        ("TMF_STORE_SECONDS",),
        "30",
        whole(1, 3600),
        "How long a start waits for the store to answer, in seconds.",
        attribute="seconds",
    ),
)
