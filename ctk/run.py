"""Runs the checks of every area on one target, and collects the findings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ctk.area import Area
from ctk.exchange import Untestable
from ctk.standard.operations import operation_of
from ctk.target.target import Target
from ctk.verdict.ledger import Expect, Finding

_log = logging.getLogger(__name__)

MISTAKE = "mistake of the kit, please report it:"

Step = tuple[Target, Area, str]
"""What is being tried: a target, an area, a resource (empty: the API itself)."""


def run_checks(target: Target, areas: Sequence[Area], watch: Callable[[Step, list[Finding]], None]) -> list[Finding]:
    """Returns the findings about one target; calls `watch` after each step with the findings of that step."""
    _leave_out_missing_operations(target)
    for area in areas:
        first = len(target.http.exchanges)
        for resource, checks in _steps(target, area):
            if not target.ledger.wants(area.name, resource):
                continue
            reasons = dict.fromkeys(reason for check in checks for reason in _reason_to_stop(check))
            target.ledger.close(area.name, resource, "; ".join(reasons) or "no check came to it")
            watch((target, area, resource), target.ledger.findings_of(area.name, resource))
        _clean_up(target)
        if area.negative:
            target.http.forget(first)
    return target.ledger.findings()


def _leave_out_missing_operations(target: Target) -> None:
    """Leaves out what needs an operation that is not mandatory and that the server lacks (405, 501)."""
    for resource in target.profile.resources.values():
        for verb, row in resource.operations.items():
            if row.mandatory or not target.ledger.needs(verb, resource.name):
                continue
            (method, _), path = operation_of(verb, resource.name), target.path(resource, target.unique())
            try:
                answer = target.http(method, path, body={}) if verb == "patch" else target.http(method, path)
            except Untestable:
                continue
            if answer.status in (405, 501):
                why = f"the server has no {method.upper()} here ({answer.status}), and need not have it"
                target.ledger.leave_out(verb, resource.name, why)


def _steps(target: Target, area: Area) -> Iterator[tuple[str, list[Callable[[], None]]]]:
    """Yields the API itself (an empty name) and then each resource, with the checks to run on it."""
    expect = Expect(target.ledger, "")
    yield "", [partial(check, target, expect) for check in area.api_checks]
    for name, resource in target.profile.resources.items():
        expect = Expect(target.ledger, name)
        yield name, [partial(check, target, resource, expect) for check in area.checks]


def _reason_to_stop(check: Callable[[], None]) -> Iterator[str]:
    """Runs a check; yields the reason where it stops before its end.

    A check that breaks on an answer nobody thought of is the kit's own mistake: it is logged, and the run goes on.
    """
    try:
        check()
    except Untestable as stop:
        yield str(stop)
    except Exception as mistake:
        _log.exception("a check broke")
        yield f"{MISTAKE} {type(mistake).__name__} {mistake}"


def _clean_up(target: Target) -> None:
    """Deletes what the checks created, as far as the server lets us."""
    try:
        target.clean_up()
    except Untestable:
        return
