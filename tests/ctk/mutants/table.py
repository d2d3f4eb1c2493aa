"""`make ctk-mutants`: every broken server against all fourteen, and the table of rules and mutants in `ctk/MUTANTS.md`.

About ten minutes. Every assertion that the intact suite passes must fail on some mutant; the exit code is 1, and those
that do not are listed, where one does not.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ctk.docket import Verdict
from ctk.rule import Assertion, Rule, rules
from tests.ctk.mutants.every import MUTANTS, failing
from tests.ctk.suite import judged_suite, outcome

TABLE = Path(__file__).parents[3] / "ctk" / "MUTANTS.md"
_HEAD = """\
# Rules and broken servers

Made by `make ctk-mutants` from a run of every broken server (`tests/ctk/mutants/`) against all fourteen API versions.
*Asked*: the assertions that a rule becomes there and that the intact suite passes; *shown to fail*: those of them that
failed on at least one broken server. Fuzzing is not part of the intact run, for what it tries depends on its time.

"""


def main() -> int:
    """Runs them all and writes the table."""
    with tempfile.TemporaryDirectory() as data, judged_suite(Path(data)) as url:
        passed = {one.assertion for one in outcome(url).findings if one.verdict is Verdict.PASSED}
        failed = dict(_failed(url))
    never = passed - set[Assertion]().union(*failed.values())
    TABLE.write_text(_HEAD + "\n".join(_told(passed, failed, never)) + "\n")
    sys.stdout.write(f"{len(passed)} assertions, {len(never)} without a mutant, {len(MUTANTS)} mutants\n")
    for one in sorted(never, key=lambda one: (one.api, one.key)):
        sys.stdout.write(f"  {one.api} {one.rule.id} {one.subject}\n")
    return 1 if never else 0


def _failed(url: str) -> Iterator[tuple[str, set[Assertion]]]:
    for mutant in MUTANTS:
        begun = time.monotonic()
        found = failing(mutant, url, (), ())
        sys.stdout.write(f"{mutant.name}: {len(found)} failed, {time.monotonic() - begun:.0f} s\n")
        sys.stdout.flush()
        yield mutant.name, found


def _told(
    passed: Iterable[Assertion], failed: Mapping[str, set[Assertion]], never: Iterable[Assertion]
) -> Iterator[str]:
    """The lines of the table: the rules, then the mutants by number."""
    asked, missed = list(passed), list(never)
    yield f"{len(rules())} rules, {len(asked)} assertions, {len(missed)} without a mutant, {len(MUTANTS)} mutants.\n"
    yield "| rule | level | asked | shown to fail | a good server: | fails on mutants |"
    yield "|---|---|---|---|---|---|"
    for rule in rules().values():
        mine = [one for one in asked if one.rule is rule]
        numbers = [str(n) for n, found in enumerate(failed.values(), 1) if any(one.rule is rule for one in found)]
        shown = len(mine) - sum(one.rule is rule for one in missed)
        yield f"| {rule.id} | {_level(rule)} | {len(mine)} | {shown} | {rule.name} | {', '.join(numbers)} |"
    yield "\n| mutant | a server that |\n|---|---|"
    yield from (f"| {number} | {name} |" for number, name in enumerate(failed, 1))


def _level(rule: Rule) -> str:
    names = dict.fromkeys(level.name for level in rule.levels.values())
    told = " ".join(f"{version} {level.name}" for version, level in rule.levels.items())
    return next(iter(names)) if len(names) == 1 and len(rule.levels) == 2 else told


if __name__ == "__main__":
    raise SystemExit(main())
