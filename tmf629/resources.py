"""The resources of TMF629: what the server sets."""

from common.resource import Leniency, Resource, always

RESOURCES = (
    Resource(
        "customer",
        status="status",
        defaults={"status": always("initialized")},
        indexed=("name", "engagedParty.id", "account.id", "relatedParty.partyOrPartyRole.id"),
    ),
)

LENIENCIES: tuple[Leniency, ...] = ()
