"""A query string -> a Query, or a refusal that names parameter, value and rule (TMF630 part 1, filtering)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote, unquote_plus

from common.document import Path
from common.errors import InvalidQuery, NotImplementedYet
from common.query.conditions import Either, Equals, Page, Query
from common.query.fields import NONE
from common.query.values import typed
from common.schema.flat import Attributes
from common.schema.messages import nearest

_LATER = ("filter", "sort", "before", "after")
_OPERATORS = ("gt", "gte", "lt", "lte", "ne", "regex", "eq")
_SYMBOLS = re.compile(r"[<>!*~=]")
_MOST_FIELDS = 100
_MOST_DIGITS = 18


class Names(Protocol):
    """How attribute names of the asked version lie in the store; a `Shape` is one."""

    def stored_path(self, path: Path) -> Path:
        """Names in the asked version -> names in the store."""

    def stored_values(self, path: Path, value: Any) -> tuple[Any, ...]:
        """The stored values that the asked version shows as `value`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one list may ask for: elements of a page by default and at most, conditions at most."""

    page_default: int
    page_most: int
    conditions: int


@dataclass(frozen=True, slots=True)
class Language:
    """The attributes one resource knows in one version, where they lie in the store, and the collection's path, below
    which its hrefs lie."""

    attributes: Attributes
    names: Names
    path: str


def parse_list(text: str, language: Language, limits: Limits) -> Query:
    """The Query that a list's query string asks for."""
    own: dict[str, list[str]] = {}
    clauses: dict[str, list[tuple[str, str]]] = {}
    for name, value, whole in _pairs(text):
        if name in ("fields", "offset", "limit"):
            own.setdefault(name, []).append(value)
        elif name in _LATER:
            raise NotImplementedYet(f'The parameter "{name}" is not served yet.')
        elif whole.startswith(("~", "=")):
            raise NotImplementedYet(f'The operator in "{name[:80]}={whole[:1]}" is not served yet; equality is.')
        else:
            clauses.setdefault(name, []).extend(_alternatives(name, whole))
    if sum(len(options) for options in clauses.values()) > limits.conditions:
        raise InvalidQuery(f"A list may be asked with {limits.conditions} conditions; this one has more.")
    conditions = tuple(Either(tuple(_equals(n, v, language) for n, v in options)) for options in clauses.values())
    return Query(conditions, _page(own, limits), _fields(own.get("fields"), language.attributes))


def parse_fields(text: str, language: Language) -> tuple[Path, ...] | None:
    """The chosen attributes of an operation that knows `fields` alone; any other parameter is refused."""
    chosen: list[str] = []
    for name, value, _ in _pairs(text):
        if name != "fields":
            raise InvalidQuery(f'The parameter "{name}" is unknown here; the operation knows "fields".')
        chosen.append(value)
    return _fields(chosen or None, language.attributes)


def refuse_parameters(text: str) -> None:
    """Raises InvalidQuery where an operation that knows no parameter is sent one."""
    for name, _, _ in _pairs(text):
        raise InvalidQuery(f'The parameter "{name}" is unknown here; the operation knows none.')


def _pairs(text: str) -> Iterator[tuple[str, str, str]]:
    """Name, decoded value and undecoded value of every pair."""
    for pair in text.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            yield unquote_plus(name), unquote_plus(value), value


def _alternatives(name: str, value: str) -> Iterator[tuple[str, str]]:
    """`1;b=2` -> (name, 1), (b, 2): pairs joined by `;` are alternatives; a `;` without a name after it is text."""
    first, *rest = value.split(";")
    if not all("=" in part for part in rest):
        first, rest = value, []
    yield name, unquote_plus(first)
    for part in rest:
        key, _, text = part.partition("=")
        yield unquote_plus(key), unquote_plus(text)


def _equals(name: str, text: str, language: Language) -> Equals:
    path = tuple(name.split("."))
    attribute = language.attributes.find(path)
    if attribute is None:
        raise _unknown(name, path, language.attributes)
    values = typed(name, text, attribute)
    if path == ("href",):
        return Equals(("id",), tuple(_id_behind(str(value), language.path) for value in values))
    stored = [one for value in values for one in language.names.stored_values(path, value)]
    return Equals(language.names.stored_path(path), tuple(dict.fromkeys(stored)))


def _id_behind(href: str, collection: str) -> str:
    """The id that an href of this collection ends in; a blank, which no id is, for any other."""
    _, found, identifier = href.partition(collection + "/")
    return unquote(identifier) if found and "/" not in identifier else " "


def _unknown(name: str, path: Path, attributes: Attributes) -> Exception:
    if _SYMBOLS.search(name):
        return NotImplementedYet(f'The operator in "{name[:80]}" is not served yet; equality is.')
    if path[-1] in _OPERATORS and attributes.find(path[:-1]):
        return NotImplementedYet(f'The operator "{path[-1]}" in "{name}" is not served yet.')
    return InvalidQuery(f'No attribute "{name}" is declared here.{_hint(path, attributes)}')


def _hint(path: Path, attributes: Attributes) -> str:
    near = nearest(path[0], attributes.names)
    return f" The {near}." if near else ""


def _page(own: Mapping[str, list[str]], limits: Limits) -> Page:
    offset = _whole(own, "offset", 0)
    limit = _whole(own, "limit", limits.page_default)
    if limit > limits.page_most:
        raise InvalidQuery(f"limit: {limit} is more than this server gives at once, {limits.page_most}.")
    return Page(offset, limit, bool(own.keys() & {"offset", "limit"}))


def _whole(own: Mapping[str, list[str]], name: str, default: int) -> int:
    given = own.get(name)
    if given is None:
        return default
    if len(given) > 1 or not given[0].isascii() or not given[0].isdigit():
        raise InvalidQuery(f"{name}: {', '.join(given)[:80]} is not one whole number of 0 or more.")
    if len(given[0]) > _MOST_DIGITS:
        raise InvalidQuery(f"{name}: {given[0][:80]} is more than a list can have.")
    return int(given[0])


def _fields(given: list[str] | None, attributes: Attributes) -> tuple[Path, ...] | None:
    if given is None:
        return None
    names = [name.strip() for text in given for name in text.split(",") if name.strip()]
    if len(names) > _MOST_FIELDS:
        raise InvalidQuery(f"fields: {_MOST_FIELDS} names may be chosen; this request names {len(names)}.")
    if names == [NONE]:
        return ()
    if not names:
        return None
    return tuple(_field(name, attributes) for name in names)


def _field(name: str, attributes: Attributes) -> Path:
    path = tuple(name.split("."))
    if attributes.find(path) is None:
        raise InvalidQuery(f'fields: no attribute "{name}" is declared here.{_hint(path, attributes)}')
    return path
