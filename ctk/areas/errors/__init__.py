"""Refusals: whether they have the right codes and say what is wrong."""

from __future__ import annotations

from ctk.area import Area
from ctk.areas.errors import broken_bodies, wrong_addresses, wrong_values
from ctk.areas.shared.refusals import expect_explained, explained, leak, names
from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect


def unknown_id(target: Target, resource: Resource, expect: Expect) -> None:
    """Asks for a resource that nobody created."""
    key = target.unique()
    path = target.path(resource, key)
    if resource.has("retrieve"):
        answer = target.http("get", path)
        expect("ERR-01", answer.status == 404, f"answered {answer.status}", answer)
        _expect_body(expect, answer, key)
    if resource.has("patch"):
        answer = target.http("patch", path, body={resource.text: "ctk"}, media="application/merge-patch+json")
        if answer.status == 415:
            answer = target.http("patch", path, body={resource.text: "ctk"})
        expect("ERR-02", answer.status == 404, f"answered {answer.status}", answer)
        expect_explained(expect, "ERR-10", answer, 404)
    if resource.has("delete"):
        answer = target.http("delete", path)
        expect("ERR-03", answer.status == 404, f"answered {answer.status}", answer)
        expect_explained(expect, "ERR-11", answer, 404)


def _expect_body(expect: Expect, answer: Exchange, key: str) -> None:
    """Expects the body of a 404 to explain it. Raises Untestable where the answer is another."""
    if answer.status != 404:
        raise Untestable(f"an unknown id was answered with {answer.status}")
    json = isinstance(answer.json, dict) and "json" in answer.media
    expect("ERR-04", json, f"the body is {answer.content[:100]!r} of {answer.media or 'no media type'}", answer)
    for rule, name in (("ERR-05", "code"), ("ERR-06", "reason")):
        value = answer.body.get(name)
        expect(rule, isinstance(value, str) and value.strip() != "", f"{name} is {value!r}", answer)
    if "status" in answer.body:
        expect("ERR-07", str(answer.body["status"]) == "404", f"status is {answer.body['status']!r}", answer)
    else:
        expect.untested("ERR-07", "the body has no status, which is optional")
    expect("ERR-08", names(answer, key), "the body does not name the id", answer)
    if expect.items("ERR-09"):
        expect.equal("ERR-09", answer.body.get("@type"), "Error", answer)


def collection(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends methods and media types that a collection does not have, and those that every one has."""
    if not resource.has("list"):
        return
    path = target.path(resource)
    refused = target.http("get", path, headers={"accept": "image/x-ctk"})
    expect("ERR-51", refused.status == 406, f"answered {refused.status}", refused)
    expect_explained(expect, "ERR-52", refused, 406)
    put = target.http("put", path, body={})
    expect("ERR-53", put.status == 405, f"answered {put.status}", put)
    expect_explained(expect, "ERR-55", put, 405)
    methods = {"GET", "POST"} if resource.has("create") else {"GET"}
    if put.status == 405:
        expect("ERR-54", methods <= _allowed(put), f"Allow is {put.headers.get('allow')!r}", put)
    head, options = target.http("head", path), target.http("options", path)
    expect("ERR-59", head.status in (200, 206) and not head.content, f"answered {head.status}", head)
    reason = f"answered {options.status}, Allow is {options.headers.get('allow')!r}"
    expect("ERR-61", options.status < 300 and methods <= _allowed(options), reason, options)


def single(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends methods and paths that a resource does not have, and HEAD."""
    if not resource.has("retrieve"):
        return
    instance = target.create(resource, "minimal")
    put = target.http("put", instance.path, body=dict(instance.body))
    expect("ERR-56", put.status == 405, f"answered {put.status}", put)
    if put.status == 405:
        expect("ERR-57", "GET" in _allowed(put), f"Allow is {put.headers.get('allow')!r}", put)
    post = target.http("post", instance.path, body=target.body(resource, "minimal"))
    expect("ERR-58", post.status in (404, 405), f"answered {post.status}", post)
    head = target.http("head", instance.path)
    expect("ERR-60", head.status == 200 and not head.content, f"answered {head.status}", head)
    below = target.http("get", f"{instance.path}/ctk")
    expect("ERR-64", below.status == 404, f"answered {below.status}", below)


def no_leaks(target: Target, resource: Resource, expect: Expect) -> None:
    """Looks in everything that was refused so far for what clients should not see."""
    part = f" /{resource.name}"
    refused = [
        exchange
        for exchange in target.http.exchanges
        if exchange.status >= 400 and exchange.content and part in f"{exchange.operation}/"
    ]
    for exchange in refused:
        expect("ERR-76", not (leaked := leak(exchange)), f"shows {leaked!r}", exchange)


def unknown_path(target: Target, expect: Expect) -> None:
    """Asks for a path where nothing is."""
    answer = target.http("get", "/ctkNothingHere")
    expect("ERR-62", answer.status == 404, f"answered {answer.status}", answer)
    if answer.status == 404:
        expect("ERR-63", explained(answer), f"the body is {answer.content[:100]!r}", answer)


def _allowed(exchange: Exchange) -> set[str]:
    """Returns the methods that Allow names, in capitals."""
    return {method.strip().upper() for method in exchange.headers.get("allow", "").split(",")}


AREA = Area(
    "errors",
    "whether refusals have the right codes and say what is wrong",
    checks=(
        unknown_id,
        wrong_values.creations,
        wrong_values.wrong_inside,
        wrong_values.wrong_changes,
        wrong_values.nothing_stored,
        broken_bodies.creations,
        broken_bodies.changes,
        wrong_addresses.ids,
        wrong_addresses.queries,
        collection,
        single,
        no_leaks,
    ),
    api_checks=(unknown_path,),
    negative=True,
)
