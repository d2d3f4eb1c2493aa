"""The settings of the web servers: addresses, requests, extension schemas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from marshmallow import fields

from common.settings.row import Row
from common.settings.rules import (
    absolute_path,
    host_names,
    matching,
    require_directory,
    require_web_address,
    switch,
    whole,
    workers,
)


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the web servers listen and what they take; lengths in bytes, times in seconds."""

    host: str
    port: int
    workers: int
    public_url: str | None
    trust_proxy: bool
    body_limit: int
    body_depth: int
    schema_dir: Path | None
    schema_hosts: tuple[str, ...]
    graceful_seconds: int


WEB: tuple[Row, ...] = (
    Row(
        "host",
        ("TMF_HOST",),
        "127.0.0.1",
        matching(
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
        whole(0, 65535),
        "The port to listen at; 0 lets the system choose one.",
        flag=True,
    ),
    Row(
        "workers",
        ("TMF_WORKERS",),
        "auto",
        fields.Function(deserialize=workers),
        "How many web server processes; auto is one for each core, from 2 to 4.",
        flag=True,
    ),
    Row(
        "public_url",
        ("TMF_PUBLIC_URL",),
        "",
        fields.String(validate=require_web_address),
        "What every href begins with; without it the address that the request was sent to.",
        flag=True,
    ),
    Row(
        "trust_proxy",
        ("TMF_TRUST_PROXY",),
        "false",
        switch(),
        "Whether X-Forwarded-* headers are believed; only behind a proxy that sets them itself.",
    ),
    Row("body_limit", ("TMF_BODY_LIMIT",), "5242880", whole(1024, 1 << 30), "The longest request body, in bytes."),
    Row(
        "body_depth",
        ("TMF_BODY_DEPTH",),
        "64",
        whole(4, 200),
        "How deep objects and arrays may be nested in a request body.",
    ),
    Row(
        "schema_dir",
        ("TMF_SCHEMA_DIR",),
        "",
        fields.Function(deserialize=absolute_path, validate=require_directory),
        "The directory of the JSON schemas that @schemaLocation may name without fetching.",
    ),
    Row(
        "schema_hosts",
        ("TMF_SCHEMA_HOSTS",),
        "",
        fields.Function(deserialize=host_names),
        "The hosts that @schemaLocation schemas may be fetched from, separated by commas; empty for none.",
        empty=(),
    ),
    Row(
        "graceful_seconds",
        ("TMF_GRACEFUL_SECONDS",),
        "30",
        whole(1, 3600),
        "How long requests under way may take after a stop was asked for, in seconds.",
    ),
)
