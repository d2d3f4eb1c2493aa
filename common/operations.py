"""The verbs over HTTP, each written once, top to bottom (TMF630 part 1): a request and a view become a response."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from common import entity
from common.change import Cause
from common.changes import Changes, Kept
from common.clock import World
from common.document import Canonical, Document, Path, is_same
from common.errors import Conflict, NotFound
from common.patch.apply import DIALECTS
from common.precondition import etag, is_unchanged, require_match
from common.query import page
from common.query.conditions import Order, Place
from common.query.cursor import write_cursor
from common.query.language import Limits
from common.query.matcher import first_value
from common.query.page import Extent
from common.query.parse import parse_fields, parse_list, refuse_parameters
from common.request import Request, parse_json, require_media, require_object, require_storable
from common.resource import V4
from common.resource_view import ResourceView
from common.responses import JSON, Response, counted, warning
from common.schema.check import check_create, check_update
from common.schema.extension import Registry, check_extensions
from common.store.base import Store, Stored

_TRIES = 20
_LONGEST_PAUSE = 0.05
_LONGEST_CORRELATION = 200
_BUSY = "The resource keeps being changed by others; please read it again and repeat the change."


@dataclass(frozen=True, slots=True)
class Engine:
    """What every verb works with.

    `store`: is read from; every write goes through `changes`.
    `world`: the clock and the maker of ids.
    `registry`: the extension schemas.
    `limits`: the bounds of queries.
    `body_depth`: how deep a body may be nested, in steps.
    """

    store: Store
    changes: Changes
    world: World
    registry: Registry
    limits: Limits
    body_depth: int


async def list_resources(engine: Engine, view: ResourceView, request: Request) -> Response:
    """Answers GET of a collection: 200, or 206 where the client asked for a part and more remains."""
    query = view.stored(parse_list(request.query, view.language, engine.limits))
    result = await engine.store.find(view.collection, query)
    shown = [view.selected(view.shown(stored, request.origin), query.fields) for stored in result.page]
    ends = [write_cursor(_place(result.page[end], query.order)) for end in (0, -1)] if result.page else ["", ""]
    extent = Extent(result.total, result.is_exact, result.has_next, result.has_previous, *ends)
    links = page.links(query.page, extent, request.origin + view.path, request.query)
    return counted(shown, extent, page.status(query.page, extent), links)


def _place(stored: Stored, order: tuple[Order, ...]) -> Place:
    """Returns where a resource stands in a list of this order."""
    values = tuple(first_value(stored.canonical.document, key) for key in order)
    return Place(values, stored.created, stored.id)


async def retrieve(engine: Engine, view: ResourceView, request: Request) -> Response:
    """Answers GET of one resource: 200, or 304 where the client has this revision."""
    fields = parse_fields(request.query, view.language)
    stored = await _stored(engine, view, request)
    headers = _headers(stored)
    if is_unchanged(request.headers, stored.revision, stored.updated):
        return Response(304, None, headers)
    return Response(200, view.selected(view.shown(stored, request.origin), fields), headers)


async def create(engine: Engine, view: ResourceView, request: Request) -> Response:
    """Answers POST to a collection: 201 with Location and the stored resource; 409 where a sent id is taken."""
    require_media(request.headers, (JSON,))
    fields = _fields_of_a_write(view, request)
    sent = require_object(parse_json(request.body))
    require_storable(sent, engine.body_depth)
    body = check_create(view.schema, view.fill_create(sent))
    await check_extensions(engine.registry, view.schema.attributes, body)
    canonical = view.shape.up(body)
    identifier = entity.require_id(body["id"]) if "id" in body else engine.world.new_id()
    kept = await _inserted(engine, view, request, canonical, identifier)
    headers = {**_headers(kept.stored, kept.warnings), "Location": view.address(identifier, request.origin)}
    return Response(201, view.selected(view.shown(kept.stored, request.origin), fields), headers)


async def patch(engine: Engine, view: ResourceView, request: Request) -> Response:
    """Answers PATCH of one resource: 200 with the stored resource; nothing is written where nothing changes."""
    media = require_media(request.headers, tuple(DIALECTS))
    fields = _fields_of_a_write(view, request)
    edit = parse_json(request.body)
    require_storable(edit, engine.body_depth)
    for _ in range(_TRIES):
        stored = await _stored(engine, view, request)
        require_match(request.headers, stored.revision, stored.updated)
        content = view.shape.down(stored.canonical)
        before = view.dressed(content, stored.id, request.origin)
        after = view.fill_update(DIALECTS[media](before, edit, lambda path: _is_array(view, path)))
        require_storable(after, engine.body_depth)
        check_update(view.schema, before, after)
        await check_extensions(engine.registry, view.schema.attributes, after)
        kept: Kept | None = Kept(stored)
        if not is_same(after, before):
            canonical = view.shape.carry(stored.canonical, content, _undressed(content, before, after))
            kept = await engine.changes.replace(view.resource, stored, canonical, _cause(engine, request))
        if kept is not None:
            shown = view.selected(view.shown(kept.stored, request.origin), fields)
            return Response(200, shown, _headers(kept.stored, kept.warnings))
        await asyncio.sleep(random.uniform(0, _LONGEST_PAUSE))  # noqa: S311  # so that rivals part
    raise Conflict(_BUSY)


async def delete(engine: Engine, view: ResourceView, request: Request) -> Response:
    """Answers DELETE of one resource: 204; 404 where it is gone already."""
    refuse_parameters(request.query)
    for _ in range(_TRIES):
        stored = await _stored(engine, view, request)
        require_match(request.headers, stored.revision, stored.updated)
        if await engine.changes.delete(view.resource, stored, _cause(engine, request)):
            return Response(204)
    raise Conflict(_BUSY)


async def _stored(engine: Engine, view: ResourceView, request: Request) -> Stored:
    """Reads the resource that the path names. Raises NotFound in the asked version's words."""
    try:
        return await engine.store.get(view.collection, _id(request))
    except NotFound as error:
        raise _not_found(view, request) from error


def _not_found(view: ResourceView, request: Request) -> NotFound:
    return NotFound(f'There is no {view.name} with the id "{request.id}".')


async def _inserted(
    engine: Engine, view: ResourceView, request: Request, canonical: Canonical, identifier: str
) -> Kept:
    """Keeps the new resource. Raises Conflict in the asked version's words."""
    try:
        return await engine.changes.insert(view.resource, canonical, identifier, _cause(engine, request))
    except Conflict as error:
        raise Conflict(f'A {view.name} with the id "{identifier}" exists already.') from error


def _undressed(content: Document, before: Document, after: Document) -> Document:
    """Returns a changed resource without what the server shows of itself and nobody said: what `before` has beside the
    stored `content`, where it stayed as it was."""
    return {
        name: value
        for name, value in after.items()
        if name in content or name not in before or not is_same(value, before[name])
    }


def _cause(engine: Engine, request: Request) -> Cause:
    correlation = request.headers.get("x-correlation-id", "")[:_LONGEST_CORRELATION]
    return Cause(engine.world.now(), request.origin, correlation or None)


def _fields_of_a_write(view: ResourceView, request: Request) -> tuple[Path, ...] | None:
    """Returns `fields` of a POST or PATCH, which v5 alone declares."""
    if view.version == V4:
        refuse_parameters(request.query)
        return None
    return parse_fields(request.query, view.language)


def _is_array(view: ResourceView, path: Path) -> bool:
    attribute = view.schema.attributes.find(path)
    return attribute is not None and attribute.is_array


def _id(request: Request) -> str:
    if request.id is None:
        raise NotFound("The path names no resource.")
    return request.id


def _headers(stored: Stored, warnings: tuple[str, ...] = ()) -> dict[str, str]:
    """Returns the headers that tell the revision, and the warnings of the change that made it (RFC 7234, 5.5)."""
    moment = datetime.fromtimestamp(stored.updated / 1_000_000, UTC)
    headers = {"ETag": etag(stored.revision), "Last-Modified": format_datetime(moment, usegmt=True)}
    return {**headers, "Warning": ", ".join(map(warning, warnings))} if warnings else headers
