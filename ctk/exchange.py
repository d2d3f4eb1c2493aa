"""One request and its answer, and the caller that makes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

import httpx

JSON = "application/json"
MERGE = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
JSON_PATCH_QUERY = "application/json-patch-query+json"

_HIDDEN = "(given by --header)"
_NONE = object()


class Untestable(Exception):
    """Says why a check cannot go on; what it has not judged yet is not tested, for that reason."""


class Unreachable(Untestable):
    """Says that the server did not answer at all."""


@dataclass(frozen=True)
class Exchange:
    """Holds a request and its answer; header names are in small letters.

    `operation` is the method and the path in the document's form, `get /troubleTicket/{id}`; empty where there is none.
    """

    method: str
    url: str
    operation: str
    sent_headers: Mapping[str, str]
    sent: bytes
    status: int
    headers: Mapping[str, str]
    content: bytes

    @cached_property
    def json(self) -> Any:
        """Returns the answer's body as JSON; None where it is none."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None

    @property
    def body(self) -> dict[str, Any]:
        """Returns the answer's body where that is a JSON object; an empty one otherwise."""
        return self.json if isinstance(self.json, dict) else {}

    @property
    def elements(self) -> list[dict[str, Any]]:
        """Returns the objects of an answer that is a JSON array; none otherwise."""
        return [element for element in self.json if isinstance(element, dict)] if isinstance(self.json, list) else []

    @property
    def media(self) -> str:
        """Returns the answer's media type in small letters, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Caller:
    """Makes requests to one API at its base address, and keeps every exchange.

    `given` are headers of the user's (authentication): they are sent with every request to this server, and hidden in
    what is kept.
    """

    def __init__(self, client: httpx.Client, base: str, given: Mapping[str, str]):
        self._client = client
        self._given = dict(given)
        self.base = base.rstrip("/")
        self._origin = "/".join(self.base.split("/", 3)[:3])
        self.exchanges: list[Exchange] = []

    def __call__(
        self,
        method: str,
        path: str,
        *,
        query: str | Sequence[tuple[str, str]] = "",
        body: Any = _NONE,
        media: str = JSON,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Makes one request and returns the exchange; `path` is under the base address, or a whole address.

        `query` is sent as it stands where it is a text, and encoded where it is pairs. `body` is sent as JSON, or as it
        stands where it is bytes. Raises Unreachable where no answer came.
        """
        url = path if "://" in path else self.base + path
        query_text = (
            query if isinstance(query, str) else "&".join(f"{quote(n, safe='@.')}={quote(v)}" for n, v in query)
        )
        if query_text:
            url += "?" + query_text
        shown_headers = {"accept": JSON, **{name.lower(): value for name, value in (headers or {}).items()}}
        sent = b""
        if body is not _NONE:
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            shown_headers.setdefault("content-type", media)
        try:
            given = self._given if url.startswith(self._origin + "/") else {}
            answer = self._client.request(method.upper(), url, content=sent, headers={**given, **shown_headers})
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            raise Unreachable(f"{method.upper()} {url}: {type(problem).__name__} {problem}".strip()) from None
        shown = {**shown_headers, **{name.lower(): _HIDDEN for name in self._given}}
        exchange = Exchange(
            method.upper(), url, self._operation(method, path), shown, sent, answer.status_code,
            {name.lower(): value for name, value in answer.headers.items()}, answer.content,
        )  # fmt: skip
        self.exchanges.append(exchange)
        return exchange

    def forget(self, first: int) -> None:
        """Drops the exchanges from a number on, but for refusals (400 and above)."""
        self.exchanges[first:] = [exchange for exchange in self.exchanges[first:] if exchange.status >= 400]

    def _operation(self, method: str, path: str) -> str:
        """Returns `get /troubleTicket/{id}` of a path under the base address; empty for any other."""
        if "://" in path:
            if not path.startswith(self.base + "/"):
                return ""
            path = path.removeprefix(self.base)
        parts = path.partition("?")[0].strip("/").split("/")
        if len(parts) > 1 and parts[0] != "listener":
            parts[1] = "{id}"
        return f"{method.lower()} /{'/'.join(parts)}"
