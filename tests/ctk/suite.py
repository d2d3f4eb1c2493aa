"""The suite as the kit needs it: it may send events to this machine, and fetch schemas from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ctk.areas import AREAS
from ctk.rule import Level
from ctk.session import RunPlan, check_server
from ctk.verdict.ledger import Selection
from ctk.verdict.outcome import Outcome
from tests.running import running_suite

_SETTINGS = {"TMF_CALLBACK_ALLOW": "127.0.0.0/8", "TMF_SCHEMA_HOSTS": "127.0.0.1"}
JUDGED = frozenset(area.name for area in AREAS) - {"fuzzing"}
"""Every area whose result is the same each time; fuzzing depends on the time it is given (`make fuzz`)."""


@contextmanager
def judged_suite(folder: Path) -> Iterator[str]:
    """The address of a suite with its data below `folder`."""
    with running_suite(folder, environ=_SETTINGS) as running:
        yield running.url


def outcome(url: str, *apis: str) -> Outcome:
    """What the kit finds at level `best`, of all fourteen unless some are named."""
    return check_server(RunPlan(url, apis, Selection(Level.best, JUDGED), verify=False), lambda step, findings: None)
