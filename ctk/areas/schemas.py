"""Whether every answer has the declared schema, as openapi-core reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ctk.area import Area
from ctk.exchange import JSON, Exchange
from ctk.profile import Resource
from ctk.standard.schemas import ANYWHERE
from ctk.standard.shapes import objects
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge, operation_of

_MOST = 40
"""Answers of one operation, and values of one attribute, that are judged: each takes a millisecond or two."""
_ELEMENTS = 10
_USUAL = (400, 404, 409, 422)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_REFERENCE = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


def minimal(stage: Stage, resource: Resource, _: Judge) -> None:
    """A life of a resource with mandatory attributes alone; it is judged with everything else."""
    made = stage.create(resource, "minimal")
    stage.get(made)
    if resource.has("delete"):
        stage.delete(made, if_match='"ctk-no-such-revision"')
        stage.delete(made)
        stage.delete(made)


def full(stage: Stage, resource: Resource, _: Judge) -> None:
    """A resource with everything a template has."""
    made = stage.create(resource)
    stage.get(made)
    stage.get(made, query=[("fields", resource.text)])
    stage.http("get", stage.path(resource), query="limit=3")
    stage.http("get", stage.path(resource), query=[("id", made.id)])
    if resource.has("patch"):
        stage.patch(made, {resource.text: made.body.get(resource.text, "ctk")})
        stage.patch(made, b"{")
        stage.patch(made, b"ctk", media="text/plain")


def refused(stage: Stage, resource: Resource, _: Judge) -> None:
    """Requests that no server can fulfil."""
    path, unknown = stage.path(resource), stage.path(resource, stage.unique())
    picture = {"accept": "image/png"}
    stage.http("get", unknown)
    stage.http("get", unknown, headers=picture)
    stage.http("get", path, query="limit=ctk")
    stage.http("get", path, query="limit=1", headers=picture)
    if resource.has("create"):
        stage.post(resource, b"{")
        stage.http("post", path, body=b"ctk", media="text/plain")
    if resource.has("patch"):
        stage.http("patch", unknown, body={})


def operations(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Everything that was answered so far, by operation."""
    for verb in resource.operations:
        seen = _seen(stage, resource, verb)
        declared = stage.document.operations[operation_of(verb, resource.name)]
        good = [one for one in seen if one.status < 300]
        usual = [one for one in seen if one.status in _USUAL]
        other = [one for one in seen if 400 <= one.status < 500 and one.status not in _USUAL]
        whole = [one for one in good if not _partial(one) and (verb == "delete" or str(one.status) in declared.codes)]
        filled = [one for one in (*good, *usual) if one.content]
        codes = {*map(str, ANYWHERE), *declared.codes}
        _all(judge, "SCH-01", verb, whole, partial(_good, stage))
        _all(judge, "SCH-02", verb, usual, partial(_refusal, stage))
        _all(judge, "SCH-03", verb, other, partial(_refusal, stage))
        _all(judge, "SCH-04", verb, filled, partial(_media, declared.sends | {JSON}))
        _all(judge, "SCH-05", verb, seen, partial(_code, codes))
        _all(judge, "SCH-06", verb, seen, _failure)


def counts(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The headers of lists that count."""
    if not resource.has("list"):
        return
    seen = [one for one in _seen(stage, resource, "list") if one.status < 300]
    for rule, name in (("SCH-07", "x-total-count"), ("SCH-08", "x-result-count")):
        told = [one for one in seen if name in one.headers]
        _all(judge, rule, "", told, partial(_count, name))


def values(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Every value seen of each attribute, alone: an answer to `fields` has few of them."""
    found = _values(stage, resource)
    for name in judge.items("SCH-10"):
        _each(judge, "SCH-10", name, found, partial(_fits, stage, resource, name))
    for name in judge.items("SCH-11"):
        _each(judge, "SCH-11", name, found, _no_instant)
    for name in judge.items("SCH-12"):
        _each(judge, "SCH-12", name, found, _no_reference)


def instants(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The date-times inside attributes, at any depth."""
    node, seen = stage.document.schema(resource.schema), 0
    for exchange in _bodies(stage, resource):
        for _, schema, value in objects(stage.document, node, exchange.json):
            for name, one in stage.document.attributes(schema).items():
                if one.format == "date-time" and not one.many and isinstance(value.get(name), str):
                    seen += 1
                    judge("SCH-09", _instant(value[name]), f"{name} is {value[name]!r}", exchange)
    if not seen:
        judge.untested("SCH-09", "no date-time was answered")


def _seen(stage: Stage, resource: Resource, verb: str) -> list[Exchange]:
    """The distinct answers of an operation; where there are too many, some of them, evenly."""
    operation = " ".join(operation_of(verb, resource.name))
    kept = {(one.status, one.media, one.content): one for one in stage.http.kept if one.operation == operation}
    return _some([_cut(one) for one in kept.values()])


def _some(all_of: Sequence[Any]) -> list[Any]:
    step = max(1, -(-len(all_of) // _MOST))
    return list(all_of[::step])


def _cut(exchange: Exchange) -> Exchange:
    """An answer with the first elements of its array."""
    found = exchange.json
    if not isinstance(found, list) or len(found) <= _ELEMENTS:
        return exchange
    return replace(exchange, content=json.dumps(found[:_ELEMENTS]).encode())


def _partial(exchange: Exchange) -> bool:
    """Whether it was asked for some attributes alone: what is mandatory may lack."""
    return bool(_chosen(exchange))


def _chosen(exchange: Exchange) -> list[str]:
    """The attributes that were asked for by `fields`."""
    asked = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)
    return [one.strip() for name, value in asked if name == "fields" for one in value.split(",")]


def _bodies(stage: Stage, resource: Resource) -> list[Exchange]:
    verbs = [verb for verb in resource.operations if verb != "delete"]
    return [one for verb in verbs for one in _seen(stage, resource, verb) if one.status < 300]


def _values(stage: Stage, resource: Resource) -> dict[str, list[tuple[Any, Exchange]]]:
    """The distinct values of each attribute, each with an answer that has it whole."""
    found: dict[str, dict[str, tuple[Any, Exchange]]] = {}
    for exchange in _bodies(stage, resource):
        cut = {name.partition(".")[0] for name in _chosen(exchange) if "." in name}
        for one in exchange.elements or [exchange.body]:
            for name in [name for name in one if name not in cut]:
                value = one[name]
                found.setdefault(name, {}).setdefault(json.dumps(value, sort_keys=True), (value, exchange))
    return {name: _some(list(distinct.values())) for name, distinct in found.items()}


def _all(judge: Judge, rule: str, item: str, seen: Iterable[Exchange], wrong: Callable[[Exchange], str]) -> None:
    """All of them are well: `wrong` says what is not, or nothing."""
    tried = False
    for one in seen:
        tried, told = True, wrong(one)
        judge(rule, not told, told, one, item=item)
    if not tried:
        judge.untested(rule, "no such answer was seen", item=item)


def _each(
    judge: Judge, rule: str, name: str, found: dict[str, list[tuple[Any, Exchange]]], wrong: Callable[[Any], str]
) -> None:
    for value, exchange in found.get(name, ()):
        told = wrong(value)
        judge(rule, not told, told, exchange, item=name)
    if not found.get(name):
        judge.untested(rule, f"{name} was never answered", item=name)


def _good(stage: Stage, exchange: Exchange) -> str:
    """A deletion may answer nothing; whatever its media type, a body is judged as the JSON that it should be."""
    if exchange.method == "DELETE" and exchange.status in (200, 204):
        return "it answered a body" if exchange.content else ""
    told = {**exchange.headers, "content-type": JSON}
    return "; ".join(stage.schemas.problems(replace(exchange, headers=told)))


def _refusal(stage: Stage, exchange: Exchange) -> str:
    return "; ".join(stage.schemas.of_schema("Error", exchange.content))


def _media(types: Set[str], exchange: Exchange) -> str:
    return "" if exchange.media in types else f"its media type is {exchange.media or 'not told'}"


def _code(codes: Set[str], exchange: Exchange) -> str:
    return "" if str(exchange.status) in codes else f"answered {exchange.status}"


def _failure(exchange: Exchange) -> str:
    return f"answered {exchange.status}" if exchange.status in (500, 502, 504) else ""


def _count(name: str, exchange: Exchange) -> str:
    text = exchange.headers[name]
    return "" if text.isascii() and text.isdigit() else f"{name} is {text!r}"


def _fits(stage: Stage, resource: Resource, name: str, value: Any) -> str:
    return "; ".join(stage.schemas.of_attribute(resource.schema, name, value))


def _instant(value: Any) -> bool:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _no_instant(value: Any) -> str:
    return "" if _instant(value) else f"{value!r} is no date-time"


def _no_reference(value: Any) -> str:
    return "" if isinstance(value, str) and _REFERENCE.fullmatch(value) else f"{value!r} is no URI"


AREA = Area(
    "schemas",
    "whether every answer has the declared schema, as openapi-core reads it",
    stories=(minimal, full, refused, operations, counts, values, instants),
)
