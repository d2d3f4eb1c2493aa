"""The resources of TMF621: what the server sets."""

from common.resource import Leniency, Resource, always

RESOURCES = (
    Resource(
        "troubleTicket",
        created="creationDate",
        updated="lastUpdate",
        status="status",
        status_date="statusChangeDate",
        status_history="statusChangeHistory",
        status_reason="statusChangeReason",
        defaults={"status": always("acknowledged")},
        # A pending ticket waits for the customer to tell something.
        events_of_states={"pending": "informationRequired", "resolved": "resolved"},
        indexed=(
            "name",
            "relatedParty.partyOrPartyRole.id",
            "externalIdentifier.id",
        ),
    ),
    Resource(
        "troubleTicketSpecification",
        created="creationDate",
        updated="lastUpdate",
        status="lifecycleStatus",
        defaults={"lifecycleStatus": always("In study"), "version": always("1.0")},
        indexed=(
            "name",
            "relatedParty.partyOrPartyRole.id",
        ),
    ),
)

LENIENCIES: tuple[Leniency, ...] = ()
