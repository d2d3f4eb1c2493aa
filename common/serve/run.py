"""The whole suite in one command: port, data directory, store, web servers, addresses; until asked to stop."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from common.errors import StartRefused
from common.resource import Api
from common.serve import address, announce, ready
from common.serve.child import Awaited, Role
from common.serve.stops import StopAsked, Stops
from common.serve.supervisor import SuiteDied, Supervisor
from common.settings import Settings, to_environ, variables, without_credentials
from common.store import embedded, probe

STORE_STOP_SECONDS = 60.0
WEB_START_SECONDS = 120.0
WEB_STOP_MARGIN = 10.0
FOREIGN = frozenset({"GUNICORN_CMD_ARGS", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"})
"""Variables that gunicorn and uvicorn read by themselves; settings have one way in."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is served. `application`: the ASGI application's factory as `module:function()`. `apis`: the APIs that are
    announced."""

    application: str
    apis: Callable[[Settings], Sequence[Api]]


def run_suite(settings: Settings, served: Served, environ: Mapping[str, str]) -> None:
    """Runs the suite until it is asked to stop, then returns with no process left. `environ` is the environment that
    the children get besides the settings. Raises StartRefused, SuiteDied."""
    apis = served.apis(settings)
    with Stops() as stops, address.reserved(settings.web.host, settings.web.port) as port, _locked(settings) as lock:
        supervisor = Supervisor(stops, say)
        try:
            mongodb_uri = _store(settings, supervisor, lock, environ)
            store, web = replace(settings.store, mongodb_uri=mongodb_uri), replace(settings.web, port=port)
            settings = replace(settings, store=store, web=web)
            for number in range(settings.work.dispatchers):
                supervisor.start(dispatcher_role(settings, number, environ))
            supervisor.start(web_role(settings, served.application, environ))
            announce.announce(settings, apis, sys.stdout)
            supervisor.watch()
        except StopAsked:
            pass
        finally:
            supervisor.stop()


def say(line: str) -> None:
    """Prints one line for the operator on standard error, and goes on where nobody reads it any more."""
    with suppress(OSError):
        print(f"tmf: {line}", file=sys.stderr, flush=True)


def web_role(settings: Settings, application: str, environ: Mapping[str, str]) -> Role:
    """Returns the row of the web servers, with the settings in their environment."""
    host = address.reached(settings.web.host)
    return Role(
        Awaited(
            "The web server",
            lambda: ready.web_answers(host, settings.web.port),
            WEB_START_SECONDS,
            "its messages above say why",
        ),
        command=(sys.executable, "-m", "common.serve.web", application),
        environ={**_without_settings(environ), **to_environ(settings)},
        stop_seconds=settings.web.graceful_seconds + WEB_STOP_MARGIN,
        refused_code=StartRefused.exit_code,
    )


def dispatcher_role(settings: Settings, number: int, environ: Mapping[str, str]) -> Role:
    """Returns the row of one dispatcher, with the settings in its environment."""
    name = f"{os.uname().nodename}-{os.getpid()}-{number}"
    return Role(
        Awaited(
            "The dispatcher",
            lambda: probe.dispatcher_answers(str(settings.store.mongodb_uri), settings.store.database, name),
            WEB_START_SECONDS,
            "its messages above say why",
        ),
        command=(sys.executable, "-m", "common.worker", name),
        environ={**_without_settings(environ), **to_environ(settings)},
        stop_seconds=settings.delivery.seconds + WEB_STOP_MARGIN,
        refused_code=StartRefused.exit_code,
    )


def store_role(store: embedded.Embedded, settings: Settings, lock: int, environ: Mapping[str, str]) -> tuple[Role, str]:
    """Returns the row of the local store, and its address. The store holds the data directory's lock as long as it
    lives, and is started again at the same port when it dies."""
    port = address.free_port()
    uri = embedded.uri(port)
    role = Role(
        Awaited(
            f"The store {store.server.name}",
            lambda: ready.listens("127.0.0.1", port) and probe.store_answers(uri),
            settings.store.seconds,
            f"{store.log} says why",
        ),
        command=store.command(port),
        environ=_without_settings(environ),
        stop_seconds=STORE_STOP_SECONDS,
        open_log=store.open_log,
        keeps=(lock,),
    )
    return role, uri


def _store(settings: Settings, supervisor: Supervisor, lock: int | None, environ: Mapping[str, str]) -> str:
    """Returns the address of a store that answers: the given one, or a local one started now where `lock` is held for
    it."""
    if lock is None:
        given = str(settings.store.mongodb_uri)
        supervisor.await_answer(
            Awaited(
                f"The store at {without_credentials(given)}",
                lambda: probe.store_answers(given),
                settings.store.seconds,
                "look at MONGODB_URI",
            )
        )
        return given
    store = embedded.choose(settings.store.server, settings.store.data_dir)
    embedded.prepare_store(store)
    role, uri = store_role(store, settings, lock, environ)
    supervisor.start(role)
    embedded.note_address(settings.store.data_dir, uri)
    return uri


@contextmanager
def reached_store(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, Stops]]:
    """Yields the address of the store of `settings`, for a tool, and the wishes to stop it. The store is the given one,
    the local one of the suite that runs on the data directory, or a local one started for this time. Raises
    StartRefused, and SuiteDied where a stop was asked for."""
    with Stops() as stops:
        running = None if settings.store.mongodb_uri else embedded.running(settings.store.data_dir)
        if running:
            yield running, stops
            return
        with _locked(settings) as lock:
            supervisor = Supervisor(stops, say)
            try:
                yield _store(settings, supervisor, lock, environ), stops
            except StopAsked as stop:
                raise SuiteDied("Stopped before the work was done.") from stop
            finally:
                supervisor.stop()


@contextmanager
def _locked(settings: Settings) -> Iterator[int | None]:
    """Holds the data directory for a local store, None where the store is elsewhere."""
    if settings.store.mongodb_uri:
        yield None
        return
    embedded.prepare(settings.store.data_dir)
    lock = embedded.lock(settings.store.data_dir)
    try:
        yield lock
    finally:
        os.close(lock)


def _without_settings(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name not in variables() | FOREIGN}
