"""Plays the stories of every area on every stage, and collects what was found."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ctk.area import Area
from ctk.exchange import Untestable
from ctk.target.target import Stage
from ctk.verdict.ledger import Finding, Judge, operation_of

_log = logging.getLogger(__name__)

MISTAKE = "mistake of the kit, please report it:"

Step = tuple[Stage, Area, str]
"""What is being tried: a stage, an area, a resource (empty: the API itself)."""


def play(stage: Stage, areas: Sequence[Area], watch: Callable[[Step, list[Finding]], None]) -> list[Finding]:
    """The findings of one stage; `watch` is called after each step with what it found."""
    _leave_out(stage)
    for area in areas:
        first = len(stage.http.kept)
        for resource, stories in _steps(stage, area):
            if not stage.docket.wants(area.name, resource):
                continue
            reasons = dict.fromkeys(reason for story in stories for reason in _played(story))
            stage.docket.close(area.name, resource, "; ".join(reasons) or "no story came to it")
            watch((stage, area, resource), stage.docket.found(area.name, resource))
        _cleaned(stage)
        if area.odd:
            stage.http.forget(first)
    return stage.docket.findings()


def _leave_out(stage: Stage) -> None:
    """Operations that the profile does not make mandatory are not asked of a server that has none of them."""
    for resource in stage.profile.resources.values():
        for verb, row in resource.operations.items():
            if row.mandatory or not stage.docket.needs(verb, resource.name):
                continue
            (method, _), path = operation_of(verb, resource.name), stage.path(resource, stage.unique())
            try:
                answer = stage.http(method, path, body={}) if verb == "patch" else stage.http(method, path)
            except Untestable:
                continue
            if answer.status in (405, 501):
                why = f"the server has no {method.upper()} here ({answer.status}), and need not have it"
                stage.docket.leave(verb, resource.name, why)


def _steps(stage: Stage, area: Area) -> Iterator[tuple[str, list[Callable[[], None]]]]:
    """The resources of a stage, and the API itself first, each with the stories that are to play."""
    judge = Judge(stage.docket, "")
    yield "", [partial(story, stage, judge) for story in area.api_stories]
    for name, resource in stage.profile.resources.items():
        judge = Judge(stage.docket, name)
        yield name, [partial(story, stage, resource, judge) for story in area.stories]


def _played(story: Callable[[], None]) -> Iterator[str]:
    """Plays a story; the reason where it stopped before its end.

    A story that breaks on an answer nobody thought of is the kit's own mistake: it is told, and the run goes on.
    """
    try:
        story()
    except Untestable as stop:
        yield str(stop)
    except Exception as mistake:
        _log.exception("a story broke")
        yield f"{MISTAKE} {type(mistake).__name__} {mistake}"


def _cleaned(stage: Stage) -> None:
    """What the stories left is deleted, as far as the server lets us."""
    try:
        stage.clean()
    except Untestable:
        return
