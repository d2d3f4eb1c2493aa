"""One condition as a pair writes it -> a condition of the attribute's declared type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import cast

from common.document import Path
from common.errors import InvalidQuery
from common.query.conditions import Compare, Condition, Either, Element, Every, Matching, Not, OneOf, Operator, Scalar
from common.query.language import Language, Limits
from common.query.pairs import Pair, pair
from common.query.pattern import parse_pattern
from common.query.values import bound, meanings, require_text
from common.schema.flat import Attribute

_ELEMENT = re.compile(r"(?P<array>[^\[\]]+)\[(?P<test>[^\[\]]*)\]\.(?P<rest>.+)")
_LISTED = ("integer", "number", "boolean")


def term(parameter: Pair, values: Sequence[str], language: Language, limits: Limits, at: Path = ()) -> Condition:
    """Returns the condition of a pair with one of several values, which are alternatives; `at` is the path of the
    array element that the pair's name begins at. For `ne` none of the values may stand there.

    Raises InvalidQuery for an unknown attribute, a value of another type than the declared one, an unknown spelling.
    """
    if "[" in parameter.name or "]" in parameter.name:
        return _element(parameter, values, language, limits, at)
    path = _path(parameter.name, limits, at)
    attribute, name = language.attribute((*at, *path)), parameter.name
    if not parameter.operator:
        raise InvalidQuery(f'{name} has no value; a condition is written "{name}=value".')
    if parameter.operator in ("eq", "ne"):
        equal = OneOf(path, _alternatives(name, values, attribute))
        return Not(equal) if parameter.operator == "ne" else equal
    if parameter.operator == "regex":
        require_text(name, attribute)
        return _any(Matching(path, parse_pattern(name, value, limits.filter.pattern)) for value in values)
    operator = cast(Operator, parameter.operator)
    return _any(
        Compare(path, operator, bound(name, part, attribute)) for value in values for part in _parts(value, attribute)
    )


def _element(parameter: Pair, values: Sequence[str], language: Language, limits: Limits, at: Path) -> Condition:
    """Returns the condition of `note[author=ada].text=x`: one element of the array meets both conditions."""
    match = _ELEMENT.fullmatch(parameter.name)
    if match is None:
        raise InvalidQuery(f'{parameter.name[:80]} is not of the form "array[attribute=value].attribute".')
    path = _path(match["array"], limits, at)
    place = (*at, *path)
    if not language.attribute(place).is_array:
        raise InvalidQuery(f"{match['array']} is no array, so it has no element to choose in brackets.")
    test = pair(match["test"])
    test_condition = term(test, [test.value], language, limits, place)
    rest = term(Pair(match["rest"], parameter.operator, parameter.raw), values, language, limits, place)
    return Element(path, Every((test_condition, rest)))


def _path(name: str, limits: Limits, at: Path) -> Path:
    """Returns the path that a name writes. Raises InvalidQuery where it leads too deep."""
    path = tuple(name.split("."))
    if len(at) + len(path) > limits.filter.depth:
        raise InvalidQuery(f"{name[:80]} has more than {limits.filter.depth} steps, the most that are read here.")
    return path


def _alternatives(name: str, values: Sequence[str], attribute: Attribute) -> tuple[Scalar, ...]:
    """Returns every value that the texts may mean: each text itself, and each of its parts between commas."""
    alternatives = [
        meaning for text in values for part in _spelt(text, attribute) for meaning in meanings(name, part, attribute)
    ]
    return tuple(dict.fromkeys(alternatives))


def _spelt(text: str, attribute: Attribute) -> list[str]:
    parts = text.split(",")
    if attribute.kind in _LISTED or attribute.format == "date-time":
        return parts
    return list(dict.fromkeys([text, *parts]))


def _parts(text: str, attribute: Attribute) -> list[str]:
    """Returns the alternatives of an ordering: a comma parts numbers and instants, and belongs to a text."""
    return text.split(",") if attribute.kind in _LISTED or attribute.format == "date-time" else [text]


def _any(conditions: Iterable[Condition]) -> Condition:
    every = tuple(conditions)
    return every[0] if len(every) == 1 else Either(every)
