"""The text of a condition -> values of the attribute's declared type."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from common.clock import text as clock_text
from common.errors import InvalidQuery
from common.query.conditions import Value
from common.schema.flat import Attribute

_WHOLE_BOUND = 2**63


def typed(name: str, text: str, attribute: Attribute) -> list[Value]:
    """Every value that `text` may mean: the text itself, and each part of it between commas (OR).

    Raises InvalidQuery where a part is not of the declared type.
    """
    parts = text.split(",")
    if attribute.kind in ("integer", "number"):
        return [_number(name, part, attribute.kind) for part in parts]
    if attribute.kind == "boolean":
        return [_truth(name, part) for part in parts]
    texts = list(dict.fromkeys([text, *parts]))
    if attribute.format == "date-time":
        return [spelling for part in texts for spelling in _instants(part)]
    if attribute.kind == "any":
        return [meaning for part in texts for meaning in _meanings(part)]
    return list(texts)


def _number(name: str, text: str, kind: str) -> int | float:
    try:
        value = int(text) if kind == "integer" else float(text)
    except ValueError as error:
        raise InvalidQuery(f"{name}: {text[:80]} is not of the declared type, {kind}.") from error
    if not abs(value) < _WHOLE_BOUND:
        raise InvalidQuery(f"{name}: {text[:80]} is out of range.")
    return value


def _truth(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise InvalidQuery(f"{name}: {text[:80]} is not of the declared type, boolean (true or false).")
    return text == "true"


def _instants(text: str) -> Iterator[str]:
    """The spellings of one instant: as sent, with the plus that a form turns into a blank, and as servers write it."""
    yield text
    plus = text.replace(" ", "+")
    if plus != text:
        yield plus
    try:
        moment = datetime.fromisoformat(plus)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC)
            yield clock_text(moment)
            yield moment.isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return


def _meanings(text: str) -> Iterator[Value]:
    """What a text may stand for where the schema declares no type."""
    yield text
    if text in ("true", "false"):
        yield text == "true"
        return
    try:
        number = float(text)
    except ValueError:
        return
    if abs(number) < _WHOLE_BOUND:
        yield int(number) if number.is_integer() else number
