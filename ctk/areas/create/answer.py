"""What POST answers, and where the created resource is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.target.target import Created, Stage
from ctk.verdict.ledger import Judge


def minimal(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A body of mandatory attributes alone."""
    sent = stage.body(resource, "minimal")
    answer = stage.post(resource, sent)
    created("CRE-01", stage, resource, answer, judge)
    if answer.status != 201:
        raise Untestable(f"creating {resource.name} answered {answer.status}")
    judge("CRE-03", answer.media == "application/json", f"answered {answer.media or 'no media type'}", answer)
    key = answer.body.get("id")
    judge("CRE-04", isinstance(key, str) and key != "", f"its id is {key!r}", answer)
    for name in judge.items("CRE-05"):
        judge("CRE-05", name in answer.body, f"{name} is missing", answer, item=name)
        if name in answer.body:
            judge("CRE-06", answer.body[name] is not None, f"{name} is null", answer, item=name)
        else:
            judge.untested("CRE-06", f"{name} is missing", item=name)
    kind = answer.body.get("@type")
    judge("CRE-32", isinstance(kind, str) and kind != "", f"its @type is {kind!r}", answer)
    _state(resource, sent, answer, judge)
    if not isinstance(key, str) or not key:
        raise Untestable(f"the {resource.name} that was created has the id {key!r}")
    made = Created(resource, sent, answer.body, stage.path(resource, key), answer)
    _addresses(stage, made, judge)
    _twice(stage, made, judge)


def created(rule: str, stage: Stage, resource: Resource, answer: Exchange, judge: Judge) -> None:
    """Whether a creation was answered with 201; 202, where the document has it, leaves that open."""
    declared = stage.document.operations.get(("post", f"/{resource.name}"))
    if answer.status == 202 and declared and "202" in declared.codes:
        judge.untested(rule, "the server creates later: it answered 202")
    else:
        judge(rule, answer.status == 201, f"answered {answer.status}", answer)


def _addresses(stage: Stage, made: Created, judge: Judge) -> None:
    """Where a created resource is."""
    read = stage.get(made)
    href, location = made.body.get("href"), made.exchange.headers.get("location", "")
    judge("CRE-23", isinstance(href, str) and href != "", f"its href is {href!r}", made.exchange)
    _leads("CRE-24", stage, href, made, read, judge)
    judge("CRE-25", location != "", "has no Location", made.exchange)
    _leads("CRE-26", stage, location, made, read, judge)
    if location and href:
        judge.equal("CRE-27", location, href, made.exchange)
    same = read.status == 200 and read.body.get("id") == made.id
    judge("CRE-28", same, f"answered {read.status} with the id {read.body.get('id')!r}", made.exchange, read)
    tag = made.exchange.headers.get("etag", "")
    judge("CRE-39", tag != "", "has no ETag", made.exchange)
    if tag:
        judge.equal("CRE-40", read.headers.get("etag"), tag, made.exchange, read)


def _twice(stage: Stage, first: Created, judge: Judge) -> None:
    """A second creation, with the body of the first where the server allows that."""
    again = stage.post(first.resource, first.sent)
    if again.status == 409:
        judge.untested("CRE-30", "the server takes the second for a conflict with the first")
    else:
        read = stage.get(first)
        two = again.status == 201 and again.body.get("id") not in ("", None, first.id) and read.status == 200
        told = f"the second answered {again.status} with the id {again.body.get('id')!r}, the first then {read.status}"
        judge("CRE-30", two, told, first.exchange, again, read)
    other = again if again.status == 201 else stage.create(first.resource, "minimal").exchange
    judge("CRE-29", other.body.get("id") != first.id, f"both have the id {first.id}", first.exchange, other)


def _state(resource: Resource, sent: Mapping[str, Any], answer: Exchange, judge: Judge) -> None:
    if resource.state in sent:
        judge.untested("CRE-31", "what is mandatory has the state already")
    elif resource.state:
        state = answer.body.get(resource.state)
        judge("CRE-31", isinstance(state, str) and state != "", f"{resource.state} is {state!r}", answer)


def _leads(rule: str, stage: Stage, address: Any, made: Created, read: Exchange, judge: Judge) -> None:
    """Whether the created resource stands at an address that the answer names; `read` is what its path answered."""
    if not isinstance(address, str) or not address:
        judge.untested(rule, "there is no address to follow")
        return
    found = read if address == read.url else stage.follow(address, made.exchange)
    if found is None:
        judge.untested(rule, f"{address} is on another server")
        return
    same = found.status == 200 and found.body.get("id") == made.id
    judge(rule, same, f"{address} answered {found.status} with the id {found.body.get('id')!r}", made.exchange, found)
