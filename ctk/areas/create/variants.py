"""Creations with something of their own: an id, `fields`, no type, a null."""

from __future__ import annotations

from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge


def given_id(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A body with an id of the client's."""
    if not judge.items("CRE-34") and not judge.items("CRE-36"):
        return
    wanted = stage.unique()
    answer = stage.post(resource, stage.body(resource, "minimal", id=wanted))
    told = f"answered {answer.status} with the id {answer.body.get('id')!r}, sent was {wanted!r}"
    key = answer.body.get("id")
    if judge.items("CRE-36"):
        judge("CRE-36", answer.status == 201 and key not in (None, "", wanted), told, answer)
        return
    judge("CRE-34", answer.status == 201 and key == wanted, told, answer)
    if key != wanted:
        judge.untested("CRE-35", "the server gives ids of its own")
        return
    again = stage.post(resource, stage.body(resource, "minimal", id=wanted))
    judge("CRE-35", again.status == 409, f"answered {again.status}", answer, again)


def variants(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The same request in another dress."""
    path, body = stage.path(resource), stage.body(resource, "minimal")
    if judge.items("CRE-37"):
        answer = stage.note(resource, stage.http("post", path, body=body, media="application/json; charset=utf-8"))
        judge("CRE-37", answer.status == 201, f"answered {answer.status}", answer)
    if judge.items("CRE-41"):
        answer = stage.note(resource, stage.http("post", path + "/", body=stage.body(resource, "minimal")))
        judge("CRE-41", answer.status == 201, f"answered {answer.status}", answer)
    if judge.items("CRE-33"):
        answer = stage.post(resource, {n: one for n, one in stage.body(resource, "minimal").items() if n != "@type"})
        kind = answer.body.get("@type")
        told = f"answered {answer.status} with the @type {kind!r}"
        judge("CRE-33", answer.status == 201 and kind == body.get("@type", resource.schema), told, answer)


def chosen(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A creation with `fields`."""
    if not judge.items("CRE-38"):
        return
    body = stage.body(resource, "minimal")
    name = next(name for name in body if not name.startswith("@"))
    answer = stage.note(resource, stage.http("post", stage.path(resource), body=body, query=[("fields", name)]))
    right = answer.status == 201 and name in answer.body and set(answer.body) <= {name, "id", "href", "@type"}
    judge("CRE-38", right, f"answered {answer.status} with {', '.join(answer.body) or 'nothing'}", answer)


def nulls(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A body with null for an attribute that may be left out."""
    if not judge.items("CRE-42"):
        return
    body = stage.body(resource, "minimal")
    optional = [n for n in stage.payloads.template(resource.name, "full") if n not in body and n != resource.state]
    if not optional:
        judge.untested("CRE-42", "every attribute of the full body is mandatory")
        return
    answer = stage.post(resource, {**body, optional[0]: None})
    right = answer.status == 400 or (answer.status == 201 and answer.body.get(optional[0]) is None)
    told = f"answered {answer.status} with {optional[0]} {answer.body.get(optional[0])!r}"
    judge("CRE-42", right, told, answer)
