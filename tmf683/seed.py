"""The interactions of the story: what was said to customers and by them, about orders and tickets."""

from __future__ import annotations

from common.document import Document
from common.seed import directory
from common.seed.chance import draw, pick
from common.seed.days import DAY, HOUR, at, between, since
from common.seed.directory import id_of, party, reference_to
from common.seed.references import PARTY_OR_ROLE, reference
from common.seed.share import Kind, PlotShare

_STATUSES = ("completed", "open", "completed", "inProgress", "completed", "cancelled", "completed")
_CHANNELS = (("phone", "Call centre"), ("chat", "Chat"), ("email", "E-mail"), ("shop", "Town shop"), ("app", "App"))
_REASONS = {
    ("ProductOrder", "inbound"): ("Question about an order", "Asks when the technician comes", "Told the date"),
    ("ProductOrder", "outbound"): ("Order confirmation", "Confirms the date of delivery", "Date confirmed"),
    ("TroubleTicket", "inbound"): ("Report of a trouble", "Reports a trouble and asks for help", "Ticket taken up"),
    ("TroubleTicket", "outbound"): ("News of a ticket", "Tells how far the work has come", "Customer informed"),
}
"""The reason of an interaction, its description and its outcome, by what it is about and its direction."""


def _direction(interaction: int) -> str:
    return "outbound" if draw("direction", interaction, 3) == 0 else "inbound"


def _customer_of(interaction: int) -> int:
    """Returns the customer whom an interaction is with: that of the ticket or the order that it is about."""
    scene, place = divmod(interaction, 6)
    return 4 * scene + place % 4


def _subject_of(interaction: int) -> tuple[str, int]:
    """Returns what an interaction is about: four in a scene are about its tickets, two about its orders."""
    scene, place = divmod(interaction, 6)
    return ("troubleTicket", 4 * scene + place) if place < 4 else ("productOrder", 6 * scene + place)


def _subject(interaction: int) -> Document:
    return reference_to(*_subject_of(interaction), "EntityRef")


def _start(interaction: int) -> int:
    """Returns the minute in which an interaction began: after the order was placed, or the ticket opened, that it is
    about."""
    return directory.minute_of(*_subject_of(interaction)) + HOUR + draw("interaction", interaction, 3 * DAY)


def _interaction(interaction: int) -> Document:
    subject, direction = _subject(interaction), _direction(interaction)
    reason, description, outcome = _REASONS[subject["@referredType"], direction]
    customer = _customer_of(interaction)
    return {
        "id": id_of("partyInteraction", interaction),
        "@type": "PartyInteraction",
        "direction": direction,
        "reason": reason,
        "description": description,
        **_course(interaction),
        "relatedChannel": [_channel(interaction)],
        "relatedParty": [
            party("customer", "customer", customer, PARTY_OR_ROLE),
            party("agent", "agent", interaction // 6, PARTY_OR_ROLE),
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
        "author": directory.player("agent", interaction // 6)["name"],
        "date": at(_start(interaction) + 3),
        "text": text,
    }


def _relation(interaction: int) -> Document:
    """Returns the last two interactions of a scene are with customers who were spoken to before."""
    if interaction % 6 < 4:
        return {}
    other = id_of("partyInteraction", interaction - 4)
    before = reference("InteractionRelationship", "PartyInteraction", other)
    return {"interactionRelationship": [{**before, "relationshipType": "same customer"}]}


seed = PlotShare(
    kinds={"partyInteraction": Kind("interaction-%06d", _interaction)},
    scene=(("partyInteraction", 6),),
    after=("customer", "productOrder", "troubleTicket"),
)
"""In every scene four interactions about its tickets and two about its orders."""
