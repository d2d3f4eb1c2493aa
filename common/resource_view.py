"""One resource as one version shows it: its address, its schemas, its shape; built once at start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from common.document import Document, Path
from common.query.conditions import Query
from common.query.fields import select
from common.query.language import Language
from common.query.stored import stored_query
from common.resource import V4, Resource, Shape
from common.schema.check import BodySchema
from common.store.base import Stored

Fill = Callable[[Document], Document]
"""A body -> the same with every missing `@type` set from its place."""


@dataclass(frozen=True, slots=True)
class ResourceView:
    """`base` is the version's base path; `fill_create`, `fill_update` set missing `@type`s where it has them."""

    resource: Resource
    version: str
    base: str
    schema: BodySchema
    shape: Shape
    language: Language
    fill_create: Fill
    fill_update: Fill
    strict_fields: bool = False

    @property
    def collection(self) -> str:
        """The store's name for the resource; both versions share it."""
        return self.resource.collection

    @property
    def name(self) -> str:
        """What this version calls the resource."""
        return self.resource.name_in(self.version)

    @property
    def path(self) -> str:
        """The collection's path."""
        return f"{self.base}/{self.name}"

    def selected(self, shown: Document, fields: Sequence[Path] | None) -> Document:
        """Returns the chosen attributes of a shown resource, with those that are never left out (TMF630 part 1); all
        where `fields` is None. An empty choice (`fields=none`) leaves id and href, and in v5 `@type`."""
        if self.version != V4:
            return select(shown, fields, ("id", "href", "@type"))
        exact = self.strict_fields and bool(fields)
        return select(shown, fields, () if exact else ("id", "href"))

    def stored(self, query: Query) -> Query:
        """Returns a query in this version's names, in those of the stored shape."""
        return stored_query(query, self.shape, self.path)

    def address(self, identifier: str, origin: str) -> str:
        """Returns the absolute address of one resource in this version."""
        return f"{origin}{self.path}/{quote(identifier, safe='')}"

    def shown(self, stored: Stored, origin: str) -> Document:
        """Returns the stored resource as this version answers it."""
        return self.dressed(self.shape.down(stored.canonical), stored.id, origin)

    def dressed(self, content: Document, identifier: str, origin: str) -> Document:
        """Returns what is stored, in this version's shape, with what no client has to have said: id, href, and `@type`
        where it was never sent."""
        head = {"id": identifier, "href": self.address(identifier, origin)}
        marked = "@type" in content or "@type" not in self.schema.readable
        document = content if marked else {**content, "@type": self.schema.type_name}
        return {**document, **head} if "id" in document else {**head, **document}
