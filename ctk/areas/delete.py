"""Deleting: whether what is deleted is gone, and it alone."""

from __future__ import annotations

from ctk.area import Area
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.target.target import Created, Stage
from ctk.verdict.ledger import Judge

_GONE = (404, 410)


def gone(stage: Stage, resource: Resource, judge: Judge) -> None:
    """One of two resources is deleted; what each then answers."""
    other, made = stage.create(resource, "minimal"), stage.create(resource)
    before = stage.get(other)
    listed = _listed(stage, made) if judge.items("DEL-04") else None
    tag = stage.get(made).headers.get("etag", "") if judge.items("DEL-13") else ""
    answer = stage.delete(made)
    accepted = _accepted(stage, resource)
    judge("DEL-01", answer.status in accepted, f"answered {answer.status}", answer)
    if answer.status >= 400:
        raise Untestable(f"the deletion answered {answer.status}")
    if answer.status == 204:
        silent = not answer.content and "content-length" not in answer.headers
        judge("DEL-02", silent, f"has the Content-Length {answer.headers.get('content-length')}", answer)
    read = stage.get(made)
    if answer.status == 202 and 202 in accepted and read.status == 200:
        raise Untestable("the server deletes later: it answered 202")
    judge("DEL-03", read.status in _GONE, f"answered {read.status}", answer, read)
    _unlisted(stage, made, listed, judge)
    if tag:
        known = stage.get(made, headers={"if-none-match": tag})
        judge("DEL-13", known.status in _GONE, f"answered {known.status}", answer, known)
    if judge.items("DEL-14"):
        head = stage.http("head", made.path)
        judge("DEL-14", head.status in _GONE, f"answered {head.status}", answer, head)
    _stays(other, before, stage.get(other), answer, judge)
    if judge.items("DEL-15"):
        slashed = stage.http("delete", other.path + "/")
        judge("DEL-15", slashed.status in accepted, f"answered {slashed.status}", slashed)
    _dead(stage, made, answer, judge)
    if judge.items("DEL-12"):
        new = stage.create(resource, "minimal")
        judge("DEL-12", new.id not in (made.id, other.id), f"{new.id} is given again", answer, new.exchange)


def unknown(stage: Stage, resource: Resource, judge: Judge) -> None:
    """An id that no resource has."""
    if judge.items("DEL-08"):
        answer = stage.http("delete", stage.path(resource, stage.unique()))
        judge("DEL-08", answer.status == 404, f"answered {answer.status}", answer)
        _told("DEL-09", answer, judge)


def minimal(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A resource with little in it, deleted while there is a subscription, which can be ended after it."""
    made = stage.create(resource, "minimal")
    hub = None
    if judge.items("DEL-16"):
        hub = stage.http("post", "/hub", body={"callback": stage.listener.callback(stage.unique()), "query": ""})
    answer = stage.delete(made)
    read = stage.get(made)
    right = answer.status in _accepted(stage, resource)
    if answer.status == 202 and read.status == 200:
        judge.untested("DEL-17", "the server deletes later: it answered 202")
    else:
        told = f"answered {answer.status}, then {read.status} to a read"
        judge("DEL-17", right and read.status in _GONE, told, answer, read)
    if hub is not None:
        _untouched(stage, hub, answer, right, judge)


def _untouched(stage: Stage, hub: Exchange, answer: Exchange, right: bool, judge: Judge) -> None:
    """Whether a subscription from before a deletion is still there to be ended."""
    key = hub.body.get("id")
    if hub.status != 201 or not isinstance(key, str):
        judge.untested("DEL-16", f"no subscription to try it on: creating one answered {hub.status}")
        return
    ended = stage.http("delete", f"/hub/{key}")
    if right:
        judge("DEL-16", ended.status < 300, f"ending it answered {ended.status}", hub, answer, ended)
    else:
        judge.untested("DEL-16", f"the deletion answered {answer.status}")


def _accepted(stage: Stage, resource: Resource) -> set[int]:
    """The codes of success that the document declares for a deletion."""
    declared = stage.document.operations.get(("delete", f"/{resource.name}/{{id}}"))
    return {int(code) for code in declared.codes if code in ("202", "204")} if declared else {204}


def _listed(stage: Stage, made: Created) -> Exchange:
    return stage.http("get", stage.path(made.resource), query=[("id", made.id)])


def _unlisted(stage: Stage, made: Created, before: Exchange | None, judge: Judge) -> None:
    """Whether a list that had the resource has it no more."""
    if before is None:
        return
    if made.id not in [one.get("id") for one in before.elements]:
        judge.untested("DEL-04", "the list with its id did not have it before")
        return
    after = _listed(stage, made)
    read = after.status in (200, 206) and isinstance(after.json, list)
    absent = made.id not in [one.get("id") for one in after.elements]
    judge("DEL-04", (read and absent) or after.status == 404, f"answered {after.status}, with it", before, after)


def _stays(other: Created, before: Exchange, after: Exchange, answer: Exchange, judge: Judge) -> None:
    """Whether another resource is what it was."""
    if before.status != 200:
        judge.untested("DEL-07", f"reading the other answered {before.status} before")
        return
    same = after.status == 200 and {**after.body, "lastUpdate": ""} == {**before.body, "lastUpdate": ""}
    judge("DEL-07", same, f"{other.path} answered {after.status}, and not what it was", before, answer, after)


def _dead(stage: Stage, made: Created, answer: Exchange, judge: Judge) -> None:
    """Whether what is deleted stays so, whatever is asked of it."""
    second = stage.delete(made)
    judge("DEL-05", second.status in _GONE, f"answered {second.status}", answer, second)
    _told("DEL-06", second, judge)
    if judge.items("DEL-10"):
        changed = stage.patch(made, {made.resource.text: "again"})
        judge("DEL-10", changed.status in _GONE, f"answered {changed.status}", answer, changed)
        read = stage.get(made)
        judge("DEL-11", read.status in _GONE, f"a read answered {read.status}", answer, changed, read)


def _told(rule: str, answer: Exchange, judge: Judge) -> None:
    """Whether a refusal says what is wrong."""
    if answer.status not in _GONE:
        judge.untested(rule, f"it was not refused with 404: it answered {answer.status}")
        return
    missing = [name for name in ("code", "reason") if not answer.body.get(name)]
    judge(rule, not missing, f"the error has no {' and no '.join(missing)}", answer)


AREA = Area("delete", "whether what is deleted is gone, and it alone", stories=(gone, minimal, unknown))
