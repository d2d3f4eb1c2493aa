"""The outcome of a run, as reports read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ctk.rule import Level
from ctk.verdict.ledger import Finding, Verdict


@dataclass(frozen=True)
class Tally:
    """Counts the assertions that passed, failed and were not tested."""

    passed: int
    failed: int
    untested: int

    @property
    def verdict(self) -> Verdict:
        """Returns `failed` where any failed, `not tested` where none was tried, else `passed`."""
        if self.failed:
            return Verdict.FAILED
        return Verdict.PASSED if self.passed else Verdict.NOT_TESTED

    @property
    def score(self) -> float | None:
        """Returns the share of passed among those tried, 0 to 1; None where none was tried."""
        tried = self.passed + self.failed
        return self.passed / tried if tried else None


@dataclass(frozen=True)
class ApiResult:
    """Holds the findings about one API and version (`TMF621-v5`; for foreign kits the collection's name).

    `base` is the address that was tried.
    """

    name: str
    title: str
    base: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Outcome:
    """Holds a whole run: the address, the level, when it began (UTC), its seconds, and the result of each API."""

    url: str
    level: Level
    begun: datetime
    seconds: float
    results: tuple[ApiResult, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Returns the findings of all APIs, in order."""
        return tuple(finding for result in self.results for finding in result.findings)

    @property
    def exit_code(self) -> int:
        """Returns 0 where everything that was tried holds, 1 where something does not, 2 where nothing was tried."""
        verdict = tally(self.findings).verdict
        return {Verdict.PASSED: 0, Verdict.FAILED: 1, Verdict.NOT_TESTED: 2}[verdict]


def tally(findings: Iterable[Finding]) -> Tally:
    """Counts findings by their verdict."""
    count = Counter(finding.verdict for finding in findings)
    return Tally(count[Verdict.PASSED], count[Verdict.FAILED], count[Verdict.NOT_TESTED])
