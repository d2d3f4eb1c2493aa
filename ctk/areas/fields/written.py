"""Selection of what a creation and a change answer (v5)."""

from __future__ import annotations

from ctk.areas.fields.whole import more_than, named, whole_of
from ctk.exchange import Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect


def creation(target: Target, resource: Resource, expect: Expect) -> None:
    """Selects of what a creation answers (v5)."""
    if not expect.items("FLD-26"):
        return
    sent = target.body(resource)
    answer = target.delete_later(
        resource, target.http("post", target.path(resource), query=f"fields={resource.text}", body=sent)
    )
    if answer.status != 201:
        expect("FLD-26", False, f"answered {answer.status}", answer)
        raise Untestable(f"a creation with fields answered {answer.status}")
    expect.equal("FLD-26", answer.body.get(resource.text), sent[resource.text], answer)
    more = more_than(answer.body, [resource.text])
    expect("FLD-27", resource.text in answer.body and not more, f"shows {named(answer.body)}", answer)
    if expect.items("FLD-28") and "id" in answer.body:
        stored = target.http("get", target.path(resource, str(answer.body["id"])))
        missing = [name for name in sent if name not in stored.body]
        expect("FLD-28", stored.status == 200 and not missing, f"{named(missing)} are lost", answer, stored)


def update(target: Target, resource: Resource, expect: Expect) -> None:
    """Selects of what a change answers (v5)."""
    if not expect.items("FLD-29"):
        return
    whole = whole_of(target, resource)
    text = target.unique_text(resource)
    change = {**{name: whole.body[name] for name in ("@type",) if name in whole.body}, resource.text: text}
    answer = target.http("patch", whole.instance.path, query=f"fields={resource.text}", body=change)
    if answer.status != 200:
        expect("FLD-29", False, f"answered {answer.status}", answer)
        raise Untestable(f"a change with fields answered {answer.status}")
    expect.equal("FLD-29", answer.body.get(resource.text), text, answer)
    more = more_than(answer.body, [resource.text])
    expect("FLD-30", resource.text in answer.body and not more, f"shows {named(answer.body)}", answer)
    if expect.items("FLD-31"):
        stored = target.get(whole.instance)
        missing = [name for name in whole.body if name not in stored.body]
        expect("FLD-31", stored.status == 200 and not missing, f"{named(missing)} are lost", answer, stored)
