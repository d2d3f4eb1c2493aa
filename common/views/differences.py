"""Rows: what one v4 component type says otherwise than the stored (v5) shape does, as pairs of functions on one object.

`up` turns an object of the v4 type into the stored one, `down` turns it back; both get a fresh dictionary that they may
change, and must not fail whatever stands in it. What a pair does not carry over is kept in the residue
(`common.views.residue`), so a row need not be lossless; it should be faithful.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from common.document import Document, Path

Edit = Callable[[Document], None]


def _nothing(_value: Document) -> None:
    """Changes nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of a type. Filters are translated by `paths`: v4 attribute name -> names in the store, None where
    nothing is kept there as such; and by `values`: v4 attribute name -> what turns a v4 value into the stored values
    that are shown as it."""

    up: Edit = _nothing
    down: Edit = _nothing
    paths: Mapping[str, Path | None] = field(default_factory=dict)
    values: Mapping[str, Callable[[Any], tuple[Any, ...]]] = field(default_factory=dict)


def renamed(v4_name: str, v5_name: str) -> Difference:
    """Returns the same value under another name."""

    def up(value: Document) -> None:
        if v4_name in value and v5_name not in value:
            value[v5_name] = value.pop(v4_name)

    def down(value: Document) -> None:
        if v5_name in value and v4_name not in value:
            value[v4_name] = value.pop(v5_name)

    return Difference(up, down, {v4_name: (v5_name,)})


def nested(v4_name: str, v5_name: str, inner: str) -> Difference:
    """Returns a plain value in v4 that is an object's attribute in v5: parentId and parent.id."""

    def up(value: Document) -> None:
        if v4_name in value and v5_name not in value:
            value[v5_name] = {inner: value.pop(v4_name)}

    def down(value: Document) -> None:
        held = value.get(v5_name)
        if isinstance(held, dict) and inner in held and v4_name not in value:
            value[v4_name] = held[inner]
            del value[v5_name]

    return Difference(up, down, {v4_name: (v5_name, inner)})


def v4_only(name: str) -> Difference:
    """Returns an attribute that v5 has no place for; the residue keeps it."""

    def up(value: Document) -> None:
        value.pop(name, None)

    return Difference(up, paths={name: None})


def shown_as(name: str, shown: Mapping[str, str], understood: Mapping[str, str] | None = None) -> Difference:
    """Returns states that v4 does not know, by the v4 state they are shown as; `understood`: v4 spellings of stored
    states."""
    spellings = understood or {}
    values: dict[Any, tuple[Any, ...]] = {v4: (v5,) for v4, v5 in spellings.items()}
    for v5, v4 in shown.items():
        if v4 not in spellings:
            values[v4] = (*values.get(v4, (v4,)), v5)

    def up(value: Document) -> None:
        state = value.get(name)
        if isinstance(state, str) and state in spellings:
            value[name] = spellings[state]

    def down(value: Document) -> None:
        state = value.get(name)
        if isinstance(state, str) and state in shown:
            value[name] = shown[state]

    return Difference(up, down, values={name: lambda value: values.get(value, (value,))})
