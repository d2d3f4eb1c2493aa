"""Timelines: what the kit does to a resource so that its events happen, and what subscribers received of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Event, Profile, Resource
from ctk.target.target import Instance, Target

_SPECIAL = ("pending", "resolved")


@dataclass(frozen=True)
class ReceivedEvent:
    """Holds an event as a subscriber received it."""

    exchange: Exchange
    envelope: Mapping[str, Any]

    @property
    def type(self) -> Any:
        """Returns its eventType."""
        return self.envelope.get("eventType")

    @property
    def id(self) -> Any:
        """Returns its eventId."""
        return self.envelope.get("eventId")

    def content(self, event: Event) -> dict[str, Any]:
        """Returns the resource that it is about; an empty one where it does not stand at its place."""
        node: Any = self.envelope
        for name in event.content:
            node = node.get(name) if isinstance(node, dict) else None
        return node if isinstance(node, dict) else {}

    def about(self, key: str) -> bool:
        """Returns whether it names the id of a resource anywhere, or its address."""
        quoted = json.dumps(key)[1:]
        return any((start + quoted).encode() in self.exchange.sent for start in ('"', "/"))


def received_events(requests: Iterable[Exchange]) -> list[ReceivedEvent]:
    """Returns requests to a callback as events; what is no JSON object has an empty envelope."""
    return [ReceivedEvent(request, _object(request.sent)) for request in requests]


@lru_cache(maxsize=4096)
def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def type_names(event: Event) -> tuple[str, ...]:
    """Returns how an event's type may be called.

    As its listener path, with a small or a capital letter, or as its schema.
    """
    return (event.type, event.listener, event.schema)


@dataclass(frozen=True)
class Action:
    """Holds what was done to the resource with the id `key`, and what the server answered."""

    cause: str
    key: str
    exchange: Exchange

    @property
    def sent(self) -> dict[str, Any]:
        """Returns the body that was sent."""
        return _object(self.exchange.sent)


@dataclass
class Timeline:
    """Holds what was done to two resources of one type.

    The `first` goes from creation to deletion; `both` is the id of the other one where its text and state were changed
    by one patch. `seen` is the first as GET answered after creation. `missing` says why a cause was not tried.
    """

    resource: Resource
    first: Instance
    seen: Exchange
    actions: list[Action] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    both: str = ""

    def action(self, cause: str) -> Action | None:
        """Returns the first thing done that causes such an event. Returns None where nothing does."""
        return next((action for action in self.actions if action.cause == cause), None)

    def reason(self, cause: str) -> str:
        """Returns why a cause was not tried."""
        return self.missing.get(cause) or f"the kit cannot cause it on {self.resource.name}"

    def expected(self, profile: Profile) -> list[tuple[Event, Action]]:
        """Returns every event that is to come, each with its action, by the profile of this version or of the other."""
        name = (
            self.resource.name
            if self.resource is profile.resources.get(self.resource.name)
            else self.resource.other_name
        )
        events = {event.cause: event for event in profile.events_of(name)}
        return [(events[action.cause], action) for action in self.actions if action.cause in events]


def matching_event(
    event: Event, action: Action, events: Sequence[ReceivedEvent], declared_types: Sequence[str] = ()
) -> ReceivedEvent | None:
    """Returns the event that an action sent. Returns None where it did not come.

    Takes the one of its type and id, or else the first about that id with a type that is none of `declared_types`,
    where there are any.
    """
    about = [received for received in events if received.about(action.key)]
    exact = [received for received in about if received.type in type_names(event)]
    return next(
        iter(exact or [received for received in about if declared_types and received.type not in declared_types]), None
    )


def run_timeline(target: Target, resource: Resource, **changes: Any) -> Timeline:
    """Creates two resources and does to them what causes the events of their type.

    Raises Untestable where the server creates none.
    """
    instance = target.create(resource, **changes)
    timeline = Timeline(resource, instance, target.get(instance))
    timeline.actions.append(Action("create", instance.id, instance.exchange))
    if resource.has("patch"):
        _change_text(target, timeline)
        _change_state(target, timeline)
        _change_second(target, timeline)
    if resource.has("delete"):
        _record(timeline, "delete", instance.id, target.delete(instance))
    return timeline


def _change_text(target: Target, timeline: Timeline) -> None:
    """Patches with the text that it has already, which is to send nothing, then with another."""
    name, instance = timeline.resource.text, timeline.first
    if name in instance.body:
        _patch(target, instance, {name: instance.body[name]})
    _record(timeline, "change", instance.id, _patch(target, instance, {name: target.unique()}))


def _change_state(target: Target, timeline: Timeline) -> None:
    """Patches the state alone."""
    if body := _next(timeline.resource, timeline.first):
        _record(timeline, "state", timeline.first.id, _patch(target, timeline.first, body))
    else:
        reason = "the kit knows no state that follows" if timeline.resource.state else "it has no state"
        timeline.missing["state"] = reason


def _change_second(target: Target, timeline: Timeline) -> None:
    """Patches text and state of another resource at once, then sets the states that have events of their own."""
    try:
        instance = target.create(timeline.resource, "minimal")
    except Untestable as stop:
        timeline.missing.update(dict.fromkeys(_SPECIAL, str(stop)))
        return
    if body := _next(timeline.resource, instance):
        answer = _patch(target, instance, {timeline.resource.text: target.unique(), **body})
        if answer.status == 200:
            timeline.both = instance.id
            timeline.actions += [Action(cause, instance.id, answer) for cause in ("change", "state")]
    for cause in sorted({event.cause for event in target.profile.events_of(timeline.resource.name)} & set(_SPECIAL)):
        _record(timeline, cause, instance.id, _set_state(target, timeline.resource, instance, cause))


def _set_state(target: Target, resource: Resource, instance: Instance, state: str) -> Exchange:
    """Patches to a state; where that is refused, tries again after a usual state."""
    answer = _patch(target, instance, {resource.state: state})
    if answer.status == 200:
        return answer
    _patch(target, instance, {resource.state: resource.path[1]})
    return _patch(target, instance, {resource.state: state})


def _next(resource: Resource, instance: Instance) -> dict[str, str]:
    """Returns what sets the next state; empty where there is none."""
    if not resource.state:
        return {}
    current = instance.body.get(resource.state)
    state = resource.next_state(current)
    return {} if state == current else {resource.state: state}


def _patch(target: Target, instance: Instance, body: dict[str, Any]) -> Exchange:
    """Sends a patch; v5 documents ask for the type in each."""
    typed = {"@type": instance.body["@type"]} if target.profile.version == "v5" and "@type" in instance.body else {}
    return target.patch(instance, {**typed, **body})


def _record(timeline: Timeline, cause: str, key: str, answer: Exchange) -> None:
    """Records an action that the server accepted, or why there is none."""
    if answer.status in (200, 202, 204):
        timeline.actions.append(Action(cause, key, answer))
    else:
        timeline.missing[cause] = (
            f"what would cause it, {answer.method} {answer.operation[6:]}, answered {answer.status}"
        )
