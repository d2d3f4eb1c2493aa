"""What of a resource a client may change, read from its document and its full body, and a resource under change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ctk.exchange import JSON, JSON_PATCH, Exchange, Untestable
from ctk.profile import Resource
from ctk.standard.document import Attribute, Document
from ctk.target.target import Created, Stage

MOVING = ("lastUpdate", "lastModified", "statusChangeDate")
PERIOD_END = "2031-12-31T00:00:00Z"
_OTHERS = (
    "name", "description", "category", "title", "tradingName", "reason", "statusReason", "middleName", "version",
)  # fmt: skip
_TARGETS = ("text", "description", "reason", "contactName", "owner", "name", "languageName", "role", "balanceType")
_CONDITIONS = ("author", "name", "id", "description", "valueType")
_MEMBERS = ("endDateTime", "name", "unit")
_NO_REFUSAL = frozenset({401, 403, 405, 408, 415, 429})


@dataclass(frozen=True)
class Elements:
    """An array of objects: its name, the text in each element that is changed, and the text that tells them apart."""

    name: str
    target: str
    mark: str

    def pair(self, stage: Stage, template: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Two elements alike but for the texts."""
        return [
            {**template, self.mark: stage.unique(), self.target: stage.unique()},
            {**template, self.mark: stage.unique(), self.target: stage.unique()},
        ]


@dataclass(frozen=True)
class Member:
    """A text or date inside an attribute that is an object with more members."""

    name: str
    inner: str

    @property
    def value(self) -> str:
        """A value that it may have."""
        return {"endDateTime": PERIOD_END, "unit": "NOK"}.get(self.inner, "another name")


class Subject:
    """A made resource that is changed again and again; `text` and `other` are texts of it that may be."""

    def __init__(self, stage: Stage, resource: Resource, **changes: Any):
        operation = stage.document.operations["patch", f"/{resource.name}/{{id}}"]
        self._attributes = stage.document.attributes(operation.body)
        self._required = stage.document.required(operation.body)
        self._document = stage.document
        self.stage, self.resource = stage, resource
        self.full = stage.body(resource, **changes)
        self.made: Created = stage.create(resource, **changes)
        self.text = resource.text

    @property
    def other(self) -> str:
        """A second text; raises Untestable where there is none."""
        for name in _OTHERS:
            if name != self.text and name in self.made.sent and _is_text(self._attributes.get(name)):
                return name
        raise Untestable(f"{self.resource.name} has no second text that may be changed")

    @property
    def optional(self) -> str:
        """A text that may be removed; raises Untestable where there is none."""
        fixed = {*self.resource.mandatory, *self.resource.required, *self._required}
        for name in (self.text, self.other):
            if name not in fixed:
                return name
        raise Untestable(f"{self.resource.name} has no text that may be removed")

    @property
    def kept(self) -> str:
        """The one of the two texts that is not the optional one."""
        return self.other if self.optional == self.text else self.text

    def patchable(self, name: str) -> bool:
        """Whether the update schema has an attribute."""
        return name in self._attributes

    def new(self, name: str = "") -> str:
        """A value that no other has, for `text` or another of its texts."""
        one = self._attributes.get(name or self.text)
        address = one is not None and (one.format in ("uri", "url") or one.name == "url")
        return f"https://example.com/{self.stage.unique()}" if address else self.stage.unique()

    def typed(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """A merge patch as the update schemas want it: those of v5 ask for `@type`."""
        asks = self.stage.profile.version == "v5" and "@type" in self.made.body
        return {"@type": self.made.body["@type"], **changes} if asks else dict(changes)

    def merge(self, changes: Mapping[str, Any], media: str = JSON, **headers: str) -> Exchange:
        """A merge patch."""
        return self.send(self.typed(changes), media, **headers)

    def operate(self, *operations: Mapping[str, Any], media: str = JSON_PATCH) -> Exchange:
        """A JSON patch."""
        return self.send(list(operations), media)

    def send(self, body: Any, media: str = JSON, **headers: str) -> Exchange:
        """Any patch; raises Untestable where it comes into force later, or the server has no PATCH at all."""
        answer = self.stage.patch(self.made, body, media, **headers)
        return at_once(answer)

    def now(self) -> Exchange:
        """It as it stands; raises Untestable where it cannot be read."""
        answer = self.stage.get(self.made)
        if answer.status != 200:
            raise Untestable(f"reading the {self.resource.name} answered {answer.status}")
        return answer


def operation(op: str, path: str, **more: Any) -> dict[str, Any]:
    """One operation; `source` is its `from`."""
    return {"op": op, "path": path} | {"from" if name == "source" else name: value for name, value in more.items()}


def at_once(answer: Exchange) -> Exchange:
    """The answer to a patch; raises Untestable where it is 202."""
    if answer.status == 202:
        raise Untestable("PATCH answers 202: what was asked comes into force later")
    return answer


def elements_of(stage: Stage, resource: Resource) -> Elements:
    """An array of the full body to try patches on, one of values before one of references; raises Untestable."""
    attributes = _declared(stage.document, resource)
    found: list[tuple[bool, int, Elements]] = []
    for name, value in stage.payloads.template(resource.name, "full").items():
        if name not in attributes or not isinstance(value, list) or not value or not isinstance(value[0], dict):
            continue
        inner = stage.document.attributes(attributes[name].node)
        texts = {key for key, one in value[0].items() if isinstance(one, str) and _is_text(inner.get(key))}
        target = next((one for one in _TARGETS if one in texts), "")
        if target:
            marks = [one for one in _CONDITIONS if one in texts and one != target and "@referredType" not in inner]
            one = Elements(name, target, marks[0] if marks else target)
            found.append(("@referredType" in inner, _TARGETS.index(target), one))
    if not found:
        raise Untestable(f"the full body of {resource.name} has no array of objects with a text")
    return min(found, key=lambda one: one[:2])[2]


def member_of(stage: Stage, resource: Resource) -> Member:
    """An attribute that is an object, and a member of it that is not the only one; raises Untestable."""
    attributes = _declared(stage.document, resource)
    template = stage.payloads.template(resource.name, "full")
    objects = [name for name, value in template.items() if name in attributes and isinstance(value, dict)]
    for inner in _MEMBERS:
        for name in objects:
            known = stage.document.attributes(attributes[name].node)
            if inner in known and any(key != inner and not key.startswith("@") for key in template[name]):
                return Member(name, inner)
    raise Untestable(f"the full body of {resource.name} has no object whose parts may be changed")


def has(answer: Exchange, wanted: Mapping[str, Any], code: int = 200) -> tuple[bool, str]:
    """Whether an answer has this code and these attributes, None: not (or null); and what to say where it has not."""
    if answer.status != code:
        return False, f"answered {answer.status}, {code} is due"
    for name, value in wanted.items():
        if not same(answer.body.get(name), value):
            return False, f"{name} is {answer.body.get(name)!r}, {value!r} is due"
    return True, ""


def same(found: Any, wanted: Any) -> bool:
    """Whether a value is the other one; a server may add members to objects, and write a time its own way."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(same(found.get(name), inner) for name, inner in wanted.items())
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(same(one, other) for one, other in zip(found, wanted, strict=True))
        )
    if isinstance(wanted, str) and isinstance(found, str) and found != wanted:
        moments = _moment(found), _moment(wanted)
        return moments[0] is not None and moments[0] == moments[1]
    return (type(found) is type(wanted) and bool(found == wanted)) or _number(found, wanted)


def refused(answer: Exchange) -> bool:
    """Whether the server says that the request is wrong: not who asks, nor how often, nor that it has no such verb."""
    return 400 <= answer.status < 500 and answer.status not in _NO_REFUSAL


def settled(exchange: Exchange) -> dict[str, Any]:
    """A resource without the dates that a server moves at each write."""
    return {name: value for name, value in exchange.body.items() if name not in MOVING}


def _declared(document: Document, resource: Resource) -> Mapping[str, Attribute]:
    return document.attributes(document.operations["patch", f"/{resource.name}/{{id}}"].body)


def _is_text(one: Attribute | None) -> bool:
    return one is not None and one.scalar and one.kind == "string" and not one.format and not one.enum


def _number(found: Any, wanted: Any) -> bool:
    plain = (int, float)
    both = isinstance(found, plain) and isinstance(wanted, plain)
    return both and not isinstance(found, bool) and not isinstance(wanted, bool) and bool(found == wanted)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
