"""Attributes beyond the document, described by the schema behind `@schemaLocation`."""

from __future__ import annotations

from typing import Any

from ctk.areas.polymorphism.inner_types import accepted_values, outer, with_marks
from ctk.areas.shared.good_values import create_and_read
from ctk.areas.shared.refusals import Attempts, expect_named
from ctk.exchange import Untestable
from ctk.standard.document import Attribute, Document
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_EXTRA = "ctkColour"
_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {_EXTRA: {"type": "string", "enum": ["red", "green"]}},
    "required": [_EXTRA],
}


def extension(target: Target, resource: Resource, expect: Expect) -> None:
    """Creates a resource with an attribute that the kit's own schema describes."""
    body = _extended(target, resource)
    answer = create_and_read(target, resource, {**body, _EXTRA: "red"})
    if answer.status >= 300:
        raise Untestable(f"the server does not take extensions from the kit's address: answered {answer.status}")
    expect("POL-41", answer.body.get(_EXTRA) == "red", f"{_EXTRA} is {answer.body.get(_EXTRA)!r}", answer)
    expect("POL-42", answer.body.get("@schemaLocation") == body["@schemaLocation"], "@schemaLocation is lost", answer)
    attempts = Attempts(target, resource)
    wrong = attempts(**body, **{_EXTRA: 7})
    expect("POL-43", wrong.status == 400, f"what breaks the schema was answered with {wrong.status}", wrong)
    expect_named(expect, "POL-44", wrong, _EXTRA)
    less = attempts(**body)
    expect("POL-45", less.status == 400, f"what lacks a mandatory {_EXTRA} was answered with {less.status}", less)
    lost = attempts(**{**body, "@schemaLocation": target.listener.callback("ctk-no-such-schema.json"), _EXTRA: "red"})
    expect("POL-46", lost.status == 400, f"a schema that is not there was answered with {lost.status}", lost)
    _changed(target, resource, expect, body)


def _changed(target: Target, resource: Resource, expect: Expect, body: dict[str, Any]) -> None:
    """Changes the attribute, well and badly."""
    if not expect.items("POL-47"):
        return
    instance = target.create(resource, "minimal", **body, **{_EXTRA: "red"})
    answer = target.patch(instance, {_EXTRA: "green"})
    result = (answer.status, answer.body.get(_EXTRA))
    expect("POL-47", result == (200, "green"), f"answered {result[0]}, {_EXTRA} is {result[1]!r}", answer)
    wrong = target.patch(instance, {_EXTRA: "blue"})
    expect("POL-48", wrong.status == 400, f"answered {wrong.status}", wrong)


def inner_extension(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends such an attribute inside each complex one, described by the kit's schema, too."""
    values = accepted_values(target, resource, expect, ("POL-49",))
    location = _extended(target, resource)["@schemaLocation"]
    if not values:
        return
    good = with_marks(target, resource, values, _with(location, "red"))
    wrong = with_marks(target, resource, values, _with(location, 7))
    attempts = Attempts(target, resource)
    all_taken = attempts(**good).status == 201
    for item, value in wrong.items():
        if not all_taken and (control := attempts(**{item: good[item]})).status != 201:
            expect.untested("POL-49", f"an extension inside was answered with {control.status}", item=item)
            continue
        answer = attempts(**{item: value})
        expect("POL-49", answer.status == 400, f"answered {answer.status}", answer, item=item)


def _extended(target: Target, resource: Resource) -> dict[str, Any]:
    address = target.listener.publish("ctk-extension.json", _SCHEMA)
    return {"@type": f"Ctk{resource.schema}", "@baseType": resource.schema, "@schemaLocation": address}


def _with(location: str, value: Any) -> Any:
    def mark(_: Document, __: Attribute, sent: Any) -> None:
        for inner in outer(sent):
            inner.update({"@schemaLocation": location, _EXTRA: value})

    return mark
