"""Answers as plain values: status, headers and body. Every refusal becomes its error body here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from common.document import Document, Json
from common.errors import InvalidBody, Refusal
from common.query.page import Extent
from common.resource import V4

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Response:
    """`body` is a JSON value, or None for no body at all."""

    status: int
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """Returns the body as it goes on the wire."""
        return b"" if self.body is None else orjson.dumps(self.body)


def refused(refusal: Refusal, version: str) -> Response:
    """Returns the error body of a refusal (TMF630 part 1, error representation); v5 adds `@type`."""
    body: Document = {"code": str(refusal.status), "reason": refusal.reason, "message": refusal.message}
    body["status"] = str(refusal.status)
    if version != V4:
        body["@type"] = "Error"
    if isinstance(refusal, InvalidBody):
        body["problems"] = [{"pointer": problem.pointer, "rule": problem.rule} for problem in refusal.problems]
    return Response(refusal.status, body, refusal.headers)


def counted(elements: list[Any], extent: Extent, status: int, links: str) -> Response:
    """Returns a list's answer with its counts and links (TMF630 part 1, pagination).

    A total that was not counted to its end carries `X-Total-Count-Relation: gte`: so many match, or more."""
    headers = {"X-Total-Count": str(extent.total), "X-Result-Count": str(len(elements))}
    if not extent.is_exact:
        headers["X-Total-Count-Relation"] = "gte"
    if links:
        headers["Link"] = links
    return Response(status, elements, headers)


def warning(sentence: str) -> str:
    """Returns one value of a Warning header: code 299, miscellaneous and persistent (RFC 7234, 5.5)."""
    plain = re.sub(r"[\x00-\x1f\x7f]", " ", sentence).encode("ascii", "replace").decode()
    quoted = re.sub(r'(["\\])', r"\\\1", plain)
    return f'299 - "{quoted}"'
