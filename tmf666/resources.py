"""The resources of TMF666: what the server sets."""

from common.resource import Leniency, Resource, always

_OPEN = {"state": always("active")}

_ASKED = ("name", "financialAccount.id", "relatedParty.partyOrPartyRole.id")

RESOURCES = (
    Resource("partyAccount", updated="lastUpdate", status="state", defaults=_OPEN, indexed=_ASKED),
    Resource("billingAccount", updated="lastUpdate", status="state", defaults=_OPEN, indexed=_ASKED),
    Resource("settlementAccount", updated="lastUpdate", status="state", defaults=_OPEN, indexed=_ASKED),
    Resource(
        "financialAccount",
        updated="lastUpdate",
        status="state",
        defaults=_OPEN,
        indexed=("name", "relatedParty.partyOrPartyRole.id"),
    ),
    Resource("billingCycleSpecification", indexed=("name",)),
    Resource("billFormat", indexed=("name",)),
    Resource("billPresentationMedia", indexed=("name",)),
)

LENIENCIES: tuple[Leniency, ...] = ()
