"""What is asked of one resource, row by row, as it follows from its document and from TMF630."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctk.rule import Level
from ctk.standard.declaration import Body, Declaration
from ctk.standard.document import Document

_GIVEN = {"id": "TMF630 part 1: every resource has an id", "href": "TMF630 part 1: every resource has an href"}
_OPTIONAL = ("patch", "delete")
_FILTERED = "TMF630 part 1, attribute filtering"
_INSIDE = "TMF630 part 1, filtering inside complex attributes"
_MEMBERS = 2
"""Of so many attributes of a complex one filters are asked."""


@dataclass(frozen=True)
class Row:
    """Holds one thing that is asked: an attribute or operation, and the source that asks for it.

    `when` names the attribute without which it is not asked. `level` is None where that of the rule counts.
    `mandatory`: a server must have the operation.
    """

    name: str
    source: str
    when: str = ""
    level: Level | None = None
    mandatory: bool = False


Rows = Mapping[str, Row]


def operations(declared: Declaration, document_name: str) -> Rows:
    """Returns the operations by verb; servers need not have those that change or delete."""
    return {
        verb: Row(verb, f"{document_name} document, {operation.id}", mandatory=verb not in _OPTIONAL)
        for verb, operation in declared.operations.items()
    }


def mandatory(declared: Declaration, api: str, added: Sequence[str]) -> Rows:
    """Returns what stands in every answer.

    That is what TMF630 gives each resource, what the schema requires, `added` (what the API's conformance profile makes
    mandatory, as far as the schema has it), and what a creation must send.
    """
    profile = f"conformance profile of {api}: mandatory in every answer"
    sent = declared.create.required - {"@type"} if declared.create else frozenset()
    added = [name for name in added if name in declared.read.attributes]
    sources = dict(_GIVEN)
    for name in sorted(declared.read.required - sent - set(added)):
        sources.setdefault(name, f"{declared.read.name}, required")
    sources |= dict.fromkeys(added, profile)
    for name in sorted(sent):
        sources.setdefault(name, f"{_name(declared.create)}, required: what must be sent is returned")
    return {name: Row(name, source) for name, source in sources.items()}


def conditional(declared: Declaration, document: Document) -> Rows:
    """Returns what stands inside a complex attribute, where that is answered at all."""
    rows = {}
    for outer in declared.read.attributes.values():
        for inner in sorted(document.required(outer.node)) if outer.kind == "object" else ():
            name = f"{outer.name}.{inner}"
            rows[name] = Row(name, f"{outer.schema_name}, required", when=outer.name)
    return rows


def required(declared: Declaration) -> Rows:
    """Returns what a creation must send; `@type` may be left to the server."""
    names = sorted(declared.create.required - {"@type"}) if declared.create else ()
    return {name: Row(name, f"{_name(declared.create)}, required") for name in names}


def server(declared: Declaration) -> Rows:
    """Returns what the server sets: what no creation sends, and id and href always."""
    return _lacking(declared, declared.create) | {
        name: Row(name, "TMF630 part 1: the server gives it")
        for name in _GIVEN
        if declared.create is None or name in declared.create.attributes
    }


def protected(declared: Declaration) -> Rows:
    """Returns what cannot be changed: what no change sends."""
    return _lacking(declared, declared.patch)


def filters(declared: Declaration, document: Document, mandatory: Rows) -> Rows:
    """Returns the attributes that lists are filtered by.

    Official kits ask for each mandatory one. TMF630 asks for every one; the kit tries those of the example, and the
    first two inside each complex one.
    """
    schema, attributes = declared.read.name, declared.read.attributes
    kits = f"conformance kits ask for every mandatory attribute of {schema}"
    rows = {"id": Row("id", kits, level=Level.certify), "href": Row("href", _FILTERED, level=Level.best)}
    for name in mandatory:
        if name[:1] != "@" and name in attributes and attributes[name].scalar:
            rows.setdefault(name, Row(name, kits, level=Level.certify))
    shown = {name: value for name, value in declared.example.items() if name[:1] != "@"}
    for name, value in shown.items():
        if not isinstance(value, dict | list):
            rows.setdefault(name, Row(name, f"{_FILTERED}; {schema}.{name}", level=Level.standard))
    for outer, value in shown.items():
        needed = document.required(attributes[outer].node) if outer in attributes else frozenset()
        for name in (f"{outer}.{inner}" for inner in _members(value, needed)):
            rows[name] = Row(name, f"{_INSIDE}; {schema}.{outer}", level=Level.standard)
    return rows


def text(declared: Declaration) -> str:
    """Returns an attribute whose text anybody may change: `description`, else `name`, else the first of the example.

    It can be sent by a creation, and by a change where there is any. Empty where the resource has none.
    """
    able = [name for name in declared.example if _is_text(declared, name)]
    return next((name for name in ("description", "name") if name in able), able[0] if able else "")


def _lacking(declared: Declaration, body: Body | None) -> dict[str, Row]:
    absent = [name for name in declared.read.attributes if name not in body.attributes] if body else []
    return {name: Row(name, f"{_name(body)} lacks it") for name in absent}


def _name(body: Body | None) -> str:
    return body.name if body and body.name else "the body"


def _members(value: Any, needed: frozenset[str]) -> Iterator[str]:
    """Yields the first plain attributes of an object, or of a list's first object; `href` where it is `needed`."""
    element = value[0] if isinstance(value, list) and value else value
    members = element if isinstance(element, dict) else {}
    plain = [name for name, inner in members.items() if name[:1] != "@" and not isinstance(inner, dict | list)]
    yield from [name for name in plain if name != "href" or name in needed][:_MEMBERS]


def _is_text(declared: Declaration, name: str) -> bool:
    bodies = [body for body in (declared.create, declared.patch) if body]
    attributes = [body.attributes[name] for body in bodies if name in body.attributes]
    return (
        name in declared.read.attributes
        and name not in ("id", "href")
        and name[:1] != "@"
        and len(attributes) == len(bodies) > 0
        and all(attribute.kind == "string" and not attribute.many and not attribute.enum for attribute in attributes)
        and all(attribute.format in ("", "uri", "url") for attribute in attributes)
    )
