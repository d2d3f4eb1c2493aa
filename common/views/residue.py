"""The residue: what turns the rows' view of a stored resource into exactly what v4 said.

A residue is a small tree that any JSON store keeps:

    {"set": {name: value}}                attributes that v4 has and the rows' view has not
    {"drop": [[name, digest]]}            attributes that the rows' view has and v4 has not
    {"in": {name: residue}}               residues further in
    {"at": [[position, digest, residue]], "of": length}   residues of array elements
    {"is": value, "for": digest}          another value altogether

Every entry but `set` names by a digest what it was made for, so that after a change in v5 it is applied to that or not at
all; array elements are found by their digest wherever they have moved.
"""

from __future__ import annotations

import hashlib

import orjson

from common.document import Document, Json


def digest(value: Json) -> str:
    """Twelve hexadecimal digits that tell one JSON value from others."""
    return hashlib.blake2b(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()


def difference(view: Json, said: Json) -> Document:
    """The residue that turns `view` into `said`; empty where they are the same."""
    if isinstance(view, dict) and isinstance(said, dict):
        return _of_objects(view, said)
    if isinstance(view, list) and isinstance(said, list) and len(view) == len(said):
        found = [
            [position, digest(old), inner]
            for position, (old, new) in enumerate(zip(view, said, strict=True))
            if (inner := difference(old, new))
        ]
        return {"at": found, "of": len(view)} if found else {}
    if type(view) is type(said) and view == said:
        return {}
    return {"is": said, "for": digest(view)}


def _of_objects(view: Document, said: Document) -> Document:
    found: Document = {}
    extra = {name: value for name, value in said.items() if name not in view}
    gone = [[name, digest(value)] for name, value in view.items() if name not in said]
    inner = {name: d for name in view if name in said and (d := difference(view[name], said[name]))}
    for key, entries in (("set", extra), ("drop", gone), ("in", inner)):
        if entries:
            found[key] = entries
    return found


def applied(view: Json, residue: Document) -> Json:
    """The view with its residue; what the residue was not made for stays as the view has it."""
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
    made = dict(view)
    for name, mark in residue.get("drop", ()):
        if name in made and digest(made[name]) == mark:
            del made[name]
    for name, inner in residue.get("in", {}).items():
        if name in made:
            made[name] = applied(made[name], inner)
    for name, value in residue.get("set", {}).items():
        made.setdefault(name, value)
    return made


def _to_elements(view: list[Json], residue: Document) -> list[Json]:
    made = list(view)
    marks: list[str] = []
    free = set(range(len(view)))
    for position, mark, inner in residue.get("at", ()):
        if not marks:
            marks = [digest(element) for element in view]
        found = [place for place in (position, *range(len(view))) if place in free and marks[place] == mark]
        if not found and len(view) == residue.get("of") and position in free:
            found = [position]
        if found:
            free.discard(found[0])
            made[found[0]] = applied(view[found[0]], inner)
    return made
