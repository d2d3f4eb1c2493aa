"""The composition root: settings and the declared APIs -> one web application."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Mapping

from common import apis as declared_apis
from common.binding import LoadedDocument, ServedOperation, announcers, bind, channels, indexes, read_documents
from common.capabilities import capability_documents
from common.changes import Changes
from common.clock import World
from common.delivery.operator import DeliveryOperator
from common.hub.callbacks import Callback, named_callbacks
from common.hub.destinations import Allowed
from common.hub.verbs import Hub
from common.limits import limits
from common.operations import Engine
from common.release import release
from common.resource import Api
from common.schema.extension import Registry
from common.settings import Settings, read
from common.store.base import Indexes
from common.store.database import Database, open_database
from common.store.listing import ListLimits
from common.web.admin import admin
from common.web.dispatch import Dispatch, dispatcher, not_found
from common.web.pages.documents import rendered
from common.web.pages.fixed import FixedAnswers, fixed_answers, serve_pages
from common.web.pages.front import cards, front_page
from common.web.pages.swagger import Shown, swagger_ui
from common.web.routes import Routes
from common.web.wire import App, Receive, RequestLimits, Scope, Send

_LOCAL = "mongodb://127.0.0.1:27017"
_DAY_SECONDS = 86_400


def application() -> App:
    """Returns the application of one server process, its settings from the environment that `tmf serve` hands it."""
    settings = read(os.environ, {})
    list_limits = ListLimits(settings.query.seconds * 1000, settings.query.count_limit)
    uri, event_seconds = settings.store.mongodb_uri or _LOCAL, settings.work.event_days * _DAY_SECONDS
    database = open_database(uri, settings.store.database, list_limits, event_seconds)
    return build(settings, declared_apis.chosen(settings.apis), database)


def build(
    settings: Settings,
    apis: tuple[Api, ...],
    database: Database,
    world: World | None = None,
    callbacks: Iterable[Callback] = (),
) -> App:
    """Returns the suite as an ASGI application.

    `callbacks` are called, after those that the settings name, with every event that a listener path receives. Raises
    StartRefused where a declaration contradicts its document, or two APIs keep resources in one collection."""
    documents = read_documents(apis)
    operations = bind(documents, settings.query.strict_fields)
    suite_world = world or World()
    hub = _hub(settings, database, suite_world, (*named_callbacks(settings.delivery.listeners), *callbacks))
    engine = Engine(
        store=database.resources,
        changes=Changes(database.resources, announcers(operations)),
        world=suite_world,
        registry=Registry(settings.web.schema_dir, frozenset(settings.web.schema_hosts)),
        limits=limits(settings),
        body_depth=settings.web.body_depth,
    )
    routes = Routes(operations)
    capabilities = capability_documents(documents, operations, settings)
    fixed = fixed_answers(database.resources, {**_downloads(documents, settings.web.public_url), **capabilities})
    operator = DeliveryOperator(database, channels(operations), suite_world.now)
    inner = admin(_inner(documents, operations, routes, fixed), operator, settings.web.body_limit)
    bounds = RequestLimits(settings.web.body_limit, settings.web.trust_proxy, settings.web.public_url)
    app = dispatcher(inner, routes, Dispatch(engine, hub, bounds))
    return _living(app, database, indexes(operations))


def _hub(settings: Settings, database: Database, world: World, callbacks: tuple[Callback, ...]) -> Hub:
    return Hub(
        world=world,
        database=database,
        allowed=Allowed(settings.delivery.callback_allow),
        limits=limits(settings),
        callbacks=callbacks,
        body_depth=settings.web.body_depth,
    )


def _downloads(documents: Iterable[LoadedDocument], public_url: str | None) -> dict[str, tuple[bytes, str]]:
    """Returns every document's downloads by their address."""
    return {
        f"{loaded.version.base}/{name}": content
        for loaded in documents
        for name, content in _rendered(loaded, public_url).items()
    }


def _rendered(loaded: LoadedDocument, public_url: str | None) -> Mapping[str, tuple[bytes, str]]:
    return rendered(loaded.document.raw, loaded.version.document, (public_url or "") + loaded.version.base)


def _inner(
    documents: tuple[LoadedDocument, ...], operations: tuple[ServedOperation, ...], routes: Routes, fixed: FixedAnswers
) -> App:
    """Returns what is served beside the operations: health, documents, the pages for people, and 404 for the rest."""
    served = [
        (loaded.api, loaded.version.name, str(loaded.document.raw["info"]["version"]), loaded.version.base)
        for loaded in documents
    ]
    shown = [Shown(loaded.document.file, loaded.version.base, loaded.document.raw) for loaded in documents]
    answered = {(operation.version.base, operation.operation.operation_id) for operation in operations}
    pages = {"": front_page(cards(served), release())}
    ui = swagger_ui(shown, answered)
    return serve_pages(fixed, pages, {f"{loaded.version.base}/ui": ui for loaded in documents}, not_found(routes))


def _living(app: App, database: Database, declared: Indexes) -> App:
    """Returns the application with its start and end: at start the `declared` indexes, made in the background;
    at the end the database is let go."""

    async def living(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        await receive()
        task = asyncio.create_task(database.prepare_when_it_answers(declared))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        task.cancel()
        await database.close()
        await send({"type": "lifespan.shutdown.complete"})

    return living
