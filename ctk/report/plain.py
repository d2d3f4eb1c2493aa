"""An outcome as plain data: what the JSON report is, and what every other report is made from."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ctk.exchange import Exchange
from ctk.report import shown
from ctk.verdict.ledger import Finding
from ctk.verdict.outcome import Checked, Outcome, Tally, tally

Data = dict[str, Any]
KIND = "tmf check"
FORMAT = 1
_PACKAGE = "tmf-reference-suite"


def as_data(outcome: Outcome) -> Data:
    """The outcome as JSON-able data in an order that never changes, without secrets and control signs.

    `checked` has a row per API with its scores, its `findings` and the `exchanges` that show them: an exchange is
    written once, and findings name it by its place in that list.
    """
    data = {
        "report": KIND,
        "format": FORMAT,
        "tool": {"name": _PACKAGE, "version": _version()},
        "url": outcome.url,
        "level": outcome.level.name,
        "begun": outcome.begun.isoformat(timespec="seconds"),
        "seconds": round(outcome.seconds, 3),
        "exit_code": outcome.exit_code,
        **numbers(tally(outcome.findings)),
        "checked": [_checked(one) for one in outcome.checked],
    }
    found: Data = shown.cleaned(data)
    return found


def numbers(found: Tally) -> Data:
    """Verdict, counts and score: 0 to 1, cut to four digits so that 1 is the whole; None where nothing was tried."""
    tried = found.passed + found.failed
    return {
        "verdict": str(found.verdict),
        "passed": found.passed,
        "failed": found.failed,
        "not_tested": found.untested,
        "score": found.passed * 10_000 // tried / 10_000 if tried else None,
    }


def percent(score: float | None) -> str:
    """A score as `97.5 %`, cut and not rounded, so that 100 % is said of the whole only; a dash where there is none."""
    return "–" if score is None else f"{round(score * 10_000) // 10 / 10:g} %"


def by_area(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The findings of each area, in the order in which areas first appear."""
    areas: dict[str, list[Finding]] = {}
    for one in findings:
        areas.setdefault(one.assertion.rule.area, []).append(one)
    return areas


def _checked(one: Checked) -> Data:
    resources: dict[str, list[Finding]] = {}
    for finding in one.findings:
        resources.setdefault(finding.assertion.resource, []).append(finding)
    exchanges = _Exchanges()
    findings = [_finding(finding, exchanges) for finding in one.findings]
    return {
        "name": one.name,
        "title": one.title,
        "base": one.base,
        **numbers(tally(one.findings)),
        "areas": _areas(one.findings),
        "resources": [
            {"resource": name, **numbers(tally(found)), "areas": _areas(found)} for name, found in resources.items()
        ],
        "findings": findings,
        "exchanges": exchanges.shown,
    }


def _areas(findings: Iterable[Finding]) -> list[Data]:
    return [{"area": area, **numbers(tally(found))} for area, found in by_area(findings).items()]


def _finding(one: Finding, exchanges: _Exchanges) -> Data:
    asked = one.assertion
    return {
        "rule": asked.rule.id,
        "name": asked.rule.name,
        "level": asked.level.name,
        "source": asked.rule.source,
        "area": asked.rule.area,
        "resource": asked.resource,
        "item": asked.item,
        "subject": asked.subject,
        "verdict": str(one.verdict),
        "told": one.told,
        "exchanges": [exchanges.place(exchange) for exchange in one.exchanges],
    }


class _Exchanges:
    """The exchanges of one API, each once."""

    def __init__(self) -> None:
        self.shown: list[Data] = []
        self._places: dict[object, int] = {}

    def place(self, one: Exchange) -> int:
        """Where the exchange is in the list; it is added where it is not there yet."""
        sent, received = tuple(sorted(one.sent_headers.items())), tuple(sorted(one.headers.items()))
        key = (one.method, one.url, sent, one.sent, one.status, received, one.content)
        if key not in self._places:
            self._places[key] = len(self.shown)
            self.shown.append(_exchange(one))
        return self._places[key]


def _exchange(one: Exchange) -> Data:
    return {
        "method": one.method,
        "url": one.url,
        "request": {"headers": shown.headers(one.sent_headers), "body": shown.body(one.sent)},
        "status": one.status,
        "response": {"headers": shown.headers(one.headers), "body": shown.body(one.content)},
    }


def _version() -> str:
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return "not installed"
