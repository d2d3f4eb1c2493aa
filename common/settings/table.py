"""Every setting, as one table: environment variables, flag, default, rule and meaning."""

from __future__ import annotations

from marshmallow import fields

from common.settings.delivery import DELIVERY
from common.settings.row import Row
from common.settings.rules import (
    absolute_path,
    api_codes,
    host_names,
    matching,
    one_of,
    require_directory,
    require_web_address,
    switch,
    whole,
    workers,
)

STORES = ("auto", "mongod", "secantusd-rs", "secantusd-py")
MONGODB_URI = r"(?P<scheme>mongodb(\+srv)?://)([^@/?\s]*@)?(?P<place>[^@/?\s]+(/[^@/?\s]*)?)(\?\S*)?"
LOG_LEVELS = ("debug", "info", "warning", "error")


TABLE: tuple[Row, ...] = (
    Row(
        "apis",
        ("TMF_APIS",),
        "all",
        fields.Function(deserialize=api_codes),
        "The APIs to serve, by code, separated by commas; all is every one that is there.",
        flag=True,
    ),
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
        "store",
        ("TMF_STORE",),
        "auto",
        one_of(STORES),
        "The local store to start where MONGODB_URI is not set; auto takes the one that wrote the data, else the first "
        "that is installed, in the order mongod, secantusd-rs, secantusd-py.",
        flag=True,
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
        "page_default",
        ("TMF_PAGE_DEFAULT",),
        "100",
        whole(1, 100_000),
        "How many resources a list shows where the request has no limit.",
    ),
    Row(
        "page_limit",
        ("TMF_PAGE_LIMIT",),
        "1000",
        whole(1, 100_000),
        "The most resources that one page of a list shows; a greater limit is refused.",
    ),
    Row(
        "skip_limit",
        ("TMF_SKIP_LIMIT",),
        "100000",
        whole(0, 1_000_000_000),
        "The greatest offset of a list; further on the cursors `after` and `before` lead.",
    ),
    Row(
        "count_limit",
        ("TMF_COUNT_LIMIT",),
        "10000",
        whole(1, 1_000_000_000),
        "How far the matches of a filter are counted; a total beyond is told as at least so many.",
    ),
    Row(
        "query_seconds",
        ("TMF_QUERY_SECONDS",),
        "10",
        whole(1, 25),
        "How long the store may look for one list, in seconds; then the list is refused.",
    ),
    Row("condition_limit", ("TMF_CONDITION_LIMIT",), "50", whole(1, 1000), "The most conditions that a list has."),
    Row(
        "filter_length",
        ("TMF_FILTER_LENGTH",),
        "2000",
        whole(10, 100_000),
        "The longest JSONPath in `filter`, in characters.",
    ),
    Row(
        "filter_depth",
        ("TMF_FILTER_DEPTH",),
        "12",
        whole(1, 50),
        "The most steps of an attribute path, and how deep filters and parentheses of a JSONPath may be nested.",
    ),
    Row(
        "regex_length",
        ("TMF_REGEX_LENGTH",),
        "200",
        whole(1, 1000),
        "The longest regular expression in a list, in characters.",
    ),
    Row(
        "strict_fields",
        ("TMF_STRICT_FIELDS",),
        "false",
        switch(),
        "Whether `fields` in v4 answers exactly what was named; otherwise id and href come along.",
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
    *DELIVERY,
    Row(
        "graceful_seconds",
        ("TMF_GRACEFUL_SECONDS",),
        "30",
        whole(1, 3600),
        "How long requests under way may take after a stop was asked for, in seconds.",
    ),
    Row(
        "log_level",
        ("TMF_LOG_LEVEL",),
        "info",
        one_of(LOG_LEVELS),
        "The least important messages that are logged: " + ", ".join(LOG_LEVELS) + ".",
    ),
)
