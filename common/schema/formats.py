"""The formats that the documents name and that JSON Schema validators do not check, or check too narrowly."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping

from common.clock import instant

# A scheme, or a path from the root of the same server. The rest is RFC 3986's alphabet alone: published examples and
# kits send `https://host:port/...` with the word "port", which a strict reader refuses.
_URI = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.\-]*:|/)(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*\Z")


def is_uri(text: str) -> bool:
    """Returns True where `text` is an absolute URI or an absolute path, in RFC 3986's characters."""
    return _URI.match(text) is not None


def is_base64(text: str) -> bool:
    """Returns True where `text` is base64 (RFC 4648, section 4), line breaks allowed."""
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def is_date_time(text: str) -> bool:
    """Returns True where `text` is a date-time (RFC 3339). Seconds, and the colon of an offset, may be left out: Java
    writes a full minute as `2026-01-31T12:00Z`, and other clients `+0200`."""
    return text[10:11] in ("T", "t") and instant(text) is not None


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "uri": is_uri,
    "base64": is_base64,
    "byte": is_base64,
    "date-time": is_date_time,
}
