"""A run from its address to its outcome: finds the APIs, sets the stages, plays every area."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from ctk.areas import AREAS
from ctk.exchange import Caller
from ctk.run import Step, play
from ctk.standard.document import ours
from ctk.standard.schemas import Reading, Schemas
from ctk.target.listener import Listener
from ctk.target.server import Found, find, twin_of
from ctk.target.target import Options, Stage
from ctk.verdict.ledger import Chosen, Docket, Finding
from ctk.verdict.outcome import Checked, Outcome


@dataclass(frozen=True)
class Wanted:
    """What to check: a server's address or a base address, the APIs (`TMF621-v5`; none: all that answer) and what is
    asked of them. `headers` are sent with every request and never shown. `listen` is host and port of the listener
    (port 0: the system gives one), `reached` the address by which servers reach it, where that is another."""

    url: str
    apis: tuple[str, ...] = ()
    chosen: Chosen = field(default_factory=Chosen)
    options: Options = field(default_factory=Options)
    reading: Reading = Reading.LENIENT
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 30.0
    verify: bool = True
    listen: tuple[str, int] = ("127.0.0.1", 0)
    reached: str = ""


def check(wanted: Wanted, watch: Callable[[Step, list[Finding]], None]) -> Outcome:
    """The outcome of a run; `watch` is called after each step. Raises NothingFound where no API answers."""
    begun, clock = datetime.now(UTC), time.monotonic()
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client(timeout=wanted.timeout, verify=wanted.verify))
        found = find(client, wanted.url, wanted.apis, wanted.headers)
        listener = stack.enter_context(Listener(*wanted.listen, wanted.reached))
        checked = tuple(
            Checked(stage.profile.name, stage.profile.title, stage.http.base, tuple(play(stage, AREAS, watch)))
            for stage in stages(wanted, found, client, listener)
        )
    return Outcome(wanted.url, wanted.chosen.level, begun, time.monotonic() - clock, checked)


def stages(wanted: Wanted, found: Sequence[Found], client: httpx.Client, listener: Listener) -> list[Stage]:
    """A stage for each API and version found; the two versions of an API know each other where a server has both."""
    bases = {one.profile.name: one for one in found}
    made = []
    for one in found:
        twin = bases.get(one.profile.other) or twin_of(client, one, wanted.headers)
        stage = _stage(wanted, one, twin, client, listener)
        stage.twin = _stage(wanted, twin, None, client, listener) if twin else None
        made.append(stage)
    return made


def _stage(wanted: Wanted, one: Found, twin: Found | None, client: httpx.Client, listener: Listener) -> Stage:
    document = ours(one.profile.name)
    docket = Docket(one.profile, document, wanted.chosen, twin.profile if twin else None)
    schemas = Schemas(document, one.base, wanted.reading)
    http = Caller(client, one.base, wanted.headers)
    return Stage(one.profile, document, http, schemas, listener, wanted.options, docket)
