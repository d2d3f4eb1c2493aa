"""A change made in one view, carried into the stored resource: a three-way merge that keeps what the view hides."""

from __future__ import annotations

from common.document import Document, Json, is_same
from common.views.identity import identity, is_another, refers_to_another


def carried(stored: Json, before: Json, after: Json) -> Json:
    """Returns `stored` with what changed between `before` and `after`, both of which are partial pictures of it."""
    if is_same(before, after):
        return stored
    if isinstance(stored, dict) and isinstance(before, dict) and isinstance(after, dict):
        return after if is_another(before, after) else _objects(stored, before, after)
    if isinstance(stored, list) and isinstance(before, list) and isinstance(after, list):
        return _lists(stored, before, after)
    return after


def _objects(stored: Document, before: Document, after: Document) -> Document:
    merged = {name: value for name, value in stored.items() if name in after or name not in before}
    for name in before.keys() - after.keys():
        rest = _unshown(stored.get(name), before[name])
        if rest:
            merged[name] = rest
    for name, value in after.items():
        if name not in before:
            merged[name] = _with_unshown(value, stored.get(name))
        elif name in stored:
            merged[name] = carried(stored[name], before[name], value)
        elif not is_same(before[name], value):
            merged[name] = value
    return merged


def _unshown(stored: Json, before: Json) -> list[Json]:
    """Returns the elements of a stored list that the view did not show."""
    both = isinstance(stored, list) and isinstance(before, list)
    return stored[len(before) :] if both else []


def _with_unshown(value: Json, stored: Json) -> Json:
    """Returns a new value beside what stood in its place unseen."""
    both = isinstance(value, list) and isinstance(stored, list)
    return [*value, *stored] if both else value


def _lists(stored: list[Json], before: list[Json], after: list[Json]) -> list[Json]:
    """Returns elements that stayed keep their stored form, changed ones are merged, stored ones that the view hides
    stay."""
    origins = _origins(before, after)
    merged = [
        element if origin is None or origin >= len(stored) else carried(stored[origin], before[origin], element)
        for element, origin in zip(after, origins, strict=True)
    ]
    return [*merged, *stored[len(before) :]]


def _origins(before: list[Json], after: list[Json]) -> list[int | None]:
    """Returns for each element of `after` the position in `before` it comes from: the same value, else the same thing,
    else, where the lists are equally long, the same position if no other thing stands there."""
    free = list(range(len(before)))
    origins: list[int | None] = [None] * len(after)
    same_length = len(before) == len(after)
    for matches in (is_same, _is_same_thing):
        for position, element in enumerate(after):
            if origins[position] is None:
                near = [position] if position in free else []
                match = next((o for o in (*near, *free) if matches(before[o], element)), None)
                if match is not None:
                    origins[position] = match
                    free.remove(match)
    if same_length:
        for position, (element, origin) in enumerate(zip(after, origins, strict=True)):
            if origin is None and position in free and not refers_to_another(before[position], element):
                origins[position] = position
    return origins


def _is_same_thing(old: Json, new: Json) -> bool:
    old_identity = identity(old)
    return old_identity is not None and old_identity == identity(new)
