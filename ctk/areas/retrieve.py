"""Retrieving: whether a resource is returned whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from ctk.area import Area
from ctk.equality import lost
from ctk.exchange import Exchange
from ctk.standard.profile import Resource
from ctk.target.target import Instance, Target
from ctk.verdict.ledger import Expect

_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_LONG_AGO = "Mon, 01 Jan 2001 00:00:00 GMT"
_SPECIAL = "é ?#%25&+;=@:,'()[]"
_MOVING = frozenset({"lastUpdate", "lastModified"})


def whole(target: Target, resource: Resource, expect: Expect) -> None:
    """Retrieves a created resource and compares it with its creation."""
    instance = target.create(resource)
    answer = target.get(instance)
    expect("RET-01", answer.status == 200, f"answered {answer.status}", answer)
    if answer.status != 200:
        return
    expect("RET-02", answer.media == "application/json", f"answered {answer.media or 'no media type'}", answer)
    expect(
        "RET-03",
        answer.body.get("id") == instance.id,
        f"its id is {answer.body.get('id')!r}, not {instance.id!r}",
        answer,
    )
    for name in expect.items("RET-04"):
        value = answer.body.get(name)
        expect(
            "RET-04", value is not None, f"{name} is {'null' if name in answer.body else 'missing'}", answer, item=name
        )
    for name in expect.items("RET-05"):
        _conditional(name, resource.conditional[name].when, answer, expect)
    for name in expect.items("RET-06"):
        _attribute(name, resource, instance, answer, expect)
    more = [name for name in answer.body if name not in instance.body]
    expect("RET-08", not more, f"{', '.join(more)} is new", instance.exchange, answer)
    expect.equal("RET-09", answer.body.get("href"), instance.body.get("href"), instance.exchange, answer)
    _again(target, instance, answer, expect)
    _conditional_reads(target, instance, answer, expect)
    _exact_id(target, instance, expect)


def _again(target: Target, instance: Instance, first: Exchange, expect: Expect) -> None:
    """Asks for the same resource in several ways."""
    resource, second = instance.resource, target.get(instance)
    moving = {name for name in (*_MOVING, resource.state) if name}
    reason = _difference(first, second, moving)
    expect(
        "RET-10",
        first.status == second.status == 200 and not reason,
        reason or f"answered {second.status}",
        first,
        second,
    )
    tag = first.headers.get("etag", "")
    if tag:
        expect.equal("RET-11", second.headers.get("etag"), tag, first, second)
    ways = {"RET-12": "*/*", "RET-13": "application/*", "RET-14": "text/html, application/json;q=0.9"}
    for rule, accepted in ways.items():
        if expect.items(rule):
            _expect_same(rule, target.get(instance, headers={"accept": accepted}), instance, expect)
    if expect.items("RET-15"):
        _expect_same("RET-15", target.http("get", instance.path + "/"), instance, expect)
    if expect.items("RET-25"):
        head = target.http("head", instance.path)
        expect("RET-25", head.status == 200 and not head.content, f"answered {head.status}", head)
        reason = "; ".join(_headers_that_differ(head, first))
        expect("RET-26", head.status == 200 and not reason, reason or f"answered {head.status}", head, first)


def _conditional_reads(target: Target, instance: Instance, first: Exchange, expect: Expect) -> None:
    """Asks as a client that has the resource already."""
    if not expect.items("RET-16"):
        return
    tag, modified = first.headers.get("etag", ""), first.headers.get("last-modified", "")
    expect("RET-16", _TAG.fullmatch(tag) is not None, f"its ETag is {tag!r}", first)
    expect("RET-17", _is_date(modified), f"its Last-Modified is {modified!r}", first)
    if tag:
        not_modified = target.get(instance, headers={"if-none-match": tag})
        _expect_not_modified("RET-18", not_modified, expect)
        if not_modified.status == 304:
            expect.equal("RET-21", not_modified.headers.get("etag"), tag, first, not_modified)
        _expect_not_modified(
            "RET-19", target.get(instance, headers={"if-none-match": f'"{target.unique()}", {tag}'}), expect
        )
        other = {"if-none-match": f'"{target.unique()}"'}
        _expect_same("RET-20", target.get(instance, headers=other), instance, expect)
        if modified:
            _expect_same(
                "RET-24", target.get(instance, headers={**other, "if-modified-since": modified}), instance, expect
            )
    if modified:
        _expect_not_modified("RET-22", target.get(instance, headers={"if-modified-since": modified}), expect)
        _expect_same("RET-23", target.get(instance, headers={"if-modified-since": _LONG_AGO}), instance, expect)


def unknown(target: Target, resource: Resource, expect: Expect) -> None:
    """Retrieves by ids that no resource has."""
    path = target.path(resource, target.unique())
    answer = target.http("get", path)
    expect("RET-27", answer.status == 404, f"answered {answer.status}", answer)
    if answer.status == 404:
        missing = [name for name in ("code", "reason") if not answer.body.get(name)]
        expect("RET-28", not missing, f"the error has no {' and no '.join(missing)}", answer)
    if expect.items("RET-29"):
        head = target.http("head", path)
        expect("RET-29", head.status == 404, f"answered {head.status}", head)


def special_id(target: Target, resource: Resource, expect: Expect) -> None:
    """Creates and retrieves a resource whose id has characters that an address must encode."""
    if not expect.items("RET-30"):
        return
    identifier = f"{target.unique()} {_SPECIAL}"
    answer = target.post(resource, target.body(resource, "minimal", id=identifier))
    if answer.status != 201 or answer.body.get("id") != identifier:
        for rule in ("RET-30", "RET-31"):
            expect.untested(rule, f"the server does not take the id {identifier!r}: it answered {answer.status}")
        return
    retrieval = target.http("get", target.path(resource, identifier))
    same = retrieval.status == 200 and retrieval.body.get("id") == identifier
    expect("RET-30", same, f"answered {retrieval.status} with the id {retrieval.body.get('id')!r}", answer, retrieval)
    href = str(answer.body.get("href", ""))
    followed = target.follow(href, answer)
    if followed is None:
        expect.untested("RET-31", f"{href} is on another server")
        return
    encoded = " " not in href and "#" not in href and "?" not in href and href.isascii()
    leads = followed.status == 200 and followed.body.get("id") == identifier
    expect("RET-31", encoded and leads, f"{href!r} answered {followed.status}", answer, followed)


def _exact_id(target: Target, instance: Instance, expect: Expect) -> None:
    """Expects that neither a longer nor a shorter id than that of a resource finds it."""
    answers = [
        target.http("get", target.path(instance.resource, key)) for key in (f"{instance.id}0", instance.id[:-1]) if key
    ]
    wrong = [answer for answer in answers if answer.status >= 500 or answer.body.get("id") == instance.id]
    expect("RET-32", not wrong, f"{instance.id} is found by another id, or that is an error", *(wrong or answers))


def _conditional(name: str, when: str, answer: Exchange, expect: Expect) -> None:
    """Expects a part in its owner, in every element where that is an array."""
    owners = [owner for owner in _elements(answer.body.get(when)) if isinstance(owner, dict)]
    parts = name.removeprefix(f"{when}.").split(".")
    for part in parts[:-1]:
        owners = [inner for owner in owners for inner in _elements(owner.get(part)) if isinstance(inner, dict)]
    if not owners:
        expect.untested("RET-05", f"the answer has no {'.'.join((when, *parts[:-1]))}", item=name)
        return
    lacking = [owner for owner in owners if owner.get(parts[-1]) is None]
    expect("RET-05", not lacking, f"{len(lacking)} of {len(owners)} lack it", answer, item=name)


def _elements(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _attribute(name: str, resource: Resource, instance: Instance, answer: Exchange, expect: Expect) -> None:
    """Compares one attribute with what was sent and with what the creation answered."""
    value = answer.body.get(name)
    if name in instance.sent and name not in _MOVING and name not in resource.server:
        reason = lost(instance.sent[name], value)
        expect("RET-06", not reason, reason, instance.exchange, answer, item=name)
    else:
        expect.untested("RET-06", "the creation did not set it", item=name)
    if name in instance.body:
        expect.equal("RET-07", value, instance.body[name], instance.exchange, answer, item=name)
    else:
        expect.untested("RET-07", "the creation did not answer it", item=name)


def _difference(first: Exchange, second: Exchange, moving: set[str]) -> str:
    names = [n for n in {**first.body, **second.body} if n not in moving and first.body.get(n) != second.body.get(n)]
    return f"{', '.join(names)} changed from one read to the next" if names else ""


def _expect_same(rule: str, answer: Exchange, instance: Instance, expect: Expect) -> None:
    """Expects an answer to be the resource, in JSON."""
    right = answer.status == 200 and answer.body.get("id") == instance.id and answer.media == "application/json"
    expect(rule, right, f"answered {answer.status}, {answer.media or 'no media type'}", answer)


def _expect_not_modified(rule: str, answer: Exchange, expect: Expect) -> None:
    expect(rule, answer.status == 304 and not answer.content, f"answered {answer.status}", answer)


def _headers_that_differ(head: Exchange, first: Exchange) -> Iterator[str]:
    """Yields in words the headers of a GET that a HEAD has otherwise; it may leave out the length."""
    headers: Mapping[str, str] = first.headers
    for name in ("content-type", "etag", "last-modified", "content-length"):
        if (
            name in headers
            and head.headers.get(name, headers[name] if name == "content-length" else None) != headers[name]
        ):
            yield f"{name} is {head.headers.get(name)!r}, of a GET {headers[name]!r}"


def _is_date(value: str) -> bool:
    try:
        return value.endswith(" GMT") and parsedate_to_datetime(value) is not None
    except ValueError:
        return False


AREA = Area("retrieve", "whether a resource is returned whole", checks=(whole, unknown, special_id))
