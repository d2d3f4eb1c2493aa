"""JSON patch query (TMF630 part 5): a path that holds a query stands for the plain pointers it matches.

Two kinds of query path are read. A JSONPath (RFC 9535), `$.note[?(@.author=='x')].text`; and a pointer with
conditions after `?`, in every spelling that the published documents use:

    /note?author=x/text                                   elements of note, then on from each
    /productOrderItem/billingAccount/id?productOrderItem.id=120   a condition that names the array from the root
    /contactMedium/preferred?city=Paris                   a condition beside the attribute that changes
    /a/b/isDefault?value=/a/b/Black                       a value written as a path: its last step counts
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from jsonpath import JSONPathEnvironment
from jsonpath.exceptions import JSONPathError

from common.document import Document, Json, pointer
from common.errors import BadRequest

Location = tuple[str | int, ...]

_LONGEST_PATH = 1000
_LONGEST_JSONPATH = 250
_MOST_FILTERS = 4


class _Environment(JSONPathEnvironment):
    """JSONPath of RFC 9535 alone and without its functions: a client's regular expression must not run here."""

    def setup_function_extensions(self) -> None:
        """Registers none."""


_JSONPATH = _Environment(strict=True)


@dataclass(frozen=True, slots=True)
class ElementCondition:
    """Elements of the array at `anchor` (names from the root) match where `names` inside them holds `value`."""

    anchor: tuple[str, ...]
    names: tuple[str, ...]
    value: str


def expand(document: Document, operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields the plain operations of one query operation. Raises BadRequest where its path is malformed or matches
    nothing.

    Matches are yielded last first, so that a removal does not move those still to come.
    """
    path = operation["path"]
    if len(path) > _LONGEST_PATH:
        raise BadRequest(f"A patch path may be {_LONGEST_PATH} characters long, this one has {len(path)}.")
    if not path.startswith("$") and "?" not in path:
        yield operation
        return
    matches = _json_path(document, path) if path.startswith("$") else _query_path(document, path)
    if not matches:
        raise BadRequest(f'The patch path "{path}" matches nothing in the resource.')
    for location in reversed(matches):
        yield {**operation, "path": pointer(location)}


def _require_cheap(path: str) -> None:
    """Raises BadRequest for a JSONPath whose work grows with a power of the resource: several descents multiply what
    they visit, so do several selectors in one bracket and filters in filters."""
    rule = ""
    if len(path) > _LONGEST_JSONPATH:
        rule = f"has more than {_LONGEST_JSONPATH} characters"
    elif path.count("..") > 1:
        rule = 'descends (with "..") more than once'
    elif path.count("?") > _MOST_FILTERS:
        rule = f"has more than {_MOST_FILTERS} filters"
    elif "," in path:
        rule = "has several selectors in one bracket"
    if rule:
        raise BadRequest(f'The patch path "{path[:80]}" {rule}; this server does not read such a path.')


def _json_path(document: Document, path: str) -> list[Location]:
    _require_cheap(path)
    try:
        return [tuple(match.parts) for match in _JSONPATH.finditer(path, document)]
    except (JSONPathError, RecursionError) as error:
        raise BadRequest(f'The patch path "{path}" is no JSONPath: {error}') from error


def _query_path(document: Document, path: str) -> list[Location]:
    steps, conditions, tail = _parse(path)
    matched = [
        location
        for location in _walk(document, steps, (), (), conditions)
        if not tail or _exists(document, (*location, *tail[:-1]))
    ]
    return [(*location, *tail) for location in matched]


def _parse(path: str) -> tuple[list[str], list[ElementCondition], list[str]]:
    """Returns a query path -> the steps before `?`, the conditions, the steps after the last condition's value."""
    before, _, after = path.partition("?")
    steps = [_decoded(step) for step in before.split("/")[1:]]
    tail: list[str] = []
    conditions = []
    for text in after.split("&"):
        name, sign, value = text.partition("=")
        if not sign or not name or not before.startswith("/"):
            raise BadRequest(f'The patch path "{path}" is neither a pointer with "?name=value" nor a JSONPath.')
        if value.startswith("/"):
            value = value.rsplit("/", 1)[-1]
        elif "/" in value:
            value, _, rest = value.partition("/")
            tail = [_decoded(step) for step in rest.split("/")]
        conditions.append(_condition(steps, name.lstrip("=").rstrip("="), _unquoted(value.lstrip("="))))
    return steps, conditions, tail


def _decoded(step: str) -> str:
    return unquote(step).replace("~1", "/").replace("~0", "~")


def _unquoted(value: str) -> str:
    text = unquote(value)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _condition(steps: Sequence[str], name: str, value: str) -> ElementCondition:
    """Returns a condition whose name starts like the path is anchored where they part, any other at the innermost
    array."""
    names = tuple(_decoded(step) for step in name.strip("/").replace("/", ".").split("."))
    shared = 0
    while shared < min(len(steps), len(names) - 1) and steps[shared] == names[shared]:
        shared += 1
    return ElementCondition(names[:shared], names[shared:], value)


def _walk(
    value: Json, steps: Sequence[str], at: Location, names: tuple[str, ...], conditions: Sequence[ElementCondition]
) -> Iterator[Location]:
    """Yields the locations that the steps lead to through every array element that meets the conditions anchored
    there."""
    if isinstance(value, list):
        for position, element in enumerate(value):
            if steps and steps[0].isascii() and steps[0].isdigit():
                further = _has_array(element, steps[1:])
                if steps[0] == str(position) and _meets(element, names, further, conditions):
                    yield from _walk(element, steps[1:], (*at, position), names, conditions)
            elif _meets(element, names, _has_array(element, steps), conditions):
                yield from _walk(element, steps, (*at, position), names, conditions)
    elif not steps:
        yield at
    elif isinstance(value, dict) and (steps[0] in value or len(steps) == 1):
        inner = value.get(steps[0])
        if len(steps) == 1 and not isinstance(inner, list):
            yield (*at, steps[0])
        else:
            yield from _walk(inner, steps[1:], (*at, steps[0]), (*names, steps[0]), conditions)


def _meets(element: Json, names: tuple[str, ...], has_array: bool, conditions: Sequence[ElementCondition]) -> bool:
    anchored = [c for c in conditions if c.anchor == names or (not c.anchor and not has_array)]
    return all(_holds(element, condition.names, condition.value) for condition in anchored)


def _has_array(element: Json, steps: Sequence[str]) -> bool:
    """Returns whether a further array lies on the way, so that this one is not the innermost."""
    for step in steps:
        element = element.get(step) if isinstance(element, dict) else None
        if isinstance(element, list):
            return True
    return False


def _holds(value: Json, names: Sequence[str], text: str) -> bool:
    if isinstance(value, list):
        return any(_holds(element, names, text) for element in value)
    if names:
        return isinstance(value, dict) and names[0] in value and _holds(value[names[0]], names[1:], text)
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    return text == (value if isinstance(value, str) else str(value))


def _exists(document: Json, location: Location) -> bool:
    for step in location:
        has_step = isinstance(document, dict) and step in document
        placed = isinstance(document, list) and isinstance(step, int) and step < len(document)
        if not (has_step or placed):
            return False
        document = document[step]
    return True
