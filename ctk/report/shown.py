"""Text from the wire as a report may show it: decoded, secrets hidden, control signs escaped, long bodies cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "(hidden)"
LONGEST = 4000
"""The characters of a body that a report shows; it says how many more there were."""

_NAMES = "authorization|cookie|set-cookie|proxy-authorization|x-api-key"
_SECRET = frozenset(_NAMES.split("|"))
_USER_INFO = re.compile(r"(?<=://)[^/?#\s\"'<>\\@]*@(?:[^/?#\s\"'<>\\@]*@)*")
# A server that echoes what it was sent may show such a header as a member of an object or as a line of text.
_ECHOED = re.compile(
    rf"""((["'])(?:{_NAMES})\2\s*:\s*(["']))(?:(?!\3)[^\\]|\\.)*|(^(?:{_NAMES})\s*:[ \t]*)[^\r\n]+""", re.I | re.M
)
# Signs that XML 1.0 forbids, that move a terminal's cursor, or that turn the direction of the text after them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Returns the text without credentials in addresses and echoed headers, control signs as `\\x1b`; fit for UTF-8."""
    open_text = _ECHOED.sub(_without_value, text.replace("\r\n", "\n"))
    return _CONTROL.sub(_escaped, _USER_INFO.sub(HIDDEN + "@", open_text))


def cleaned(value: Any) -> Any:
    """Returns JSON-able data with every text in it, names of members too, made clean."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(name): cleaned(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(element) for element in value]
    return value


def body(content: bytes) -> dict[str, Any]:
    """Returns a body as `text`, at most 4,000 characters, and the number of those that were left out, `left_out`.

    Bytes that are no UTF-8 are escaped, as `\\xff`.
    """
    text = clean(content.decode("utf-8", "backslashreplace"))
    return {"text": text[:LONGEST], "left_out": max(0, len(text) - LONGEST)}


def headers(sent: Mapping[str, str]) -> dict[str, str]:
    """Returns headers in the order of their names; those that carry credentials keep their name only."""
    return {name: HIDDEN if name.lower() in _SECRET else value for name, value in sorted(sent.items())}


def _escaped(match: re.Match[str]) -> str:
    sign = ord(match[0])
    return f"\\x{sign:02x}" if sign < 0x100 else f"\\u{sign:04x}"


def _without_value(match: re.Match[str]) -> str:
    return (match[1] or match[4]) + HIDDEN
