"""The trouble tickets of the story, in every status, and what kinds of trouble there are."""

from __future__ import annotations

from common.document import Document
from common.seed import directory
from common.seed.chance import draw, pick
from common.seed.days import DAY, HOUR, at, since
from common.seed.directory import id_of, party, reference_to
from common.seed.references import reference
from common.seed.share import Kind, PlotShare
from tmf621 import troubles
from tmf621.troubles import KINDS

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
        "relatedParty": [party("owner", "operator")],
        "specCharacteristic": [_asked(kind.question, kind.answers)],
    }


def _asked(question: str, answers: tuple[str, ...]) -> Document:
    """Returns the characteristic that a ticket of a kind has to have."""
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
    customer = _customer_of(ticket)
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
        "relatedParty": [party("reporter", "customer", customer), party("handler", "agent", ticket // 4)],
        "note": _notes(ticket),
    }


def _order_of(ticket: int) -> int:
    """Returns the order after which a ticket came: of the same customer."""
    scene, place = divmod(ticket, 4)
    return 6 * scene + place


def _customer_of(ticket: int) -> int:
    """Returns the customer who has the trouble: tickets and customers come in the same number."""
    return ticket


def _reported(ticket: int) -> int:
    """Returns the minute in which a ticket was opened: some weeks after the order that it is about."""
    return directory.minute_of("productOrder", _order_of(ticket)) + 12 * DAY + draw("reported", ticket, 40 * DAY)


def _moments(ticket: int) -> list[tuple[str, int]]:
    """Returns each status that a ticket went through and the minute in which it came."""
    first = _reported(ticket)
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
    return reference_to("troubleTicketSpecification", troubles.kind_of(ticket))


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
    return reference_to("productOrder", _order_of(ticket), "EntityRef")


def _account(customer: int) -> Document:
    return reference_to("billingAccount", customer, "EntityRef")


def _about(role: str, what: Document) -> Document:
    return {"@type": "RelatedEntity", "role": role, "entity": what}


def _notes(ticket: int) -> list[Document]:
    """Returns what the customer said at the beginning, and the agent at the end."""
    moments = _moments(ticket)
    kind = KINDS[troubles.kind_of(ticket)]
    customer = directory.player("customer", _customer_of(ticket))["name"]
    handler = directory.player("agent", ticket // 4)["name"]
    said = _note("1", customer, moments[0][1], kind.complaint)
    return [said, _note("2", handler, moments[-1][1], kind.remedy)] if len(moments) > 1 else [said]


def _note(identifier: str, author: str, moment: int, text: str) -> Document:
    return {"@type": "Note", "id": identifier, "author": author, "date": at(moment), "text": text}


def _specification_name(number: int) -> str:
    return KINDS[number].name


seed = PlotShare(
    kinds={
        "troubleTicketSpecification": Kind("ticket-specification-%d", _specification, _specification_name),
        "troubleTicket": Kind("ticket-%06d", _ticket, troubles.name_of, _reported),
    },
    opening=(("troubleTicketSpecification", len(KINDS)),),
    scene=(("troubleTicket", 4),),
    after=("customer", "billingAccount", "productOrder"),
)
"""Every customer of a scene has a ticket about the order of the same place."""
