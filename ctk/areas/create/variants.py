"""Creations with something of their own: an id, `fields`, no type, a null."""

from __future__ import annotations

from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect


def given_id(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends an id of the client's."""
    if not expect.items("CRE-34") and not expect.items("CRE-36"):
        return
    identifier = target.unique()
    answer = target.post(resource, target.body(resource, "minimal", id=identifier))
    reason = f"answered {answer.status} with the id {answer.body.get('id')!r}, sent was {identifier!r}"
    key = answer.body.get("id")
    if expect.items("CRE-36"):
        expect("CRE-36", answer.status == 201 and key not in (None, "", identifier), reason, answer)
        return
    expect("CRE-34", answer.status == 201 and key == identifier, reason, answer)
    if key != identifier:
        expect.untested("CRE-35", "the server gives ids of its own")
        return
    again = target.post(resource, target.body(resource, "minimal", id=identifier))
    expect("CRE-35", again.status == 409, f"answered {again.status}", answer, again)


def variants(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends the same request in other forms: with a charset, with a slash at the end, without a type."""
    path, body = target.path(resource), target.body(resource, "minimal")
    if expect.items("CRE-37"):
        answer = target.delete_later(
            resource, target.http("post", path, body=body, media="application/json; charset=utf-8")
        )
        expect("CRE-37", answer.status == 201, f"answered {answer.status}", answer)
    if expect.items("CRE-41"):
        answer = target.delete_later(resource, target.http("post", path + "/", body=target.body(resource, "minimal")))
        expect("CRE-41", answer.status == 201, f"answered {answer.status}", answer)
    if expect.items("CRE-33"):
        answer = target.post(
            resource, {n: value for n, value in target.body(resource, "minimal").items() if n != "@type"}
        )
        kind = answer.body.get("@type")
        reason = f"answered {answer.status} with the @type {kind!r}"
        expect("CRE-33", answer.status == 201 and kind == body.get("@type", resource.schema), reason, answer)


def selected_fields(target: Target, resource: Resource, expect: Expect) -> None:
    """Creates with `fields`."""
    if not expect.items("CRE-38"):
        return
    body = target.body(resource, "minimal")
    name = next(name for name in body if not name.startswith("@"))
    answer = target.delete_later(
        resource, target.http("post", target.path(resource), body=body, query=[("fields", name)])
    )
    right = answer.status == 201 and name in answer.body and set(answer.body) <= {name, "id", "href", "@type"}
    expect("CRE-38", right, f"answered {answer.status} with {', '.join(answer.body) or 'nothing'}", answer)


def nulls(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends null for an attribute that may be left out."""
    if not expect.items("CRE-42"):
        return
    body = target.body(resource, "minimal")
    optional = [n for n in target.payloads.template(resource.name, "full") if n not in body and n != resource.state]
    if not optional:
        expect.untested("CRE-42", "every attribute of the full body is mandatory")
        return
    answer = target.post(resource, {**body, optional[0]: None})
    right = answer.status == 400 or (answer.status == 201 and answer.body.get(optional[0]) is None)
    reason = f"answered {answer.status} with {optional[0]} {answer.body.get(optional[0])!r}"
    expect("CRE-42", right, reason, answer)
