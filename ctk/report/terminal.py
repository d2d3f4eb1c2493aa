"""A run on the terminal: what it is at while it runs, and what it found when it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table
from rich.text import Text

from ctk.report.plain import by_area, numbers, percent
from ctk.report.shown import clean
from ctk.run import Step
from ctk.verdict.ledger import Finding, Verdict
from ctk.verdict.outcome import Outcome, Tally, tally

MOST_ROWS = 50
_LONGEST = 400
_STYLE = {Verdict.PASSED: "green", Verdict.FAILED: "bold red", Verdict.NOT_TESTED: "yellow"}
Watch = Callable[[Step, list[Finding]], None]


@contextmanager
def watching(console: Console) -> Iterator[Watch]:
    """Yields what `ctk.session.check_server` may call after each step.

    It prints a line for each API and area once it is done, and on a terminal a live line below with the resource that
    was tried last.
    """
    if not console.is_terminal:
        progress = _Progress(console, None)
        yield progress
        progress.done()
        return
    with console.status("looking for APIs") as status:
        progress = _Progress(console, status)
        yield progress
        progress.done()


class _Progress:
    """Holds the area that is being tried, and the findings in it so far."""

    def __init__(self, console: Console, status: Status | None):
        self._console = console
        self._status = status
        self._name = ""
        self._findings: list[Finding] = []

    def __call__(self, step: Step, findings: list[Finding]) -> None:
        """Takes the findings of a step."""
        target, area, resource = step
        name = f"{target.profile.name} {area.name}"
        if name != self._name:
            self.done()
            self._name, self._findings = name, []
        self._findings += findings
        if self._status:
            self._status.update(escape(f"{name} {resource}: {_counts(tally(self._findings))}"))

    def done(self) -> None:
        """Prints the numbers of the area that is done."""
        if self._name:
            count = tally(self._findings)
            line = Text(f"{self._name}: {_counts(count)}", style=_STYLE[count.verdict])
            self._console.print(line, soft_wrap=True)


def show(outcome: Outcome, console: Console) -> None:
    """Prints the outcome: a table per API, what failed (the first 50), the APIs in one table, and a last line.

    Signs that would move the cursor are escaped, whatever a server sent.
    """
    for result in outcome.results:
        rows = [(area, tally(findings)) for area, findings in by_area(result.findings).items()]
        console.print(_table(clean(f"{result.name} {result.title} at {result.base}"), "Area", rows))
    _failures(outcome, console)
    console.print(
        _table("All APIs", "API", [(clean(result.name), tally(result.findings)) for result in outcome.results])
    )
    count = tally(outcome.findings)
    text = f"{count.verdict.upper()} at level {outcome.level.name}: {_counts(count)}; {outcome.seconds:.1f} seconds"
    console.print(Text(text, style=_STYLE[count.verdict]), soft_wrap=True)


def _table(title: str, first: str, rows: Sequence[tuple[str, Tally]]) -> Table:
    table = Table(title=escape(title), title_justify="left")
    table.add_column(first)
    for name in ("passed", "failed", "not tested", "score"):
        table.add_column(name, justify="right")
    for name, count in rows:
        style = _STYLE[count.verdict] if count.failed else None
        cells = (str(count.passed), str(count.failed), str(count.untested), percent(numbers(count)["score"]))
        table.add_row(escape(name), *cells, style=style)
    return table


def _failures(outcome: Outcome, console: Console) -> None:
    failed = [(result.name, f) for result in outcome.results for f in result.findings if f.verdict == Verdict.FAILED]
    for api, finding in failed[:MOST_ROWS]:
        assertion = finding.assertion
        line = Text()
        line.append(f"{assertion.rule.id} ", style=_STYLE[Verdict.FAILED])
        subject = f"{api} {assertion.subject}" if assertion.resource else assertion.subject
        reason = " ".join(clean(finding.reason).split())
        reason = reason if len(reason) <= _LONGEST else reason[:_LONGEST] + " (and so on)"
        line.append(clean(f"{subject}: {assertion.rule.name}"), style="bold")
        line.append(f": {reason}")
        console.print(line, soft_wrap=True)
    if len(failed) > MOST_ROWS:
        console.print(f"and {len(failed) - MOST_ROWS} more, see the report")


def _counts(count: Tally) -> str:
    return f"{count.passed} passed, {count.failed} failed, {count.untested} not tested"
