"""The settings of lists and of single answers' fields."""

from __future__ import annotations

from dataclasses import dataclass

from common.settings.row import Row
from common.settings.rules import switch, whole


@dataclass(frozen=True, slots=True)
class QuerySettings:
    """How far one list may go; times in seconds, lengths in characters."""

    page_default: int
    page_limit: int
    skip_limit: int
    count_limit: int
    seconds: int
    condition_limit: int
    filter_length: int
    filter_depth: int
    regex_length: int
    strict_fields: bool


QUERY: tuple[Row, ...] = (
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
        attribute="seconds",
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
)
