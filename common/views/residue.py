"""The residue: what turns the rows' view of a stored resource into exactly what v4 said.

A residue is a small tree that any JSON store keeps:

    {"set": {name: value}}                attributes that v4 has and the rows' view has not
    {"drop": [[name, digest]]}            attributes that the rows' view has and v4 has not
    {"in": {name: residue}}               residues further in
    {"id": text}                          the id of the object that the former three were made for, where it has one
    {"at": [[position, digest, identity, residue]]}   residues of array elements
    {"is": value, "for": digest}          another value altogether

What an entry was made for it names by an id or a digest, so that after a change in v5 it is applied to that or not at
all. Array elements are found by their digest wherever they have moved, and changed ones by their identity; a changed
one that has none is shown as the rows show it.
"""

from __future__ import annotations

import hashlib

import orjson

from common.document import Document, Json, is_same
from common.views.identity import identity, own_id


def digest(value: Json) -> str:
    """Returns twelve hexadecimal digits that tell one JSON value from others."""
    return hashlib.blake2b(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()


def difference(view: Json, said: Json) -> Document:
    """Returns the residue that turns `view` into `said`; empty where they are the same."""
    if view is said:
        return {}
    if isinstance(view, dict) and isinstance(said, dict):
        return _of_objects(view, said)
    if isinstance(view, list) and isinstance(said, list) and len(view) == len(said):
        entries = [
            [position, digest(old), identity(old), inner]
            for position, (old, new) in enumerate(zip(view, said, strict=True))
            if (inner := difference(old, new))
        ]
        return {"at": entries} if entries else {}
    if is_same(view, said):
        return {}
    return {"is": said, "for": digest(view)}


def _of_objects(view: Document, said: Document) -> Document:
    places: Document = {}
    extra = {name: value for name, value in said.items() if name not in view}
    gone = [[name, digest(value)] for name, value in view.items() if name not in said]
    inner = {
        name: d
        for name, value in view.items()
        if name in said and value is not said[name] and (d := difference(value, said[name]))
    }
    for key, entries in (("set", extra), ("drop", gone), ("in", inner)):
        if entries:
            places[key] = entries
    if places and (identifier := own_id(view)):
        places["id"] = identifier
    return places


def applied(view: Json, residue: Document) -> Json:
    """Returns the view with its residue; what the residue was not made for stays as the view has it."""
    if not residue:
        return view
    if "for" in residue:
        return residue["is"] if digest(view) == residue["for"] else view
    if isinstance(view, list):
        return _to_elements(view, residue)
    if isinstance(view, dict):
        return _to_object(view, residue)
    return view


def _to_object(view: Document, residue: Document) -> Document:
    if "id" in residue and residue["id"] != view.get("id"):
        return view
    result = dict(view)
    for name, mark in residue.get("drop", ()):
        if name in result and digest(result[name]) == mark:
            del result[name]
    for name, inner in residue.get("in", {}).items():
        if name in result:
            result[name] = applied(result[name], inner)
    for name, value in residue.get("set", {}).items():
        result.setdefault(name, value)
    return result


def _to_elements(view: list[Json], residue: Document) -> list[Json]:
    result = list(view)
    marks = [digest(element) for element in view]
    identities = [identity(element) for element in view]
    free = set(range(len(view)))
    waiting = residue.get("at", [])
    for column, values in ((1, marks), (2, identities)):
        missed = []
        for entry in waiting:
            position, identifier = entry[0], entry[column]
            near = (position, *range(len(view)))
            place = next((p for p in near if p in free and identifier is not None and values[p] == identifier), None)
            if place is None:
                missed.append(entry)
                continue
            free.discard(place)
            result[place] = applied(view[place], entry[3])
        waiting = missed
    return result
