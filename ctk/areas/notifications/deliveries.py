"""Deliveries:

one check, in which every resource has its timeline before several subscribers, and all is waited for once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote

from ctk.areas.notifications import sequences
from ctk.areas.notifications.envelopes import expect_events
from ctk.areas.notifications.subscriptions import Subscription, subscribed
from ctk.areas.notifications.timelines import (
    Action,
    ReceivedEvent,
    Timeline,
    matching_event,
    received_events,
    run_timeline,
    type_names,
)
from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Event, Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_AREA = "notifications"
_REFUSED = (503,) * 50
_IDENTITY = ("id", "href", "@type", "@baseType", "@schemaLocation", "@referredType")


@dataclass(frozen=True)
class Probe:
    """Holds the resource that filters are tried on, the events of its creation and its change, and a unique text.

    The resource is created with that text.
    """

    resource: Resource
    create: Event
    change: Event
    text: str

    @property
    def attribute(self) -> str:
        """Returns its text attribute as a query of the hub names it."""
        return f"event.{self.create.content[-1]}.{self.resource.text}"


@dataclass
class Subscribers:
    """Holds the subscription to everything, and those that ask for less or fail, by the rule that they are for."""

    all: Subscription
    others: dict[str, Subscription] = field(default_factory=dict)


def events(target: Target, expect: Expect) -> None:
    """Causes every event of every resource that is asked about, and looks what each subscriber gets of it."""
    resources = [resource for name, resource in target.profile.resources.items() if target.ledger.wants(_AREA, name)]
    probe = _probe_resource(target)
    if probe and probe.resource not in resources and any(map(expect.items, _wishes(probe))):
        resources.append(probe.resource)
    if not resources:
        return
    with ExitStack() as stack:
        try:
            subscribers = _subscribe_all(target, expect, stack, probe)
        except Untestable as stop:
            for resource in resources:
                target.ledger.close(_AREA, resource.name, str(stop))
            raise
        other_hub = _other_version_subscription(target, stack)
        timelines = list(filter(None, (_timeline_of(target, resource, probe) for resource in resources)))
        received = _wait_for(
            target, subscribers.all, [pair for timeline in timelines for pair in timeline.expected(target.profile)]
        )
        other_events = [pair for timeline in timelines for pair in sequences.other_version_events(target, timeline)]
        other_received = _wait_for(target, other_hub, other_events) if other_hub else None
        for timeline in timelines:
            own = Expect(target.ledger, timeline.resource.name)
            expect_events(target, timeline, received, own)
            sequences.expect_timeline(target, timeline, received, own)
            sequences.expect_other_version(target, timeline, other_received, own)
            target.ledger.close(
                _AREA, timeline.resource.name, "the events that it is about cannot be caused, or did not come"
            )
        if probe:
            expected = [
                matching_event(event, action, received)
                for timeline in timelines
                if timeline.resource is probe.resource
                for event, action in timeline.expected(target.profile)
            ]
            _expect_subscribers(expect, subscribers, probe, expected)


def _probe_resource(target: Target) -> Probe | None:
    """Returns the first resource whose creation and change send events. Returns None where there is none."""
    for resource in target.profile.resources.values():
        sends = {event.cause: event for event in target.profile.events_of(resource.name)}
        if resource.has("create", "patch") and {"create", "change"} <= set(sends):
            return Probe(resource, sends["create"], sends["change"], target.unique())
    return None


def _wishes(probe: Probe) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Returns by rule what a subscriber asks for, and the codes that it answers first."""
    created = f"eventType={probe.create.type}"
    return {
        "NOT-26": ("", _REFUSED),
        "NOT-20": (created, ()),
        "NOT-21": (created, ()),
        "NOT-22": (f"{probe.attribute}={quote(probe.text)}", ()),
        "NOT-23": (f"{created},{probe.change.type}", ()),
        "NOT-24": (f"{created}&fields={probe.resource.text}", ()),
        "NOT-25": (created, (500,)),
    }


def _subscribe_all(target: Target, expect: Expect, stack: ExitStack, probe: Probe | None) -> Subscribers:
    """Subscribes everybody; the one of NOT-20 has ended before anything happens.

    Raises Untestable where not even one can subscribe.
    """
    subscribers = Subscribers(stack.enter_context(subscribed(target)))
    for rule, (query, codes) in _wishes(probe).items() if probe else ():
        if expect.items(rule):
            try:
                subscribers.others[rule] = stack.enter_context(subscribed(target, query, *codes))
            except Untestable as stop:
                expect.untested(rule, str(stop))
    if ended := subscribers.others.get("NOT-20"):
        ended.end()
    return subscribers


def _other_version_subscription(target: Target, stack: ExitStack) -> Subscription | None:
    """Subscribes at the hub of the other version, where any resource is asked about it. Returns None where that
    fails."""
    if target.other_version and any(
        target.ledger.items(sequences.OTHER_VERSION, name) for name in target.profile.resources
    ):
        try:
            return stack.enter_context(subscribed(target.other_version))
        except Untestable:
            return None
    return None


def _timeline_of(target: Target, resource: Resource, probe: Probe | None) -> Timeline | None:
    """Runs a resource's timeline. Returns None where it cannot be created: then nothing about its events is tested."""
    text = {resource.text: probe.text} if probe and resource is probe.resource else {}
    try:
        return run_timeline(target, resource, **text)
    except Untestable as stop:
        target.ledger.close(_AREA, resource.name, str(stop))
        return None


def _wait_for(
    target: Target, everything: Subscription, expected: Sequence[tuple[Event, Action]]
) -> list[ReceivedEvent]:
    """Returns what a subscriber to everything got, when all that is expected is there or time is up."""
    pending = list(expected)

    def enough(requests: list[Exchange]) -> bool:
        while pending and matching_event(*pending[-1], received_events(requests)):
            pending.pop()
        return not pending

    return received_events(everything.wait(enough, target.options.event_wait))


def _expect_subscribers(
    expect: Expect, subscribers: Subscribers, probe: Probe, expected: Sequence[ReceivedEvent | None]
) -> None:
    """Looks what the others got, once the one who gets everything has what they wait for, and all is quiet."""
    if not expected or expected[0] is None:
        for rule in subscribers.others:
            expect.untested(rule, f"no {probe.create.type} came to anybody")
        return
    filtered = {rule: subscription for rule, subscription in subscribers.others.items() if rule in _WRONG}
    seconds = subscribers.all.target.options.event_wait
    for rule, subscription in filtered.items():
        if _WRONG[rule](probe, received_events(subscription.wait(partial(_satisfied, _WRONG[rule], probe), seconds))):
            seconds = 0.0
    subscribers.all.quiet()
    for rule, subscription in filtered.items():
        events = received_events(subscription.received())
        wrong = _WRONG[rule](probe, events)
        expect(rule, not wrong, wrong, subscription.answer, *(each.exchange for each in events[:4]))
    if failing := subscribers.others.get("NOT-26"):
        tried = failing.received()
        if not tried:
            expect.untested("NOT-26", "nothing was sent to the one that fails")
            return
        expect("NOT-26", None not in expected, "an event did not come while another subscriber failed", *tried[:2])


def _satisfied(wrong: Wrong, probe: Probe, requests: list[Exchange]) -> bool:
    return not wrong(probe, received_events(requests))


def _still_sent(probe: Probe, events: Sequence[ReceivedEvent]) -> str:
    """Returns what came after the end.

    What others did before the end may still be on its way; what the kit did afterwards may not come.
    """
    late = [event for event in events if event.content(probe.create).get(probe.resource.text) == probe.text]
    return f"{len(late)} events came after its end" if late else ""


def _of_another_type(probe: Probe, events: Sequence[ReceivedEvent]) -> str:
    return _strange(events, probe.create)


def _of_another_content(probe: Probe, events: Sequence[ReceivedEvent]) -> str:
    texts = [event.content(probe.create).get(probe.resource.text) for event in events]
    if not texts:
        return "what its query asks for did not come"
    others = [text for text in texts if text != probe.text]
    return f"an event came whose {probe.resource.text} is {others[0]!r}" if others else ""


def _of_other_types(probe: Probe, events: Sequence[ReceivedEvent]) -> str:
    missing = [
        event.type
        for event in (probe.create, probe.change)
        if not any(received.type in type_names(event) for received in events)
    ]
    return f"no {missing[0]} came" if missing else _strange(events, probe.create, probe.change)


def _strange(arrivals: Sequence[ReceivedEvent], *events: Event) -> str:
    """Returns what is wrong where events of these types, and no others, are to come."""
    names = {name for event in events for name in type_names(event)}
    if not arrivals:
        return "what its query asks for did not come"
    others = [arrival.type for arrival in arrivals if arrival.type not in names]
    return f"an event came whose eventType is {others[0]!r}" if others else ""


def _of_other_attributes(probe: Probe, events: Sequence[ReceivedEvent]) -> str:
    if not events:
        return "what its query asks for did not come"
    text = probe.resource.text
    contents = [event.content(probe.create) for event in events]
    mine = next((content for content in contents if content.get(text) == probe.text), None)
    if mine is None:
        return f"no content came with its {text}"
    more = sorted(set(mine) - {text, *_IDENTITY})
    return f"the content has {more[0]}" if more else ""


def _not_again(_: Probe, events: Sequence[ReceivedEvent]) -> str:
    if not events:
        return "what its query asks for did not come"
    again = any(event.id == events[0].id and event.exchange.status < 300 for event in events)
    return (
        "" if again and events[0].id else f"the event {events[0].id}, which was answered with 500, did not come again"
    )


Wrong = Callable[[Probe, Sequence[ReceivedEvent]], str]
"""What is wrong with what a subscriber got; nothing where all is well."""

_WRONG: Mapping[str, Wrong] = {
    "NOT-20": _still_sent,
    "NOT-21": _of_another_type,
    "NOT-22": _of_another_content,
    "NOT-23": _of_other_types,
    "NOT-24": _of_other_attributes,
    "NOT-25": _not_again,
}
