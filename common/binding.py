"""The declared APIs and their documents -> resource_views and operations, checked against each other at start."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from common import openapi
from common.document import Document
from common.errors import StartRefused
from common.events.announcer import STATE, Announcer, VersionView
from common.events.channel import Channel, Documented, channel
from common.openapi import ApiDocument, Operation
from common.query.language import Language
from common.resource import V4, Api, Resource, Shape, Version
from common.resource_view import Fill, ResourceView
from common.schema.check import IDENTITY, BodySchema
from common.schema.compile import compile_object
from common.schema.flat import Attributes, FlatSchema, flatten
from common.schema.json_schemas import JsonSchemas
from common.schema.type_marks import TypeMarks, type_name
from common.store.base import Index
from common.views.shape import same_shape, v4_shape

_INDEXED = ("string", "integer", "number", "boolean")
_RESOURCE_VERBS = ("list", "create", "retrieve", "patch", "delete")


@dataclass(frozen=True, slots=True)
class ServedOperation:
    """One served operation: where it answers, what it does. `view` is None for hub and listener paths; `channel` is
    the same for all operations of a version, None where it has no events."""

    api: Api
    version: Version
    operation: Operation
    view: ResourceView | None
    channel: Channel | None


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """One version of an API with its document read; the places of missing `@type`s are found once for all."""

    api: Api
    version: Version
    described: ApiDocument
    marks: TypeMarks


def read_documents(apis: tuple[Api, ...]) -> tuple[LoadedDocument, ...]:
    """Every version's document; raises StartRefused for one that cannot be read."""
    return tuple(_read(api, version) for api in apis for version in api.versions)


def _read(api: Api, version: Version) -> LoadedDocument:
    described = openapi.read(version.document)
    return LoadedDocument(api, version, described, TypeMarks(described.components))


def bind(documents: tuple[LoadedDocument, ...], strict_fields: bool = False) -> tuple[ServedOperation, ...]:
    """Every operation of every document with its view; raises StartRefused where declaration and document disagree."""
    stored = {(read.api.code): read for read in documents if read.version.name != V4}
    bound: list[ServedOperation] = []
    for read in documents:
        bound += _bind_one(read, stored.get(read.api.code), strict_fields)
    return tuple(bound)


def indexes(bound: Iterable[ServedOperation]) -> dict[str, tuple[Index, ...]]:
    """The declared indexes by collection; raises StartRefused for one that the stored shape's document cannot have."""
    resource_views = {one.view.collection: one.view for one in bound if one.view and one.view.version != V4}
    return {
        name: tuple(_index(path, view) for path in view.resource.index_paths) for name, view in resource_views.items()
    }


def _index(dotted: str, view: ResourceView) -> Index:
    path = tuple(dotted.split("."))
    attribute = view.language.attributes.find(path)
    if attribute is None or attribute.kind not in _INDEXED:
        raise StartRefused(f'{view.name} declares an index on "{dotted}", which its document declares no value of.')
    return Index(path, attribute.format == "date-time")


def _bind_one(read: LoadedDocument, stored: LoadedDocument | None, strict_fields: bool) -> Iterator[ServedOperation]:
    rows = [row for row in read.api.leniencies if row.version == read.version.name]
    dropped = [(row.schema, row.required) for row in rows if row.required]
    added = [(row.schema, row.value) for row in rows if row.value]
    normal = JsonSchemas(read.described.components, dropped, added)
    operations = (*read.described.operations, *_undeclared(read.described.operations))
    segments = dict.fromkeys(one.segment for one in operations if one.verb in _RESOURCE_VERBS)
    resource_views = {segment: _resource_view(read, stored, segment, normal, strict_fields) for segment in segments}
    tells = any(one.verb == "subscribe" for one in operations)
    documented = Documented(read.described.file, read.described.components, normal, read.marks)
    told = channel(read.api, read.version, operations, resource_views.values(), documented) if tells else None
    for operation in operations:
        view = resource_views[operation.segment] if operation.verb in _RESOURCE_VERBS else None
        yield ServedOperation(read.api, read.version, operation, view, told)


def _undeclared(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Reading a subscription back: served by every hub, declared by few documents."""
    hub = {one.verb: one for one in operations if one.segment == "hub"}
    if "unsubscribe" in hub and "subscription" not in hub:
        answer = hub["subscribe"].answer if "subscribe" in hub else None
        yield replace(hub["unsubscribe"], operation_id="hubGet", method="GET", verb="subscription", answer=answer)


def channels(bound: Iterable[ServedOperation]) -> tuple[Channel, ...]:
    """Every channel of the suite, in the order of its versions."""
    return tuple({id(one.channel): one.channel for one in bound if one.channel}.values())


def announcers(bound: Iterable[ServedOperation]) -> dict[str, Announcer]:
    """By collection, what is told of the resources that have events in some version."""
    sides: dict[str, dict[str, ResourceView]] = {}
    kinds: dict[str, set[str]] = {}
    for one in bound:
        if one.view and one.channel:
            name = one.view.collection
            sides.setdefault(name, {})[one.version.name] = one.view
            types = one.channel.types.values()
            kinds.setdefault(name, set()).update(told.kind for told in types if told.view.collection == name)
    return {
        name: _teller(resource_views, frozenset(kinds[name])) for name, resource_views in sides.items() if kinds[name]
    }


def _teller(resource_views: Mapping[str, ResourceView], kinds: frozenset[str]) -> Announcer:
    resource = next(iter(resource_views.values())).resource
    status = {resource.status} if resource.status and STATE in kinds else set()
    quiet = {
        version: view.schema.server_set | _named_in(view.schema.readable, view.shape, status)
        for version, view in resource_views.items()
    }
    sides = tuple(VersionView(version, view.shape, quiet[version]) for version, view in resource_views.items())
    return Announcer(resource, kinds, sides)


def _resource_view(
    read: LoadedDocument, stored: LoadedDocument | None, segment: str, normal: JsonSchemas, strict_fields: bool
) -> ResourceView:
    resource = read.api.resource_named(segment, read.version.name)
    if resource is None:
        told = f"{read.described.file} declares /{segment}, and {read.api.code} declares no such resource"
        raise StartRefused(f"The document {told}.")
    parts = _parts(read.described, segment)
    shape = _shape(read, stored, resource, parts.read)
    schema = _body_schema(read, resource, parts, normal, shape)
    fills = _fills(read, parts)
    language = Language(schema.attributes, has_cursors=read.version.name != V4)
    return ResourceView(resource, read.version.name, read.version.base, schema, shape, language, *fills, strict_fields)


@dataclass(frozen=True, slots=True)
class Parts:
    """The component names of one resource's schemas: what is read, sent at creation, sent at change."""

    read: str
    create: str
    update: str


def _parts(described: ApiDocument, segment: str) -> Parts:
    mine = {operation.verb: operation for operation in described.operations if operation.segment == segment}
    answers = [mine[verb].answer for verb in ("retrieve", "list", "create", "patch") if verb in mine]
    read = next((answer for answer in answers if answer), None)
    if read is None:
        raise StartRefused(f"The document {described.file} gives no answer schema for /{segment}.")
    create = mine["create"].body if "create" in mine else None
    update = mine["patch"].body if "patch" in mine else None
    return Parts(read, create or read, update or create or read)


def _body_schema(
    read: LoadedDocument, resource: Resource, parts: Parts, normal: JsonSchemas, shape: Shape
) -> BodySchema:
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


def _loose_flat(part: str, read: LoadedDocument) -> FlatSchema:
    """The flattened schema without what the version's leniencies no longer require."""
    flat = flatten({"$ref": part}, read.described.components)
    less = {row.required for row in read.api.leniencies if row.version == read.version.name and row.schema == part}
    return FlatSchema(flat.properties, flat.required - less)


def _require_declared(resource: Resource, declared: Container[str], read: LoadedDocument) -> None:
    """Raises StartRefused where the declaration names an attribute that the stored shape's document lacks."""
    if read.version.name == V4:
        return
    named = (resource.created, resource.updated, resource.status, resource.status_date, resource.status_history)
    for name in [*(name for name in named if name), *resource.defaults, *resource.derived]:
        if name not in declared:
            told = f'{read.api.code} declares the attribute "{name}" of {resource.name}'
            raise StartRefused(f"{told}, and the document {read.described.file} has none of that name.")


def _shape(read: LoadedDocument, stored: LoadedDocument | None, resource: Resource, read_name: str) -> Shape:
    if read.version.name != V4 or stored is None:
        return same_shape()
    v5_name = _parts(stored.described, resource.name).read
    v4, v5 = read.described.components, stored.described.components
    return v4_shape(read.api.views, v4, v5, read_name, v5_name, stored.marks)


def _fills(read: LoadedDocument, parts: Parts) -> tuple[Fill, Fill]:
    if read.version.name == V4:
        return _as_it_is, _as_it_is
    marks = read.marks
    return lambda body: marks.fill(parts.create, body), lambda body: marks.fill(parts.update, body)


def _as_it_is(body: Document) -> Document:
    return body
