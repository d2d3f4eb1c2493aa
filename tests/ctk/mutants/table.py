"""`make ctk-mutants`: tries every broken server, and makes the table of rules and mutants in `ctk/MUTANTS.md` of that.

About twelve minutes. The exit code is 1 where a mutant is not found out, or where a rule or an assertion about TMF621
v5's trouble ticket that the intact suite passes fails on none.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from ctk.rule import Assertion, Level, Rule, rules
from ctk.session import RunPlan, check_server
from ctk.verdict.ledger import Selection, Verdict
from tests.ctk.mutants.every import MUTANTS, failing
from tests.ctk.suite import JUDGED, judged_suite

TABLE = Path(__file__).parents[3] / "ctk" / "MUTANTS.md"
API, RESOURCE = "TMF621-v5", "troubleTicket"
_HEAD = """\
# Rules and broken servers

Made by `make ctk-mutants`, which runs every deliberately broken server (`tests/ctk/mutants/`). *Fails on* names the
servers, by number, on which a rule failed. *Assertions*: what the rule becomes for the trouble ticket of TMF621 v5 and
the intact suite passes there, and how many of those failed on at least one broken server. Rules that do not apply to
it, and fuzzing, which is counted by what failed, have none.

"""


def main() -> int:
    """Runs them all and writes the table."""
    with tempfile.TemporaryDirectory() as data, judged_suite(Path(data)) as url:
        passed = _passed(url)
        failed = dict(_failed(url))
    missed = {m.name: set(m.kills) - {one.rule.id for one in failed[m.name]} for m in MUTANTS}
    never = passed - set[Assertion]().union(*failed.values())
    idle = set(rules()) - {one.rule.id for found in failed.values() for one in found}
    TABLE.write_text(_HEAD + "\n".join(_told(passed, failed, never, idle)) + "\n")
    for name, numbers in missed.items():
        if numbers:
            sys.stdout.write(f"not found out: {name} ({', '.join(sorted(numbers))})\n")
    for one in sorted(never, key=lambda one: one.key):
        sys.stdout.write(f"fails on none: {one.rule.id} {one.subject}\n")
    sys.stdout.write(f"{len(MUTANTS)} mutants, {len(idle)} rules and {len(never)} assertions without one\n")
    return 1 if never or idle or any(missed.values()) else 0


def _passed(url: str) -> set[Assertion]:
    chosen = Selection(Level.best, JUDGED, frozenset({RESOURCE}))
    found = check_server(RunPlan(url, (API,), chosen, verify=False), lambda step, findings: None)
    return {one.assertion for one in found.findings if one.verdict is Verdict.PASSED}


def _failed(url: str) -> Iterator[tuple[str, set[Assertion]]]:
    for mutant in MUTANTS:
        begun = time.monotonic()
        found = failing(mutant, url, mutant.apis, mutant.resources)
        sys.stdout.write(f"{mutant.name}: {len(found)} failed, {time.monotonic() - begun:.1f} s\n")
        sys.stdout.flush()
        yield mutant.name, found


def _told(
    passed: Set[Assertion], failed: Mapping[str, Set[Assertion]], never: Set[Assertion], idle: Set[str]
) -> Iterator[str]:
    """The lines of the table: the rules, then the mutants by number."""
    yield f"{len(rules())} rules, {len(idle)} without a mutant; {len(passed)} assertions about the trouble ticket, "
    yield f"{len(never)} without a mutant; {len(failed)} mutants.\n"
    yield "| rule | level | assertions | failed | a good server: | fails on |"
    yield "|---|---|---|---|---|---|"
    for rule in rules().values():
        mine = sum(one.rule is rule for one in passed)
        shown = mine - sum(one.rule is rule for one in never)
        numbers = [str(n) for n, found in enumerate(failed.values(), 1) if any(one.rule is rule for one in found)]
        yield f"| {rule.id} | {_level(rule)} | {mine} | {shown} | {rule.name} | {', '.join(numbers)} |"
    yield "\n| mutant | a server that |\n|---|---|"
    yield from (f"| {number} | {name} |" for number, name in enumerate(failed, 1))


def _level(rule: Rule) -> str:
    names = dict.fromkeys(level.name for level in rule.levels.values())
    told = " ".join(f"{version} {level.name}" for version, level in rule.levels.items())
    return next(iter(names)) if len(names) == 1 and len(rule.levels) == 2 else told


if __name__ == "__main__":
    raise SystemExit(main())
