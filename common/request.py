"""A request as plain values, the framework's own words left behind at the door."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from common.document import Document, Json
from common.errors import BadRequest, InvalidBody, NotAcceptable, Problem, UnsupportedMediaType

_ANSWERS = ("application/json", "application/*", "*/*")
_LARGEST_WHOLE = 2**63
_LONG_NUMBER = re.compile(rb"\d{19}")


@dataclass(frozen=True, slots=True)
class Request:
    """`id`: the path's, or None; `query`: undecoded; `headers`: lower-case names; `origin`: scheme, host and prefix."""

    id: str | None
    query: str
    headers: Mapping[str, str]
    body: bytes
    origin: str


def media_type(headers: Mapping[str, str]) -> str:
    """Returns the media type of the body, without parameters; JSON where none is named."""
    return headers.get("content-type", "application/json").partition(";")[0].strip().lower()


def require_media(headers: Mapping[str, str], readable: tuple[str, ...]) -> str:
    """Returns the body's media type. Raises UnsupportedMediaType where the operation does not read it."""
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding != "identity":
        raise UnsupportedMediaType(f"Content-Encoding: {coding[:80]} is not read here; send the body as it is.")
    media = media_type(headers)
    if media not in readable:
        accepted = ", ".join(readable)
        raise UnsupportedMediaType(
            f"Content-Type: {media[:80]} is not read here; {accepted} are.", headers={"Accept": accepted}
        )
    return media


def require_acceptable(headers: Mapping[str, str]) -> None:
    """Raises NotAcceptable where Accept leaves no room for JSON."""
    accept = headers.get("accept", "*/*").strip()
    if not accept:
        return
    for choice in accept.lower().split(","):
        media, _, parameters = choice.partition(";")
        refused = parameters.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000")
        media = media.strip()
        if not refused and (media in _ANSWERS or (media.startswith("application/") and media.endswith("json"))):
            return
    raise NotAcceptable(f"Accept: {accept[:80]} leaves out application/json, the only media type answered.")


def parse_json(body: bytes) -> Json:
    """Returns the body as a JSON value. Raises BadRequest where it is none."""
    if not body:
        raise BadRequest("The body is empty; a JSON value is expected.")
    try:
        value = orjson.loads(body)
        # orjson reads a whole number beyond 64 bits as a float, silently; here it stays what was sent, to be refused.
        return json.loads(body) if _LONG_NUMBER.search(body) else value
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not JSON: {error}.") from error


def require_object(value: Json) -> Document:
    """Returns the value, where it is a JSON object. Raises InvalidBody otherwise."""
    if not isinstance(value, dict):
        raise InvalidBody([Problem("", "a JSON object is expected")])
    return value


def require_storable(value: Json, deepest: int, at: str = "") -> None:
    """Raises InvalidBody for JSON that no store keeps exactly: nested deeper than `deepest`, or a whole number beyond
    64 bits."""
    if deepest < 0:
        raise InvalidBody([Problem(at[:200], "the body is nested too deeply for this server")])
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, dict | list | int):
                require_storable(inner, deepest - 1, f"{at}/{name}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            if isinstance(inner, dict | list | int):
                require_storable(inner, deepest - 1, f"{at}/{position}")
    elif isinstance(value, int) and not -_LARGEST_WHOLE <= value < _LARGEST_WHOLE:
        raise InvalidBody([Problem(at, f"{value} is beyond the 64-bit range of whole numbers")])
