"""A resource under test: created for a check, read, changed, and seen in the other version of its API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ctk.exchange import JSON, JSON_PATCH, Exchange, Untestable
from ctk.standard.document import Attribute, Document
from ctk.standard.operations import writable_attributes
from ctk.standard.profile import Resource
from ctk.target.target import Instance, Target

MOVING = ("lastUpdate", "lastModified", "statusChangeDate")
"""Dates that a server moves at each write."""

PERIOD_END = "2031-12-31T00:00:00Z"
_OTHERS = (
    "name", "description", "category", "title", "tradingName", "reason", "statusReason", "middleName", "version",
)  # fmt: skip
_TEXTS = ("text", "description", "reason", "contactName", "owner", "name", "languageName", "role", "balanceType")
_CONDITIONS = ("author", "name", "id", "description", "valueType")
_MEMBERS = ("endDateTime", "name", "unit")
_NO_REFUSAL = frozenset({401, 403, 405, 408, 415, 429})


@dataclass(frozen=True)
class Specimen:
    """Holds a created resource that a check reads and changes.

    `instance` is what the creation answered; once the server accepts a change it is no longer how the resource stands
    (`now`).
    """

    target: Target
    instance: Instance

    @classmethod
    def create(cls, target: Target, resource: Resource, kind: str = "full", **changes: Any) -> Specimen:
        """Creates a resource of a body of this kind, with changes. Raises Untestable where the server does not."""
        return cls(target, target.create(resource, kind, **changes))

    @property
    def resource(self) -> Resource:
        """Returns the profile of the resource."""
        return self.instance.resource

    @property
    def id(self) -> str:
        """Returns its id."""
        return self.instance.id

    @property
    def text(self) -> str:
        """Returns the name of a text that anybody may change."""
        return self.resource.text

    @property
    def other(self) -> str:
        """Returns the name of a second text. Raises Untestable where there is none."""
        declared = writable_attributes(self.target.document, "patch", self.resource.name)
        for name in _OTHERS:
            if name != self.text and name in self.instance.sent and _is_text(declared.get(name)):
                return name
        raise Untestable(f"{self.resource.name} has no second text that may be changed")

    @property
    def optional(self) -> str:
        """Returns the name of a text that may be removed. Raises Untestable where there is none."""
        operation = self.target.document.operations["patch", f"/{self.resource.name}/{{id}}"]
        required = self.target.document.required(operation.body)
        fixed = {*self.resource.mandatory, *self.resource.required, *required}
        for name in (self.text, self.other):
            if name not in fixed:
                return name
        raise Untestable(f"{self.resource.name} has no text that may be removed")

    @property
    def lasting(self) -> str:
        """Returns the name of that of the two texts which is not `optional`."""
        return self.other if self.optional == self.text else self.text

    def new(self, name: str = "") -> str:
        """Returns a value that no other resource has, for `text` or another of its texts."""
        declared = writable_attributes(self.target.document, "patch", self.resource.name).get(name or self.text)
        address = declared is not None and (declared.format in ("uri", "url") or declared.name == "url")
        return f"https://example.com/{self.target.unique()}" if address else self.target.unique()

    def read(self, **request: Any) -> Exchange:
        """Returns what reading it answers now, whatever that is."""
        return self.target.get(self.instance, **request)

    def now(self) -> Exchange:
        """Returns what reading it answers now. Raises Untestable where that is not 200."""
        answer = self.read()
        if answer.status != 200:
            raise Untestable(f"reading the {self.resource.name} answered {answer.status}")
        return answer

    def typed(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Returns a merge patch as the update schemas want it: those of v5 ask for `@type`."""
        asks = self.target.profile.version == "v5" and "@type" in self.instance.body
        return {"@type": self.instance.body["@type"], **changes} if asks else dict(changes)

    def merge(self, changes: Mapping[str, Any], media: str = JSON, **headers: str) -> Exchange:
        """Sends a merge patch. Raises Untestable as `send` does."""
        return self.send(self.typed(changes), media, **headers)

    def operate(self, *operations: Mapping[str, Any], media: str = JSON_PATCH) -> Exchange:
        """Sends a JSON patch. Raises Untestable as `send` does."""
        return self.send(list(operations), media)

    def send(self, body: Any, media: str = JSON, **headers: str) -> Exchange:
        """Sends any patch; headers are named as keywords (`if_match`). Raises Untestable where it answers 202."""
        return at_once(self.target.patch(self.instance, body, media, **headers))

    def in_other_version(self) -> Specimen:
        """Returns the same stored resource in the other version of its API.

        Its instance has no more than the id and the type. Raises Untestable where the server lacks the other version.
        """
        if self.target.other_version is None:
            raise Untestable("the server has not the other version")
        there = self.target.other_version
        resource = there.profile.resources[self.resource.other_name]
        body = {"id": self.id, "@type": resource.schema}
        return Specimen(there, Instance(resource, {}, body, there.path(resource, self.id), self.instance.exchange))


@dataclass(frozen=True)
class Elements:
    """Names an array of objects, the text in each element that is changed, and the text that tells elements apart."""

    name: str
    text: str
    mark: str

    def pair(self, target: Target, template: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Returns two elements that are alike but for the texts."""
        return [
            {**template, self.mark: target.unique(), self.text: target.unique()},
            {**template, self.mark: target.unique(), self.text: target.unique()},
        ]


@dataclass(frozen=True)
class Member:
    """Names a text or date inside an attribute that is an object with more members."""

    name: str
    inner: str

    @property
    def value(self) -> str:
        """Returns a value that it may have."""
        return {"endDateTime": PERIOD_END, "unit": "NOK"}.get(self.inner, "another name")


def operation(op: str, path: str, **more: Any) -> dict[str, Any]:
    """Returns one operation of a JSON patch; `source` becomes its `from`."""
    return {"op": op, "path": path} | {"from" if name == "source" else name: value for name, value in more.items()}


def at_once(answer: Exchange) -> Exchange:
    """Returns the answer to a patch. Raises Untestable where it is 202."""
    if answer.status == 202:
        raise Untestable("PATCH answers 202: what was asked comes into force later")
    return answer


def elements_of(target: Target, resource: Resource) -> Elements:
    """Returns an array of the full body to try patches on, one of values before one of references.

    Raises Untestable where no array of objects has a text.
    """
    attributes = _declared(target.document, resource)
    candidates: list[tuple[bool, int, Elements]] = []
    for name, value in target.payloads.template(resource.name, "full").items():
        if name not in attributes or not isinstance(value, list) or not value or not isinstance(value[0], dict):
            continue
        inner = target.document.attributes(attributes[name].node)
        texts = {key for key, member in value[0].items() if isinstance(member, str) and _is_text(inner.get(key))}
        text = next((key for key in _TEXTS if key in texts), "")
        if text:
            marks = [key for key in _CONDITIONS if key in texts and key != text and "@referredType" not in inner]
            elements = Elements(name, text, marks[0] if marks else text)
            candidates.append(("@referredType" in inner, _TEXTS.index(text), elements))
    if not candidates:
        raise Untestable(f"the full body of {resource.name} has no array of objects with a text")
    return min(candidates, key=lambda candidate: candidate[:2])[2]


def member_of(target: Target, resource: Resource) -> Member:
    """Returns an attribute of the full body that is an object, and a member of it that is not the only one.

    Raises Untestable where there is none.
    """
    attributes = _declared(target.document, resource)
    template = target.payloads.template(resource.name, "full")
    objects = [name for name, value in template.items() if name in attributes and isinstance(value, dict)]
    for inner in _MEMBERS:
        for name in objects:
            declared = target.document.attributes(attributes[name].node)
            if inner in declared and any(key != inner and not key.startswith("@") for key in template[name]):
                return Member(name, inner)
    raise Untestable(f"the full body of {resource.name} has no object whose parts may be changed")


def has(answer: Exchange, expected: Mapping[str, Any], code: int = 200) -> tuple[bool, str]:
    """Returns whether an answer has this code and these attributes, and what to say where it has not.

    An expected None means: the attribute is missing or null.
    """
    if answer.status != code:
        return False, f"answered {answer.status}, {code} is due"
    for name, value in expected.items():
        if not same(answer.body.get(name), value):
            return False, f"{name} is {answer.body.get(name)!r}, {value!r} is due"
    return True, ""


def same(actual: Any, expected: Any) -> bool:
    """Returns whether a value is the expected one; a server may add members to objects, and write a time its way."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(same(actual.get(name), inner) for name, inner in expected.items())
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(actual) == len(expected)
            and all(same(element, other) for element, other in zip(actual, expected, strict=True))
        )
    if isinstance(expected, str) and isinstance(actual, str) and actual != expected:
        moments = _moment(actual), _moment(expected)
        return moments[0] is not None and moments[0] == moments[1]
    return (type(actual) is type(expected) and bool(actual == expected)) or _same_number(actual, expected)


def refused(answer: Exchange) -> bool:
    """Returns whether the server says that the request is wrong.

    Not: who asks, how often, or that it has no such verb.
    """
    return 400 <= answer.status < 500 and answer.status not in _NO_REFUSAL


def settled(exchange: Exchange) -> dict[str, Any]:
    """Returns the resource of an answer without the dates that a server moves at each write."""
    return {name: value for name, value in exchange.body.items() if name not in MOVING}


def _declared(document: Document, resource: Resource) -> Mapping[str, Attribute]:
    return document.attributes(document.operations["patch", f"/{resource.name}/{{id}}"].body)


def _is_text(attribute: Attribute | None) -> bool:
    return (
        attribute is not None
        and attribute.scalar
        and attribute.kind == "string"
        and not attribute.format
        and not attribute.enum
    )


def _same_number(actual: Any, expected: Any) -> bool:
    numbers = (int, float)
    both = isinstance(actual, numbers) and isinstance(expected, numbers)
    return both and not isinstance(actual, bool) and not isinstance(expected, bool) and bool(actual == expected)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
