"""`make ctk`: the suite judged by its own kit, and the conformance table of the README made from that."""

from __future__ import annotations

import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ctk.docket import Finding, Verdict
from ctk.outcome import Outcome, tally
from ctk.rule import Level
from tests.ctk.suite import judged_suite, outcome

README = Path(__file__).parents[2] / "README.md"
_PLACE = re.compile(r"(<!-- conformance -->\n).*?(<!-- end of conformance -->)", re.DOTALL)


def table(found: Outcome) -> str:
    """The table as Markdown: what each API and version passes of each level, and why what is not tested is not."""
    return "\n".join((*_rows(found), "", *_reasons(found.findings))) + "\n"


def _rows(found: Outcome) -> Iterator[str]:
    yield "| | certify | standard | best | failed | not tested |"
    yield "|---|---|---|---|---|---|"
    for one in found.checked:
        cells = []
        for level in Level:
            of_level = tally(finding for finding in one.findings if finding.assertion.level is level)
            cells.append(f"{of_level.passed} of {of_level.passed + of_level.failed}")
        count = tally(one.findings)
        yield f"| {one.name} {one.title} | {' | '.join(cells)} | {count.failed} | {count.untested} |"


def _reasons(findings: tuple[Finding, ...]) -> Iterator[str]:
    reasons: dict[str, int] = defaultdict(int)
    for one in findings:
        if one.verdict is Verdict.NOT_TESTED:
            reasons[f"{one.assertion.rule.area}: {one.told}"] += 1
    yield "Not tested, and why:\n"
    yield from (f"- {count} x {reason}" for reason, count in sorted(reasons.items()))


def main() -> int:
    """Judges a suite of its own and writes the table into the README."""
    with tempfile.TemporaryDirectory() as data, judged_suite(Path(data)) as url:
        found = outcome(url)
    README.write_text(_PLACE.sub(lambda place: place[1] + table(found) + place[2], README.read_text()))
    for one in found.findings:
        if one.verdict is Verdict.FAILED:
            sys.stdout.write(f"{one.assertion.api} {one.assertion.rule.id} {one.assertion.subject}: {one.told}\n")
    sys.stdout.write(table(found))
    return found.exit_code


if __name__ == "__main__":
    raise SystemExit(main())
