"""The trouble tickets of the story, in every status, and what kinds of trouble there are."""

from __future__ import annotations

from collections.abc import Iterator

from common.document import Document
from common.seed import cast, directory, folk, troubles
from common.seed.chance import draw, pick
from common.seed.days import DAY, HOUR, at, reported, since
from common.seed.directory import id_of
from common.seed.plot import numbers
from common.seed.references import entity, reference
from common.seed.story import Story
from common.seed.troubles import KINDS

_PATHS = (
    ("acknowledged",),
    ("acknowledged", "inProgress"),
    ("acknowledged", "inProgress", "pending"),
    ("acknowledged", "inProgress", "held"),
    ("acknowledged", "inProgress", "resolved"),
    ("acknowledged", "inProgress", "resolved", "closed"),
    ("acknowledged", "rejected"),
    ("acknowledged", "cancelled"),
    ("acknowledged", "inProgress", "pending", "inProgress", "resolved", "closed"),
)
"""The statuses that tickets go through; the next ticket takes the next path."""

_REASONS = {
    "acknowledged": "received",
    "inProgress": "assigned to a technician",
    "pending": "waiting for the customer",
    "held": "waiting for a spare part",
    "resolved": "the cause was removed",
    "closed": "the customer agrees",
    "rejected": "not a matter of ours",
    "cancelled": "withdrawn by the customer",
}
_CHANNELS = (("web", "Web form"), ("app", "Mobile app"), ("phone", "Call centre"), ("chat", "Chat"))


def seed(story: Story) -> Iterator[tuple[str, Document]]:
    """Every resource of this API in the story: (resource name, v5 document)."""
    for number in numbers(story.size, "troubleTicketSpecification"):
        yield "troubleTicketSpecification", _specification(number)
    for number in numbers(story.size, "troubleTicket"):
        yield "troubleTicket", _ticket(number)


def _specification(number: int) -> Document:
    kind = KINDS[number]
    return {
        "id": id_of("troubleTicketSpecification", number),
        "@type": "TroubleTicketSpecification",
        "name": kind.name,
        "description": kind.meaning,
        "version": "1.0",
        "lifecycleStatus": "Active",
        "creationDate": at(0),
        "lastUpdate": at(number * DAY),
        "validFor": since(DAY),
        "relatedParty": [directory.operator("owner")],
        "specCharacteristic": [_asked(kind.question, kind.answers)],
    }


def _asked(question: str, answers: tuple[str, ...]) -> Document:
    """The characteristic that a ticket of a kind has to have."""
    values = [
        {"@type": "StringCharacteristicValueSpecification", "valueType": "string", "value": answer}
        for answer in answers
    ]
    return {
        "@type": "CharacteristicSpecification",
        "name": question,
        "valueType": "string",
        "configurable": True,
        "minCardinality": 0,
        "maxCardinality": 1,
        "characteristicValueSpecification": values,
    }


def _ticket(ticket: int) -> Document:
    customer = cast.customer_of_ticket(ticket)
    kind = KINDS[troubles.kind_of(ticket)]
    return {
        "id": id_of("troubleTicket", ticket),
        "@type": "TroubleTicket",
        "name": troubles.name_of(ticket),
        "description": kind.complaint,
        "ticketType": kind.ticket_type,
        "severity": pick("severity", ticket, ("Minor", "Minor", "Major", "Critical")),
        "priority": pick("priority", ticket, ("Low", "Medium", "High")),
        **_course(ticket),
        "channel": _channel(ticket),
        "troubleTicketSpecification": _specification_ref(ticket),
        "troubleTicketCharacteristic": [_answer(ticket)],
        "externalIdentifier": [_external(ticket)],
        "relatedEntity": [_about("order concerned", _order(ticket)), _about("account concerned", _account(customer))],
        "relatedParty": [directory.customer("reporter", customer), directory.agent("handler", ticket // 4)],
        "note": _notes(ticket),
    }


def _moments(ticket: int) -> list[tuple[str, int]]:
    """Each status that a ticket went through and the minute in which it came."""
    first = reported(ticket)
    path = _PATHS[ticket % len(_PATHS)]
    step = HOUR + draw("pace", ticket, DAY)
    return [(status, first + place * step) for place, status in enumerate(path)]


def _course(ticket: int) -> Document:
    """Status and dates of a ticket, and how it came to them."""
    moments = _moments(ticket)
    status, last = moments[-1]
    opened = moments[0][1]
    solved = next(({"resolutionDate": at(moment)} for name, moment in moments if name == "resolved"), {})
    return {
        "status": status,
        "statusChangeDate": at(last),
        "statusChangeReason": _REASONS[status],
        "statusChangeHistory": [_change(name, moment) for name, moment in moments],
        "creationDate": at(opened),
        "lastUpdate": at(last),
        "requestedResolutionDate": at(opened + 3 * DAY),
        "expectedResolutionDate": at(opened + 5 * DAY),
        **solved,
    }


def _change(status: str, moment: int) -> Document:
    return {
        "@type": "StatusChange",
        "status": status,
        "statusChangeDate": at(moment),
        "statusChangeReason": _REASONS[status],
    }


def _channel(ticket: int) -> Document:
    identifier, name = pick("ticket channel", ticket, _CHANNELS)
    return reference("ChannelRef", "Channel", f"channel-{identifier}", name)


def _specification_ref(ticket: int) -> Document:
    number = troubles.kind_of(ticket)
    identifier = id_of("troubleTicketSpecification", number)
    return reference("TroubleTicketSpecificationRef", "TroubleTicketSpecification", identifier, KINDS[number].name)


def _answer(ticket: int) -> Document:
    kind = KINDS[troubles.kind_of(ticket)]
    return {
        "@type": "StringCharacteristic",
        "name": kind.question,
        "valueType": "string",
        "value": pick("answer", ticket, kind.answers),
    }


def _external(ticket: int) -> Document:
    return {
        "@type": "ExternalIdentifier",
        "owner": "Larkfield field service",
        "externalIdentifierType": "case",
        "id": f"C{ticket * 3 + 20_000:07}",
    }


def _order(ticket: int) -> Document:
    return entity("ProductOrder", id_of("productOrder", cast.order_of_ticket(ticket)))


def _account(customer: int) -> Document:
    return directory.billing_account_ref(customer, "EntityRef")


def _about(role: str, what: Document) -> Document:
    return {"@type": "RelatedEntity", "role": role, "entity": what}


def _notes(ticket: int) -> list[Document]:
    """What the customer said at the beginning, and the agent at the end."""
    moments = _moments(ticket)
    kind = KINDS[troubles.kind_of(ticket)]
    customer = directory.customer_name(cast.customer_of_ticket(ticket))
    handler = folk.individual_name(cast.agent(ticket // 4))
    said = _note("1", customer, moments[0][1], kind.complaint)
    return [said, _note("2", handler, moments[-1][1], kind.remedy)] if len(moments) > 1 else [said]


def _note(identifier: str, author: str, moment: int, text: str) -> Document:
    return {"@type": "Note", "id": identifier, "author": author, "date": at(moment), "text": text}
