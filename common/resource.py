"""The words an API declares itself with; plain data, read once at start."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path as FilePath
from typing import Any, Protocol

from common.document import Canonical, Document
from common.query.stored import Names

V4, V5 = "v4", "v5"
SPECS = FilePath(__file__).resolve().parent.parent / "specs"

Default = Callable[[Document, datetime], Any]
"""What a server sets where the client sent nothing: (the document so far, now) -> JSON value, None for none."""


class Shape(Names, Protocol):
    """How one version shows a stored resource. The v5 shape is the stored one; `common.views` builds the v4 shape."""

    def up(self, document: Document) -> Canonical:
        """Returns a document of this version -> what is stored. Never fails on a document that its schema allows."""

    def down(self, stored: Canonical) -> Document:
        """Returns what is stored -> a new document of this version. Law: down(up(x)) == x."""

    def carry(self, stored: Canonical, before: Document, after: Document) -> Canonical:
        """Returns the stored resource after `before` (== down(stored)) was changed to `after`; what did not change
        stays."""


@dataclass(frozen=True, slots=True)
class Leniency:
    """One thing in which real traffic breaks its document: `schema` does not ask for the attribute `required` after
    all, or its enum has `value` as well."""

    version: str
    schema: str
    reason: str
    required: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of an API. Attribute names are those of the stored (v5) shape.

    `name` is the v5 path segment and the stem of its events; `v4_name` where v4 has another.
    `collection`: where the store keeps it, `name` unless declared; it belongs to one API alone.
    `shared`: True in every API that declares the same collection on purpose: several windows on one stored resource.
    `created`, `updated`: date-time attributes the server sets at creation and at every change.
    `status`: the state attribute; `status_date`: when it last changed; `status_history`: the list of its changes.
    `defaults`: what the server fills in at creation where the client sent nothing; no client has to send it.
    `derived`: what one version leaves out and the server finds in other attributes; mandatory where a schema says so.
    `spellings`: by attribute, values that a leniency lets in and the values they are stored as.
    `status_reason`: the attribute whose text goes with a state change into the history.
    `events_of_states`: by state, the kind of event that tells that it was reached, besides the state change itself.
    `events_of_attributes`: by attribute, the kind of event that tells that it was changed.
    `indexed`: the attributes, dotted paths, that lists are asked by often; beside id and the order of creation.
    """

    name: str
    v4_name: str | None = None
    created: str | None = None
    updated: str | None = None
    status: str | None = None
    status_date: str | None = None
    status_history: str | None = None
    status_reason: str | None = None
    defaults: Mapping[str, Default] = field(default_factory=dict)
    derived: Mapping[str, Default] = field(default_factory=dict)
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    events_of_states: Mapping[str, str] = field(default_factory=dict)
    events_of_attributes: Mapping[str, str] = field(default_factory=dict)
    indexed: tuple[str, ...] = ()
    collection: str = ""
    shared: bool = False

    def __post_init__(self) -> None:
        """Gives the collection its default name."""
        if not self.collection:
            object.__setattr__(self, "collection", self.name)

    @property
    def index_paths(self) -> tuple[str, ...]:
        """The dotted paths of every indexed attribute: the state, the server's dates and what is declared."""
        by_server = (self.status, self.created, self.updated)
        return (*(name for name in by_server if name), *self.indexed)

    def name_in(self, version: str) -> str:
        """Returns the resource's path segment in `version`."""
        return self.v4_name if version == V4 and self.v4_name else self.name


@dataclass(frozen=True, slots=True)
class Version:
    """One major version of an API: its base path, the other base paths it also answers at, its document."""

    name: str
    base: str
    document: FilePath
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Api:
    """One API of the suite: what it is called, where it answers, what it serves.

    `log`: the event log in which its changes are numbered: its own, named by `code`, unless it declares that of an API
    with which it shares a collection.
    """

    code: str
    title: str
    versions: tuple[Version, ...]
    resources: tuple[Resource, ...]
    leniencies: tuple[Leniency, ...] = ()
    views: Mapping[str, Any] = field(default_factory=dict)
    seed: Callable[[Any], Iterator[tuple[str, Document]]] | None = None
    log: str = ""

    def __post_init__(self) -> None:
        """Gives the event log its default name."""
        if not self.log:
            object.__setattr__(self, "log", self.code)

    def resource_named(self, segment: str, version: str) -> Resource | None:
        """Returns the resource whose path in `version` is `/segment`, or None."""
        return next((r for r in self.resources if r.name_in(version) == segment), None)


def always(value: Any) -> Default:
    """Returns a default that is the same whatever the document says."""
    return lambda _document, _now: value
