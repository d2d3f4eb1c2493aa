"""Which objects are the same thing though they differ."""

from __future__ import annotations

from common.document import Document, Json

_CORRECTABLE = "ExternalIdentifier"
"""The id of such an object is a value that may be corrected; elsewhere another id means another thing."""


def identity(value: Json) -> str | None:
    """Returns what tells an array's element from the others: its id, or that of the one thing it refers to, or its
    name."""
    if not isinstance(value, dict):
        return None
    name = value.get("name")
    return _referred(value) or (name if isinstance(name, str) else None)


def is_another(old: Document, new: Document) -> bool:
    """Returns True where both have an id, and not the same one."""
    return _differ(own_id(old), own_id(new)) and old.get("@type") != _CORRECTABLE


def refers_to_another(old: Json, new: Json) -> bool:
    """Returns True where both are objects with an id, their own or that of the one thing they refer to, and it
    differs."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return False
    return _differ(_referred(old), _referred(new)) and old.get("@type") != _CORRECTABLE


def own_id(value: Document) -> str | None:
    """Returns the object's id where it is a text."""
    identifier = value.get("id")
    return identifier if isinstance(identifier, str) else None


def _referred(value: Document) -> str | None:
    held = {identifier for inner in value.values() if isinstance(inner, dict) and (identifier := own_id(inner))}
    return own_id(value) or (held.pop() if len(held) == 1 else None)


def _differ(first: str | None, second: str | None) -> bool:
    return bool(first and second and first != second)
