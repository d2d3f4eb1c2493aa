"""Deleting: whether what is deleted is gone, and it alone."""

from __future__ import annotations

from ctk.area import Area
from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Instance, Target
from ctk.verdict.ledger import Expect

_GONE = (404, 410)


def gone(target: Target, resource: Resource, expect: Expect) -> None:
    """Deletes one of two resources, and looks what each then answers."""
    other, instance = target.create(resource, "minimal"), target.create(resource)
    before = target.get(other)
    listed = _listed(target, instance) if expect.items("DEL-04") else None
    tag = target.get(instance).headers.get("etag", "") if expect.items("DEL-13") else ""
    answer = target.delete(instance)
    accepted = _accepted(target, resource)
    expect("DEL-01", answer.status in accepted, f"answered {answer.status}", answer)
    if answer.status >= 400:
        raise Untestable(f"the deletion answered {answer.status}")
    if answer.status == 204:
        silent = not answer.content and "content-length" not in answer.headers
        expect("DEL-02", silent, f"has the Content-Length {answer.headers.get('content-length')}", answer)
    retrieval = target.get(instance)
    if answer.status == 202 and 202 in accepted and retrieval.status == 200:
        raise Untestable("the server deletes later: it answered 202")
    expect("DEL-03", retrieval.status in _GONE, f"answered {retrieval.status}", answer, retrieval)
    _expect_not_listed(target, instance, listed, expect)
    if tag:
        conditional = target.get(instance, headers={"if-none-match": tag})
        expect("DEL-13", conditional.status in _GONE, f"answered {conditional.status}", answer, conditional)
    if expect.items("DEL-14"):
        head = target.http("head", instance.path)
        expect("DEL-14", head.status in _GONE, f"answered {head.status}", answer, head)
    _expect_unchanged(other, before, target.get(other), answer, expect)
    if expect.items("DEL-15"):
        slashed = target.http("delete", other.path + "/")
        expect("DEL-15", slashed.status in accepted, f"answered {slashed.status}", slashed)
    _expect_gone_for_good(target, instance, answer, expect)
    if expect.items("DEL-12"):
        new = target.create(resource, "minimal")
        expect("DEL-12", new.id not in (instance.id, other.id), f"{new.id} is given again", answer, new.exchange)


def unknown(target: Target, resource: Resource, expect: Expect) -> None:
    """Deletes by an id that no resource has."""
    if expect.items("DEL-08"):
        answer = target.http("delete", target.path(resource, target.unique()))
        expect("DEL-08", answer.status == 404, f"answered {answer.status}", answer)
        _expect_explained("DEL-09", answer, expect)


def minimal(target: Target, resource: Resource, expect: Expect) -> None:
    """Deletes a resource with little in it while there is a subscription, which can be ended after it."""
    instance = target.create(resource, "minimal")
    hub = None
    if expect.items("DEL-16"):
        hub = target.http("post", "/hub", body={"callback": target.listener.callback(target.unique()), "query": ""})
    answer = target.delete(instance)
    retrieval = target.get(instance)
    right = answer.status in _accepted(target, resource)
    if answer.status == 202 and retrieval.status == 200:
        expect.untested("DEL-17", "the server deletes later: it answered 202")
    else:
        reason = f"answered {answer.status}, then {retrieval.status} to a read"
        expect("DEL-17", right and retrieval.status in _GONE, reason, answer, retrieval)
    if hub is not None:
        _expect_subscription(target, hub, answer, right, expect)


def _expect_subscription(target: Target, hub: Exchange, answer: Exchange, right: bool, expect: Expect) -> None:
    """Expects a subscription from before a deletion to be there still, to be ended."""
    key = hub.body.get("id")
    if hub.status != 201 or not isinstance(key, str):
        expect.untested("DEL-16", f"no subscription to try it on: creating one answered {hub.status}")
        return
    ended = target.http("delete", f"/hub/{key}")
    if right:
        expect("DEL-16", ended.status < 300, f"ending it answered {ended.status}", hub, answer, ended)
    else:
        expect.untested("DEL-16", f"the deletion answered {answer.status}")


def _accepted(target: Target, resource: Resource) -> set[int]:
    """Returns the codes of success that the document declares for a deletion; 204 where it declares none."""
    declared = target.document.operations.get(("delete", f"/{resource.name}/{{id}}"))
    return {int(code) for code in declared.codes if code in ("202", "204")} if declared else {204}


def _listed(target: Target, instance: Instance) -> Exchange:
    return target.http("get", target.path(instance.resource), query=[("id", instance.id)])


def _expect_not_listed(target: Target, instance: Instance, before: Exchange | None, expect: Expect) -> None:
    """Expects a list that had the resource to have it no more."""
    if before is None:
        return
    if instance.id not in [element.get("id") for element in before.elements]:
        expect.untested("DEL-04", "the list with its id did not have it before")
        return
    after = _listed(target, instance)
    is_list = after.status in (200, 206) and isinstance(after.json, list)
    absent = instance.id not in [element.get("id") for element in after.elements]
    expect("DEL-04", (is_list and absent) or after.status == 404, f"answered {after.status}, with it", before, after)


def _expect_unchanged(other: Instance, before: Exchange, after: Exchange, answer: Exchange, expect: Expect) -> None:
    """Expects another resource to be what it was."""
    if before.status != 200:
        expect.untested("DEL-07", f"reading the other answered {before.status} before")
        return
    same = after.status == 200 and {**after.body, "lastUpdate": ""} == {**before.body, "lastUpdate": ""}
    expect("DEL-07", same, f"{other.path} answered {after.status}, and not what it was", before, answer, after)


def _expect_gone_for_good(target: Target, instance: Instance, answer: Exchange, expect: Expect) -> None:
    """Expects what is deleted to stay so, whatever is asked of it."""
    second = target.delete(instance)
    expect("DEL-05", second.status in _GONE, f"answered {second.status}", answer, second)
    _expect_explained("DEL-06", second, expect)
    if expect.items("DEL-10"):
        change = target.patch(instance, {instance.resource.text: "again"})
        expect("DEL-10", change.status in _GONE, f"answered {change.status}", answer, change)
        retrieval = target.get(instance)
        expect("DEL-11", retrieval.status in _GONE, f"a read answered {retrieval.status}", answer, change, retrieval)


def _expect_explained(rule: str, answer: Exchange, expect: Expect) -> None:
    """Expects a refusal with 404 or 410 to have a code and a reason."""
    if answer.status not in _GONE:
        expect.untested(rule, f"it was not refused with 404: it answered {answer.status}")
        return
    missing = [name for name in ("code", "reason") if not answer.body.get(name)]
    expect(rule, not missing, f"the error has no {' and no '.join(missing)}", answer)


AREA = Area("delete", "whether what is deleted is gone, and it alone", checks=(gone, minimal, unknown))
