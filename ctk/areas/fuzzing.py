"""Fuzzed requests, made by schemathesis within a time budget."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, unquote

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, configuration, given, seed, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from ctk.area import Area
from ctk.exchange import JSON, Exchange, Unreachable, Untestable
from ctk.standard.operations import operation_of
from ctk.standard.profile import Resource
from ctk.standard.schemas import ANYWHERE
from ctk.target.target import FuzzBudget, Target
from ctk.verdict.ledger import Expect

_MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
_PARTS = ("method", "url", "params", "json", "data", "headers")
_RULES = ("FUZ-01", "FUZ-02", "FUZ-03", "FUZ-04")
_SHAPED = {"create": "FUZ-05", "list": "FUZ-06"}
_ELSEWHERE = (401, 403, 407, 413, 414, 429, 431, 502, 503, 504)
"""Codes with which something before the server may answer, in its own way."""


class _Enough(BaseException):
    """Ends a run whose time is over; no Exception, which hypothesis would take for a finding."""


def fuzz(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends fuzzed requests to each operation of a resource."""
    if target.options.fuzz_seconds <= 0:
        raise Untestable("no time was given for fuzzing")
    with _own_directory():
        budget = target.fuzz_budget = target.fuzz_budget or _budget(target)
        for verb in resource.operations:
            _operation(target, resource, expect, verb, budget)
    if resource.has("list"):
        answer = target.http("get", target.path(resource), query="limit=1")
        expect("FUZ-07", answer.status in (200, 206), f"answered {answer.status}", answer)


def _budget(target: Target) -> FuzzBudget:
    """Returns the operations of resources in our document, without headers; `hub` would take fuzzed callbacks."""
    paths: dict[str, dict[str, Any]] = {}
    wanted = [
        resource for resource in target.profile.resources.values() if target.ledger.wants("fuzzing", resource.name)
    ]
    for resource in wanted:
        for verb in resource.operations:
            method, path = operation_of(verb, resource.name)
            item = target.document.content["paths"][path]
            parameters = [*item.get("parameters", ()), *item[method].get("parameters", ())]
            kept = [parameter for parameter in parameters if target.document.resolve(parameter).get("in") != "header"]
            paths.setdefault(path, {})[method] = {**item[method], "parameters": kept}
    for name in ("uri", "url"):
        addresses = strategies.integers(0).map("https://ctk.invalid/{}".format)  # nobody may be asked there
        schemathesis.openapi.format(name, addresses)
    operations = schemathesis.openapi.from_dict({**target.document.content, "paths": paths})
    _run_cases(strategies.text(), 0, lambda _: None)  # hypothesis prepares itself once, in more than a second
    left = sum(len(resource.operations) for resource in wanted)
    return FuzzBudget(operations, time.monotonic() + target.options.fuzz_seconds, left)


@contextmanager
def _own_directory() -> Iterator[None]:
    """Has hypothesis keep its files in a directory of its own, not in the user's."""
    with tempfile.TemporaryDirectory() as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(None)


def _operation(target: Target, resource: Resource, expect: Expect, verb: str, budget: FuzzBudget) -> None:
    """Sends requests as the document has them for half of its time, then others; one of each at least."""
    begun, until = time.monotonic(), budget.share()
    if until <= begun:
        for rule in _RULES:
            expect.untested(rule, "the time for fuzzing was over before", item=verb)
        return
    method, path = operation_of(verb, resource.name)
    for number, mode in enumerate(_MODES, 1):
        strategy = budget.operations[path][method.upper()].as_strategy(generation_mode=mode)
        end = begun + (until - begun) * number / len(_MODES)
        _run_cases(strategy, end, lambda case: _case(target, resource, expect, verb, case))
    for rule in _RULES:
        expect.untested(rule, "no fuzzed request had such an answer", item=verb)
    if verb in _SHAPED:
        expect.untested(_SHAPED[verb], "no fuzzed request succeeded")


def _run_cases(strategy: Any, end: float, send: Callable[[Any], None]) -> None:
    """Sends one case after the other until the time (monotonic clock) is over; always the same ones."""

    @seed(1)
    @settings(
        max_examples=1_000_000,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def try_case(case: Any) -> None:
        send(case)
        if time.monotonic() >= end:
            raise _Enough

    try:
        try_case()
    except (_Enough, Unsatisfiable):  # there is nothing wrong to say to an operation that takes anything
        return


def _case(target: Target, resource: Resource, expect: Expect, verb: str, case: Any) -> None:
    """Sends one request, notes the verdicts, and forgets it unless it shows a failure."""
    if verb in ("patch", "delete"):  # no resource of others may be met
        key = re.sub(r"[/\\.%?#]", "", unquote(str(case.path_parameters.get("id", ""))))
        case.path_parameters["id"] = quote(target.unique() + key, safe="")
    if verb == "create":  # `fields` might leave out the id by which it is deleted
        case.query = {}
    before = len(target.http.exchanges)
    try:
        exchange = _send(target, resource, verb, case)
    except Unreachable as problem:
        of_client = isinstance(
            problem.__context__, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError
        )
        if not of_client:
            expect("FUZ-01", False, f"no answer: {problem}"[:300], item=verb)
        return
    del target.http.exchanges[before:]
    if exchange.operation == " ".join(operation_of(verb, resource.name)):
        _expect_answer(target, expect, verb, exchange)


def _send(target: Target, resource: Resource, verb: str, case: Any) -> Exchange:
    arguments = case.as_transport_kwargs(base_url=target.http.base)
    request = requests.Request(**{name: arguments[name] for name in _PARTS if name in arguments}).prepare()
    sent: Any = request.body or b""
    content: bytes = sent.encode() if isinstance(sent, str) else sent
    if verb == "create":
        return target.post(resource, content)
    method, path = str(request.method), str(request.url).removeprefix(target.http.base)
    if not content:
        return target.http(method, path)
    return target.http(method, path, body=content, media=str(request.headers.get("Content-Type", JSON)))


def _expect_answer(target: Target, expect: Expect, verb: str, exchange: Exchange) -> None:
    status = exchange.status
    declared = target.document.operations[_key(exchange)]
    expect("FUZ-01", status < 500 or status == 501, f"answered {status}", exchange, item=verb)
    documented = str(status) in declared.codes or status in ANYWHERE
    expect("FUZ-04", documented, f"answered {status}", exchange, item=verb)
    if status not in _ELSEWHERE and exchange.content:
        reason = f"its media type is {exchange.media or 'not told'}"
        expect("FUZ-02", exchange.media in declared.sends | {JSON}, reason, exchange, item=verb)
    if 400 <= status < 500 and status not in _ELSEWHERE:
        words = [exchange.body.get(name) for name in ("code", "reason")]
        expect("FUZ-03", all(words), "it has no code and reason", exchange, item=verb)
    rule = _SHAPED.get(verb)
    if rule and str(status) in declared.codes and status < 300 and "fields" not in exchange.url:
        problems = target.schemas.problems(exchange)
        expect(rule, not problems, "; ".join(problems), exchange)


def _key(exchange: Exchange) -> tuple[str, str]:
    method, _, path = exchange.operation.partition(" ")
    return method, path


AREA = Area("fuzzing", "fuzzed requests, made by schemathesis within a time budget", checks=(fuzz,))
