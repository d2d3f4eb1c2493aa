"""All mutants, and what the kit finds on one."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from ctk.areas import AREAS
from ctk.rule import Assertion, Level, rules
from ctk.session import RunPlan, check_server
from ctk.target.target import Options
from ctk.verdict.ledger import Selection, Verdict
from tests.ctk.mutants.proxy import Mutant, mutated

MUTANTS: tuple[Mutant, ...] = tuple(
    mutant for area in AREAS for mutant in import_module(f"tests.ctk.mutants.{area.name}").MUTANTS
)


def failing(mutant: Mutant, origin: str, apis: Sequence[str], resources: Sequence[str]) -> set[Assertion]:
    """The assertions that fail on a mutant of the suite at `origin`, of the areas of what it must kill."""
    areas = frozenset(rules()[number].area for number in mutant.kills)
    options = Options(event_wait=3.0, fuzz_seconds=3.0)
    with mutated(mutant, origin) as url:
        chosen = Selection(Level.best, areas, frozenset(resources))
        found = check_server(RunPlan(url, tuple(apis), chosen, options, verify=False), lambda step, findings: None)
    return {one.assertion for one in found.findings if one.verdict is Verdict.FAILED}
