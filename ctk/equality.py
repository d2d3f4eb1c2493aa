"""Whether what came back is what was sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)
_OFTEN_REWRITTEN = ("href", "@type")
"""Inside a value a server may make an address whole, and name the branch of a union that it took."""

Compared = Callable[[Any, Any, str], str]


def lost(sent: Any, found: Any, at: str = "") -> str:
    """What of a sent value is not in what came back, in a sentence; empty where everything is.

    A server may add attributes and elements, order elements otherwise, and write a moment or a number in another way.
    """
    if sent is None:
        return ""
    if isinstance(sent, dict) and isinstance(found, dict):
        free = {name for name in _OFTEN_REWRITTEN if isinstance(found.get(name), str)}
        return _first_of_object({name: one for name, one in sent.items() if name not in free}, found, at, lost)
    if isinstance(sent, list) and isinstance(found, list):
        return _first_of_set(sent, found, at)
    return "" if alike(sent, found) else _told(sent, found, at)


def altered(sent: Any, found: Any, at: str = "") -> str:
    """What of a sent value came back in another form or order, in a sentence; a server may add attributes alone."""
    if isinstance(sent, dict) and isinstance(found, dict):
        return _first_of_object(sent, found, at, altered)
    if isinstance(sent, list) and isinstance(found, list) and len(sent) == len(found):
        return next(filter(None, (altered(one, found[n], f"{at}/{n}") for n, one in enumerate(sent))), "")
    return "" if type(sent) is type(found) and sent == found else _told(sent, found, at)


def alike(sent: Any, found: Any) -> bool:
    """Whether two single values are the same: texts, numbers of any writing, truth values, moments."""
    if isinstance(sent, bool) or isinstance(found, bool):
        return sent is found
    if sent == found:
        return True
    moment = instant(sent)
    return moment is not None and moment == instant(found)


def instant(value: Any) -> datetime | None:
    """The moment that a date-time with an offset names (RFC 3339); None for anything else."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        return None


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value inside a value, with the names that lead to it; elements of an array have one path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, at)
    else:
        yield at, value


def replaced(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with every single value inside it changed."""
    if isinstance(value, dict):
        return {name: replaced(inner, change) for name, inner in value.items()}
    if isinstance(value, list):
        return [replaced(inner, change) for inner in value]
    return change(value)


def _first_of_object(sent: Mapping[str, Any], found: Mapping[str, Any], at: str, compared: Compared) -> str:
    told = (compared(one, found.get(name), f"{at}/{name}") for name, one in sent.items())
    return next(filter(None, told), "")


def _first_of_set(sent: list[Any], found: list[Any], at: str) -> str:
    """The first sent element that no element left over has in it."""
    left = list(found)
    for number, one in enumerate(sent):
        match = next((n for n, other in enumerate(left) if not lost(one, other)), None)
        if match is None:
            return (number < len(found) and lost(one, found[number], f"{at}/{number}")) or f"{at}/{number} is missing"
        del left[match]
    return ""


def _told(sent: Any, found: Any, at: str) -> str:
    return f"{at + ': ' if at else ''}sent {sent!r:.120}, found {found!r:.120}"
