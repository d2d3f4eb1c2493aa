"""Attributes beyond the document, described by the schema behind `@schemaLocation`."""

from __future__ import annotations

from typing import Any

from ctk.areas.polymorphism.inner_types import accepted, marked, outer
from ctk.areas.shared.good_values import stored
from ctk.areas.shared.refusals import Attempts, judge_named
from ctk.exchange import Untestable
from ctk.profile import Resource
from ctk.standard.document import Attribute, Document
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_EXTRA = "ctkColour"
_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {_EXTRA: {"type": "string", "enum": ["red", "green"]}},
    "required": [_EXTRA],
}


def described(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A resource with an attribute that the kit's own schema describes."""
    body = _extended(stage, resource)
    answer = stored(stage, resource, {**body, _EXTRA: "red"})
    if answer.status >= 300:
        raise Untestable(f"the server does not take extensions from the kit's address: answered {answer.status}")
    judge("POL-41", answer.body.get(_EXTRA) == "red", f"{_EXTRA} is {answer.body.get(_EXTRA)!r}", answer)
    judge("POL-42", answer.body.get("@schemaLocation") == body["@schemaLocation"], "@schemaLocation is lost", answer)
    attempts = Attempts(stage, resource)
    wrong = attempts(**body, **{_EXTRA: 7})
    judge("POL-43", wrong.status == 400, f"what breaks the schema was answered with {wrong.status}", wrong)
    judge_named(judge, "POL-44", wrong, _EXTRA)
    less = attempts(**body)
    judge("POL-45", less.status == 400, f"what lacks a mandatory {_EXTRA} was answered with {less.status}", less)
    lost = attempts(**{**body, "@schemaLocation": stage.listener.callback("ctk-no-such-schema.json"), _EXTRA: "red"})
    judge("POL-46", lost.status == 400, f"a schema that is not there was answered with {lost.status}", lost)
    _changed(stage, resource, judge, body)


def _changed(stage: Stage, resource: Resource, judge: Judge, body: dict[str, Any]) -> None:
    """The attribute is changed, well and badly."""
    if not judge.items("POL-47"):
        return
    made = stage.create(resource, "minimal", **body, **{_EXTRA: "red"})
    answer = stage.patch(made, {_EXTRA: "green"})
    found = (answer.status, answer.body.get(_EXTRA))
    judge("POL-47", found == (200, "green"), f"answered {found[0]}, {_EXTRA} is {found[1]!r}", answer)
    wrong = stage.patch(made, {_EXTRA: "blue"})
    judge("POL-48", wrong.status == 400, f"answered {wrong.status}", wrong)


def inside(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Such an attribute inside each complex one, described by the kit's schema, too."""
    values = accepted(stage, resource, judge, ("POL-49",))
    location = _extended(stage, resource)["@schemaLocation"]
    if not values:
        return
    good = marked(stage, resource, values, _with(location, "red"))
    wrong = marked(stage, resource, values, _with(location, 7))
    attempts = Attempts(stage, resource)
    all_taken = attempts(**good).status == 201
    for item, value in wrong.items():
        if not all_taken and (control := attempts(**{item: good[item]})).status != 201:
            judge.untested("POL-49", f"an extension inside was answered with {control.status}", item=item)
            continue
        answer = attempts(**{item: value})
        judge("POL-49", answer.status == 400, f"answered {answer.status}", answer, item=item)


def _extended(stage: Stage, resource: Resource) -> dict[str, Any]:
    address = stage.listener.publish("ctk-extension.json", _SCHEMA)
    return {"@type": f"Ctk{resource.schema}", "@baseType": resource.schema, "@schemaLocation": address}


def _with(location: str, value: Any) -> Any:
    def mark(_: Document, __: Attribute, sent: Any) -> None:
        for found in outer(sent):
            found.update({"@schemaLocation": location, _EXTRA: value})

    return mark
