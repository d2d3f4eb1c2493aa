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
from common.settings import Settings, shown, to_environ, variables
from common.store import embedded

STORE_STOP_SECONDS = 60.0
WEB_START_SECONDS = 120.0
WEB_STOP_MARGIN = 10.0
FOREIGN = frozenset({"GUNICORN_CMD_ARGS", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"})
"""Variables that gunicorn and uvicorn read by themselves; settings have one way in."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is served: the ASGI application's factory as `module:function()`, and the APIs it will be announced with."""

    application: str
    apis: Callable[[Settings], Sequence[Api]]


def run(settings: Settings, served: Served, environ: Mapping[str, str]) -> None:
    """Runs the suite until it is asked to stop, then returns with no process left. `environ` is the environment that
    the children get besides the settings. Raises StartRefused, SuiteDied."""
    apis = served.apis(settings)
    with Stops() as stops, address.reserved(settings.host, settings.port) as port, _locked(settings) as lock:
        supervisor = Supervisor(stops, say)
        try:
            mongodb_uri = _store(settings, supervisor, lock, environ)
            settings = replace(settings, port=port, mongodb_uri=mongodb_uri)
            for number in range(settings.dispatchers):
                supervisor.start(dispatcher_role(settings, number, environ))
            supervisor.start(web_role(settings, served.application, environ))
            announce.announce(settings, apis, sys.stdout)
            supervisor.watch()
        except StopAsked:
            pass
        finally:
            supervisor.stop()


def say(line: str) -> None:
    """One line for the operator, on standard error; one that has gone does not keep the suite from its end."""
    with suppress(OSError):
        print(f"tmf: {line}", file=sys.stderr, flush=True)


def web_role(settings: Settings, application: str, environ: Mapping[str, str]) -> Role:
    """The web servers, with the settings in their environment."""
    host = address.reached(settings.host)
    return Role(
        Awaited(
            "The web server",
            lambda: ready.web_answers(host, settings.port),
            WEB_START_SECONDS,
            "its messages above say why",
        ),
        command=(sys.executable, "-m", "common.serve.web", application),
        environ={**_without_settings(environ), **to_environ(settings)},
        stop_seconds=settings.graceful_seconds + WEB_STOP_MARGIN,
        told=StartRefused.exit_code,
    )


def dispatcher_role(settings: Settings, number: int, environ: Mapping[str, str]) -> Role:
    """One of the dispatchers, with the settings in its environment; it comes back when it dies."""
    name = f"{os.uname().nodename}-{os.getpid()}-{number}"
    return Role(
        Awaited(
            "The dispatcher",
            lambda: ready.dispatcher_answers(str(settings.mongodb_uri), settings.database, name),
            WEB_START_SECONDS,
            "its messages above say why",
        ),
        command=(sys.executable, "-m", "common.worker", name),
        environ={**_without_settings(environ), **to_environ(settings)},
        stop_seconds=settings.delivery_seconds + WEB_STOP_MARGIN,
        restarts=True,
        told=StartRefused.exit_code,
    )


def store_role(store: embedded.Embedded, settings: Settings, lock: int, environ: Mapping[str, str]) -> tuple[Role, str]:
    """The local store and its address; it holds the data directory's lock as long as it lives, and comes back when it
    dies, at the same port."""
    port = address.free_port()
    uri = embedded.uri(port)
    role = Role(
        Awaited(
            f"The store {store.server.name}",
            lambda: ready.listens("127.0.0.1", port) and ready.store_answers(uri),
            settings.store_seconds,
            f"{store.log} says why",
        ),
        command=store.command(port),
        environ=_without_settings(environ),
        stop_seconds=STORE_STOP_SECONDS,
        restarts=True,
        open_log=store.open_log,
        keeps=(lock,),
    )
    return role, uri


def _store(settings: Settings, supervisor: Supervisor, lock: int | None, environ: Mapping[str, str]) -> str:
    """The address of a store that answers: the given one, or a local one started now where `lock` is held for it."""
    if lock is None:
        given = str(settings.mongodb_uri)
        supervisor.await_answer(
            Awaited(
                f"The store at {shown(given)}",
                lambda: ready.store_answers(given),
                settings.store_seconds,
                "look at MONGODB_URI",
            )
        )
        return given
    store = embedded.choose(settings.store, settings.data_dir)
    embedded.prepare_store(store)
    role, uri = store_role(store, settings, lock, environ)
    supervisor.start(role)
    embedded.tell(settings.data_dir, uri)
    return uri


@contextmanager
def reached_store(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, Stops]]:
    """The address of the store of `settings` for a tool, and the wishes to stop it: the given one, the local one of the
    suite that runs on the data directory, or a local one started for this time. Raises StartRefused, or SuiteDied where
    a stop was asked for."""
    with Stops() as stops:
        running = None if settings.mongodb_uri else embedded.running(settings.data_dir)
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
    if settings.mongodb_uri:
        yield None
        return
    embedded.prepare(settings.data_dir)
    lock = embedded.lock(settings.data_dir)
    try:
        yield lock
    finally:
        os.close(lock)


def _without_settings(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name not in variables() | FOREIGN}
