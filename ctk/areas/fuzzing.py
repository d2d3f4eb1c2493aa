"""Odd requests, made by schemathesis within a time budget."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
from ctk.profile import Resource
from ctk.standard.schemas import ANYWHERE
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge, operation_of

_MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
_PARTS = ("method", "url", "params", "json", "data", "headers")
_RULES = ("FUZ-01", "FUZ-02", "FUZ-03", "FUZ-04")
_SHAPED = {"create": "FUZ-05", "list": "FUZ-06"}
_ELSEWHERE = (401, 403, 407, 413, 414, 429, 431, 502, 503, 504)
"""Codes with which something before the server may answer, in its own way."""


class _Enough(BaseException):
    """The time is over: no Exception, which hypothesis would take for a finding."""


@dataclass
class _Budget:
    """The operations that can be tried, by method and path; until when, and how many operations are to share it."""

    operations: Any
    end: float
    left: int

    def share(self) -> float:
        """Until when the next operation may take."""
        now = time.monotonic()
        until = now + max(0.0, self.end - now) / max(1, self.left)
        self.left -= 1
        return until


def odd(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Odd requests to each operation of a resource."""
    if stage.options.fuzz_seconds <= 0:
        raise Untestable("no time was given for fuzzing")
    with _elsewhere():
        if "fuzzing" not in stage.memory:
            stage.memory["fuzzing"] = _budget(stage)
        budget: _Budget = stage.memory["fuzzing"]
        for verb in resource.operations:
            _operation(stage, resource, judge, verb, budget)
    if resource.has("list"):
        answer = stage.http("get", stage.path(resource), query="limit=1")
        judge("FUZ-07", answer.status in (200, 206), f"answered {answer.status}", answer)


def _budget(stage: Stage) -> _Budget:
    """Of our document the operations of resources alone: `hub` would take odd callbacks. No headers."""
    paths: dict[str, dict[str, Any]] = {}
    wanted = [one for one in stage.profile.resources.values() if stage.docket.wants("fuzzing", one.name)]
    for resource in wanted:
        for verb in resource.operations:
            method, path = operation_of(verb, resource.name)
            item = stage.document.content["paths"][path]
            told = [*item.get("parameters", ()), *item[method].get("parameters", ())]
            kept = [one for one in told if stage.document.followed(one).get("in") != "header"]
            paths.setdefault(path, {})[method] = {**item[method], "parameters": kept}
    for name in ("uri", "url"):
        addresses = strategies.integers(0).map("https://ctk.invalid/{}".format)  # nobody may be asked there
        schemathesis.openapi.format(name, addresses)
    operations = schemathesis.openapi.from_dict({**stage.document.content, "paths": paths})
    _played(strategies.text(), 0, lambda _: None)  # hypothesis prepares itself once, in more than a second
    left = sum(len(resource.operations) for resource in wanted)
    return _Budget(operations, time.monotonic() + stage.options.fuzz_seconds, left)


@contextmanager
def _elsewhere() -> Iterator[None]:
    """Hypothesis keeps its files in a directory of its own, not in the user's."""
    with tempfile.TemporaryDirectory() as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(None)


def _operation(stage: Stage, resource: Resource, judge: Judge, verb: str, budget: _Budget) -> None:
    """Requests as the document has them for half of its time, then such as it has not; one of each at least."""
    begun, until = time.monotonic(), budget.share()
    if until <= begun:
        for rule in _RULES:
            judge.untested(rule, "the time for fuzzing was over before", item=verb)
        return
    method, path = operation_of(verb, resource.name)
    for number, mode in enumerate(_MODES, 1):
        strategy = budget.operations[path][method.upper()].as_strategy(generation_mode=mode)
        end = begun + (until - begun) * number / len(_MODES)
        _played(strategy, end, lambda case: _case(stage, resource, judge, verb, case))
    for rule in _RULES:
        judge.untested(rule, "no odd request had such an answer", item=verb)
    if verb in _SHAPED:
        judge.untested(_SHAPED[verb], "no odd request succeeded")


def _played(strategy: Any, end: float, tried: Callable[[Any], None]) -> None:
    """Tries one case after the other until the time is over; always the same ones."""

    @seed(1)
    @settings(
        max_examples=1_000_000,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def one(case: Any) -> None:
        tried(case)
        if time.monotonic() >= end:
            raise _Enough

    try:
        one()
    except (_Enough, Unsatisfiable):  # there is nothing wrong to say to an operation that takes anything
        return


def _case(stage: Stage, resource: Resource, judge: Judge, verb: str, case: Any) -> None:
    """One request: made, judged, and forgotten unless it shows a failure."""
    if verb in ("patch", "delete"):  # no resource of others may be met
        key = re.sub(r"[/\\.%?#]", "", unquote(str(case.path_parameters.get("id", ""))))
        case.path_parameters["id"] = quote(stage.unique() + key, safe="")
    if verb == "create":  # `fields` might leave out the id by which it is deleted
        case.query = {}
    before = len(stage.http.kept)
    try:
        exchange = _asked(stage, resource, verb, case)
    except Unreachable as problem:
        told = isinstance(problem.__context__, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError)
        if not told:
            judge("FUZ-01", False, f"no answer: {problem}"[:300], item=verb)
        return
    del stage.http.kept[before:]
    if exchange.operation == " ".join(operation_of(verb, resource.name)):
        _judged(stage, judge, verb, exchange)


def _asked(stage: Stage, resource: Resource, verb: str, case: Any) -> Exchange:
    told = case.as_transport_kwargs(base_url=stage.http.base)
    request = requests.Request(**{name: told[name] for name in _PARTS if name in told}).prepare()
    sent: Any = request.body or b""
    content: bytes = sent.encode() if isinstance(sent, str) else sent
    if verb == "create":
        return stage.post(resource, content)
    method, path = str(request.method), str(request.url).removeprefix(stage.http.base)
    if not content:
        return stage.http(method, path)
    return stage.http(method, path, body=content, media=str(request.headers.get("Content-Type", JSON)))


def _judged(stage: Stage, judge: Judge, verb: str, exchange: Exchange) -> None:
    status = exchange.status
    declared = stage.document.operations[_key(exchange)]
    judge("FUZ-01", status < 500 or status == 501, f"answered {status}", exchange, item=verb)
    known = str(status) in declared.codes or status in ANYWHERE
    judge("FUZ-04", known, f"answered {status}", exchange, item=verb)
    if status not in _ELSEWHERE and exchange.content:
        told = f"its media type is {exchange.media or 'not told'}"
        judge("FUZ-02", exchange.media in declared.sends | {JSON}, told, exchange, item=verb)
    if 400 <= status < 500 and status not in _ELSEWHERE:
        words = [exchange.body.get(name) for name in ("code", "reason")]
        judge("FUZ-03", all(words), "it has no code and reason", exchange, item=verb)
    rule = _SHAPED.get(verb)
    if rule and str(status) in declared.codes and status < 300 and "fields" not in exchange.url:
        problems = stage.schemas.problems(exchange)
        judge(rule, not problems, "; ".join(problems), exchange)


def _key(exchange: Exchange) -> tuple[str, str]:
    method, _, path = exchange.operation.partition(" ")
    return method, path


AREA = Area("fuzzing", "odd requests, made by schemathesis within a time budget", stories=(odd,))
