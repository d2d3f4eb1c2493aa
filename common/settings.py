"""What may differ between deployments: one table, read once, typed; a bad value refuses to start with a sentence."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields, validate

from common.errors import StartRefused

STORES = ("auto", "mongod", "secantusd-rs", "secantusd-py")
MONGODB_URI = r"(?P<scheme>mongodb(\+srv)?://)([^@/?\s]*@)?(?P<place>[^@/?\s]+(/[^@/?\s]*)?)(\?\S*)?"
LOG_LEVELS = ("debug", "info", "warning", "error")


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
    strict_fields: bool
    schema_dir: Path | None
    schema_hosts: tuple[str, ...]
    graceful_seconds: int
    log_level: str


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: its name in `Settings`, the environment variables that set it (the first one that is set counts),
    its default as one would write it ('' for none), what turns its text into a value, and what it means.

    `flag`: whether `tmf serve` also takes it as a flag. `secret`: its value is never shown.
    `empty`: its value where neither text nor default says anything.
    """

    name: str
    variables: tuple[str, ...]
    default: str
    field: fields.Field[Any]
    meaning: str
    flag: bool = False
    secret: bool = False
    empty: Any = None

    @property
    def flag_name(self) -> str:
        """The flag of `tmf serve`: --data-dir."""
        return "--" + self.name.replace("_", "-")


def codes() -> tuple[str, ...]:
    """The codes of the APIs that are there, in order: TMF620 for a package tmf620 beside `common`."""
    beside = Path(__file__).resolve().parents[1].glob("tmf[0-9][0-9][0-9]")
    return tuple(sorted(package.name.upper() for package in beside if package.is_dir()))


def _codes(text: str) -> tuple[str, ...]:
    there = codes()
    named = tuple(word.upper() for word in _words(text))
    if named == ("ALL",):
        return there
    if not named or not set(named) <= set(there):
        raise ValidationError(f"must be all or some of {', '.join(there)}, separated by commas")
    return named


def _host_names(text: str) -> tuple[str, ...]:
    names = _words(text)
    if not all(re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?", name) for name in names):
        raise ValidationError("must be a comma-separated list of host names, each with an optional port")
    return tuple(name.lower() for name in names)


def _words(text: str) -> tuple[str, ...]:
    words = (word.strip() for word in text.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def _workers(text: str) -> int:
    if text == "auto":
        return min(4, max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2))
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= 64:
        raise ValidationError("must be a whole number from 1 to 64, or auto")
    return int(text)


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _web_address(text: str) -> None:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or parts.username is not None or text.endswith("/"):
        raise ValidationError("must be an http or https address without user, query, fragment or slash at the end")


def _directory(path: Path) -> None:
    if not path.is_dir():
        raise ValidationError("must be a directory that exists")


def _whole(low: int, high: int) -> fields.Integer:
    return fields.Integer(
        strict=False,
        validate=validate.Range(low, high, error=f"must be from {low} to {high}"),
        error_messages={"invalid": f"must be a whole number from {low} to {high}"},
    )


def _one_of(words: tuple[str, ...]) -> fields.String:
    return fields.String(validate=validate.OneOf(words, error=f"must be one of {', '.join(words)}"))


def _switch() -> fields.Boolean:
    return fields.Boolean(
        truthy={"true", "1", "yes", "on"},
        falsy={"false", "0", "no", "off"},
        error_messages={"invalid": "must be true or false"},
    )


def _matching(pattern: str, rule: str) -> fields.String:
    return fields.String(validate=validate.Regexp(rf"(?:{pattern})\Z", error=rule))


TABLE: tuple[Row, ...] = (
    Row(
        "apis",
        ("TMF_APIS",),
        "all",
        fields.Function(deserialize=_codes),
        "The APIs to serve, by code, separated by commas; all is every one that is there.",
        flag=True,
    ),
    Row(
        "host",
        ("TMF_HOST",),
        "127.0.0.1",
        _matching(
            r"[A-Za-z0-9._-]+|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(%\w+)?",
            "must be a host name or an IP address without port or brackets",
        ),
        "The address to listen at; 0.0.0.0 or :: is every one of this machine.",
        flag=True,
    ),
    Row(
        "port",
        ("TMF_PORT", "PORT"),
        "8080",
        _whole(0, 65535),
        "The port to listen at; 0 lets the system choose one.",
        flag=True,
    ),
    Row(
        "workers",
        ("TMF_WORKERS",),
        "auto",
        fields.Function(deserialize=_workers),
        "How many web server processes; auto is one for each core, from 2 to 4.",
        flag=True,
    ),
    Row(
        "store",
        ("TMF_STORE",),
        "auto",
        _one_of(STORES),
        "The local store to start where MONGODB_URI is not set; auto takes the one that wrote the data, else the first "
        "that is installed, in the order mongod, secantusd-rs, secantusd-py.",
        flag=True,
    ),
    Row(
        "data_dir",
        ("TMF_DATA_DIR",),
        "./tmf-data",
        fields.Function(deserialize=_path),
        "The directory of the local store's data, log and lock; made when it is not there.",
        flag=True,
    ),
    Row(
        "mongodb_uri",
        ("MONGODB_URI",),
        "",
        _matching(MONGODB_URI, "must be mongodb:// or mongodb+srv:// and a host, user and password percent-encoded"),
        "The MongoDB to use; where it is set no local store is started. Never shown with user and password.",
        secret=True,
    ),
    Row(
        "database",
        ("TMF_DATABASE",),
        "tmf",
        _matching(r"[A-Za-z0-9_-]{1,38}", "must be 1 to 38 letters, digits, _ or -"),
        "The name of the database in the store.",
    ),
    Row(
        "store_seconds",
        ("TMF_STORE_SECONDS",),
        "30",
        _whole(1, 3600),
        "How long a start waits for the store to answer, in seconds.",
    ),
    Row(
        "public_url",
        ("TMF_PUBLIC_URL",),
        "",
        fields.String(validate=_web_address),
        "What every href begins with; without it the address that the request was sent to.",
        flag=True,
    ),
    Row(
        "trust_proxy",
        ("TMF_TRUST_PROXY",),
        "false",
        _switch(),
        "Whether X-Forwarded-* headers are believed; only behind a proxy that sets them itself.",
    ),
    Row("body_limit", ("TMF_BODY_LIMIT",), "5242880", _whole(1024, 1 << 30), "The longest request body, in bytes."),
    Row(
        "body_depth",
        ("TMF_BODY_DEPTH",),
        "64",
        _whole(4, 200),
        "How deep objects and arrays may be nested in a request body.",
    ),
    Row(
        "page_default",
        ("TMF_PAGE_DEFAULT",),
        "100",
        _whole(1, 100_000),
        "How many resources a list shows where the request has no limit.",
    ),
    Row(
        "page_limit",
        ("TMF_PAGE_LIMIT",),
        "1000",
        _whole(1, 100_000),
        "The most resources that one page of a list shows; a greater limit counts as this one.",
    ),
    Row(
        "strict_fields",
        ("TMF_STRICT_FIELDS",),
        "false",
        _switch(),
        "Whether attributes that the document does not know are refused; otherwise they are kept as they came.",
    ),
    Row(
        "schema_dir",
        ("TMF_SCHEMA_DIR",),
        "",
        fields.Function(deserialize=_path, validate=_directory),
        "The directory of the JSON schemas that @schemaLocation may name without fetching.",
    ),
    Row(
        "schema_hosts",
        ("TMF_SCHEMA_HOSTS",),
        "",
        fields.Function(deserialize=_host_names),
        "The hosts that @schemaLocation schemas may be fetched from, separated by commas; empty for none.",
        empty=(),
    ),
    Row(
        "graceful_seconds",
        ("TMF_GRACEFUL_SECONDS",),
        "30",
        _whole(1, 3600),
        "How long requests under way may take after a stop was asked for, in seconds.",
    ),
    Row(
        "log_level",
        ("TMF_LOG_LEVEL",),
        "info",
        _one_of(LOG_LEVELS),
        "The least important messages that are logged: " + ", ".join(LOG_LEVELS) + ".",
    ),
)


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
