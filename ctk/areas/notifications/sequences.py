"""Sequences: the events of one resource beside each other, and beside what the other version's subscriber gets."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from ctk.areas.notifications.lives import Deed, Life, Told, found, names
from ctk.areas.shared.problems import outer
from ctk.profile import Event
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

TWIN = "NOT-38"
_ORDER = ("create", "change", "state", "delete")


def judge_life(stage: Stage, life: Life, heard: Sequence[Told], judge: Judge) -> None:
    """Judges what was told of the resource that lived from creation to deletion, and of the other one."""
    sends = {event.cause: event for event in stage.profile.events_of(life.resource.name)}
    came = {}
    for cause, event in sends.items():
        deed = life.deed(cause)
        if deed and (one := found(event, deed, heard)):
            came[cause] = one
    _judge_order(judge, life, heard, came)
    _judge_ids(judge, life, heard)
    _judge_content(judge, life, sends, came)
    _judge_nothing(judge, life, sends, came, heard)
    _judge_both(judge, life, sends, heard)
    _judge_once(judge, life, sends, came, heard)


def _judge_order(judge: Judge, life: Life, heard: Sequence[Told], came: dict[str, Told]) -> None:
    """Creation, change of text, change of state, deletion: as they were done, so they are told."""
    order = [came[cause] for cause in _ORDER if cause in came and came[cause].about(life.first.id)]
    if len(order) > 1:
        places = [heard.index(one) for one in order]
        told = "they came as " + ", ".join(str(one.type) for one in sorted(order, key=heard.index))
        judge("NOT-30", places == sorted(places), told, *(one.exchange for one in order))


def _judge_ids(judge: Judge, life: Life, heard: Sequence[Told]) -> None:
    """Events that differ have ids that differ; the same event may come twice."""
    keys = {deed.key for deed in life.deeds}
    about = [one for one in heard if one.id and any(one.about(key) for key in keys)]
    if len(about) > 1:
        kept: dict[str, Told] = {}
        double = [
            (first, one)
            for one in about
            if (first := kept.setdefault(str(one.id), one)).exchange.sent != one.exchange.sent
        ]
        shown = [each.exchange for each in double[0]] if double else []
        judge("NOT-33", not double, f"two events have the eventId {double[0][0].id if double else ''}", *shown)


def _judge_content(judge: Judge, life: Life, sends: dict[str, Event], came: dict[str, Told]) -> None:
    """What the content says: as GET did after creation, the changed text, the changed state."""
    if (one := came.get("create")) and life.seen.status == 200:
        content = one.content(sends["create"])
        other = [name for name in life.seen.body.keys() | content if life.seen.body.get(name) != content.get(name)]
        judge("NOT-34", not other, f"other than GET says: {', '.join(sorted(other))}", life.seen, one.exchange)
    for rule, cause, name in (("NOT-35", "change", life.resource.text), ("NOT-36", "state", life.resource.state)):
        if (deed := life.deed(cause)) and (one := came.get(cause)):
            content = one.content(sends[cause])
            judge.equal(rule, content.get(name), deed.sent.get(name), deed.exchange, one.exchange)


def _judge_nothing(
    judge: Judge, life: Life, sends: dict[str, Event], came: dict[str, Told], heard: Sequence[Told]
) -> None:
    """The patch that changed nothing would have been told with the text of before."""
    name = life.resource.text
    if "change" in came and name in life.first.body:
        before = life.first.body[name]
        event = sends["change"]
        idle = [
            one.exchange
            for one in heard
            if one.type in names(event) and one.about(life.first.id) and one.content(event).get(name) == before
        ]
        judge("NOT-31", not idle, f"a {event.type} came of a patch that changed nothing", *idle)


def _judge_both(judge: Judge, life: Life, sends: dict[str, Event], heard: Sequence[Told]) -> None:
    """One patch of text and state is a change of both kinds."""
    if life.both and {"change", "state"} <= set(sends):
        missing = [
            event.type
            for event in (sends["change"], sends["state"])
            if not any(one.type in names(event) and one.about(life.both) for one in heard)
        ]
        told = f"no {' and no '.join(missing)} came of a patch of {life.resource.text} and {life.resource.state}"
        shown = [one.exchange for one in heard if one.about(life.both)]
        judge("NOT-32", not missing, told, *shown)


def _judge_once(
    judge: Judge, life: Life, sends: dict[str, Event], came: dict[str, Told], heard: Sequence[Told]
) -> None:
    """Whatever comes again comes with the same eventId."""
    for cause in ("create", "delete"):
        if cause in came:
            event, key = sends[cause], life.first.id
            all_told = [one for one in heard if one.type in names(event) and one.content(event).get("id") == key]
            ids = sorted({str(one.id) for one in all_told})
            shown = [one.exchange for one in all_told]
            judge("NOT-37", len(ids) < 2, f"{event.type} came with the eventIds {', '.join(ids)}", *shown)


def judge_twin(stage: Stage, life: Life, heard: Sequence[Told] | None, judge: Judge) -> None:
    """The same life as a subscriber at the other version's hub is told of it; None where there is none."""
    twin = stage.twin
    if twin is None or not judge.items(TWIN):
        return
    if heard is None:
        judge.untested(TWIN, "the hub of the other version takes no subscription")
        return
    for event, deed in twins(stage, life):
        one = found(event, deed, heard)
        if one is None:
            judge(TWIN, False, f"no {event.type} came to the subscriber of {twin.profile.name}", deed.exchange)
            continue
        problems = outer(twin.schemas.of_schema(event.schema, one.exchange.sent), len(event.content))
        judge(TWIN, not problems, f"{event.type}: {'; '.join(problems)}", one.exchange)
        href = str(one.content(event).get("href", ""))
        right = urlsplit(twin.http.base).path + "/" in href
        judge(TWIN, right, f"{event.type}: the href is {href or 'missing'}", one.exchange)


def twins(stage: Stage, life: Life) -> list[tuple[Event, Deed]]:
    """The events of the other version; a change of a text that it does not have is none."""
    twin = stage.twin
    if twin is None or life.resource.twin not in twin.profile.resources:
        return []
    schema = twin.document.schema(twin.profile.resources[life.resource.twin].schema)
    shown = life.resource.text in twin.document.attributes(schema)
    return [(event, deed) for event, deed in life.expected(twin.profile) if shown or deed.cause != "change"]
