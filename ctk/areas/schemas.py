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
from ctk.standard.operations import operation_of
from ctk.standard.profile import Resource
from ctk.standard.schemas import ANYWHERE
from ctk.standard.shapes import objects
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_MOST = 40
"""Answers of one operation, and values of one attribute, that are judged: each takes a millisecond or two."""
_ELEMENTS = 10
_USUAL = (400, 404, 409, 422)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_REFERENCE = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


def minimal(target: Target, resource: Resource, _: Expect) -> None:
    """Creates, reads and deletes a resource with mandatory attributes alone, for answers to look at."""
    instance = target.create(resource, "minimal")
    target.get(instance)
    if resource.has("delete"):
        target.delete(instance, if_match='"ctk-no-such-revision"')
        target.delete(instance)
        target.delete(instance)


def full(target: Target, resource: Resource, _: Expect) -> None:
    """Creates, reads, lists and changes a resource with everything a template has, for answers to look at."""
    instance = target.create(resource)
    target.get(instance)
    target.get(instance, query=[("fields", resource.text)])
    target.http("get", target.path(resource), query="limit=3")
    target.http("get", target.path(resource), query=[("id", instance.id)])
    if resource.has("patch"):
        target.patch(instance, {resource.text: instance.body.get(resource.text, "ctk")})
        target.patch(instance, b"{")
        target.patch(instance, b"ctk", media="text/plain")


def refusals(target: Target, resource: Resource, _: Expect) -> None:
    """Sends requests that no server can fulfil, for answers to look at."""
    path, unknown = target.path(resource), target.path(resource, target.unique())
    picture = {"accept": "image/png"}
    target.http("get", unknown)
    target.http("get", unknown, headers=picture)
    target.http("get", path, query="limit=ctk")
    target.http("get", path, query="limit=1", headers=picture)
    if resource.has("create"):
        target.post(resource, b"{")
        target.http("post", path, body=b"ctk", media="text/plain")
    if resource.has("patch"):
        target.http("patch", unknown, body={})


def operations(target: Target, resource: Resource, expect: Expect) -> None:
    """Expects all that was answered so far to be as declared, by operation."""
    for verb in resource.operations:
        answers = _answers(target, resource, verb)
        declared = target.document.operations[operation_of(verb, resource.name)]
        good = [answer for answer in answers if answer.status < 300]
        usual = [answer for answer in answers if answer.status in _USUAL]
        other = [answer for answer in answers if 400 <= answer.status < 500 and answer.status not in _USUAL]
        whole = [
            answer
            for answer in good
            if not _partial(answer) and (verb == "delete" or str(answer.status) in declared.codes)
        ]
        filled = [answer for answer in (*good, *usual) if answer.content]
        codes = {*map(str, ANYWHERE), *declared.codes}
        _expect_all(expect, "SCH-01", verb, whole, partial(_good, target))
        _expect_all(expect, "SCH-02", verb, usual, partial(_refusal, target))
        _expect_all(expect, "SCH-03", verb, other, partial(_refusal, target))
        _expect_all(expect, "SCH-04", verb, filled, partial(_media, declared.sends | {JSON}))
        _expect_all(expect, "SCH-05", verb, answers, partial(_code, codes))
        _expect_all(expect, "SCH-06", verb, answers, _failure)


def counts(target: Target, resource: Resource, expect: Expect) -> None:
    """Expects the headers of lists that count to be numbers."""
    if not resource.has("list"):
        return
    answers = [answer for answer in _answers(target, resource, "list") if answer.status < 300]
    for rule, name in (("SCH-07", "x-total-count"), ("SCH-08", "x-result-count")):
        counted = [answer for answer in answers if name in answer.headers]
        _expect_all(expect, rule, "", counted, partial(_count, name))


def values(target: Target, resource: Resource, expect: Expect) -> None:
    """Expects every value seen of each attribute to fit its schema, alone: an answer to `fields` has few of them."""
    seen_values = _values(target, resource)
    for name in expect.items("SCH-10"):
        _expect_each(expect, "SCH-10", name, seen_values, partial(_fits, target, resource, name))
    for name in expect.items("SCH-11"):
        _expect_each(expect, "SCH-11", name, seen_values, _no_instant)
    for name in expect.items("SCH-12"):
        _expect_each(expect, "SCH-12", name, seen_values, _no_reference)


def instants(target: Target, resource: Resource, expect: Expect) -> None:
    """Expects the date-times inside attributes to be such, at any depth."""
    node, count = target.document.schema(resource.schema), 0
    for exchange in _bodies(target, resource):
        for _, schema, value in objects(target.document, node, exchange.json):
            for name, attribute in target.document.attributes(schema).items():
                if attribute.format == "date-time" and not attribute.many and isinstance(value.get(name), str):
                    count += 1
                    expect("SCH-09", _instant(value[name]), f"{name} is {value[name]!r}", exchange)
    if not count:
        expect.untested("SCH-09", "no date-time was answered")


def _answers(target: Target, resource: Resource, verb: str) -> list[Exchange]:
    """Returns the distinct answers of an operation; where there are too many, some of them, evenly."""
    operation = " ".join(operation_of(verb, resource.name))
    distinct = {
        (exchange.status, exchange.media, exchange.content): exchange
        for exchange in target.http.exchanges
        if exchange.operation == operation
    }
    return _some([_cut(exchange) for exchange in distinct.values()])


def _some(all_of: Sequence[Any]) -> list[Any]:
    step = max(1, -(-len(all_of) // _MOST))
    return list(all_of[::step])


def _cut(exchange: Exchange) -> Exchange:
    """Returns an answer with the first elements of its array."""
    elements = exchange.json
    if not isinstance(elements, list) or len(elements) <= _ELEMENTS:
        return exchange
    return replace(exchange, content=json.dumps(elements[:_ELEMENTS]).encode())


def _partial(exchange: Exchange) -> bool:
    """Returns whether it was asked for some attributes alone: mandatory ones may be missing then."""
    return bool(_selected_fields(exchange))


def _selected_fields(exchange: Exchange) -> list[str]:
    """Returns the attributes that were asked for by `fields`."""
    asked = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)
    return [name.strip() for name, value in asked if name == "fields" for name in value.split(",")]


def _bodies(target: Target, resource: Resource) -> list[Exchange]:
    verbs = [verb for verb in resource.operations if verb != "delete"]
    return [answer for verb in verbs for answer in _answers(target, resource, verb) if answer.status < 300]


def _values(target: Target, resource: Resource) -> dict[str, list[tuple[Any, Exchange]]]:
    """Returns the distinct values of each attribute, each with an answer that has it whole."""
    by_name: dict[str, dict[str, tuple[Any, Exchange]]] = {}
    for exchange in _bodies(target, resource):
        cut = {name.partition(".")[0] for name in _selected_fields(exchange) if "." in name}
        for element in exchange.elements or [exchange.body]:
            for name in [name for name in element if name not in cut]:
                value = element[name]
                by_name.setdefault(name, {}).setdefault(json.dumps(value, sort_keys=True), (value, exchange))
    return {name: _some(list(distinct.values())) for name, distinct in by_name.items()}


def _expect_all(
    expect: Expect, rule: str, item: str, answers: Iterable[Exchange], wrong: Callable[[Exchange], str]
) -> None:
    """Expects all of them to be well: `wrong` returns what is not, or an empty text."""
    tried = False
    for answer in answers:
        tried, problem = True, wrong(answer)
        expect(rule, not problem, problem, answer, item=item)
    if not tried:
        expect.untested(rule, "no such answer was seen", item=item)


def _expect_each(
    expect: Expect, rule: str, name: str, by_name: dict[str, list[tuple[Any, Exchange]]], wrong: Callable[[Any], str]
) -> None:
    for value, exchange in by_name.get(name, ()):
        problem = wrong(value)
        expect(rule, not problem, problem, exchange, item=name)
    if not by_name.get(name):
        expect.untested(rule, f"{name} was never answered", item=name)


def _good(target: Target, exchange: Exchange) -> str:
    """Returns the problems of a success:

    a deletion may answer nothing; a body is read as JSON whatever its media type.
    """
    if exchange.method == "DELETE" and exchange.status in (200, 204):
        return "it answered a body" if exchange.content else ""
    headers = {**exchange.headers, "content-type": JSON}
    return "; ".join(target.schemas.problems(replace(exchange, headers=headers)))


def _refusal(target: Target, exchange: Exchange) -> str:
    return "; ".join(target.schemas.of_schema("Error", exchange.content))


def _media(types: Set[str], exchange: Exchange) -> str:
    return "" if exchange.media in types else f"its media type is {exchange.media or 'not told'}"


def _code(codes: Set[str], exchange: Exchange) -> str:
    return "" if str(exchange.status) in codes else f"answered {exchange.status}"


def _failure(exchange: Exchange) -> str:
    return f"answered {exchange.status}" if exchange.status in (500, 502, 504) else ""


def _count(name: str, exchange: Exchange) -> str:
    text = exchange.headers[name]
    return "" if text.isascii() and text.isdigit() else f"{name} is {text!r}"


def _fits(target: Target, resource: Resource, name: str, value: Any) -> str:
    return "; ".join(target.schemas.of_attribute(resource.schema, name, value))


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
    checks=(minimal, full, refusals, operations, counts, values, instants),
)
