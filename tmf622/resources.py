"""The resources of TMF622: what the server sets."""

from datetime import datetime

from common.document import Document
from common.resource import V4, V5, Leniency, Resource, always


def _initial_state(order: Document, _now: datetime) -> str:
    """Returns an order starts in the state that v5 lets the client ask for: acknowledged, or draft."""
    return str(order.get("requestedInitialState", "acknowledged"))


RESOURCES = (
    Resource(
        "productOrder",
        created="creationDate",
        status="state",
        defaults={"state": _initial_state},
        # A pending order waits for something that the customer has to tell or do.
        events_of_states={"pending": "informationRequired"},
        events_of_attributes={
            "productOrderErrorMessage": "errorMessage",
            "productOrderJeopardyAlert": "jeopardyAlert",
            "productOrderMilestone": "milestone",
        },
        indexed=(
            "relatedParty.partyOrPartyRole.id",
            "externalId.id",
            "requestedCompletionDate",
        ),
    ),
    Resource(
        "cancelProductOrder",
        created="creationDate",
        status="state",
        defaults={"state": always("acknowledged")},
        indexed=("productOrder.id",),
    ),
)

_BLANK = "the published enum ends this value in a blank, which clients leave out"

LENIENCIES = (
    Leniency(V4, "ProductStatusType", _BLANK, value="aborted"),
    Leniency(V5, "ProductStatusType", _BLANK, value="aborted"),
)
