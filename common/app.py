"""The composition root: settings and the declared APIs -> one web application."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial

from common import apis as declared_apis
from common.binding import LoadedDocument, ServedOperation, announcers, bind, channels, indexes, read_documents
from common.capabilities import capability_documents
from common.changes import Changes
from common.clock import World
from common.delivery.operator import DeliveryOperator
from common.errors import StoreUnavailable
from common.hub.callbacks import Callback, named_callbacks
from common.hub.destinations import Allowed
from common.hub.verbs import Hub
from common.operations import Engine
from common.query.language import FilterLimits, Limits
from common.release import release
from common.resource import Api
from common.schema.extension import Registry
from common.settings import Settings, read
from common.store.base import Store
from common.store.deliveries import Deliveries
from common.store.event_log import EventLog
from common.store.mongo import Bounds, MongoStore
from common.store.received import Received
from common.store.subscriptions import Subscriptions
from common.web.admin import admin
from common.web.dispatch import Dispatch, dispatcher, not_found
from common.web.pages.documents import rendered
from common.web.pages.fixed import FixedAnswers, fixed_answers, serve_pages
from common.web.pages.front import cards, front_page
from common.web.pages.swagger import Shown, swagger_ui
from common.web.routes import Routes
from common.web.wire import App, Receive, RequestLimits, Scope, Send

_LOG = logging.getLogger(__name__)
_LOCAL = "mongodb://127.0.0.1:27017"
_DAY_SECONDS = 86_400


def application() -> App:
    """The application of one server process, its settings from the environment that `tmf serve` hands it."""
    settings = read(os.environ, {})
    bounds = Bounds(settings.query_seconds, settings.count_limit)
    store = MongoStore(settings.mongodb_uri or _LOCAL, settings.database, bounds)
    return build(settings, declared_apis.chosen(settings.apis), store)


def build(
    settings: Settings,
    apis: tuple[Api, ...],
    store: MongoStore,
    world: World | None = None,
    callbacks: Iterable[Callback] = (),
) -> App:
    """Returns the suite as an ASGI application.

    `callbacks` are called, after those that the settings name, with every event that a listener path receives. Raises
    StartRefused where a declaration contradicts its document, or two APIs keep resources in one collection."""
    documents = read_documents(apis)
    operations = bind(documents, settings.strict_fields)
    suite_world = world or World()
    hub = _hub(settings, store, suite_world, (*named_callbacks(settings.listeners), *callbacks))
    engine = Engine(
        store=store,
        changes=Changes(store, announcers(operations)),
        world=suite_world,
        registry=Registry(settings.schema_dir, frozenset(settings.schema_hosts)),
        limits=limits(settings),
        body_depth=settings.body_depth,
    )
    routes = Routes(operations)
    capabilities = capability_documents(documents, operations, settings)
    fixed = fixed_answers(store, {**_downloads(documents, settings.public_url), **capabilities})
    operator = DeliveryOperator(hub.subscriptions, hub.deliveries, hub.log, channels(operations), suite_world.now)
    inner = admin(_inner(documents, operations, routes, fixed), operator, settings.body_limit)
    bounds = RequestLimits(settings.body_limit, settings.trust_proxy, settings.public_url)
    app = dispatcher(inner, routes, Dispatch(engine, hub, bounds))
    return _living(app, store, (partial(store.prepare, indexes(operations)), hub.received.prepare))


def _hub(settings: Settings, store: MongoStore, world: World, callbacks: tuple[Callback, ...]) -> Hub:
    kept = store.connection
    return Hub(
        world=world,
        subscriptions=Subscriptions(kept),
        deliveries=Deliveries(kept),
        log=EventLog(kept),
        allowed=Allowed(settings.callback_allow),
        limits=limits(settings),
        received=Received(kept, settings.event_days * _DAY_SECONDS),
        callbacks=callbacks,
        body_depth=settings.body_depth,
    )


def limits(settings: Settings) -> Limits:
    """What one list may ask for."""
    read_at_most = FilterLimits(settings.filter_length, settings.filter_depth, settings.regex_length)
    return Limits(
        settings.page_default, settings.page_limit, settings.skip_limit, settings.condition_limit, read_at_most
    )


def _downloads(documents: Iterable[LoadedDocument], public_url: str | None) -> dict[str, tuple[bytes, str]]:
    """Every document's downloads by their address."""
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
    """What is served beside the operations: health, documents, the pages for people, and 404 for the rest."""
    served = [
        (loaded.api, loaded.version.name, str(loaded.document.raw["info"]["version"]), loaded.version.base)
        for loaded in documents
    ]
    shown = [Shown(loaded.document.file, loaded.version.base, loaded.document.raw) for loaded in documents]
    answered = {(one.version.base, one.operation.operation_id) for one in operations}
    pages = {"": front_page(cards(served), release())}
    ui = swagger_ui(shown, answered)
    return serve_pages(fixed, pages, {f"{loaded.version.base}/ui": ui for loaded in documents}, not_found(routes))


def _living(app: App, store: Store, steps: Iterable[Callable[[], Awaitable[None]]]) -> App:
    """The application with its start and end: indexes, made by `steps`, at start, in the background; the store let go
    at the end."""

    async def prepared() -> None:
        for step in steps:
            await _done(step)

    async def living(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        await receive()
        task = asyncio.create_task(prepared())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        task.cancel()
        await store.close()
        await send({"type": "lifespan.shutdown.complete"})

    return living


async def _done(step: Callable[[], Awaitable[None]]) -> None:
    """Makes indexes as soon as the store answers; one that it refuses is told in the log."""
    while True:
        try:
            await step()
            return
        except StoreUnavailable:
            await asyncio.sleep(1)
        except Exception:
            _LOG.exception("Not every index could be made; lists are slower, and `tmf indexes` tells which")
            return
