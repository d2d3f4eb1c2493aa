"""The resources of TMF666: what the server sets."""

from common.resource import Leniency, Resource, always

_OPEN = {"state": always("active")}

RESOURCES = (
    Resource("partyAccount", updated="lastUpdate", status="state", defaults=_OPEN),
    Resource("billingAccount", updated="lastUpdate", status="state", defaults=_OPEN),
    Resource("settlementAccount", updated="lastUpdate", status="state", defaults=_OPEN),
    Resource("financialAccount", updated="lastUpdate", status="state", defaults=_OPEN),
    Resource("billingCycleSpecification"),
    Resource("billFormat"),
    Resource("billPresentationMedia"),
)

LENIENCIES: tuple[Leniency, ...] = ()
