"""A validator's error -> a problem told to the client: pointer, value, rule, in one sentence."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from jsonschema_rs import ValidationError, ValidationErrorKind

from common.document import pointer
from common.errors import Problem

_SHOWN = 80
_LONGEST_NAME = 200
_EXPECTED = {
    "date-time": "a date-time such as 2026-01-31T12:00:00Z (RFC 3339, with its offset)",
    "uri": "a URI such as https://example.com/schema or an absolute path",
    "base64": "base64 text",
    "byte": "base64 text",
    "email": "an e-mail address",
}


def shown(value: Any) -> str:
    """Returns a value as it is quoted in a message: JSON, cut after 80 characters."""
    text = orjson.dumps(value, default=str).decode()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def nearest(name: str, declared: Iterable[str]) -> str:
    """Returns the declared names that a wrong one may have meant, at most three, as a clause of a message; empty for
    none."""
    if len(name) > _LONGEST_NAME:
        return ""
    names = sorted(declared)
    begun = [other for other in names if name and other.lower().startswith(name.lower())]
    near = list(dict.fromkeys([*difflib.get_close_matches(name, names, n=3), *begun]))[:3]
    return f"nearest declared names are {', '.join(near)}" if near else ""


def problems(error: ValidationError) -> Iterator[Problem]:
    """Yields the problems behind one error; of the branches of a failed union, those of the branch that fits best."""
    kind = error.kind
    if isinstance(kind, ValidationErrorKind.AnyOf | ValidationErrorKind.OneOfNotValid):
        branches = [branch for branch in kind.context if branch]
        best = min(branches, key=len, default=[])
        for inner in best:
            yield from problems(inner)
        if best:
            return
    yield Problem(pointer(tuple(error.instance_path)), _rule(error, kind))


def _rule(error: ValidationError, kind: Any) -> str:
    """Returns the sentence for one kind of error."""
    value = shown(error.instance)
    match kind:
        case ValidationErrorKind.Required():
            return f'the attribute "{kind.property}" is mandatory here and was not sent'
        case ValidationErrorKind.Type():
            return f"{value} is not of type {_types(kind)}"
        case ValidationErrorKind.Format():
            return f"{value} is not {_EXPECTED.get(kind.format, kind.format)}"
        case ValidationErrorKind.Enum():
            return f"{value} is not one of {', '.join(shown(option) for option in kind.options)}"
        case ValidationErrorKind.MinItems():
            return f"an array of at least {kind.limit} element(s) is asked for, {value} was sent"
        case ValidationErrorKind.MinLength():
            return f"a text of at least {kind.limit} character(s) is asked for, {value} was sent"
    return error.message


def _types(kind: Any) -> str:
    types = kind.types
    return " or ".join(types) if isinstance(types, list | tuple) else str(types)
