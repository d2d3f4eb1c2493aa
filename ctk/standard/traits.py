"""Traits of attributes in a read schema, by which a rule may be asked of some of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ctk.standard.document import Attribute, Document, Node

TRAITS: Mapping[str, Callable[[Attribute, frozenset[str]], bool]] = {
    "attribute": lambda _, __: True,
    "enumeration": lambda one, _: bool(one.enum),
    "instant": lambda one, _: one.format == "date-time",
    "address": lambda one, _: one.format in ("uri", "url"),
    "obligatory": lambda one, required: one.name in required,
}


def with_trait(trait: str, document: Document, schema: Node) -> list[str]:
    """The attributes of a schema that have a trait: all of them, those whose values are enumerated, date-times,
    addresses, those that the schema requires."""
    required = document.required(schema)
    return [name for name, one in document.attributes(schema).items() if TRAITS[trait](one, required)]
