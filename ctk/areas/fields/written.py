"""Selection of what a creation and a change answer (v5)."""

from __future__ import annotations

from ctk.areas.fields.whole import more_than, named, whole_of
from ctk.exchange import Untestable
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge


def created(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Selection of what a creation answers (v5)."""
    if not judge.items("FLD-26"):
        return
    sent = stage.body(resource)
    answer = stage.note(resource, stage.http("post", stage.path(resource), query=f"fields={resource.text}", body=sent))
    if answer.status != 201:
        judge("FLD-26", False, f"answered {answer.status}", answer)
        raise Untestable(f"a creation with fields answered {answer.status}")
    judge.equal("FLD-26", answer.body.get(resource.text), sent[resource.text], answer)
    more = more_than(answer.body, [resource.text])
    judge("FLD-27", resource.text in answer.body and not more, f"shows {named(answer.body)}", answer)
    if judge.items("FLD-28") and "id" in answer.body:
        stored = stage.http("get", stage.path(resource, str(answer.body["id"])))
        missing = [name for name in sent if name not in stored.body]
        judge("FLD-28", stored.status == 200 and not missing, f"{named(missing)} are lost", answer, stored)


def changed(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Selection of what a change answers (v5)."""
    if not judge.items("FLD-29"):
        return
    whole = whole_of(stage, resource)
    text = stage.mark(resource)
    change = {**{name: whole.body[name] for name in ("@type",) if name in whole.body}, resource.text: text}
    answer = stage.http("patch", whole.made.path, query=f"fields={resource.text}", body=change)
    if answer.status != 200:
        judge("FLD-29", False, f"answered {answer.status}", answer)
        raise Untestable(f"a change with fields answered {answer.status}")
    judge.equal("FLD-29", answer.body.get(resource.text), text, answer)
    more = more_than(answer.body, [resource.text])
    judge("FLD-30", resource.text in answer.body and not more, f"shows {named(answer.body)}", answer)
    if judge.items("FLD-31"):
        stored = stage.get(whole.made)
        missing = [name for name in whole.body if name not in stored.body]
        judge("FLD-31", stored.status == 200 and not missing, f"{named(missing)} are lost", answer, stored)
