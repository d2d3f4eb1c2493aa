"""Traits of attributes in a read schema, by which a rule may be asked of some of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ctk.standard.document import Attribute, Document, Node

TRAITS: Mapping[str, Callable[[Attribute, frozenset[str]], bool]] = {
    "attribute": lambda _, __: True,
    "enumeration": lambda attribute, _: bool(attribute.enum),
    "instant": lambda attribute, _: attribute.format == "date-time",
    "address": lambda attribute, _: attribute.format in ("uri", "url"),
    "obligatory": lambda attribute, required: attribute.name in required,
}


def with_trait(trait: str, document: Document, schema: Node) -> list[str]:
    """Returns the attributes of a schema that have a trait of TRAITS:

    all, enumerated, date-times, addresses, required.
    """
    required = document.required(schema)
    return [name for name, attribute in document.attributes(schema).items() if TRAITS[trait](attribute, required)]
