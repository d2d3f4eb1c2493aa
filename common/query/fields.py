"""`fields`: which attributes of a resource are answered (TMF630 part 1, attribute selection)."""

from __future__ import annotations

from collections.abc import Iterable

from common.document import Document, Json, Path

NONE = "none"


def select(document: Document, fields: Iterable[Path] | None, always: Iterable[str]) -> Document:
    """Returns the document with the chosen paths and the attributes named in `always`; all of it where `fields` is
    None."""
    if fields is None:
        return document
    tree = _tree([*fields, *((name,) for name in always)])
    selection: Document = _chosen(document, tree)
    return selection


def _tree(paths: Iterable[Path]) -> dict[str, dict[str, Json]]:
    """Returns paths as nested names; an empty mapping stands for everything below."""
    root: dict[str, Json] = {}
    for path in sorted(paths, key=len):
        node = root
        for position, name in enumerate(path):
            if name in node and not node[name]:
                break
            node = node.setdefault(name, {})
            if position == len(path) - 1:
                node.clear()
    return root


def _chosen(value: Json, tree: dict[str, Json]) -> Json:
    if not tree:
        return value
    if isinstance(value, list):
        return [_chosen(element, tree) for element in value]
    if isinstance(value, dict):
        return {name: _chosen(inner, tree[name]) for name, inner in value.items() if name in tree}
    return value
