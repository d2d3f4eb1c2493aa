"""What may differ between deployments: one table, read once, typed; a bad value refuses to start with a sentence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from common.errors import StartRefused
from common.settings.row import Row
from common.settings.rules import codes as codes
from common.settings.table import MONGODB_URI
from common.settings.table import TABLE as TABLE


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the suite, in the units that its row in `TABLE` names. `mongodb_uri` is kept out of `repr`."""

    apis: tuple[str, ...]
    host: str
    port: int
    workers: int
    store: str
    data_dir: Path
    mongodb_uri: str | None = field(repr=False)
    database: str
    store_seconds: int
    public_url: str | None
    trust_proxy: bool
    body_limit: int
    body_depth: int
    page_default: int
    page_limit: int
    skip_limit: int
    count_limit: int
    query_seconds: int
    condition_limit: int
    filter_length: int
    filter_depth: int
    regex_length: int
    strict_fields: bool
    schema_dir: Path | None
    schema_hosts: tuple[str, ...]
    callback_allow: tuple[str, ...]
    delivery_seconds: float
    delivery_first_pause: float
    delivery_longest_pause: float
    delivery_days: float
    delivery_parallel: int
    delivery_connections: int
    event_days: float
    dispatchers: int
    listeners: tuple[str, ...]
    kafka: str | None
    graceful_seconds: int
    log_level: str


def read(environ: Mapping[str, str], flags: Mapping[str, str | None]) -> Settings:
    """The settings of this start. `flags`: name of a setting -> its text or None; a flag wins over the environment,
    and an empty environment variable counts as one that is not set. Raises StartRefused at the first bad value."""
    _refuse_unknown(environ)
    settings = Settings(**{row.name: _value(row, environ, flags.get(row.name)) for row in TABLE})
    if settings.page_default > settings.page_limit:
        raise StartRefused(
            f"TMF_PAGE_DEFAULT is {settings.page_default}, it must not be more than TMF_PAGE_LIMIT, "
            f"which is {settings.page_limit}."
        )
    if settings.event_days <= settings.delivery_days:
        raise StartRefused(
            f"TMF_EVENT_DAYS is {settings.event_days:g}, it must be more than TMF_DELIVERY_DAYS, "
            f"which is {settings.delivery_days:g}: an event is kept as long as it is tried."
        )
    return settings


def to_environ(settings: Settings) -> dict[str, str]:
    """The environment variables from which `read` makes the same settings again; one without value is left out."""
    values = {row.variables[0]: getattr(settings, row.name) for row in TABLE}
    return {variable: _text(value) for variable, value in values.items() if value not in (None, ())}


def variables() -> frozenset[str]:
    """Every environment variable that sets something."""
    return frozenset(variable for row in TABLE for variable in row.variables)


def shown(mongodb_uri: str) -> str:
    """A MongoDB address without user, password and options, fit for messages and logs."""
    address = re.fullmatch(MONGODB_URI, mongodb_uri)
    return address["scheme"] + address["place"] if address else "(an address that cannot be read)"


def _value(row: Row, environ: Mapping[str, str], flag: str | None) -> Any:
    source, text = _source(row, environ, flag)
    if text == "" and row.default == "":
        return row.empty
    try:
        return row.field.deserialize(text)
    except ValidationError as error:
        value = "not usable" if row.secret else repr(text)
        raise StartRefused(f"{source} is {value}, it {error.messages[0]}.") from None


def _source(row: Row, environ: Mapping[str, str], flag: str | None) -> tuple[str, str]:
    if flag is not None:
        return row.flag_name, flag
    for variable in row.variables:
        if environ.get(variable):
            return variable, environ[variable].strip()
    return row.variables[0], row.default


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = sorted(variables())
    for variable in sorted(environ):
        if variable.startswith("TMF_") and variable not in known:
            nearest = difflib.get_close_matches(variable, known, 1, 0)[0]
            raise StartRefused(f"The environment variable {variable} is not a setting; the nearest name is {nearest}.")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, tuple) else str(value)
