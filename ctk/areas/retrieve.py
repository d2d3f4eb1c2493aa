"""Retrieving: whether a resource is returned whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from ctk.area import Area
from ctk.equality import lost
from ctk.exchange import Exchange
from ctk.profile import Resource
from ctk.target.target import Created, Stage
from ctk.verdict.ledger import Judge

_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_LONG_AGO = "Mon, 01 Jan 2001 00:00:00 GMT"
_ODD = "é ?#%25&+;=@:,'()[]"
_MOVING = frozenset({"lastUpdate", "lastModified"})


def whole(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A created resource, compared with its creation."""
    made = stage.create(resource)
    answer = stage.get(made)
    judge("RET-01", answer.status == 200, f"answered {answer.status}", answer)
    if answer.status != 200:
        return
    judge("RET-02", answer.media == "application/json", f"answered {answer.media or 'no media type'}", answer)
    judge("RET-03", answer.body.get("id") == made.id, f"its id is {answer.body.get('id')!r}, not {made.id!r}", answer)
    for name in judge.items("RET-04"):
        found = answer.body.get(name)
        judge(
            "RET-04", found is not None, f"{name} is {'null' if name in answer.body else 'missing'}", answer, item=name
        )
    for name in judge.items("RET-05"):
        _conditional(name, resource.conditional[name].when, answer, judge)
    for name in judge.items("RET-06"):
        _attribute(name, resource, made, answer, judge)
    more = [name for name in answer.body if name not in made.body]
    judge("RET-08", not more, f"{', '.join(more)} is new", made.exchange, answer)
    judge.equal("RET-09", answer.body.get("href"), made.body.get("href"), made.exchange, answer)
    _again(stage, made, answer, judge)
    _known(stage, made, answer, judge)
    _exact_id(stage, made, judge)


def _again(stage: Stage, made: Created, first: Exchange, judge: Judge) -> None:
    """The same resource, asked for in several ways."""
    resource, second = made.resource, stage.get(made)
    moving = {name for name in (*_MOVING, resource.state) if name}
    told = _difference(first, second, moving)
    judge(
        "RET-10", first.status == second.status == 200 and not told, told or f"answered {second.status}", first, second
    )
    tag = first.headers.get("etag", "")
    if tag:
        judge.equal("RET-11", second.headers.get("etag"), tag, first, second)
    ways = {"RET-12": "*/*", "RET-13": "application/*", "RET-14": "text/html, application/json;q=0.9"}
    for rule, accepted in ways.items():
        if judge.items(rule):
            _the_same(rule, stage.get(made, headers={"accept": accepted}), made, judge)
    if judge.items("RET-15"):
        _the_same("RET-15", stage.http("get", made.path + "/"), made, judge)
    if judge.items("RET-25"):
        head = stage.http("head", made.path)
        judge("RET-25", head.status == 200 and not head.content, f"answered {head.status}", head)
        told = "; ".join(_headers_that_differ(head, first))
        judge("RET-26", head.status == 200 and not told, told or f"answered {head.status}", head, first)


def _known(stage: Stage, made: Created, read: Exchange, judge: Judge) -> None:
    """A client that has the resource already."""
    if not judge.items("RET-16"):
        return
    tag, modified = read.headers.get("etag", ""), read.headers.get("last-modified", "")
    judge("RET-16", _TAG.fullmatch(tag) is not None, f"its ETag is {tag!r}", read)
    judge("RET-17", _is_date(modified), f"its Last-Modified is {modified!r}", read)
    if tag:
        known = stage.get(made, headers={"if-none-match": tag})
        _nothing("RET-18", known, judge)
        if known.status == 304:
            judge.equal("RET-21", known.headers.get("etag"), tag, read, known)
        _nothing("RET-19", stage.get(made, headers={"if-none-match": f'"{stage.unique()}", {tag}'}), judge)
        other = {"if-none-match": f'"{stage.unique()}"'}
        _the_same("RET-20", stage.get(made, headers=other), made, judge)
        if modified:
            _the_same("RET-24", stage.get(made, headers={**other, "if-modified-since": modified}), made, judge)
    if modified:
        _nothing("RET-22", stage.get(made, headers={"if-modified-since": modified}), judge)
        _the_same("RET-23", stage.get(made, headers={"if-modified-since": _LONG_AGO}), made, judge)


def unknown(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Ids that no resource has."""
    path = stage.path(resource, stage.unique())
    answer = stage.http("get", path)
    judge("RET-27", answer.status == 404, f"answered {answer.status}", answer)
    if answer.status == 404:
        missing = [name for name in ("code", "reason") if not answer.body.get(name)]
        judge("RET-28", not missing, f"the error has no {' and no '.join(missing)}", answer)
    if judge.items("RET-29"):
        head = stage.http("head", path)
        judge("RET-29", head.status == 404, f"answered {head.status}", head)


def odd_id(stage: Stage, resource: Resource, judge: Judge) -> None:
    """An id of the client's with characters that an address must encode."""
    if not judge.items("RET-30"):
        return
    wanted = f"{stage.unique()} {_ODD}"
    answer = stage.post(resource, stage.body(resource, "minimal", id=wanted))
    if answer.status != 201 or answer.body.get("id") != wanted:
        for rule in ("RET-30", "RET-31"):
            judge.untested(rule, f"the server does not take the id {wanted!r}: it answered {answer.status}")
        return
    read = stage.http("get", stage.path(resource, wanted))
    same = read.status == 200 and read.body.get("id") == wanted
    judge("RET-30", same, f"answered {read.status} with the id {read.body.get('id')!r}", answer, read)
    href = str(answer.body.get("href", ""))
    found = stage.follow(href, answer)
    if found is None:
        judge.untested("RET-31", f"{href} is on another server")
        return
    plain = " " not in href and "#" not in href and "?" not in href and href.isascii()
    leads = found.status == 200 and found.body.get("id") == wanted
    judge("RET-31", plain and leads, f"{href!r} answered {found.status}", answer, found)


def _exact_id(stage: Stage, made: Created, judge: Judge) -> None:
    """Whether a longer and a shorter id than that of a resource find it."""
    tried = [stage.http("get", stage.path(made.resource, key)) for key in (f"{made.id}0", made.id[:-1]) if key]
    wrong = [one for one in tried if one.status >= 500 or one.body.get("id") == made.id]
    judge("RET-32", not wrong, f"{made.id} is found by another id, or that is an error", *(wrong or tried))


def _conditional(name: str, when: str, answer: Exchange, judge: Judge) -> None:
    """Whether a part stands in its owner, in every element where that is an array."""
    owners = [one for one in _elements(answer.body.get(when)) if isinstance(one, dict)]
    parts = name.removeprefix(f"{when}.").split(".")
    for part in parts[:-1]:
        owners = [inner for one in owners for inner in _elements(one.get(part)) if isinstance(inner, dict)]
    if not owners:
        judge.untested("RET-05", f"the answer has no {'.'.join((when, *parts[:-1]))}", item=name)
        return
    lacking = [one for one in owners if one.get(parts[-1]) is None]
    judge("RET-05", not lacking, f"{len(lacking)} of {len(owners)} lack it", answer, item=name)


def _elements(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _attribute(name: str, resource: Resource, made: Created, answer: Exchange, judge: Judge) -> None:
    """One attribute, compared with what was sent and with what the creation answered."""
    found = answer.body.get(name)
    if name in made.sent and name not in _MOVING and name not in resource.server:
        told = lost(made.sent[name], found)
        judge("RET-06", not told, told, made.exchange, answer, item=name)
    else:
        judge.untested("RET-06", "the creation did not set it", item=name)
    if name in made.body:
        judge.equal("RET-07", found, made.body[name], made.exchange, answer, item=name)
    else:
        judge.untested("RET-07", "the creation did not answer it", item=name)


def _difference(one: Exchange, other: Exchange, moving: set[str]) -> str:
    names = [n for n in {**one.body, **other.body} if n not in moving and one.body.get(n) != other.body.get(n)]
    return f"{', '.join(names)} changed from one read to the next" if names else ""


def _the_same(rule: str, answer: Exchange, made: Created, judge: Judge) -> None:
    """Whether an answer is the resource, in JSON."""
    right = answer.status == 200 and answer.body.get("id") == made.id and answer.media == "application/json"
    judge(rule, right, f"answered {answer.status}, {answer.media or 'no media type'}", answer)


def _nothing(rule: str, answer: Exchange, judge: Judge) -> None:
    judge(rule, answer.status == 304 and not answer.content, f"answered {answer.status}", answer)


def _headers_that_differ(head: Exchange, read: Exchange) -> Iterator[str]:
    """Headers of a GET that a HEAD has otherwise; a HEAD may leave out the length."""
    told: Mapping[str, str] = read.headers
    for name in ("content-type", "etag", "last-modified", "content-length"):
        if name in told and head.headers.get(name, told[name] if name == "content-length" else None) != told[name]:
            yield f"{name} is {head.headers.get(name)!r}, of a GET {told[name]!r}"


def _is_date(value: str) -> bool:
    try:
        return value.endswith(" GMT") and parsedate_to_datetime(value) is not None
    except ValueError:
        return False


AREA = Area("retrieve", "whether a resource is returned whole", stories=(whole, unknown, odd_id))
