"""Finds the attributes in which two states of a resource differ."""

from __future__ import annotations

from collections.abc import Iterator

from common.document import Document, Path, is_same


def differences(before: Document, after: Document, at: Path = ()) -> Iterator[Path]:
    """Yields the paths of the attributes that differ, by name: as deep as objects lead; an array is one."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if name in before and name in after and is_same(old, new):
            continue
        path = (*at, name)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from differences(old, new, path)
        else:
            yield path
