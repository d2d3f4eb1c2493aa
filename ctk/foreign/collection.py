"""A Postman collection's run, as newman's JSON reporter writes it, as findings of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from ctk.exchange import Exchange
from ctk.rule import VERSIONS, Assertion, Level, Rule
from ctk.verdict.ledger import Finding, Verdict

AREA = "newman"
_HIDDEN = "(secret of the environment)"
Judgement = tuple[str, Verdict, str]
"""An assertion's name, its verdict, and why it is not `passed`."""


def info(data: Any) -> str:
    """Returns the name of a collection of format v2; empty where the data is no such collection."""
    about = data.get("info") if isinstance(data, dict) else None
    if not isinstance(about, dict) or not isinstance(data.get("item"), list):
        return ""
    if "/collection/v2." not in str(about.get("schema")):
        return ""
    return str(about.get("name") or "Postman collection")


def secrets(environment: Mapping[str, Any]) -> Sequence[str]:
    """Returns the values that an environment marks as secret, the longest first."""
    rows = [row for row in environment["values"] if isinstance(row, dict) and row.get("type") == "secret"]
    return sorted({str(row["value"]) for row in rows if row.get("value")}, key=lambda value: (-len(value), value))


def findings(report: Mapping[str, Any], file: str, name: str, hidden: Sequence[str]) -> Iterator[Finding]:
    """Yields a finding for every assertion, in order: the rules are numbered `NWM-01` and so on.

    A request that got no answer and a script that broke are failures too. A request that nothing is asserted about, an
    assertion that is skipped and a collection without requests are not tested. `hidden` are texts that are not shown.
    """
    number = 0
    for execution in _executions(report):
        item = str(execution["item"].get("name") or "unnamed request")
        exchanges = _exchanges(execution, hidden)
        for assertion, verdict, reason in _judgements(execution):
            number += 1
            rule = _rule(number, _without(assertion, hidden), f"{file}, request {item}")
            subject = Assertion(rule, name, "", item, Level.certify)
            yield Finding(subject, verdict, _without(reason, hidden), exchanges)
    if not number:
        rule = _rule(1, "the collection asserts something", file)
        yield Finding(Assertion(rule, name, "", "", Level.certify), Verdict.NOT_TESTED, "it has no request", ())


def _rule(number: int, name: str, source: str) -> Rule:
    levels = dict.fromkeys(VERSIONS, Level.certify)
    return Rule(f"NWM-{number:02d}", AREA, name, levels, "collection", (), source)


def _executions(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Returns the requests that were made, each once: newman repeats a request whose script makes another one."""
    run = report.get("run") or {}
    by_request: dict[object, Mapping[str, Any]] = {}
    for place, execution in enumerate(run.get("executions") or []):
        by_request.setdefault((execution.get("cursor") or {}).get("ref") or place, execution)
    return list(by_request.values())


def _judgements(execution: Mapping[str, Any]) -> list[Judgement]:
    """Returns what an execution says: of its answer, its scripts, its assertions."""
    answered = bool(execution.get("response"))
    judgements = [_judgement(assertion, answered) for assertion in execution.get("assertions") or []]
    if not answered:
        judgements.append(("the request gets an answer", Verdict.FAILED, f"no answer came: {_reason(execution)}"))
    for script in ("prerequestScript", "testScript"):
        for event in execution.get(script) or []:
            if problem := event.get("error"):
                judgements.append(
                    ("the collection's script runs", Verdict.FAILED, f"the script broke: {_message(problem)}")
                )
    return judgements or [
        ("the request is asserted about", Verdict.NOT_TESTED, "the collection asserts nothing about it")
    ]


def _judgement(assertion: Mapping[str, Any], answered: bool) -> Judgement:
    name = str(assertion.get("assertion") or "unnamed assertion")
    if assertion.get("skipped"):
        return name, Verdict.NOT_TESTED, "the collection skips it"
    problem = assertion.get("error")
    if not problem:
        return (name, Verdict.PASSED, "") if answered else (name, Verdict.NOT_TESTED, "no answer came")
    return name, Verdict.FAILED, _message(problem) if answered else f"no answer came; {_message(problem)}"


def _message(problem: Mapping[str, Any]) -> str:
    return str(problem.get("message") or problem.get("name") or problem)


def _reason(execution: Mapping[str, Any]) -> str:
    problem = execution.get("requestError") or {}
    return str(problem.get("message") or problem.get("code") or "newman gives no reason")


def _exchanges(execution: Mapping[str, Any], hidden: Sequence[str]) -> tuple[Exchange, ...]:
    """Returns the request and its answer; empty where no answer came."""
    request, response = execution.get("request"), execution.get("response")
    if not request or not response:
        return ()
    stream = response.get("stream") or {}
    content = bytes(stream.get("data") or []).decode("utf-8", "surrogateescape")
    sent = _without(_body(request.get("body") or {}), hidden)
    return (
        Exchange(
            str(request.get("method", "GET")),
            _without(_address(request.get("url") or {}), hidden),
            "",
            _headers(request.get("header") or [], hidden),
            sent.encode("utf-8", "backslashreplace"),
            int(response.get("code") or 0),
            _headers(response.get("header") or [], hidden),
            _without(content, hidden).encode("utf-8", "surrogateescape"),
        ),
    )


def _address(url: Any) -> str:
    if isinstance(url, str):
        return url
    host, path, port = (_joined(url.get(name), sign) for name, sign in (("host", "."), ("path", "/"), ("port", "")))
    pairs = _pairs(url.get("query") or [])
    query = "&".join(name if value is None else f"{name}={value}" for name, value in pairs)
    start = f"{url.get('protocol') or 'http'}://{host}" + (f":{port}" if port else "")
    return f"{start}/{path}" + (f"?{query}" if query else "")


def _joined(parts: Any, sign: str) -> str:
    return sign.join(str(part) for part in parts) if isinstance(parts, list) else str(parts or "")


def _pairs(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, Any]]:
    """Returns names and values of Postman's rows without those that are switched off."""
    return [(str(row.get("key")), row.get("value")) for row in rows if not row.get("disabled")]


def _headers(rows: Iterable[Mapping[str, Any]], hidden: Sequence[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in _pairs(rows):
        shown = _without(str(value), hidden)
        headers[name.lower()] = f"{headers[name.lower()]}, {shown}" if name.lower() in headers else shown
    return headers


def _body(body: Mapping[str, Any]) -> str:
    """Returns what was sent, as far as newman shows it: a text, a form; files by their place only."""
    mode = str(body.get("mode") or "")
    content = body.get(mode)
    if mode == "raw":
        return str(content or "")
    if mode == "graphql" and isinstance(content, dict):
        return str(content.get("query") or "")
    if mode in ("urlencoded", "formdata") and isinstance(content, list):
        return urlencode([(name, "" if value is None else value) for name, value in _pairs(content)])
    return f"({mode})" if mode else ""


def _without(text: str, hidden: Sequence[str]) -> str:
    for secret in hidden:
        text = text.replace(secret, _HIDDEN)
    return text
