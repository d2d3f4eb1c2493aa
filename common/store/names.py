"""Attribute names that MongoDB does not keep as they are (`$`, `.`, NUL), written with percent signs while stored."""

from __future__ import annotations

import re
from collections.abc import Callable

from common.document import Json

_AWKWARD = re.compile(r"[%$.\x00]")
_WRITTEN = re.compile(r"%([0-9A-F]{2})")


def kept_name(name: str) -> str:
    """The name as it is stored: `a.b` -> `a%2Eb`."""
    return _AWKWARD.sub(lambda found: f"%{ord(found[0]):02X}", name)


def sent_name(name: str) -> str:
    """The inverse of kept_name."""
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), name)


def has_awkward(value: Json) -> bool:
    """True where some name in the value is stored otherwise than it is written."""
    if isinstance(value, dict):
        return any(
            _AWKWARD.search(name) or (isinstance(v, dict | list) and has_awkward(v)) for name, v in value.items()
        )
    if isinstance(value, list):
        return any(isinstance(element, dict | list) and has_awkward(element) for element in value)
    return False


def kept(value: Json) -> Json:
    """The value with every name as it is stored."""
    return _renamed(value, kept_name)


def sent(value: Json) -> Json:
    """The inverse of kept."""
    return _renamed(value, sent_name)


def _renamed(value: Json, rename: Callable[[str], str]) -> Json:
    if isinstance(value, dict):
        return {rename(name): _renamed(inner, rename) for name, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(element, rename) for element in value]
    return value
