"""The declared APIs and their documents -> facets and operations, checked against each other at start."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from common import openapi
from common.document import Document
from common.errors import StartRefused
from common.facet import Facet, Fill
from common.hub.channel import Channel, Documented, channel
from common.hub.teller import STATE, Side, Teller
from common.openapi import Described, Operation
from common.query.language import Language
from common.resource import V4, Api, Resource, Shape, Version
from common.schema.check import IDENTITY, BodySchema
from common.schema.compile import compile_object
from common.schema.flat import Attributes, Flat, flatten
from common.schema.marks import Marks, type_name
from common.schema.normal import Normal
from common.store.base import Index
from common.views.shape import same_shape, v4_shape

_INDEXED = ("string", "integer", "number", "boolean")
_RESOURCE_VERBS = ("list", "create", "retrieve", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Bound:
    """One served operation: where it answers, what it does. `facet` is None for hub and listener paths; `channel` is
    the same for all operations of a version, None where it has no events."""

    api: Api
    version: Version
    operation: Operation
    facet: Facet | None
    channel: Channel | None


@dataclass(frozen=True, slots=True)
class Read:
    """One version of an API with its document read; the places of missing `@type`s are found once for all."""

    api: Api
    version: Version
    described: Described
    marks: Marks


def read_documents(apis: tuple[Api, ...]) -> tuple[Read, ...]:
    """Every version's document; raises StartRefused for one that cannot be read."""
    return tuple(_read(api, version) for api in apis for version in api.versions)


def _read(api: Api, version: Version) -> Read:
    described = openapi.read(version.document)
    return Read(api, version, described, Marks(described.components))


def bind(documents: tuple[Read, ...], strict_fields: bool = False) -> tuple[Bound, ...]:
    """Every operation of every document with its facet; raises StartRefused where declaration and document disagree."""
    stored = {(read.api.code): read for read in documents if read.version.name != V4}
    bound: list[Bound] = []
    for read in documents:
        bound += _bind_one(read, stored.get(read.api.code), strict_fields)
    return tuple(bound)


def indexes(bound: Iterable[Bound]) -> dict[str, tuple[Index, ...]]:
    """The declared indexes by collection; raises StartRefused for one that the stored shape's document cannot have."""
    facets = {one.facet.collection: one.facet for one in bound if one.facet and one.facet.version != V4}
    return {name: tuple(_index(path, facet) for path in facet.resource.index_paths) for name, facet in facets.items()}


def _index(dotted: str, facet: Facet) -> Index:
    path = tuple(dotted.split("."))
    attribute = facet.language.attributes.find(path)
    if attribute is None or attribute.kind not in _INDEXED:
        raise StartRefused(f'{facet.name} declares an index on "{dotted}", which its document declares no value of.')
    return Index(path, attribute.format == "date-time")


def _bind_one(read: Read, stored: Read | None, strict_fields: bool) -> Iterator[Bound]:
    rows = [row for row in read.api.leniencies if row.version == read.version.name]
    dropped = [(row.schema, row.required) for row in rows if row.required]
    added = [(row.schema, row.value) for row in rows if row.value]
    normal = Normal(read.described.components, dropped, added)
    operations = (*read.described.operations, *_undeclared(read.described.operations))
    segments = dict.fromkeys(one.segment for one in operations if one.verb in _RESOURCE_VERBS)
    facets = {segment: _facet(read, stored, segment, normal, strict_fields) for segment in segments}
    tells = any(one.verb == "subscribe" for one in operations)
    documented = Documented(read.described.file, read.described.components, normal, read.marks)
    told = channel(read.api, read.version, operations, facets.values(), documented) if tells else None
    for operation in operations:
        facet = facets[operation.segment] if operation.verb in _RESOURCE_VERBS else None
        yield Bound(read.api, read.version, operation, facet, told)


def _undeclared(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Reading a subscription back: served by every hub, declared by few documents."""
    hub = {one.verb: one for one in operations if one.segment == "hub"}
    if "unsubscribe" in hub and "subscription" not in hub:
        answer = hub["subscribe"].answer if "subscribe" in hub else None
        yield replace(hub["unsubscribe"], operation_id="hubGet", method="GET", verb="subscription", answer=answer)


def channels(bound: Iterable[Bound]) -> tuple[Channel, ...]:
    """Every channel of the suite, in the order of its versions."""
    return tuple({id(one.channel): one.channel for one in bound if one.channel}.values())


def tellers(bound: Iterable[Bound]) -> dict[str, Teller]:
    """By collection, what is told of the resources that have events in some version."""
    sides: dict[str, dict[str, Facet]] = {}
    kinds: dict[str, set[str]] = {}
    for one in bound:
        if one.facet and one.channel:
            name = one.facet.collection
            sides.setdefault(name, {})[one.version.name] = one.facet
            types = one.channel.types.values()
            kinds.setdefault(name, set()).update(told.kind for told in types if told.facet.collection == name)
    return {name: _teller(facets, frozenset(kinds[name])) for name, facets in sides.items() if kinds[name]}


def _teller(facets: Mapping[str, Facet], kinds: frozenset[str]) -> Teller:
    resource = next(iter(facets.values())).resource
    status = {resource.status} if resource.status and STATE in kinds else set()
    quiet = {
        version: facet.schema.server_set | _named_in(facet.schema.readable, facet.shape, status)
        for version, facet in facets.items()
    }
    sides = tuple(Side(version, facet.shape, quiet[version]) for version, facet in facets.items())
    return Teller(resource, kinds, sides)


def _facet(read: Read, stored: Read | None, segment: str, normal: Normal, strict_fields: bool) -> Facet:
    resource = read.api.resource_named(segment, read.version.name)
    if resource is None:
        told = f"{read.described.file} declares /{segment}, and {read.api.code} declares no such resource"
        raise StartRefused(f"The document {told}.")
    parts = _parts(read.described, segment)
    shape = _shape(read, stored, resource, parts.read)
    schema = _body_schema(read, resource, parts, normal, shape)
    fills = _fills(read, parts)
    language = Language(schema.attributes, has_cursors=read.version.name != V4)
    return Facet(resource, read.version.name, read.version.base, schema, shape, language, *fills, strict_fields)


@dataclass(frozen=True, slots=True)
class Parts:
    """The component names of one resource's schemas: what is read, sent at creation, sent at change."""

    read: str
    create: str
    update: str


def _parts(described: Described, segment: str) -> Parts:
    mine = {operation.verb: operation for operation in described.operations if operation.segment == segment}
    answers = [mine[verb].answer for verb in ("retrieve", "list", "create", "patch") if verb in mine]
    read = next((answer for answer in answers if answer), None)
    if read is None:
        raise StartRefused(f"The document {described.file} gives no answer schema for /{segment}.")
    create = mine["create"].body if "create" in mine else None
    update = mine["patch"].body if "patch" in mine else None
    return Parts(read, create or read, update or create or read)


def _body_schema(read: Read, resource: Resource, parts: Parts, normal: Normal, shape: Shape) -> BodySchema:
    components = read.described.components
    flats = {part: _loose_flat(part, read) for part in (parts.read, parts.create, parts.update)}
    declared = flats[parts.read].properties
    _require_declared(resource, declared, read)
    set_by_server = (resource.created, resource.updated, resource.status_date, resource.status_history)
    server_set = _named_in(declared, shape, {name for name in set_by_server if name})
    given = _named_in(declared, shape, set(resource.defaults))
    asked = flats[parts.create].required - server_set - given - IDENTITY - {"@type"}
    mandatory = (flats[parts.create].required | flats[parts.update].required | given) - {"@type"}
    return BodySchema(
        type_name=type_name(parts.read),
        attributes=Attributes({"$ref": parts.read}, components),
        create=compile_object(flats[parts.create].properties, asked, normal),
        update=compile_object(flats[parts.update].properties, (), normal),
        readable=frozenset(declared),
        creatable=frozenset(flats[parts.create].properties),
        patchable=frozenset(flats[parts.update].properties),
        server_set=server_set,
        mandatory=frozenset(mandatory),
    )


def _named_in(declared: Iterable[str], shape: Shape, stored_names: set[str]) -> frozenset[str]:
    """The version's own names of first-level attributes that are named as they are stored."""
    return frozenset(name for name in declared if shape.stored_path((name,))[0] in stored_names)


def _loose_flat(part: str, read: Read) -> Flat:
    """The flattened schema without what the version's leniencies no longer require."""
    flat = flatten({"$ref": part}, read.described.components)
    less = {row.required for row in read.api.leniencies if row.version == read.version.name and row.schema == part}
    return Flat(flat.properties, flat.required - less)


def _require_declared(resource: Resource, declared: Container[str], read: Read) -> None:
    """Raises StartRefused where the declaration names an attribute that the stored shape's document lacks."""
    if read.version.name == V4:
        return
    named = (resource.created, resource.updated, resource.status, resource.status_date, resource.status_history)
    for name in [*(name for name in named if name), *resource.defaults, *resource.derived]:
        if name not in declared:
            told = f'{read.api.code} declares the attribute "{name}" of {resource.name}'
            raise StartRefused(f"{told}, and the document {read.described.file} has none of that name.")


def _shape(read: Read, stored: Read | None, resource: Resource, read_name: str) -> Shape:
    if read.version.name != V4 or stored is None:
        return same_shape()
    v5_name = _parts(stored.described, resource.name).read
    v4, v5 = read.described.components, stored.described.components
    return v4_shape(read.api.views, v4, v5, read_name, v5_name, stored.marks)


def _fills(read: Read, parts: Parts) -> tuple[Fill, Fill]:
    if read.version.name == V4:
        return _as_it_is, _as_it_is
    marks = read.marks
    return lambda body: marks.fill(parts.create, body), lambda body: marks.fill(parts.update, body)


def _as_it_is(body: Document) -> Document:
    return body
