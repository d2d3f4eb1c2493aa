"""The form in which the store's server keeps a resource, and back.

A record is `{_id, revision, created, updated, document, residue}`, and beside them what has not left it yet
(`common.store.outbox`). In document and residue a name that MongoDB does not keep (with `$`, `.` or NUL) is
written with percent signs; and beside every text that is a date-time stand its microseconds since 1970, under its name
and `%at`, so that instants are found and ordered whatever their spelling.
"""

from __future__ import annotations

import re
from typing import Any

from common.clock import instant
from common.document import Canonical, Document, Json
from common.store.base import Stored

FORM = 2
"""The number of this form; 1 had no microseconds."""

FORMS = "record_forms"
"""The collection that notes the form of every other one: `{_id: collection, form}`."""

DOCUMENT = "document"
RESIDUE = "residue"
AT = "%at"
"""No name ends so that a client sent: its percent sign would be written `%25`."""

_AWKWARD = re.compile(r"[%$.\x00]")
_WRITTEN = re.compile(r"%([0-9A-F]{2})")
_SHORTEST_MOMENT = len("2026-05-01T08:30Z")


def to_record(stored: Stored) -> dict[str, Any]:
    """Returns the document that the server keeps for a resource."""
    return {
        "_id": stored.id,
        "revision": stored.revision,
        "created": stored.created,
        "updated": stored.updated,
        DOCUMENT: _encode(stored.canonical.document),
        RESIDUE: _encode(stored.canonical.residue),
    }


def from_record(record: dict[str, Any]) -> Stored:
    """Returns the resource of a record: the inverse of to_record. Reuses and mutates `record`; do not read it
    afterwards."""
    document, residue = record[DOCUMENT], record.get(RESIDUE, {})
    _restore(document)
    _restore(residue)
    return Stored(record["_id"], record["revision"], record["created"], record["updated"], Canonical(document, residue))


def encode(document: Document) -> Document:
    """Returns a document in the form in which the server keeps it."""
    return _encode(document)


def decode(document: Document) -> Document:
    """Returns `document` itself, decoded in place: the inverse of encode."""
    _restore(document)
    return document


def encode_name(name: str) -> str:
    """Returns the name as it is kept: `a.b` -> `a%2Eb`."""
    return _AWKWARD.sub(lambda sign: f"%{ord(sign[0]):02X}", name)


def _decode_name(name: str) -> str:
    """Returns the inverse of encode_name."""
    return _WRITTEN.sub(lambda code: chr(int(code[1], 16)), name)


def _encode(value: Document) -> Document:
    record: Document = {}
    for sent, inner in value.items():
        name = encode_name(sent) if _AWKWARD.search(sent) else sent
        if type(inner) is str:
            record[name] = inner
            if len(inner) >= _SHORTEST_MOMENT and (at := instant(inner)) is not None:
                record[name + AT] = at
        elif type(inner) is dict:
            record[name] = _encode(inner)
        elif type(inner) is list:
            record[name] = _encode_elements(inner)
            if moments := _moments(inner):
                record[name + AT] = moments
        else:
            record[name] = inner
    return record


def _encode_elements(elements: list[Json]) -> list[Json]:
    return [
        _encode(element) if type(element) is dict else _encode_elements(element) if type(element) is list else element
        for element in elements
    ]


def _moments(elements: list[Json]) -> list[int]:
    return [at for element in elements if type(element) is str and (at := instant(element)) is not None]


def _restore(value: Json) -> None:
    """Takes away what `_kept` added, and gives names back as they were sent."""
    if type(value) is list:
        for element in value:
            if type(element) is dict or type(element) is list:
                _restore(element)
        return
    written = [name for name in value if "%" in name]
    if written:
        _restore_names(value)
    for inner in value.values():
        if type(inner) is dict or type(inner) is list:
            _restore(inner)


def _restore_names(value: Document) -> None:
    pairs = [(_decode_name(name), inner) for name, inner in value.items() if not name.endswith(AT)]
    value.clear()
    value.update(pairs)
