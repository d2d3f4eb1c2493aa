"""The resources of TMF683: what the server sets, and what kits in use leave out."""

from datetime import datetime

from common.clock import text
from common.document import Document
from common.resource import V4, Leniency, Resource, always


def _from_now(_interaction: Document, now: datetime) -> Document:
    """Returns an interaction of which no period is told begins when it is reported."""
    return {"startDateTime": text(now)}


RESOURCES = (
    Resource(
        "partyInteraction",
        created="creationDate",
        updated="lastUpdate",
        status="status",
        status_date="statusChangeDate",
        defaults={"status": always("open"), "interactionDate": _from_now},
        indexed=(
            "interactionDate.startDateTime",
            "relatedParty.partyOrPartyRole.id",
            "externalIdentifier.id",
        ),
    ),
)

_KIT = "the conformance kit in use creates interactions without it"

LENIENCIES = (
    Leniency(V4, "PartyInteraction_Create", _KIT, required="interactionDate"),
    Leniency(V4, "PartyInteraction_Create", _KIT, required="status"),
    Leniency(V4, "RelatedChannel", _KIT, required="href"),
)
