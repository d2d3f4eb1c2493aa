"""The answer to POST, and where the created resource is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Instance, Target
from ctk.verdict.ledger import Expect


def minimal(target: Target, resource: Resource, expect: Expect) -> None:
    """Creates a resource of mandatory attributes alone."""
    sent = target.body(resource, "minimal")
    answer = target.post(resource, sent)
    expect_created("CRE-01", target, resource, answer, expect)
    if answer.status != 201:
        raise Untestable(f"creating {resource.name} answered {answer.status}")
    expect("CRE-03", answer.media == "application/json", f"answered {answer.media or 'no media type'}", answer)
    key = answer.body.get("id")
    expect("CRE-04", isinstance(key, str) and key != "", f"its id is {key!r}", answer)
    for name in expect.items("CRE-05"):
        expect("CRE-05", name in answer.body, f"{name} is missing", answer, item=name)
        if name in answer.body:
            expect("CRE-06", answer.body[name] is not None, f"{name} is null", answer, item=name)
        else:
            expect.untested("CRE-06", f"{name} is missing", item=name)
    kind = answer.body.get("@type")
    expect("CRE-32", isinstance(kind, str) and kind != "", f"its @type is {kind!r}", answer)
    _state(resource, sent, answer, expect)
    if not isinstance(key, str) or not key:
        raise Untestable(f"the {resource.name} that was created has the id {key!r}")
    instance = Instance(resource, sent, answer.body, target.path(resource, key), answer)
    _addresses(target, instance, expect)
    _twice(target, instance, expect)


def expect_created(rule: str, target: Target, resource: Resource, answer: Exchange, expect: Expect) -> None:
    """Expects a creation to be answered with 201; 202, where the document has it, leaves that open."""
    declared = target.document.operations.get(("post", f"/{resource.name}"))
    if answer.status == 202 and declared and "202" in declared.codes:
        expect.untested(rule, "the server creates later: it answered 202")
    else:
        expect(rule, answer.status == 201, f"answered {answer.status}", answer)


def _addresses(target: Target, instance: Instance, expect: Expect) -> None:
    """Looks where a created resource is."""
    retrieval = target.get(instance)
    href, location = instance.body.get("href"), instance.exchange.headers.get("location", "")
    expect("CRE-23", isinstance(href, str) and href != "", f"its href is {href!r}", instance.exchange)
    _leads("CRE-24", target, href, instance, retrieval, expect)
    expect("CRE-25", location != "", "has no Location", instance.exchange)
    _leads("CRE-26", target, location, instance, retrieval, expect)
    if location and href:
        expect.equal("CRE-27", location, href, instance.exchange)
    same = retrieval.status == 200 and retrieval.body.get("id") == instance.id
    expect(
        "CRE-28",
        same,
        f"answered {retrieval.status} with the id {retrieval.body.get('id')!r}",
        instance.exchange,
        retrieval,
    )
    tag = instance.exchange.headers.get("etag", "")
    expect("CRE-39", tag != "", "has no ETag", instance.exchange)
    if tag:
        expect.equal("CRE-40", retrieval.headers.get("etag"), tag, instance.exchange, retrieval)


def _twice(target: Target, first: Instance, expect: Expect) -> None:
    """Creates a second resource, with the body of the first where the server allows that."""
    again = target.post(first.resource, first.sent)
    if again.status == 409:
        expect.untested("CRE-30", "the server takes the second for a conflict with the first")
    else:
        retrieval = target.get(first)
        both = again.status == 201 and again.body.get("id") not in ("", None, first.id) and retrieval.status == 200
        second = f"the second answered {again.status} with the id {again.body.get('id')!r}"
        reason = f"{second}, the first then {retrieval.status}"
        expect("CRE-30", both, reason, first.exchange, again, retrieval)
    other = again if again.status == 201 else target.create(first.resource, "minimal").exchange
    expect("CRE-29", other.body.get("id") != first.id, f"both have the id {first.id}", first.exchange, other)


def _state(resource: Resource, sent: Mapping[str, Any], answer: Exchange, expect: Expect) -> None:
    if resource.state in sent:
        expect.untested("CRE-31", "what is mandatory has the state already")
    elif resource.state:
        state = answer.body.get(resource.state)
        expect("CRE-31", isinstance(state, str) and state != "", f"{resource.state} is {state!r}", answer)


def _leads(rule: str, target: Target, address: Any, instance: Instance, retrieval: Exchange, expect: Expect) -> None:
    """Expects the created resource at an address that the answer names; `retrieval` is what its path answered."""
    if not isinstance(address, str) or not address:
        expect.untested(rule, "there is no address to follow")
        return
    answer = retrieval if address == retrieval.url else target.follow(address, instance.exchange)
    if answer is None:
        expect.untested(rule, f"{address} is on another server")
        return
    same = answer.status == 200 and answer.body.get("id") == instance.id
    expect(
        rule,
        same,
        f"{address} answered {answer.status} with the id {answer.body.get('id')!r}",
        instance.exchange,
        answer,
    )
