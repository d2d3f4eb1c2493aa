"""A run from its address to its outcome: finds the APIs, makes a target of each, runs every area on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from ctk.areas import AREAS
from ctk.exchange import Caller
from ctk.run import Step, run_checks
from ctk.standard.document import ours
from ctk.standard.schemas import Reading, Schemas
from ctk.target.listener import Listener
from ctk.target.server import ServedApi, find, other_version_of
from ctk.target.target import Options, Target
from ctk.verdict.ledger import Finding, Ledger, Selection
from ctk.verdict.outcome import ApiResult, Outcome


@dataclass(frozen=True)
class RunPlan:
    """Says what to check: `url` is a server's address or a base address, `apis` are names (`TMF621-v5`; empty: all).

    `headers` are sent with every request and never shown. `listen` is host and port of the listener (port 0: the
    system chooses). `callback` is the address by which servers reach the listener, where that is another.
    `timeout` is in seconds.
    """

    url: str
    apis: tuple[str, ...] = ()
    selection: Selection = field(default_factory=Selection)
    options: Options = field(default_factory=Options)
    reading: Reading = Reading.LENIENT
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 30.0
    verify: bool = True
    listen: tuple[str, int] = ("127.0.0.1", 0)
    callback: str = ""


def check_server(plan: RunPlan, watch: Callable[[Step, list[Finding]], None]) -> Outcome:
    """Returns the outcome of a run; calls `watch` after each step. Raises NothingFound where no API answers."""
    begun, clock = datetime.now(UTC), time.monotonic()
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client(timeout=plan.timeout, verify=plan.verify))
        apis = find(client, plan.url, plan.apis, plan.headers)
        listener = stack.enter_context(Listener(*plan.listen, plan.callback))
        results = tuple(
            ApiResult(
                target.profile.name, target.profile.title, target.http.base, tuple(run_checks(target, AREAS, watch))
            )
            for target in targets(plan, apis, client, listener)
        )
    return Outcome(plan.url, plan.selection.level, begun, time.monotonic() - clock, results)


def targets(plan: RunPlan, apis: Sequence[ServedApi], client: httpx.Client, listener: Listener) -> list[Target]:
    """Returns a target for each API; it knows that of the other version where the server has both."""
    by_name = {api.profile.name: api for api in apis}
    complete = []
    for api in apis:
        other = by_name.get(api.profile.other) or other_version_of(client, api, plan.headers)
        target = _target(plan, api, other, client, listener)
        target.other_version = _target(plan, other, None, client, listener) if other else None
        complete.append(target)
    return complete


def _target(plan: RunPlan, api: ServedApi, other: ServedApi | None, client: httpx.Client, listener: Listener) -> Target:
    document = ours(api.profile.name)
    ledger = Ledger(api.profile, document, plan.selection, other.profile if other else None)
    schemas = Schemas(document, api.base, plan.reading)
    http = Caller(client, api.base, plan.headers)
    return Target(api.profile, document, http, schemas, listener, plan.options, ledger)
