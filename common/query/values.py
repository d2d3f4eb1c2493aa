"""What a query compares with -> values of the attribute's declared type; both the dotted form and JSONPath use it."""

from __future__ import annotations

import re

from common.clock import instant
from common.document import Json
from common.errors import InvalidQuery
from common.query.conditions import Moment, Scalar
from common.schema.flat import Attribute
from common.schema.messages import shown

_WHOLE_BOUND = 2**63
_DAY = "T00:00:00Z"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def meanings(name: str, text: str, attribute: Attribute) -> tuple[Scalar, ...]:
    """Returns the values that a text of the query may equal at the attribute.

    Raises InvalidQuery where it is not of the declared type.
    """
    if attribute.kind == "object":
        raise InvalidQuery(f'{name} is an object and equals no text; name an attribute of it, "{name}.id" or another.')
    if attribute.kind == "boolean":
        return (_truth(name, text),)
    if attribute.kind != "any":
        return (bound(name, text, attribute),)
    scalars: list[Scalar] = [text]
    if text in ("true", "false"):
        scalars.append(text == "true")
    number = _number_in(text)
    if number is not None:
        scalars.append(number)
    micros = _instant_in(text)
    if micros is not None:
        scalars.append(Moment(micros))
    return tuple(scalars)


def bound(name: str, text: str, attribute: Attribute) -> str | int | float | Moment:
    """Returns the value that a text of the query orders by: an instant, a number or the text itself; where the
    schema declares no type, the first of number, instant and text that it can be.

    Raises InvalidQuery where it is not of the declared type, or the type has no order.
    """
    if attribute.kind in ("integer", "number"):
        return _number(name, text, attribute.kind)
    if attribute.kind == "any":
        number, micros = _number_in(text), _instant_in(text)
        return number if number is not None else Moment(micros) if micros is not None else text
    if attribute.kind != "string":
        raise InvalidQuery(
            f"{name}: {text[:80]} cannot be compared; a value of the type {attribute.kind} has no order."
        )
    if attribute.format == "date-time":
        return _moment(name, text)
    return text


def literal(name: str, value: Json, attribute: Attribute) -> tuple[Scalar, ...]:
    """Returns the values that a JSON literal of a JSONPath equals at the attribute.

    Raises InvalidQuery where it is of another type than the declared one.
    """
    if value is None:
        return (None,)
    if isinstance(value, bool):
        if attribute.kind not in ("boolean", "any"):
            raise _mistyped(name, value, attribute)
        return (value,)
    if attribute.kind == "any" and isinstance(value, str):
        micros = instant(value)
        return (value,) if micros is None else (value, Moment(micros))
    return (literal_bound(name, value, attribute),)


def literal_bound(name: str, value: Json, attribute: Attribute) -> str | int | float | Moment:
    """Returns the value that a JSON literal of a JSONPath orders by.

    Raises InvalidQuery where it is of another type than the declared one, or the type has no order.
    """
    if isinstance(value, bool) or value is None or attribute.kind in ("boolean", "object"):
        raise _mistyped(name, value, attribute)
    if isinstance(value, str):
        if attribute.kind == "any":
            micros = instant(value)
            return value if micros is None else Moment(micros)
        if attribute.kind != "string":
            raise _mistyped(name, value, attribute)
        return bound(name, value, attribute)
    if attribute.kind == "string":
        raise _mistyped(name, value, attribute)
    if not abs(value) < _WHOLE_BOUND:
        raise InvalidQuery(f"{name}: {str(value)[:80]} is out of range.")
    return int(value) if isinstance(value, int) else float(value)


def _mistyped(name: str, value: Json, attribute: Attribute) -> InvalidQuery:
    return InvalidQuery(f"{name}: {shown(value)} cannot be compared with the declared type, {_kind_words(attribute)}.")


def require_text(name: str, attribute: Attribute) -> None:
    """Raises InvalidQuery where a regular expression has no text to be searched in."""
    if attribute.kind not in ("string", "any") or attribute.format == "date-time":
        raise InvalidQuery(
            f"{name} is of the type {_kind_words(attribute)}; a regular expression is searched in a text."
        )


def _kind_words(attribute: Attribute) -> str:
    """Returns the declared type in words."""
    return attribute.format if attribute.format == "date-time" else attribute.kind


def _number(name: str, text: str, kind: str) -> int | float:
    value = _number_in(text)
    if value is None or (kind == "integer" and isinstance(value, float)):
        raise InvalidQuery(f"{name}: {text[:80]} is not of the declared type, {kind}, or beyond 64 bits.")
    return value


def _number_in(text: str) -> int | float | None:
    """Returns the number of at most 64 bits that a text writes as JSON does, or None."""
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    if not abs(number) < _WHOLE_BOUND:
        return None
    if text.lstrip("-").isdigit():
        # Zeros at the beginning may be more than Python reads as a whole number.
        whole = int(text.lstrip("-0") or "0")
        return -whole if text.startswith("-") else whole
    return int(number) if number.is_integer() else number


def _truth(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise InvalidQuery(f"{name}: {text[:80]} is not of the declared type, boolean (true or false).")
    return text == "true"


def _moment(name: str, text: str) -> Moment:
    micros = _instant_in(text)
    if micros is None:
        raise InvalidQuery(
            f"{name}: {text[:80]} is not of the declared type, date-time (2026-05-01T08:30:00Z, or a day alone, which "
            "is its beginning in UTC)."
        )
    return Moment(micros)


def _instant_in(text: str) -> int | None:
    """Returns the instant that a text of the query writes: a day is its beginning in UTC, a blank before the offset
    was a plus."""
    return instant(text + _DAY if len(text) == len("2026-05-01") else _with_plus(text))


def _with_plus(text: str) -> str:
    """Returns the text with the plus that a form turned into a blank: 2026-05-01T08:30:00 02:00."""
    head, blank, offset = text.rpartition(" ")
    is_offset = len(offset) in (len("02:00"), len("0200"))
    return f"{head}+{offset}" if blank and is_offset and ("T" in head or "t" in head) else text
