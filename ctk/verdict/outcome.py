"""What a run found, as reports read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ctk.rule import Level
from ctk.verdict.ledger import Finding, Verdict


@dataclass(frozen=True)
class Tally:
    """How many assertions passed, failed and were not tested."""

    passed: int
    failed: int
    untested: int

    @property
    def verdict(self) -> Verdict:
        """Failed where one failed; not tested where none was tried."""
        if self.failed:
            return Verdict.FAILED
        return Verdict.PASSED if self.passed else Verdict.NOT_TESTED

    @property
    def score(self) -> float | None:
        """The share of passed among those tried, 0 to 1; None where none was."""
        tried = self.passed + self.failed
        return self.passed / tried if tried else None


@dataclass(frozen=True)
class Checked:
    """One API and version (`TMF621-v5`; for foreign kits the collection's name), its base address, its findings."""

    name: str
    title: str
    base: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Outcome:
    """A whole run: the address, the level, when it began (UTC) and how long it took, what was found."""

    url: str
    level: Level
    begun: datetime
    seconds: float
    checked: tuple[Checked, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found, in order."""
        return tuple(finding for one in self.checked for finding in one.findings)

    @property
    def exit_code(self) -> int:
        """0: everything that was tried holds; 1: something does not; 2: nothing could be tried."""
        found = tally(self.findings)
        return {Verdict.PASSED: 0, Verdict.FAILED: 1, Verdict.NOT_TESTED: 2}[found.verdict]


def tally(findings: Iterable[Finding]) -> Tally:
    """The numbers of some findings."""
    count = Counter(one.verdict for one in findings)
    return Tally(count[Verdict.PASSED], count[Verdict.FAILED], count[Verdict.NOT_TESTED])
