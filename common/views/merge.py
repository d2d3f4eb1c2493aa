"""A change made in one view, carried into the stored resource: a three-way merge that keeps what the view cannot show."""

from __future__ import annotations

from common.document import Document, Json


def carried(stored: Json, before: Json, after: Json) -> Json:
    """`stored` with what changed between `before` and `after`, both of which are partial pictures of it."""
    if before == after:
        return stored
    if isinstance(stored, dict) and isinstance(before, dict) and isinstance(after, dict):
        return _objects(stored, before, after)
    if isinstance(stored, list) and isinstance(before, list) and isinstance(after, list):
        return _lists(stored, before, after)
    return after


def _objects(stored: Document, before: Document, after: Document) -> Document:
    made = {name: value for name, value in stored.items() if name in after or name not in before}
    for name in before.keys() - after.keys():
        rest = _unshown(stored.get(name), before[name])
        if rest:
            made[name] = rest
    for name, value in after.items():
        if name not in before:
            made[name] = _with_unshown(value, stored.get(name))
        elif name in stored:
            made[name] = carried(stored[name], before[name], value)
        elif before[name] != value:
            made[name] = value
    return made


def _unshown(stored: Json, before: Json) -> list[Json]:
    """The elements of a stored list that the view did not show."""
    both = isinstance(stored, list) and isinstance(before, list)
    return stored[len(before) :] if both else []


def _with_unshown(value: Json, stored: Json) -> Json:
    """A new value beside what stood in its place unseen."""
    both = isinstance(value, list) and isinstance(stored, list)
    return [*value, *stored] if both else value


def _lists(stored: list[Json], before: list[Json], after: list[Json]) -> list[Json]:
    """Elements that stayed keep their stored form, changed ones are merged, stored ones that the view does not show stay."""
    origins = _origins(before, after)
    made = [
        element if origin is None or origin >= len(stored) else carried(stored[origin], before[origin], element)
        for element, origin in zip(after, origins, strict=True)
    ]
    return [*made, *stored[len(before) :]]


def _origins(before: list[Json], after: list[Json]) -> list[int | None]:
    """For each element of `after` the position in `before` it comes from: the same value, else the same id, else, where the
    lists are equally long, the same position."""
    free = list(range(len(before)))
    origins: list[int | None] = [None] * len(after)
    same_length = len(before) == len(after)
    for matches in (_is_same, _has_same_id):
        for position, element in enumerate(after):
            if origins[position] is None:
                near = [position] if position in free else []
                found = next((o for o in (*near, *free) if matches(before[o], element)), None)
                if found is not None:
                    origins[position] = found
                    free.remove(found)
    if same_length:
        for position, origin in enumerate(origins):
            if origin is None and position in free:
                origins[position] = position
    return origins


def _is_same(old: Json, new: Json) -> bool:
    return bool(old == new)


def _has_same_id(old: Json, new: Json) -> bool:
    return _identity(old) is not None and _identity(old) == _identity(new)


def _identity(element: Json) -> Json:
    """The id of an element, its own or that of what it refers to."""
    if not isinstance(element, dict):
        return None
    if element.get("id") is not None:
        return element["id"]
    held = [value["id"] for value in element.values() if isinstance(value, dict) and value.get("id") is not None]
    return held[0] if len(held) == 1 else None
