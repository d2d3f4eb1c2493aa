"""Lives: what the kit does to a resource so that its events happen, and what subscribers were told of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ctk.exchange import Exchange, Untestable
from ctk.profile import Event, Profile, Resource
from ctk.target.target import Created, Stage

_SPECIAL = ("pending", "resolved")


@dataclass(frozen=True)
class Told:
    """An event as a subscriber received it."""

    exchange: Exchange
    envelope: Mapping[str, Any]

    @property
    def type(self) -> Any:
        """Its eventType."""
        return self.envelope.get("eventType")

    @property
    def id(self) -> Any:
        """Its eventId."""
        return self.envelope.get("eventId")

    def content(self, event: Event) -> dict[str, Any]:
        """The resource that it is about; an empty one where it does not stand at its place."""
        node: Any = self.envelope
        for name in event.content:
            node = node.get(name) if isinstance(node, dict) else None
        return node if isinstance(node, dict) else {}

    def about(self, key: str) -> bool:
        """Whether it names the id of a resource anywhere, or its address."""
        quoted = json.dumps(key)[1:]
        return any((start + quoted).encode() in self.exchange.sent for start in ('"', "/"))


def told(heard: Iterable[Exchange]) -> list[Told]:
    """What was heard, as events; what is no JSON object has an empty envelope."""
    return [Told(one, _object(one.sent)) for one in heard]


@lru_cache(maxsize=4096)
def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def names(event: Event) -> tuple[str, ...]:
    """How an event's type may be called: as its listener path, with a small or a capital letter, or as its schema."""
    return (event.type, event.listener, event.schema)


@dataclass(frozen=True)
class Deed:
    """Something done to the resource with the id `key`, and what the server answered."""

    cause: str
    key: str
    exchange: Exchange

    @property
    def sent(self) -> dict[str, Any]:
        """What was asked for."""
        return _object(self.exchange.sent)


@dataclass
class Life:
    """What was done to two resources of one type: the `first` lives from creation to deletion, `both` is the id of the
    other one where its text and state were changed by one patch. `seen` is the first as GET answered after creation.
    `missing` tells why a cause was not tried."""

    resource: Resource
    first: Created
    seen: Exchange
    deeds: list[Deed] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    both: str = ""

    def deed(self, cause: str) -> Deed | None:
        """The first thing done that causes such an event."""
        return next((one for one in self.deeds if one.cause == cause), None)

    def reason(self, cause: str) -> str:
        """Why a cause was not tried."""
        return self.missing.get(cause) or f"the kit cannot cause it on {self.resource.name}"

    def expected(self, profile: Profile) -> list[tuple[Event, Deed]]:
        """Every event that is to come, each with what causes it, by the profile of this version or of the other."""
        name = self.resource.name if self.resource is profile.resources.get(self.resource.name) else self.resource.twin
        events = {event.cause: event for event in profile.events_of(name)}
        return [(events[deed.cause], deed) for deed in self.deeds if deed.cause in events]


def found(event: Event, deed: Deed, heard: Sequence[Told], known: Sequence[str] = ()) -> Told | None:
    """The event that tells of a deed: by its type and id, or else the first one about that id with a type that is none
    of the known ones, where there are any."""
    about = [one for one in heard if one.about(deed.key)]
    exact = [one for one in about if one.type in names(event)]
    return next(iter(exact or [one for one in about if known and one.type not in known]), None)


def live(stage: Stage, resource: Resource, **changes: Any) -> Life:
    """Makes two resources and does to them what causes the events of their type; raises Untestable where the server
    makes none."""
    made = stage.create(resource, **changes)
    life = Life(resource, made, stage.get(made))
    life.deeds.append(Deed("create", made.id, made.exchange))
    if resource.has("patch"):
        _changed(stage, life)
        _moved(stage, life)
        _second(stage, life)
    if resource.has("delete"):
        _noted(life, "delete", made.id, stage.delete(made))
    return life


def _changed(stage: Stage, life: Life) -> None:
    """A patch with the text that it has already, which is to send nothing, then one that changes it."""
    name, made = life.resource.text, life.first
    if name in made.body:
        _patched(stage, made, {name: made.body[name]})
    _noted(life, "change", made.id, _patched(stage, made, {name: stage.unique()}))


def _moved(stage: Stage, life: Life) -> None:
    """A patch that changes the state alone."""
    if body := _next(life.resource, life.first):
        _noted(life, "state", life.first.id, _patched(stage, life.first, body))
    else:
        known = "the kit knows no state that follows" if life.resource.state else "it has no state"
        life.missing["state"] = known


def _second(stage: Stage, life: Life) -> None:
    """Another resource: text and state by one patch, then the states that have events of their own."""
    try:
        made = stage.create(life.resource, "minimal")
    except Untestable as stop:
        life.missing.update(dict.fromkeys(_SPECIAL, str(stop)))
        return
    if body := _next(life.resource, made):
        answer = _patched(stage, made, {life.resource.text: stage.unique(), **body})
        if answer.status == 200:
            life.both = made.id
            life.deeds += [Deed(cause, made.id, answer) for cause in ("change", "state")]
    for cause in sorted({event.cause for event in stage.profile.events_of(life.resource.name)} & set(_SPECIAL)):
        _noted(life, cause, made.id, _reached(stage, life.resource, made, cause))


def _reached(stage: Stage, resource: Resource, made: Created, state: str) -> Exchange:
    """The patch that sets a state; where it is refused, the next one is tried after a usual state."""
    answer = _patched(stage, made, {resource.state: state})
    if answer.status == 200:
        return answer
    _patched(stage, made, {resource.state: resource.path[1]})
    return _patched(stage, made, {resource.state: state})


def _next(resource: Resource, made: Created) -> dict[str, str]:
    """What sets the next state; nothing where there is none."""
    if not resource.state:
        return {}
    current = made.body.get(resource.state)
    state = resource.next_state(current)
    return {} if state == current else {resource.state: state}


def _patched(stage: Stage, made: Created, body: dict[str, Any]) -> Exchange:
    """A patch; v5 documents ask for the type in each."""
    typed = {"@type": made.body["@type"]} if stage.profile.version == "v5" and "@type" in made.body else {}
    return stage.patch(made, {**typed, **body})


def _noted(life: Life, cause: str, key: str, answer: Exchange) -> None:
    """Where the server did it, it is to be told."""
    if answer.status in (200, 202, 204):
        life.deeds.append(Deed(cause, key, answer))
    else:
        life.missing[cause] = f"what would cause it, {answer.method} {answer.operation[6:]}, answered {answer.status}"
