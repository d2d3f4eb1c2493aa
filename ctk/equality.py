"""Equality: whether what came back is what was sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)
_OFTEN_REWRITTEN = ("href", "@type")
"""Inside a value a server may make an address whole, and name the branch of a union that it took."""

Compared = Callable[[Any, Any, str], str]


def lost(sent: Any, received: Any, at: str = "") -> str:
    """Returns in a sentence what of a sent value is not in what came back; empty where all of it is.

    A server may add attributes and elements, order elements otherwise, and write a moment or a number in another way.
    """
    if sent is None:
        return ""
    if isinstance(sent, dict) and isinstance(received, dict):
        free = {name for name in _OFTEN_REWRITTEN if isinstance(received.get(name), str)}
        return _first_of_object({name: value for name, value in sent.items() if name not in free}, received, at, lost)
    if isinstance(sent, list) and isinstance(received, list):
        return _first_of_set(sent, received, at)
    return "" if alike(sent, received) else _difference(sent, received, at)


def altered(sent: Any, received: Any, at: str = "") -> str:
    """Returns in a sentence what of a sent value came back in another form or order; empty where nothing did.

    A server may add attributes alone.
    """
    if isinstance(sent, dict) and isinstance(received, dict):
        return _first_of_object(sent, received, at, altered)
    if isinstance(sent, list) and isinstance(received, list) and len(sent) == len(received):
        return next(filter(None, (altered(element, received[n], f"{at}/{n}") for n, element in enumerate(sent))), "")
    return "" if type(sent) is type(received) and sent == received else _difference(sent, received, at)


def alike(sent: Any, received: Any) -> bool:
    """Returns whether two single values are equal: texts, numbers of any writing, truth values, moments."""
    if isinstance(sent, bool) or isinstance(received, bool):
        return sent is received
    if sent == received:
        return True
    moment = instant(sent)
    return moment is not None and moment == instant(received)


def instant(value: Any) -> datetime | None:
    """Returns the moment that a date-time with an offset names (RFC 3339); None for anything else."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        return None


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Yields every single value inside a value, with the names that lead to it.

    Elements of an array have one path.
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, at)
    else:
        yield at, value


def replaced(value: Any, change: Callable[[Any], Any]) -> Any:
    """Returns the value with every single value inside it changed."""
    if isinstance(value, dict):
        return {name: replaced(inner, change) for name, inner in value.items()}
    if isinstance(value, list):
        return [replaced(inner, change) for inner in value]
    return change(value)


def _first_of_object(sent: Mapping[str, Any], received: Mapping[str, Any], at: str, compared: Compared) -> str:
    problems = (compared(value, received.get(name), f"{at}/{name}") for name, value in sent.items())
    return next(filter(None, problems), "")


def _first_of_set(sent: list[Any], received: list[Any], at: str) -> str:
    """Returns what is lost of the first sent element that no element left over has in it."""
    left = list(received)
    for number, element in enumerate(sent):
        match = next((n for n, other in enumerate(left) if not lost(element, other)), None)
        if match is None:
            return (
                number < len(received) and lost(element, received[number], f"{at}/{number}")
            ) or f"{at}/{number} is missing"
        del left[match]
    return ""


def _difference(sent: Any, received: Any, at: str) -> str:
    return f"{at + ': ' if at else ''}sent {sent!r:.120}, found {received!r:.120}"
