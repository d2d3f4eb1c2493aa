"""Binds the declared APIs to their documents, checked against each other at start: served operations."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from common import openapi
from common.document import Document
from common.errors import StartRefused
from common.events.announcer import STATE, Announcer, VersionView
from common.events.channel import Channel, Documented, channel, version_key
from common.openapi import ApiDocument, Operation
from common.ownership import require_own_collections
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
    """One served operation: where it answers, what it does.

    `view`: the resource as the version shows it; None for hub and listener paths.
    `channel`: the same for all operations of a version; None where it has no events.
    """

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
    document: ApiDocument
    type_marks: TypeMarks


def read_documents(apis: tuple[Api, ...]) -> tuple[LoadedDocument, ...]:
    """Returns every version's document. Raises StartRefused for one that cannot be read."""
    return tuple(_loaded(api, version) for api in apis for version in api.versions)


def _loaded(api: Api, version: Version) -> LoadedDocument:
    document = openapi.read_document(version.document)
    return LoadedDocument(api, version, document, TypeMarks(document.components))


def bind(documents: tuple[LoadedDocument, ...], strict_fields: bool = False) -> tuple[ServedOperation, ...]:
    """Returns every operation of every document with its resource view. Raises StartRefused where a declaration
    contradicts its document, or two APIs keep resources in one collection."""
    require_own_collections({loaded.api.code: loaded.api for loaded in documents}.values())
    stored = {loaded.api.code: loaded for loaded in documents if loaded.version.name != V4}
    operations: list[ServedOperation] = []
    for loaded in documents:
        operations += _bind_one(loaded, stored.get(loaded.api.code), strict_fields)
    return tuple(operations)


def indexes(operations: Iterable[ServedOperation]) -> dict[str, tuple[Index, ...]]:
    """Returns the declared indexes by collection. Raises StartRefused for one that the stored shape's document cannot
    have."""
    views = {
        id(operation.view): operation.view
        for operation in operations
        if operation.view and operation.view.version != V4
    }
    by_collection: dict[str, dict[Index, None]] = {}
    for view in views.values():
        declared = by_collection.setdefault(view.collection, {})
        declared.update((_index(path, view), None) for path in view.resource.index_paths)
    return {collection: tuple(declared) for collection, declared in by_collection.items()}


def _index(dotted: str, view: ResourceView) -> Index:
    path = tuple(dotted.split("."))
    attribute = view.language.attributes.find(path)
    if attribute is None or attribute.kind not in _INDEXED:
        raise StartRefused(f'{view.name} declares an index on "{dotted}", which its document declares no value of.')
    return Index(path, attribute.format == "date-time")


def _bind_one(loaded: LoadedDocument, stored: LoadedDocument | None, strict_fields: bool) -> Iterator[ServedOperation]:
    api, version, document = loaded.api, loaded.version, loaded.document
    rows = [row for row in api.leniencies if row.version == version.name]
    dropped = [(row.schema, row.required) for row in rows if row.required]
    added = [(row.schema, row.value) for row in rows if row.value]
    schemas = JsonSchemas(document.components, dropped, added)
    operations = (*document.operations, *_undeclared(document.operations))
    segments = dict.fromkeys(operation.segment for operation in operations if operation.verb in _RESOURCE_VERBS)
    views = {segment: _view(loaded, stored, segment, schemas, strict_fields) for segment in segments}
    documented = Documented(document.file, document.components, schemas, loaded.type_marks)
    has_events = any(operation.verb == "subscribe" for operation in operations)
    events = channel(api, version, operations, views.values(), documented) if has_events else None
    for operation in operations:
        view = views[operation.segment] if operation.verb in _RESOURCE_VERBS else None
        yield ServedOperation(api, version, operation, view, events)


def _undeclared(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Yields reading a subscription back: served by every hub, declared by few documents."""
    hub = {operation.verb: operation for operation in operations if operation.segment == "hub"}
    if "unsubscribe" in hub and "subscription" not in hub:
        answer = hub["subscribe"].answer if "subscribe" in hub else None
        yield replace(hub["unsubscribe"], operation_id="hubGet", method="GET", verb="subscription", answer=answer)


def channels(operations: Iterable[ServedOperation]) -> tuple[Channel, ...]:
    """Returns every channel of the suite, in the order of its versions."""
    return tuple({id(operation.channel): operation.channel for operation in operations if operation.channel}.values())


def announcers(operations: Iterable[ServedOperation]) -> dict[str, Announcer]:
    """Returns by collection what announces the changes of its resources, where they have events in some version."""
    views: dict[str, dict[str, ResourceView]] = {}
    kinds: dict[str, set[str]] = {}
    for operation in operations:
        if operation.view and operation.channel:
            name = operation.view.collection
            views.setdefault(name, {})[version_key(operation.api, operation.version)] = operation.view
            types = operation.channel.types.values()
            kinds.setdefault(name, set()).update(event.kind for event in types if event.view.collection == name)
    return {name: _announcer(by_key, frozenset(kinds[name])) for name, by_key in views.items() if kinds[name]}


def _announcer(views: Mapping[str, ResourceView], kinds: frozenset[str]) -> Announcer:
    resource = next(iter(views.values())).resource
    status = {resource.status} if resource.status and STATE in kinds else set()
    versions = tuple(
        VersionView(key, view.shape, view.schema.server_set | _named_in(view.schema.readable, view.shape, status))
        for key, view in views.items()
    )
    return Announcer(resource, kinds, versions)


def _view(
    loaded: LoadedDocument, stored: LoadedDocument | None, segment: str, schemas: JsonSchemas, strict_fields: bool
) -> ResourceView:
    version = loaded.version
    resource = loaded.api.resource_named(segment, version.name)
    if resource is None:
        declared = f"{loaded.document.file} declares /{segment}, and {loaded.api.code} declares no such resource"
        raise StartRefused(f"The document {declared}.")
    parts = _parts(loaded.document, segment)
    shape = _shape(loaded, stored, resource, parts.read)
    schema = _body_schema(loaded, resource, parts, schemas, shape)
    fills = _fills(loaded, parts)
    language = Language(schema.attributes, has_cursors=version.name != V4)
    return ResourceView(resource, version.name, version.base, schema, shape, language, *fills, strict_fields)


@dataclass(frozen=True, slots=True)
class Parts:
    """The component names of one resource's schemas: what is read, sent at creation, sent at change."""

    read: str
    create: str
    update: str


def _parts(document: ApiDocument, segment: str) -> Parts:
    mine = {operation.verb: operation for operation in document.operations if operation.segment == segment}
    answers = [mine[verb].answer for verb in ("retrieve", "list", "create", "patch") if verb in mine]
    read = next((answer for answer in answers if answer), None)
    if read is None:
        raise StartRefused(f"The document {document.file} gives no answer schema for /{segment}.")
    create = mine["create"].body if "create" in mine else None
    update = mine["patch"].body if "patch" in mine else None
    return Parts(read, create or read, update or create or read)


def _body_schema(
    loaded: LoadedDocument, resource: Resource, parts: Parts, schemas: JsonSchemas, shape: Shape
) -> BodySchema:
    flats = {part: _loose_flat(part, loaded) for part in (parts.read, parts.create, parts.update)}
    declared = flats[parts.read].properties
    _require_declared(resource, declared, loaded)
    set_by_server = (resource.created, resource.updated, resource.status_date, resource.status_history)
    server_set = _named_in(declared, shape, {name for name in set_by_server if name})
    given = _named_in(declared, shape, set(resource.defaults))
    asked = flats[parts.create].required - server_set - given - IDENTITY - {"@type"}
    mandatory = (flats[parts.create].required | flats[parts.update].required | given) - {"@type"}
    return BodySchema(
        type_name=type_name(parts.read),
        attributes=Attributes({"$ref": parts.read}, loaded.document.components),
        create=compile_object(flats[parts.create].properties, asked, schemas),
        update=compile_object(flats[parts.update].properties, (), schemas),
        readable=frozenset(declared),
        creatable=frozenset(flats[parts.create].properties),
        patchable=frozenset(flats[parts.update].properties),
        server_set=server_set,
        mandatory=frozenset(mandatory),
    )


def _named_in(declared: Iterable[str], shape: Shape, stored_names: set[str]) -> frozenset[str]:
    """Returns the version's own names of first-level attributes that are named as they are stored."""
    return frozenset(name for name in declared if shape.stored_path((name,))[0] in stored_names)


def _loose_flat(part: str, loaded: LoadedDocument) -> FlatSchema:
    """Returns the flattened schema without what the version's leniencies no longer require."""
    flat = flatten({"$ref": part}, loaded.document.components)
    rows = [row for row in loaded.api.leniencies if row.version == loaded.version.name and row.schema == part]
    return FlatSchema(flat.properties, flat.required - {row.required for row in rows})


def _require_declared(resource: Resource, declared: Container[str], loaded: LoadedDocument) -> None:
    """Raises StartRefused where the declaration names an attribute that the stored shape's document lacks."""
    if loaded.version.name == V4:
        return
    named = (resource.created, resource.updated, resource.status, resource.status_date, resource.status_history)
    for name in [*(name for name in named if name), *resource.defaults, *resource.derived]:
        if name not in declared:
            attribute = f'{loaded.api.code} declares the attribute "{name}" of {resource.name}'
            raise StartRefused(f"{attribute}, and the document {loaded.document.file} has none of that name.")


def _shape(loaded: LoadedDocument, stored: LoadedDocument | None, resource: Resource, read_name: str) -> Shape:
    if loaded.version.name != V4 or stored is None:
        return same_shape()
    v5_name = _parts(stored.document, resource.name).read
    v4, v5 = loaded.document.components, stored.document.components
    return v4_shape(loaded.api.views, v4, v5, read_name, v5_name, stored.type_marks)


def _fills(loaded: LoadedDocument, parts: Parts) -> tuple[Fill, Fill]:
    if loaded.version.name == V4:
        return _as_it_is, _as_it_is
    marks = loaded.type_marks
    return lambda body: marks.fill(parts.create, body), lambda body: marks.fill(parts.update, body)


def _as_it_is(body: Document) -> Document:
    return body
