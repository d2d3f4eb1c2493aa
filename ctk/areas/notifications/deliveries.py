"""Deliveries: one story, in which every resource lives before several subscribers, and all is waited for once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote

from ctk.areas.notifications import sequences
from ctk.areas.notifications.envelopes import judge_events
from ctk.areas.notifications.lives import Deed, Life, Told, found, live, names, told
from ctk.areas.notifications.subscriptions import Subscription, subscribed
from ctk.exchange import Exchange, Untestable
from ctk.profile import Event, Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_AREA = "notifications"
_REFUSED = (503,) * 50
_IDENTITY = ("id", "href", "@type", "@baseType", "@schemaLocation", "@referredType")


@dataclass(frozen=True)
class Focus:
    """The resource that filters are tried on: what its creation and its change send, and the text it is created with,
    unlike that of any other."""

    resource: Resource
    create: Event
    change: Event
    text: str

    @property
    def attribute(self) -> str:
        """Its text, as a query of the hub names it."""
        return f"event.{self.create.content[-1]}.{self.resource.text}"


@dataclass
class Audience:
    """Subscribers: `all` gets everything, `others` ask for less, or fail, by the rule that they are for."""

    all: Subscription
    others: dict[str, Subscription] = field(default_factory=dict)


def events(stage: Stage, judge: Judge) -> None:
    """Every event of every resource that is asked about, and what each subscriber gets of it."""
    resources = [one for name, one in stage.profile.resources.items() if stage.docket.wants(_AREA, name)]
    focus = _focus(stage)
    if focus and focus.resource not in resources and any(map(judge.items, _wishes(focus))):
        resources.append(focus.resource)
    if not resources:
        return
    with ExitStack() as stack:
        try:
            audience = _gathered(stage, judge, stack, focus)
        except Untestable as stop:
            for one in resources:
                stage.docket.close(_AREA, one.name, str(stop))
            raise
        beside = _twin(stage, stack)
        lives = list(filter(None, (_lived(stage, one, focus) for one in resources)))
        heard = _waited(stage, audience.all, [pair for life in lives for pair in life.expected(stage.profile)])
        shown = [pair for life in lives for pair in sequences.twins(stage, life)]
        twin = _waited(stage, beside, shown) if beside else None
        for life in lives:
            own = Judge(stage.docket, life.resource.name)
            judge_events(stage, life, heard, own)
            sequences.judge_life(stage, life, heard, own)
            sequences.judge_twin(stage, life, twin, own)
            stage.docket.close(
                _AREA, life.resource.name, "the events that it is about cannot be caused, or did not come"
            )
        if focus:
            expected = [
                found(event, deed, heard)
                for life in lives
                if life.resource is focus.resource
                for event, deed in life.expected(stage.profile)
            ]
            _judge_audience(judge, audience, focus, expected)


def _focus(stage: Stage) -> Focus | None:
    """The first resource whose creation and change send events."""
    for resource in stage.profile.resources.values():
        sends = {event.cause: event for event in stage.profile.events_of(resource.name)}
        if resource.has("create", "patch") and {"create", "change"} <= set(sends):
            return Focus(resource, sends["create"], sends["change"], stage.unique())
    return None


def _wishes(focus: Focus) -> dict[str, tuple[str, tuple[int, ...]]]:
    """By rule: what a subscriber asks for, and the codes that it answers first."""
    created = f"eventType={focus.create.type}"
    return {
        "NOT-26": ("", _REFUSED),
        "NOT-20": (created, ()),
        "NOT-21": (created, ()),
        "NOT-22": (f"{focus.attribute}={quote(focus.text)}", ()),
        "NOT-23": (f"{created},{focus.change.type}", ()),
        "NOT-24": (f"{created}&fields={focus.resource.text}", ()),
        "NOT-25": (created, (500,)),
    }


def _gathered(stage: Stage, judge: Judge, stack: ExitStack, focus: Focus | None) -> Audience:
    """Everybody subscribes; the one of NOT-20 has ended before anything happens. Raises Untestable where not even one
    can."""
    audience = Audience(stack.enter_context(subscribed(stage)))
    for rule, (query, codes) in _wishes(focus).items() if focus else ():
        if judge.items(rule):
            try:
                audience.others[rule] = stack.enter_context(subscribed(stage, query, *codes))
            except Untestable as stop:
                judge.untested(rule, str(stop))
    if ended := audience.others.get("NOT-20"):
        ended.end()
    return audience


def _twin(stage: Stage, stack: ExitStack) -> Subscription | None:
    """A subscription at the hub of the other version, where any resource is asked about it."""
    if stage.twin and any(stage.docket.items(sequences.TWIN, name) for name in stage.profile.resources):
        try:
            return stack.enter_context(subscribed(stage.twin))
        except Untestable:
            return None
    return None


def _lived(stage: Stage, resource: Resource, focus: Focus | None) -> Life | None:
    """A resource's life; where there is none, nothing about its events is tested."""
    text = {resource.text: focus.text} if focus and resource is focus.resource else {}
    try:
        return live(stage, resource, **text)
    except Untestable as stop:
        stage.docket.close(_AREA, resource.name, str(stop))
        return None


def _waited(stage: Stage, everything: Subscription, expected: Sequence[tuple[Event, Deed]]) -> list[Told]:
    """What a subscriber to everything got, when all that is expected is there or time is up."""
    pending = list(expected)

    def enough(heard: list[Exchange]) -> bool:
        while pending and found(*pending[-1], told(heard)):
            pending.pop()
        return not pending

    return told(everything.wait(enough, stage.options.event_wait))


def _judge_audience(judge: Judge, audience: Audience, focus: Focus, expected: Sequence[Told | None]) -> None:
    """What each of the others got, once the one who gets everything has what they wait for, and all is quiet."""
    if not expected or expected[0] is None:
        for rule in audience.others:
            judge.untested(rule, f"no {focus.create.type} came to anybody")
        return
    filtered = {rule: one for rule, one in audience.others.items() if rule in _WRONG}
    seconds = audience.all.stage.options.event_wait
    for rule, one in filtered.items():
        if _WRONG[rule](focus, told(one.wait(partial(_satisfied, _WRONG[rule], focus), seconds))):
            seconds = 0.0
    audience.all.quiet()
    for rule, one in filtered.items():
        got = told(one.heard())
        wrong = _WRONG[rule](focus, got)
        judge(rule, not wrong, wrong, one.answer, *(each.exchange for each in got[:4]))
    if failing := audience.others.get("NOT-26"):
        tried = failing.heard()
        if not tried:
            judge.untested("NOT-26", "nothing was sent to the one that fails")
            return
        judge("NOT-26", None not in expected, "an event did not come while another subscriber failed", *tried[:2])


def _satisfied(wrong: Wrong, focus: Focus, heard: list[Exchange]) -> bool:
    return not wrong(focus, told(heard))


def _still_sent(focus: Focus, got: Sequence[Told]) -> str:
    """What others did before the end may still be on its way; what the kit did afterwards may not come."""
    late = [one for one in got if one.content(focus.create).get(focus.resource.text) == focus.text]
    return f"{len(late)} events came after its end" if late else ""


def _of_another_type(focus: Focus, got: Sequence[Told]) -> str:
    return _strange(got, focus.create)


def _of_another_content(focus: Focus, got: Sequence[Told]) -> str:
    texts = [one.content(focus.create).get(focus.resource.text) for one in got]
    if not texts:
        return "what its query asks for did not come"
    others = [text for text in texts if text != focus.text]
    return f"an event came whose {focus.resource.text} is {others[0]!r}" if others else ""


def _of_other_types(focus: Focus, got: Sequence[Told]) -> str:
    missing = [event.type for event in (focus.create, focus.change) if not any(one.type in names(event) for one in got)]
    return f"no {missing[0]} came" if missing else _strange(got, focus.create, focus.change)


def _strange(got: Sequence[Told], *events: Event) -> str:
    """What is wrong where events of these types, and no others, are to come."""
    known = {name for event in events for name in names(event)}
    if not got:
        return "what its query asks for did not come"
    others = [one.type for one in got if one.type not in known]
    return f"an event came whose eventType is {others[0]!r}" if others else ""


def _of_other_attributes(focus: Focus, got: Sequence[Told]) -> str:
    if not got:
        return "what its query asks for did not come"
    text = focus.resource.text
    contents = [one.content(focus.create) for one in got]
    mine = next((content for content in contents if content.get(text) == focus.text), None)
    if mine is None:
        return f"no content came with its {text}"
    more = sorted(set(mine) - {text, *_IDENTITY})
    return f"the content has {more[0]}" if more else ""


def _not_again(_: Focus, got: Sequence[Told]) -> str:
    if not got:
        return "what its query asks for did not come"
    again = any(one.id == got[0].id and one.exchange.status < 300 for one in got)
    return "" if again and got[0].id else f"the event {got[0].id}, which was answered with 500, did not come again"


Wrong = Callable[[Focus, Sequence[Told]], str]
"""What is wrong with what a subscriber got; nothing where all is well."""

_WRONG: Mapping[str, Wrong] = {
    "NOT-20": _still_sent,
    "NOT-21": _of_another_type,
    "NOT-22": _of_another_content,
    "NOT-23": _of_other_types,
    "NOT-24": _of_other_attributes,
    "NOT-25": _not_again,
}
