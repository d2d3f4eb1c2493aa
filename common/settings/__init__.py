"""What may differ between deployments: a table in groups, read once, typed; a bad value refuses the start."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from common.errors import StartRefused
from common.settings.delivery import DeliverySettings
from common.settings.query import QuerySettings
from common.settings.row import Row
from common.settings.rules import codes as codes
from common.settings.store import MONGODB_URI, StoreSettings
from common.settings.table import GENERAL, GROUPS
from common.settings.table import TABLE as TABLE
from common.settings.web import WebSettings
from common.settings.work import WorkSettings


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the suite, in groups, in the units that its row in `TABLE` names."""

    apis: tuple[str, ...]
    log_level: str
    web: WebSettings
    store: StoreSettings
    query: QuerySettings
    delivery: DeliverySettings
    work: WorkSettings


def read(environ: Mapping[str, str], flags: Mapping[str, str | None]) -> Settings:
    """Returns the settings of this start.

    `flags`: name of a setting -> its text or None. A flag wins over the environment; an empty environment variable
    counts as one that is not set. Raises StartRefused at the first bad value."""
    _refuse_unknown(environ)
    values = {row.name: _value(row, environ, flags.get(row.name)) for row in TABLE}
    groups = {name: kind(**{row.field_name: values[row.name] for row in rows}) for name, (kind, rows) in GROUPS.items()}
    settings = Settings(**{row.field_name: values[row.name] for row in GENERAL}, **groups)
    _require_agreement(settings)
    return settings


def _require_agreement(settings: Settings) -> None:
    """Raises StartRefused for two settings that contradict each other."""
    if settings.query.page_default > settings.query.page_limit:
        raise StartRefused(
            f"TMF_PAGE_DEFAULT is {settings.query.page_default}, it must not be more than TMF_PAGE_LIMIT, "
            f"which is {settings.query.page_limit}."
        )
    if settings.work.event_days <= settings.delivery.days:
        raise StartRefused(
            f"TMF_EVENT_DAYS is {settings.work.event_days:g}, it must be more than TMF_DELIVERY_DAYS, "
            f"which is {settings.delivery.days:g}: an event is kept as long as it is tried."
        )


def to_environ(settings: Settings) -> dict[str, str]:
    """Returns the environment variables from which `read` makes the same settings again; one without value is left
    out."""
    parts = [(settings, GENERAL), *((getattr(settings, name), rows) for name, (_, rows) in GROUPS.items())]
    values = {row.variables[0]: getattr(part, row.field_name) for part, rows in parts for row in rows}
    return {variable: _text(value) for variable, value in values.items() if value not in (None, ())}


def variables() -> frozenset[str]:
    """Returns every environment variable that sets something."""
    return frozenset(variable for row in TABLE for variable in row.variables)


def without_credentials(mongodb_uri: str) -> str:
    """Returns a MongoDB address without user, password and options, fit for messages and logs."""
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
    names = sorted(variables())
    for variable in sorted(environ):
        if variable.startswith("TMF_") and variable not in names:
            nearest = difflib.get_close_matches(variable, names, 1, 0)[0]
            raise StartRefused(f"The environment variable {variable} is not a setting; the nearest name is {nearest}.")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, tuple) else str(value)
