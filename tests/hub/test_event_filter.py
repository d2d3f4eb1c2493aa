"""What a subscription's query matches, and what its `fields` leave of an event."""

from __future__ import annotations

from typing import Any

import pytest

from common.app import limits
from common.binding import channels
from common.document import Canonical, Document
from common.errors import InvalidQuery
from common.events.channel import Channel
from common.events.envelope import event_document
from common.hub.event_filter import EventFilter, parse_event_filter
from common.settings import read
from common.store.base import Announcement, Stored
from common.store.event_log import Logged
from tests.api.resource_views import bound

CHANNELS = {(one.api.code, one.version.name): one for one in channels(bound())}
LIMITS = limits(read({}, {}))

_TICKET = {
    "@type": "TroubleTicket",
    "name": "no light",
    "description": "the lamp is dark, since Sunday",
    "severity": "major",
    "ticketType": "fault",
    "priority": "2",
    "creationDate": "2026-05-04T09:30:00.000Z",
    "note": [
        {"@type": "Note", "author": "ada", "text": "called"},
        {"@type": "Note", "author": "ben", "text": "answered"},
    ],
}
_ACCOUNT = {"@type": "FinancialAccount", "name": "the account of Ada", "description": "first", "accountType": "private"}


def event(channel: Channel, kind: str, collection: str, document: Document) -> tuple[Any, Document]:
    """An event type of a channel, and an event of it about a resource with this content in the stored shape."""
    told = channel.event_type_of(collection, kind)
    assert told is not None
    stored = Stored("seven", 1, 0, 0, Canonical(document, {}))
    change = Announcement("8d2c1f0e-6a53-4b0e-9c55-2f6d6a6c9a42", 0, (kind,), {}, "http://suite.example", "c-1")
    return told, event_document(channel, told, Logged(channel.api.code, 1, collection, change, stored))


def ticket_event(version: str = "v5", kind: str = "create") -> tuple[Any, Document]:
    """An event about the ticket of this module."""
    return event(CHANNELS["TMF621", version], kind, "troubleTicket", _TICKET)


def account_event(version: str) -> tuple[Any, Document]:
    """An event about the account of this module."""
    return event(CHANNELS["TMF666", version], "create", "financialAccount", _ACCOUNT)


def interest(query: str, version: str = "v5", code: str = "TMF621") -> EventFilter:
    """The interest that a query writes at a hub."""
    return parse_event_filter(query, CHANNELS[code, version], LIMITS)


versions = pytest.mark.parametrize("version", ["v4", "v5"])


@versions
@pytest.mark.parametrize(
    ("query", "is_wanted"),
    [
        ("", True),
        ("?", True),
        ("  ", True),
        ("eventType=TroubleTicketCreateEvent", True),
        ("?eventType=TroubleTicketCreateEvent", True),
        ("eventType=TroubleTicketDeleteEvent", False),
        ("eventType=TroubleTicketDeleteEvent,TroubleTicketCreateEvent", True),
        ("eventType=TroubleTicketDeleteEvent&eventType=TroubleTicketCreateEvent", True),
        ("eventType=TroubleTicketDeleteEvent;eventType=TroubleTicketCreateEvent", True),
        ("eventType=TroubleTicketDeleteEvent,TroubleTicketStatusChangeEvent", False),
        ("eventType.ne=TroubleTicketDeleteEvent", True),
        ("eventType.ne=TroubleTicketCreateEvent", False),
        ("eventType.regex=^TroubleTicketCr", True),
        ("eventType=TroubleTicketCreateEvent&event.troubleTicket.severity=minor", False),
        ("eventType=TroubleTicketDeleteEvent;event.troubleTicket.severity=major", True),
        ("event.troubleTicket.severity=major", True),
        ("event.troubleTicket.severity=minor,major", True),
        ("event.troubleTicket.severity.ne=major", False),
        ("event.troubleTicket.severity.regex=^maj", True),
        ("event.troubleTicket.severity*=^min", False),
        ("event.troubleTicket.creationDate.gt=2026-05-04T09:00:00Z", True),
        ("event.troubleTicket.creationDate>2026-05-04T12:00:00%2B01:00", False),
        ("event.troubleTicket.creationDate.lte=2026-05-04T09:30:00Z", True),
        ("event.troubleTicket.description=the lamp is dark, since Sunday", True),
        ("event.troubleTicket.id=seven", True),
        ("event.troubleTicket.note.author=ben", True),
        ("event.troubleTicket.note[author=ada].text=answered", False),
        ("event.troubleTicket.note[author=ben].text=answered", True),
        ("domain=Trouble%20Ticket", True),
        ("correlationId=c-2", False),
        ("eventTime.lt=1980-01-01T00:00:00Z", True),
        ("filter=$[?@.event.troubleTicket.severity=='major']", True),
        ("filter=$[?@.event.troubleTicket.severity=='minor']", False),
        ("filter=$[?@.event.troubleTicket.note[?@.author=='ben' %26%26 @.text=='answered']]", True),
        ("filter=$[?@.event.troubleTicket.note[?@.author=='ben' %26%26 @.text=='called']]", False),
        ("filter=$[?@.eventType=='TroubleTicketCreateEvent' %26%26 @.event.troubleTicket.severity=~'^maj']", True),
        ("eventType=TroubleTicketCreateEvent&filter=$[?@.event.troubleTicket.severity=='minor']", False),
        ("fields=severity&eventType=TroubleTicketCreateEvent", True),
        ("eventType=TroubleTicketDeleteEvent&fields=severity", False),
        ("event.troubleTicket.severity=minor&fields=severity&eventType=TroubleTicketCreateEvent", False),
    ],
)
def test_a_query_matches_what_it_says(version: str, query: str, is_wanted: bool):
    told, document = ticket_event(version)
    assert interest(query, version).wants(told, document) is is_wanted


@versions
@pytest.mark.parametrize(
    ("query", "is_wanted"),
    [
        ("event.financialAccount.accountType=private", True),
        ("event.financialAccount.accountType=business", False),
        ("event.financialAccount.name.regex=Ada$", True),
        ("filter=$[?@.event.financialAccount.accountType=='private']", True),
        ("event.billingAccount.accountType=private", False),
        ("event.partyAccount.accountType.ne=private", True),
    ],
)
def test_the_content_is_called_event_whatever_the_envelope_calls_it(version: str, query: str, is_wanted: bool):
    told, document = account_event(version)
    assert ("payload" in document) is (version == "v4")
    assert interest(query, version, "TMF666").wants(told, document) is is_wanted


def test_an_unknown_name_of_the_content_is_refused_at_each_hub():
    for (code, version), channel in CHANNELS.items():
        for query in ("event.nothing.name=x", "event.name=x", "name=x"):
            with pytest.raises(InvalidQuery):
                parse_event_filter(query, channel, LIMITS)
        for told in channel.types.values():
            assert interest(f"event.{told.place}.id=x", version, code).fields is None


def content(query: str, version: str = "v5") -> tuple[Document, Document]:
    """What is left of the ticket, and of the event around it."""
    told, document = ticket_event(version)
    before = {**document, "event": {"troubleTicket": {**document["event"]["troubleTicket"]}}}
    part = interest(query, version).part(told, document)
    assert document == before, "the event itself has to stay as it is: others get it too"
    assert part["event"].keys() == {"troubleTicket"}
    return part["event"]["troubleTicket"], {name: value for name, value in part.items() if name != "event"}


@versions
@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ("severity", {"severity"}),
        ("severity,priority", {"severity", "priority"}),
        (" severity , priority ", {"severity", "priority"}),
        ("event.troubleTicket.severity", {"severity"}),
        ("event.troubleTicket.severity,priority,eventTime", {"severity", "priority"}),
        ("id", set()),
        ("none", set()),
        ("eventType", set()),
        ("eventTime,domain", set()),
    ],
)
def test_fields_leave_what_they_name_and_the_identity(version: str, fields: str, kept: set[str]):
    whole, envelope = content("", version)
    for query in (f"fields={fields}", f"eventType=TroubleTicketCreateEvent&fields={fields}", f"fields.eq={fields}"):
        left, around = content(query, version)
        assert left.keys() == kept | {"id", "href", "@type"}
        assert left == {name: whole[name] for name in left}
        assert around == envelope


def test_several_fields_are_taken_together():
    left, _ = content("fields=severity&fields=priority")
    assert left.keys() == {"severity", "priority", "id", "href", "@type"}


def test_fields_reach_into_objects():
    left, _ = content("fields=note.author")
    assert [note["author"] for note in left["note"]] == ["ada", "ben"]
    assert [note.keys() & {"text"} for note in left["note"]] == [set(), set()]


@versions
def test_without_fields_the_event_is_sent_as_it_is(version: str):
    told, document = ticket_event(version)
    for query in ("", "eventType=TroubleTicketCreateEvent", "fields=", "fields=,"):
        assert interest(query, version).part(told, document) is document


@versions
def test_fields_leave_of_an_account_what_they_name(version: str):
    told, document = account_event(version)
    container = "payload" if version == "v4" else "event"
    for name in ("name", "event.financialAccount.name", "payload.financialAccount.name"):
        part = interest(f"fields={name}", version, "TMF666").part(told, document)
        assert part[container]["financialAccount"].keys() == {"name", "id", "href", "@type"}
        assert part.keys() == document.keys()


@pytest.mark.parametrize(
    "query",
    [
        "fields=sevrity",
        "fields=severity,sevrity",
        "fields=event.troubleTicket.sevrity",
        "fields=event.ticket.severity",
        "fields=note.autor",
        "limit=5",
        "offset=5",
        "sort=eventTime",
        "eventType=troubleTicketCreateEvent",
        "eventType=TroubleTicketCreateEvent,",
        "eventType=TroubleTicketCreateEvent;TroubleTicketDeleteEvent",
        "eventType=CustomerCreateEvent",
        "eventType",
        "eventTime=yesterday",
    ],
)
@versions
def test_a_query_that_no_event_can_meet_is_refused(version: str, query: str):
    with pytest.raises(InvalidQuery):
        interest(query, version)


def test_an_event_type_of_the_other_version_is_refused():
    assert interest("eventType=ProductOrderMilestoneEvent", "v5", "TMF622")
    with pytest.raises(InvalidQuery, match="TMF622 v4 has no eventType"):
        interest("eventType=ProductOrderMilestoneEvent", "v4", "TMF622")
