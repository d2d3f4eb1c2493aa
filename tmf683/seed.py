"""The interactions of the story: what was said to customers and by them, about orders and tickets."""

from __future__ import annotations

from collections.abc import Iterator

from common.document import Document
from common.seed import cast, directory, folk, troubles
from common.seed.chance import draw, pick
from common.seed.days import DAY, HOUR, at, between, ordered, reported, since
from common.seed.directory import id_of
from common.seed.plot import numbers
from common.seed.references import PARTY_OR_ROLE, entity, reference
from common.seed.story import Story

_STATUSES = ("completed", "open", "completed", "inProgress", "completed", "cancelled", "completed")
_CHANNELS = (("phone", "Call centre"), ("chat", "Chat"), ("email", "E-mail"), ("shop", "Town shop"), ("app", "App"))
_REASONS = {
    ("ProductOrder", "inbound"): ("Question about an order", "Asks when the technician comes", "Told the date"),
    ("ProductOrder", "outbound"): ("Order confirmation", "Confirms the date of delivery", "Date confirmed"),
    ("TroubleTicket", "inbound"): ("Report of a trouble", "Reports a trouble and asks for help", "Ticket taken up"),
    ("TroubleTicket", "outbound"): ("News of a ticket", "Tells how far the work has come", "Customer informed"),
}
"""The reason of an interaction, its description and its outcome, by what it is about and its direction."""


def seed(story: Story) -> Iterator[tuple[str, Document]]:
    """Every interaction of the story: (resource name, v5 document)."""
    for number in numbers(story.size, "partyInteraction"):
        yield "partyInteraction", _interaction(number)


def _direction(interaction: int) -> str:
    return "outbound" if draw("direction", interaction, 3) == 0 else "inbound"


def _subject(interaction: int) -> Document:
    """What an interaction is about: the first four of a scene about its tickets, the others about its orders."""
    scene, place = divmod(interaction, 6)
    if place < 4:
        ticket = 4 * scene + place
        return entity("TroubleTicket", id_of("troubleTicket", ticket), troubles.name_of(ticket))
    return entity("ProductOrder", id_of("productOrder", 6 * scene + place))


def _start(interaction: int) -> int:
    """The minute in which an interaction began: after the order was placed, or the ticket opened, that it is about."""
    scene, place = divmod(interaction, 6)
    first = reported(4 * scene + place) if place < 4 else ordered(6 * scene + place)
    return first + HOUR + draw("interaction", interaction, 3 * DAY)


def _interaction(interaction: int) -> Document:
    subject, direction = _subject(interaction), _direction(interaction)
    reason, description, outcome = _REASONS[subject["@referredType"], direction]
    customer = cast.customer_of_interaction(interaction)
    return {
        "id": id_of("partyInteraction", interaction),
        "@type": "PartyInteraction",
        "direction": direction,
        "reason": reason,
        "description": description,
        **_course(interaction),
        "relatedChannel": [_channel(interaction)],
        "relatedParty": [
            directory.customer("customer", customer, PARTY_OR_ROLE),
            directory.agent("agent", interaction // 6, PARTY_OR_ROLE),
        ],
        "interactionItem": [_item(interaction, subject, reason, outcome)],
        "note": [_note(interaction, outcome)],
        **_relation(interaction),
    }


def _status(interaction: int) -> str:
    return _STATUSES[interaction % len(_STATUSES)]


def _course(interaction: int) -> Document:
    """Status and dates; what is open or in progress has no end yet."""
    status, start = _status(interaction), _start(interaction)
    end = _end(interaction)
    over = status in ("completed", "cancelled")
    last = at(start if status == "open" else end)
    return {
        "status": status,
        "statusChangeDate": last,
        "creationDate": at(start),
        "lastUpdate": last,
        "interactionDate": between(start, end) if over else since(start),
    }


def _end(interaction: int) -> int:
    return _start(interaction) + 4 + draw("talk", interaction, 50)


def _channel(interaction: int) -> Document:
    identifier, name = pick("interaction channel", interaction, _CHANNELS)
    channel = reference("ChannelRef", "Channel", f"channel-{identifier}", name)
    return {"@type": "RelatedChannel", "role": "interaction channel", "channel": channel}


def _item(interaction: int, subject: Document, reason: str, outcome: str) -> Document:
    start = _start(interaction)
    made = {
        "@type": "InteractionItem",
        "id": "1",
        "reason": reason,
        "itemDate": since(start),
        "creationDate": at(start),
        "item": {"@type": "RelatedEntityRefOrValue", "role": "subject", "entity": subject},
    }
    return {**made, "resolution": outcome} if _status(interaction) == "completed" else made


def _note(interaction: int, outcome: str) -> Document:
    text = outcome if _status(interaction) == "completed" else "To be continued"
    return {
        "@type": "Note",
        "id": "1",
        "author": folk.individual_name(cast.agent(interaction // 6)),
        "date": at(_start(interaction) + 3),
        "text": text,
    }


def _relation(interaction: int) -> Document:
    """The last two interactions of a scene are with customers who were spoken to before."""
    if interaction % 6 < 4:
        return {}
    other = id_of("partyInteraction", interaction - 4)
    before = reference("InteractionRelationship", "PartyInteraction", other)
    return {"interactionRelationship": [{**before, "relationshipType": "same customer"}]}
