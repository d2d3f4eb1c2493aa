"""`make ctk`: the suite judged by its own kit, and the table in docs/conformance.md made from that; four minutes."""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ctk.docket import Finding, Verdict
from ctk.outcome import Checked, Outcome, tally
from ctk.rule import Level
from tests.ctk.suite import judged_suite, outcome

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
_PLACE = re.compile(r"(<!-- conformance -->\n).*?(<!-- end of conformance -->)", re.DOTALL)
WHY = {
    "create": "payloads do not send every attribute; a server may set some itself",
    "retrieve": "the creation did not answer the attribute",
    "lists": "no element has the attribute",
    "fields": "the resource has no such attribute",
    "filters": "the operator has no meaning for the attribute's type; 501 for patterns in some attributes",
    "paging": "no date tells the kit's resources from each other",
    "patch": "the resource has no array of objects, no date of its state, or no such attribute",
    "errors": "the server sets a mandatory attribute that is not sent (`tmfNNN/resources.py`, leniencies)",
    "polymorphism": "the subtype adds no attribute",
    "versions": "the attribute belongs to one version alone, or the resource has none",
    "notifications": "nothing causes the event here: jobs and cancellations are not run, some resources have no state",
    "schemas": "the attribute was never answered",
}
"""Why something is not tested on our own suite, by area."""


def table(found: Outcome) -> str:
    """The table as Markdown: what is asked of each API and version by level, and what came of it; what is not tested,
    by area, and why."""
    return "\n".join((*_rows(found.checked), "", *_untested(found.findings))) + "\n"


def asked(findings: tuple[Finding, ...]) -> list[int]:
    """How many assertions are asked at each level."""
    count = Counter(finding.assertion.level for finding in findings)
    return [count[level] for level in Level]


def _rows(checked: tuple[Checked, ...]) -> Iterator[str]:
    yield "| | asked: certify | standard | best | passed | failed | not tested |"
    yield "|---|---|---|---|---|---|---|"
    for one in checked:
        count = tally(one.findings)
        cells = [*asked(one.findings), count.passed, count.failed, count.untested]
        yield f"| {one.name} {one.title} | {' | '.join(str(cell) for cell in cells)} |"


def _untested(findings: tuple[Finding, ...]) -> Iterator[str]:
    count = Counter(one.assertion.rule.area for one in findings if one.verdict is Verdict.NOT_TESTED)
    yield "Not tested, by area:\n"
    yield from (f"- `{area}` {number}: {WHY[area]}." for area, number in count.items())


def main() -> int:
    """Judges a suite of its own and writes the table into docs/conformance.md."""
    with tempfile.TemporaryDirectory() as data, judged_suite(Path(data)) as url:
        found = outcome(url)
    PAGE.write_text(_PLACE.sub(lambda place: place[1] + table(found) + place[2], PAGE.read_text()))
    for one in found.findings:
        if one.verdict is Verdict.FAILED:
            sys.stdout.write(f"{one.assertion.api} {one.assertion.rule.id} {one.assertion.subject}: {one.told}\n")
    sys.stdout.write(f"{table(found)}\n{found.seconds:.0f} s\n")
    return found.exit_code


if __name__ == "__main__":
    raise SystemExit(main())
