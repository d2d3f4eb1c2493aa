"""The server's own attributes: what it sets at creation and at every change (stored names throughout)."""

from __future__ import annotations

import re
from datetime import datetime

from common.clock import text
from common.document import Document
from common.errors import InvalidBody, Problem
from common.resource import Resource

_ID = re.compile(r"[^\x00-\x1f\x7f/\\]{1,255}\Z")


def require_id(identifier: str) -> str:
    """Returns an id sent by a client, where an address can hold it. Raises InvalidBody otherwise."""
    if not _ID.match(identifier) or identifier.strip() != identifier or identifier in (".", ".."):
        rule = "an id has 1 to 255 characters, no slash, backslash or control character, and no blank at its ends"
        raise InvalidBody([Problem("/id", f'"{identifier[:80]}" cannot be an id: {rule}')])
    return identifier


def born(resource: Resource, document: Document, identifier: str, now: datetime) -> Document:
    """Returns a new resource with everything the server sets at creation."""
    new = {"id": identifier, **{name: value for name, value in document.items() if name not in ("id", "href")}}
    for name, default in [*resource.defaults.items(), *resource.derived.items()]:
        if new.get(name) is None:
            value = default(new, now)
            if value is not None:
                new[name] = value
    for dated in (resource.created, resource.updated, resource.status_date):
        if dated:
            new[dated] = text(now)
    return _with_history(resource, _spelt(resource, new), now)


def _spelt(resource: Resource, document: Document) -> Document:
    """Returns the document with the values that its resource spells otherwise."""
    for name, spellings in resource.spellings.items():
        value = document.get(name)
        if isinstance(value, str) and value in spellings:
            document[name] = spellings[value]
    return document


def changed(resource: Resource, old: Document, document: Document, now: datetime) -> Document:
    """Returns a changed resource with what the server sets at every change; `document` is the new content."""
    new = _spelt(resource, {**document, "id": old["id"]})
    new.pop("href", None)
    if resource.updated:
        new[resource.updated] = text(now)
    if resource.status is None or old.get(resource.status) == new.get(resource.status):
        return new
    if resource.status_date:
        new[resource.status_date] = text(now)
    return _with_history(resource, new, now)


def _with_history(resource: Resource, document: Document, now: datetime) -> Document:
    """Returns the document with its present state at the end of its history, where the resource keeps one."""
    if not resource.status_history or not resource.status:
        return document
    entry: Document = {"status": document.get(resource.status)}
    if resource.status_date:
        entry[resource.status_date] = text(now)
    reason = document.get(resource.status_reason) if resource.status_reason else None
    if resource.status_reason and reason is not None:
        entry[resource.status_reason] = reason
    entry["@type"] = "StatusChange"
    history = document.get(resource.status_history)
    entries = list(history) if isinstance(history, list) else []
    return {**document, resource.status_history: [*entries, entry]}
