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

MOST = 50
_LONGEST = 400
_STYLE = {Verdict.PASSED: "green", Verdict.FAILED: "bold red", Verdict.NOT_TESTED: "yellow"}
Watch = Callable[[Step, list[Finding]], None]


@contextmanager
def watching(console: Console) -> Iterator[Watch]:
    """What `ctk.session.check` may call after each step: a line for each API and area once it is done, and on a
    terminal a live line below with the resource that was tried last."""
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
    """The area that is being tried, and what was found in it so far."""

    def __init__(self, console: Console, status: Status | None):
        self._console = console
        self._status = status
        self._name = ""
        self._found: list[Finding] = []

    def __call__(self, step: Step, findings: list[Finding]) -> None:
        """Takes what a step found."""
        stage, area, resource = step
        name = f"{stage.profile.name} {area.name}"
        if name != self._name:
            self.done()
            self._name, self._found = name, []
        self._found += findings
        if self._status:
            self._status.update(escape(f"{name} {resource}: {_counts(tally(self._found))}"))

    def done(self) -> None:
        """Says what was found in the area that is done."""
        if self._name:
            found = tally(self._found)
            line = Text(f"{self._name}: {_counts(found)}", style=_STYLE[found.verdict])
            self._console.print(line, soft_wrap=True)


def show(outcome: Outcome, console: Console) -> None:
    """Prints the outcome: a table per API, what failed (the first 50), the APIs in one table, and a last line.

    Signs that would move the cursor are escaped, whatever a server sent.
    """
    for one in outcome.checked:
        rows = [(area, tally(found)) for area, found in by_area(one.findings).items()]
        console.print(_table(clean(f"{one.name} {one.title} at {one.base}"), "Area", rows))
    _failures(outcome, console)
    console.print(_table("All APIs", "API", [(clean(one.name), tally(one.findings)) for one in outcome.checked]))
    found = tally(outcome.findings)
    text = f"{found.verdict.upper()} at level {outcome.level.name}: {_counts(found)}; {outcome.seconds:.1f} seconds"
    console.print(Text(text, style=_STYLE[found.verdict]), soft_wrap=True)


def _table(title: str, first: str, rows: Sequence[tuple[str, Tally]]) -> Table:
    table = Table(title=escape(title), title_justify="left")
    table.add_column(first)
    for name in ("passed", "failed", "not tested", "score"):
        table.add_column(name, justify="right")
    for name, found in rows:
        style = _STYLE[found.verdict] if found.failed else None
        told = (str(found.passed), str(found.failed), str(found.untested), percent(numbers(found)["score"]))
        table.add_row(escape(name), *told, style=style)
    return table


def _failures(outcome: Outcome, console: Console) -> None:
    failed = [(one.name, f) for one in outcome.checked for f in one.findings if f.verdict == Verdict.FAILED]
    for api, one in failed[:MOST]:
        asked = one.assertion
        line = Text()
        line.append(f"{asked.rule.id} ", style=_STYLE[Verdict.FAILED])
        subject = f"{api} {asked.subject}" if asked.resource else asked.subject
        told = " ".join(clean(one.told).split())
        told = told if len(told) <= _LONGEST else told[:_LONGEST] + " (and so on)"
        line.append(clean(f"{subject}: {asked.rule.name}"), style="bold")
        line.append(f": {told}")
        console.print(line, soft_wrap=True)
    if len(failed) > MOST:
        console.print(f"and {len(failed) - MOST} more, see the report")


def _counts(found: Tally) -> str:
    return f"{found.passed} passed, {found.failed} failed, {found.untested} not tested"
