"""Every setting, as one table in groups: environment variables, flag, default, rule and meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from common.settings.delivery import DELIVERY, DeliverySettings
from common.settings.query import QUERY, QuerySettings
from common.settings.row import Row
from common.settings.rules import api_codes, one_of
from common.settings.store import STORE, StoreSettings
from common.settings.web import WEB, WebSettings
from common.settings.work import WORK, WorkSettings

LOG_LEVELS = ("debug", "info", "warning", "error")

GENERAL: tuple[Row, ...] = (
    Row(
        "apis",
        ("TMF_APIS",),
        "all",
        fields.Function(deserialize=api_codes),
        "The APIs to serve, by code, separated by commas; all is every one that is there.",
        flag=True,
    ),
    Row(
        "log_level",
        ("TMF_LOG_LEVEL",),
        "info",
        one_of(LOG_LEVELS),
        "The least important messages that are logged: " + ", ".join(LOG_LEVELS) + ".",
    ),
)

GROUPS: Mapping[str, tuple[type[Any], tuple[Row, ...]]] = {
    "web": (WebSettings, WEB),
    "store": (StoreSettings, STORE),
    "query": (QuerySettings, QUERY),
    "delivery": (DeliverySettings, DELIVERY),
    "work": (WorkSettings, WORK),
}
"""By the attribute of `Settings`: the class of a group and its rows."""

TABLE: tuple[Row, ...] = (*GENERAL, *(row for _, rows in GROUPS.values() for row in rows))
