"""A query string -> a Query, or a refusal that names parameter, value and rule (TMF630 part 1, filtering)."""

from __future__ import annotations

from collections.abc import Mapping

from common.document import Path
from common.errors import InvalidQuery
from common.query.conditions import Condition, Either, Every, Order, Page, Query, size
from common.query.cursor import read_cursor
from common.query.fields import NONE
from common.query.jsonpath import parse_filter
from common.query.language import Language, Limits
from common.query.pairs import Pair, pair, pairs
from common.query.terms import term

_OWN = ("fields", "offset", "limit", "sort", "filter")
_CURSORS = ("after", "before")
MOST_FIELDS = 100
MOST_KEYS = 8
_MOST_DIGITS = 18
_ORDERED = ("string", "number", "integer", "boolean")


def parse_list(text: str, language: Language, limits: Limits) -> Query:
    """Returns the Query that a list's query string asks for, in the version's own names."""
    own: dict[str, list[str]] = {}
    groups: dict[tuple[str, str], list[Pair]] = {}
    allowed = (*_OWN, *_CURSORS) if language.has_cursors else _OWN
    for parameter in pairs(text):
        if parameter.name in allowed and parameter.operator == "eq":
            own.setdefault(parameter.name, []).append(parameter.value)
        else:
            groups.setdefault((parameter.name, parameter.operator), []).append(parameter)
    order = _order(own.get("sort"), language)
    conditions = [*(_group(group, language, limits) for group in groups.values()), *_filters(own, language, limits)]
    condition = conditions[0] if len(conditions) == 1 else Every(tuple(conditions))
    if size(condition) > limits.conditions:
        raise InvalidQuery(f"A list may be asked with {limits.conditions} conditions; this one has {size(condition)}.")
    return Query(condition, _page(own, order, limits), order, _fields(own.get("fields"), language))


def parse_fields(text: str, language: Language) -> tuple[Path, ...] | None:
    """Returns the chosen attributes of an operation that knows `fields` alone; any other parameter is refused."""
    names: list[str] = []
    for parameter in pairs(text):
        if parameter.name != "fields" or parameter.operator != "eq":
            raise InvalidQuery(f'The parameter "{parameter.name}" is unknown here; the operation knows "fields".')
        names.append(parameter.value)
    return _fields(names or None, language)


def refuse_parameters(text: str) -> None:
    """Raises InvalidQuery where an operation that knows no parameter is sent one."""
    for parameter in pairs(text):
        raise InvalidQuery(f'The parameter "{parameter.name}" is unknown here; the operation knows none.')


def _group(group: list[Pair], language: Language, limits: Limits) -> Condition:
    """Returns pairs of one name and operator: alternatives, those after a `;` included."""
    options: list[Condition] = []
    values: list[str] = []
    for parameter in group:
        first, others = _alternatives(parameter)
        values.append(first.value)
        options += [term(other, [other.value], language, limits) for other in others]
    same = term(group[0], values, language, limits)
    return Either((same, *options)) if options else same


def _alternatives(parameter: Pair) -> tuple[Pair, list[Pair]]:
    """Splits `a=1;b=2` -> a=1, [b=2]; a `;` without a pair after it is text."""
    first, *rest = parameter.raw.split(";")
    others = [pair(text) for text in rest]
    if not rest or not all(other.operator and other.name for other in others):
        return parameter, []
    return Pair(parameter.name, parameter.operator, first), others


def _filters(own: Mapping[str, list[str]], language: Language, limits: Limits) -> list[Condition]:
    """Returns the JSONPaths of `filter`, which are alternatives."""
    try:
        filters = [parse_filter(text, language, limits.filter) for text in own.get("filter", ())]
    except InvalidQuery as error:
        raise InvalidQuery(f"filter: {error.message.removeprefix('filter: ')}") from error
    return [Either(tuple(filters))] if len(filters) > 1 else filters


def _order(texts: list[str] | None, language: Language) -> tuple[Order, ...]:
    """Returns the keys of `sort=-a,+b`; a plus may arrive as a blank."""
    names = [name for text in texts or () for name in text.split(",")]
    if len(names) > MOST_KEYS:
        raise InvalidQuery(
            f"sort: a list is ordered by {MOST_KEYS} attributes at most; this request names {len(names)}."
        )
    return tuple(_key(name, language) for name in names)


def _key(text: str, language: Language) -> Order:
    name = text[1:] if text.startswith(("-", "+", " ")) else text
    if not name:
        raise InvalidQuery('sort names no attribute; it is written "sort=-creationDate,name".')
    path = tuple(name.split("."))
    attribute = language.attribute(path, "sort")
    if attribute.many:
        raise InvalidQuery(f"sort: {name} lies in an array and can have many values, which no list is ordered by.")
    if attribute.kind not in _ORDERED:
        raise InvalidQuery(f"sort: {name} is of the type {attribute.kind}, which has no order.")
    return Order(path, text.startswith("-"), attribute.format == "date-time")


def _page(own: Mapping[str, list[str]], order: tuple[Order, ...], limits: Limits) -> Page:
    offset = _whole(own, "offset", 0)
    limit = _whole(own, "limit", limits.page_default)
    if limit > limits.page_most:
        raise InvalidQuery(f"limit: {limit} is more than this server gives at once, {limits.page_most}.")
    if offset > limits.skip:
        fault = f"offset: {offset} is more than this server passes over, {limits.skip}"
        raise InvalidQuery(f"{fault}; narrow the list, or go on from a place with after.")
    after, before = (read_cursor(name, own.get(name), len(order)) for name in _CURSORS)
    if offset and own.keys() & set(_CURSORS):
        raise InvalidQuery(f"offset: {offset} counts from the beginning, and after and before from a place; send one.")
    by_place = bool(own.keys() & set(_CURSORS))
    return Page(offset, limit, by_place or bool(own.keys() & {"offset", "limit"}), by_place, after, before)


def _whole(own: Mapping[str, list[str]], name: str, default: int) -> int:
    texts = own.get(name)
    if texts is None:
        return default
    if len(texts) > 1 or not texts[0].isascii() or not texts[0].isdigit():
        raise InvalidQuery(f"{name}: {', '.join(texts)[:80]} is not one whole number of 0 or more.")
    if len(texts[0]) > _MOST_DIGITS:
        raise InvalidQuery(f"{name}: {texts[0][:80]} is more than a list can have.")
    return int(texts[0])


def _fields(texts: list[str] | None, language: Language) -> tuple[Path, ...] | None:
    if texts is None:
        return None
    names = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    if len(names) > MOST_FIELDS:
        raise InvalidQuery(f"fields: {MOST_FIELDS} names may be chosen; this request names {len(names)}.")
    if names == [NONE]:
        return ()
    if not names:
        return None
    return tuple(_field(name, language) for name in names)


def _field(name: str, language: Language) -> Path:
    path = tuple(name.split("."))
    language.attribute(path, "fields")
    return path
