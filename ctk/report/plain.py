"""An outcome as plain data: what the JSON report is, and what every other report is made from."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ctk.exchange import Exchange
from ctk.report import shown
from ctk.verdict.ledger import Finding
from ctk.verdict.outcome import ApiResult, Outcome, Tally, tally

Data = dict[str, Any]
KIND = "tmf check"
FORMAT = 1
_PACKAGE = "tmf-reference-suite"


def as_data(outcome: Outcome) -> Data:
    """Returns the outcome as JSON-able data in an order that never changes, without secrets and control signs.

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
        "checked": [_result(result) for result in outcome.results],
    }
    clean: Data = shown.cleaned(data)
    return clean


def numbers(count: Tally) -> Data:
    """Returns verdict, counts and score.

    The score is 0 to 1, cut to four digits so that 1 is the whole. Returns None where nothing was tried.
    """
    tried = count.passed + count.failed
    return {
        "verdict": str(count.verdict),
        "passed": count.passed,
        "failed": count.failed,
        "not_tested": count.untested,
        "score": count.passed * 10_000 // tried / 10_000 if tried else None,
    }


def percent(score: float | None) -> str:
    """Returns a score as `97.5 %`, cut and not rounded, so that 100 % is said of the whole only; a dash for None."""
    return "–" if score is None else f"{round(score * 10_000) // 10 / 10:g} %"


def by_area(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Returns the findings of each area, in the order in which areas first appear."""
    areas: dict[str, list[Finding]] = {}
    for finding in findings:
        areas.setdefault(finding.assertion.rule.area, []).append(finding)
    return areas


def _result(result: ApiResult) -> Data:
    resources: dict[str, list[Finding]] = {}
    for finding in result.findings:
        resources.setdefault(finding.assertion.resource, []).append(finding)
    exchanges = _Exchanges()
    findings = [_finding(finding, exchanges) for finding in result.findings]
    return {
        "name": result.name,
        "title": result.title,
        "base": result.base,
        **numbers(tally(result.findings)),
        "areas": _areas(result.findings),
        "resources": [
            {"resource": name, **numbers(tally(group)), "areas": _areas(group)} for name, group in resources.items()
        ],
        "findings": findings,
        "exchanges": exchanges.shown,
    }


def _areas(findings: Iterable[Finding]) -> list[Data]:
    return [{"area": area, **numbers(tally(group))} for area, group in by_area(findings).items()]


def _finding(finding: Finding, exchanges: _Exchanges) -> Data:
    assertion = finding.assertion
    return {
        "rule": assertion.rule.id,
        "name": assertion.rule.name,
        "level": assertion.level.name,
        "source": assertion.rule.source,
        "area": assertion.rule.area,
        "resource": assertion.resource,
        "item": assertion.item,
        "subject": assertion.subject,
        "verdict": str(finding.verdict),
        "told": finding.reason,
        "exchanges": [exchanges.place(exchange) for exchange in finding.exchanges],
    }


class _Exchanges:
    """Collects the exchanges of one API, each once."""

    def __init__(self) -> None:
        self.shown: list[Data] = []
        self._places: dict[object, int] = {}

    def place(self, exchange: Exchange) -> int:
        """Returns the place of an exchange in the list; adds it where it is not there yet."""
        sent, received = tuple(sorted(exchange.sent_headers.items())), tuple(sorted(exchange.headers.items()))
        key = (exchange.method, exchange.url, sent, exchange.sent, exchange.status, received, exchange.content)
        if key not in self._places:
            self._places[key] = len(self.shown)
            self.shown.append(_exchange(exchange))
        return self._places[key]


def _exchange(exchange: Exchange) -> Data:
    return {
        "method": exchange.method,
        "url": exchange.url,
        "request": {"headers": shown.headers(exchange.sent_headers), "body": shown.body(exchange.sent)},
        "status": exchange.status,
        "response": {"headers": shown.headers(exchange.headers), "body": shown.body(exchange.content)},
    }


def _version() -> str:
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return "not installed"
