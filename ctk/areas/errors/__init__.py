"""Whether refusals have the right codes and say what is wrong."""

from __future__ import annotations

from ctk.area import Area
from ctk.areas.errors import broken_bodies, odd_addresses, wrong_values
from ctk.areas.shared.refusals import explained, judge_explained, leak, names
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge


def unknown_id(stage: Stage, resource: Resource, judge: Judge) -> None:
    """What is asked of a resource that nobody made."""
    key = stage.unique()
    path = stage.path(resource, key)
    if resource.has("retrieve"):
        answer = stage.http("get", path)
        judge("ERR-01", answer.status == 404, f"answered {answer.status}", answer)
        _told(judge, answer, key)
    if resource.has("patch"):
        answer = stage.http("patch", path, body={resource.text: "ctk"}, media="application/merge-patch+json")
        if answer.status == 415:
            answer = stage.http("patch", path, body={resource.text: "ctk"})
        judge("ERR-02", answer.status == 404, f"answered {answer.status}", answer)
        judge_explained(judge, "ERR-10", answer, 404)
    if resource.has("delete"):
        answer = stage.http("delete", path)
        judge("ERR-03", answer.status == 404, f"answered {answer.status}", answer)
        judge_explained(judge, "ERR-11", answer, 404)


def _told(judge: Judge, answer: Exchange, key: str) -> None:
    """What the body of a 404 says."""
    if answer.status != 404:
        raise Untestable(f"an unknown id was answered with {answer.status}")
    json = isinstance(answer.json, dict) and "json" in answer.media
    judge("ERR-04", json, f"the body is {answer.content[:100]!r} of {answer.media or 'no media type'}", answer)
    for rule, name in (("ERR-05", "code"), ("ERR-06", "reason")):
        found = answer.body.get(name)
        judge(rule, isinstance(found, str) and found.strip() != "", f"{name} is {found!r}", answer)
    if "status" in answer.body:
        judge("ERR-07", str(answer.body["status"]) == "404", f"status is {answer.body['status']!r}", answer)
    else:
        judge.untested("ERR-07", "the body has no status, which is optional")
    judge("ERR-08", names(answer, key), "the body does not name the id", answer)
    if judge.items("ERR-09"):
        judge.equal("ERR-09", answer.body.get("@type"), "Error", answer)


def collection(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Methods and media types that a collection does not have, and those that every one has."""
    if not resource.has("list"):
        return
    path = stage.path(resource)
    refused = stage.http("get", path, headers={"accept": "image/x-ctk"})
    judge("ERR-51", refused.status == 406, f"answered {refused.status}", refused)
    judge_explained(judge, "ERR-52", refused, 406)
    put = stage.http("put", path, body={})
    judge("ERR-53", put.status == 405, f"answered {put.status}", put)
    judge_explained(judge, "ERR-55", put, 405)
    wanted = {"GET", "POST"} if resource.has("create") else {"GET"}
    if put.status == 405:
        judge("ERR-54", wanted <= _allowed(put), f"Allow is {put.headers.get('allow')!r}", put)
    head, options = stage.http("head", path), stage.http("options", path)
    judge("ERR-59", head.status in (200, 206) and not head.content, f"answered {head.status}", head)
    told = f"answered {options.status}, Allow is {options.headers.get('allow')!r}"
    judge("ERR-61", options.status < 300 and wanted <= _allowed(options), told, options)


def single(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Methods and paths that a resource does not have, and HEAD."""
    if not resource.has("retrieve"):
        return
    made = stage.create(resource, "minimal")
    put = stage.http("put", made.path, body=dict(made.body))
    judge("ERR-56", put.status == 405, f"answered {put.status}", put)
    if put.status == 405:
        judge("ERR-57", "GET" in _allowed(put), f"Allow is {put.headers.get('allow')!r}", put)
    post = stage.http("post", made.path, body=stage.body(resource, "minimal"))
    judge("ERR-58", post.status in (404, 405), f"answered {post.status}", post)
    head = stage.http("head", made.path)
    judge("ERR-60", head.status == 200 and not head.content, f"answered {head.status}", head)
    below = stage.http("get", f"{made.path}/ctk")
    judge("ERR-64", below.status == 404, f"answered {below.status}", below)


def no_leaks(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Everything that was refused so far, read for what clients should not see."""
    part = f" /{resource.name}"
    refused = [one for one in stage.http.kept if one.status >= 400 and one.content and part in f"{one.operation}/"]
    for one in refused:
        judge("ERR-76", not (shown := leak(one)), f"shows {shown!r}", one)


def unknown_path(stage: Stage, judge: Judge) -> None:
    """A path where nothing is."""
    answer = stage.http("get", "/ctkNothingHere")
    judge("ERR-62", answer.status == 404, f"answered {answer.status}", answer)
    if answer.status == 404:
        judge("ERR-63", explained(answer), f"the body is {answer.content[:100]!r}", answer)


def _allowed(exchange: Exchange) -> set[str]:
    return {one.strip().upper() for one in exchange.headers.get("allow", "").split(",")}


AREA = Area(
    "errors",
    "whether refusals have the right codes and say what is wrong",
    stories=(
        unknown_id,
        wrong_values.creations,
        wrong_values.wrong_inside,
        wrong_values.wrong_changes,
        wrong_values.nothing_stored,
        broken_bodies.creations,
        broken_bodies.changes,
        odd_addresses.ids,
        odd_addresses.queries,
        collection,
        single,
        no_leaks,
    ),
    api_stories=(unknown_path,),
    odd=True,
)
