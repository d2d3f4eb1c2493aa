"""Servers with a wrong hub, and servers that send wrong events."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from tests.ctk.mutants.proxy import Answer, Ask, Mutant, Proxy, Telling, body, on, status, without, without_header

_STATES = ("status", "state", "lifecycleStatus")


def _refused(answer: Answer) -> bool:
    return answer.status == 400


def _missing(answer: Answer) -> bool:
    return answer.status == 404


@on("hub")
def _takes_anything(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status == 400:
        answer.status, answer.json = 201, {"id": str(uuid.uuid4()), "callback": "", "@type": "Hub"}


@on("hub")
def _says_no(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status == 400:
        answer.json = {"error": "no"}


def _one_per_callback(ask: Ask, proxy: Proxy) -> Answer | None:
    if ask.verb == "hub" and isinstance(ask.json, dict):
        callback = ask.json.get("callback")
        if callback in proxy.memory:
            return Answer(409, {"content-type": "application/json"}, b'{"code": "409", "reason": "conflict"}')
        proxy.memory[callback] = True
    return None


def _wants_query(ask: Ask, proxy: Proxy) -> Answer | None:
    if ask.verb == "hub" and isinstance(ask.json, dict) and "query" not in ask.json:
        return Answer(400, {"content-type": "application/json"}, b'{"code": "400", "reason": "a query is needed"}')
    return None


def _ends_later(ask: Ask, proxy: Proxy) -> Answer | None:
    """The first DELETE is answered and forgotten; the second one, which cleans up, is not."""
    if ask.verb == "unhub" and ask.path not in proxy.memory:
        proxy.memory[ask.path] = True
        return Answer(204, {}, b"")
    return None


def _query(change: Callable[[str], str]) -> Callable[[Ask, Proxy], None]:
    """The query of a registration is read as another one."""

    def asking(ask: Ask, proxy: Proxy) -> None:
        told = ask.json
        if ask.verb == "hub" and isinstance(told, dict) and isinstance(told.get("query"), str):
            ask.json = {**told, "query": change(told["query"])}

    return asking


def _without_part(start: str) -> Callable[[str], str]:
    return lambda query: "&".join(part for part in query.split("&") if not part.startswith(start))


def _changed(change: Callable[[dict[str, Any]], object]) -> Telling:
    """Every event is changed in place."""

    def telling(event: dict[str, Any], proxy: Proxy) -> list[dict[str, Any]]:
        change(event)
        return [event]

    return telling


def _content(change: Callable[[dict[str, Any]], object]) -> Telling:
    """The resource in every event is changed in place."""
    return _changed(lambda event: change(_resource(event)))


def _resource(event: dict[str, Any]) -> dict[str, Any]:
    """The resource in an event, wherever it stands."""
    inner: dict[str, Any] = next(iter(event.get("event", event.get("payload", {})).values()))
    return inner


def _as(media: str) -> Telling:
    def telling(event: dict[str, Any], proxy: Proxy) -> list[dict[str, Any]]:
        proxy.media = media
        return [event]

    return telling


def _is(event: dict[str, Any], kind: str) -> bool:
    return str(event.get("eventType", "")).endswith(f"{kind}Event")


def _creation_late(event: dict[str, Any], proxy: Proxy) -> list[dict[str, Any]]:
    """A creation waits until something else is told of the same resource."""
    key = (proxy.callback, _resource(event).get("id"))
    if _is(event, "Create"):
        proxy.memory[key] = event
        return []
    held = proxy.memory.pop(key, None)
    return [event, held] if held else [event]


def _idle_told(event: dict[str, Any], proxy: Proxy) -> list[dict[str, Any]]:
    """Before the first change, the resource as it was created is told as a change."""
    key = (proxy.callback, _resource(event).get("id"))
    if _is(event, "Create"):
        proxy.memory[key] = event
    elif _is(event, "AttributeValueChange") and (created := proxy.memory.pop(key, None)):
        return [{**created, "eventType": event["eventType"], "eventId": str(uuid.uuid4())}, event]
    return [event]


def _state_alone(event: dict[str, Any], proxy: Proxy) -> list[dict[str, Any]]:
    """A change with another state than that of creation is told as a change of state alone."""
    resource = _resource(event)
    key = (proxy.callback, resource.get("id"))
    state = [resource.get(name) for name in _STATES]
    if _is(event, "Create"):
        proxy.memory[key] = state
    elif _is(event, "AttributeValueChange") and proxy.memory.get(key) != state:
        return []
    return [event]


def _twice(event: dict[str, Any], proxy: Proxy) -> list[dict[str, Any]]:
    return [event, {**event, "eventId": str(uuid.uuid4())}]


def _identity_alone(resource: dict[str, Any]) -> None:
    for name in set(resource) - {"id", "href", "@type"}:
        del resource[name]


def _other_place(event: dict[str, Any]) -> None:
    key = "event" if "event" in event else "payload"
    event[key] = {"resource": _resource(event)}


def _other_version(event: dict[str, Any], proxy: Proxy) -> list[dict[str, Any]]:
    """Addresses are those of the other version."""
    text = json.dumps(event)
    other = text.replace("/v4/", "/v5/") if "/v4/" in text else text.replace("/v5/", "/v4/")
    return [json.loads(other)]


def _respelled(event: dict[str, Any]) -> None:
    for name, other in (("timeOccurred", "timeOcurred"), ("timeOcurred", "timeOccurred")):
        if name in event:
            event[other] = event.pop(name)
            return


def _renamed(event: dict[str, Any]) -> None:
    event["eventType"] = event["eventType"].removesuffix("Event") + "Notification"


def _loses(kind: str) -> Telling:
    return lambda event, proxy: [] if _is(event, kind) else [event]


HUBS = (
    Mutant("answers a registration with 200", ("NOT-01",), answer=status(200, "hub")),
    Mutant("gives a subscription no id", ("NOT-02",), answer=without({"id"}, "hub")),
    Mutant("forgets the callback", ("NOT-03",), answer=without({"callback"}, "hub")),
    Mutant("forgets the query", ("NOT-04",), answer=without({"query"}, "hub")),
    Mutant("answers the query as a list", ("NOT-05",), answer=body(lambda one: one.update(query=[]), "hub")),
    Mutant("does not say where a subscription is", ("NOT-06",), answer=without_header("location", "hub")),
    Mutant(
        "registers the same again", ("NOT-07",), answer=status(201, "hub", where=lambda answer: answer.status == 409)
    ),
    Mutant("registers a callback once", ("NOT-08",), ask=_one_per_callback),
    Mutant("registers whatever comes", ("NOT-09", "NOT-10", "NOT-11", "NOT-12", "NOT-13"), answer=_takes_anything),
    Mutant("refuses a subscription without a reason", ("NOT-14",), answer=_says_no),
    Mutant(
        "reads a subscription back with another callback",
        ("NOT-15",),
        answer=body(lambda one: one.update(callback="http://example.org/"), "gethub"),
    ),
    Mutant("cannot read a subscription back", ("NOT-15",), answer=status(404, "gethub")),
    Mutant("ends a subscription with 200", ("NOT-16",), answer=status(200, "unhub")),
    Mutant("ends a subscription twice", ("NOT-17",), answer=status(204, "unhub", where=_missing)),
    Mutant("still shows a subscription that has ended", ("NOT-18",), answer=status(200, "gethub", where=_missing)),
    Mutant("wants a query", ("NOT-19",), ask=_wants_query),
    Mutant("goes on after the end of a subscription", ("NOT-17", "NOT-20"), ask=_ends_later),
    Mutant("sends everything to everybody", ("NOT-21", "NOT-22", "NOT-23", "NOT-24"), ask=_query(lambda query: "")),
    Mutant("ignores what is asked of the content", ("NOT-22",), ask=_query(_without_part("event."))),
    Mutant("takes the first of two event types", ("NOT-23",), ask=_query(lambda query: query.split(",")[0])),
    Mutant("sends all attributes whatever is asked", ("NOT-24",), ask=_query(_without_part("fields"))),
)

EVENTS = (
    Mutant(
        "gives each sending another eventId",
        ("NOT-25",),
        event=_changed(lambda event: event.update(eventId=str(uuid.uuid4()))),
    ),
    Mutant("loses changes", ("NOT-26", "NOT-40"), event=_loses("AttributeValueChange")),
    Mutant("tells of a creation last", ("NOT-30",), event=_creation_late),
    Mutant("tells of patches that change nothing", ("NOT-31",), event=_idle_told),
    Mutant("tells of a state alone where more changed", ("NOT-32",), event=_state_alone),
    Mutant("gives every event one id", ("NOT-33",), event=_changed(lambda event: event.update(eventId="1"))),
    Mutant(
        "tells no more of a resource than its address", ("NOT-34", "NOT-35", "NOT-36"), event=_content(_identity_alone)
    ),
    Mutant("tells everything twice under two ids", ("NOT-37",), event=_twice),
    Mutant("sends addresses of the other version", ("NOT-38", "NOT-50"), event=_other_version),
    Mutant("sends no event", ("NOT-40",), event=lambda event, proxy: []),
    Mutant("sends events as plain text", ("NOT-41",), event=_as("text/plain")),
    Mutant("sends no eventId", ("NOT-42",), event=_changed(lambda event: event.pop("eventId", None))),
    Mutant("counts its events", ("NOT-42", "NOT-48"), event=_changed(lambda event: event.update(eventId=7))),
    Mutant("sends no eventTime", ("NOT-43",), event=_changed(lambda event: event.pop("eventTime", None))),
    Mutant(
        "sends seconds as eventTime", ("NOT-43", "NOT-48"), event=_changed(lambda e: e.update(eventTime=1764000000))
    ),
    Mutant(
        "forgets the time zone of an event",
        ("NOT-43",),
        event=_changed(lambda event: event.update(eventTime=event["eventTime"].rstrip("Z"))),
    ),
    Mutant(
        "has no clock for events",
        ("NOT-44",),
        event=_changed(lambda event: event.update(eventTime="1970-01-01T00:00:00Z")),
    ),
    Mutant("calls its events otherwise", ("NOT-45",), event=_changed(_renamed)),
    Mutant("puts the resource elsewhere in an event", ("NOT-46",), event=_changed(_other_place)),
    Mutant("tells of another resource", ("NOT-47",), event=_content(lambda one: one.update(id="another"))),
    Mutant(
        "writes the priority as a number", ("NOT-48", "NOT-52"), event=_changed(lambda event: event.update(priority=3))
    ),
    Mutant("calls every event an Event", ("NOT-49",), event=_changed(lambda event: event.update({"@type": "Event"}))),
    Mutant(
        "gives relative addresses in events",
        ("NOT-50",),
        event=_content(lambda one: one.update(href=f"/{one.get('id')}")),
    ),
    Mutant("spells the moment as the other version does", ("NOT-51",), event=_changed(_respelled)),
    Mutant("answers a listener's sender with 202", ("NOT-60",), answer=status(202, "listener")),
    Mutant("listens to whatever comes", ("NOT-61",), answer=status(204, "listener", where=_refused)),
    Mutant(
        "does not answer with the event it heard",
        ("NOT-62",),
        answer=without({"eventId"}, "listener"),
        apis=("TMF621-v4",),
    ),
)

MUTANTS = HUBS + EVENTS
