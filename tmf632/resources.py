"""The resources of TMF632: what the server sets."""

from datetime import datetime

from common.document import Document, Json
from common.resource import V4, V5, Leniency, Resource, always


def _trading_name(organization: Document, _now: datetime) -> Json:
    """Returns the name that v5 makes mandatory and v4 does not: the trading name, which v4 makes mandatory."""
    return organization.get("tradingName")


RESOURCES = (
    Resource(
        "individual",
        status="status",
        defaults={"status": always("initialized")},
        spellings={"status": {"deceaded": "deceased"}},
        indexed=(
            "name",
            "familyName",
            "contactMedium.emailAddress",
            "externalReference.id",
            "relatedParty.partyOrPartyRole.id",
        ),
    ),
    Resource(
        "organization",
        status="status",
        defaults={"status": always("initialized")},
        derived={"name": _trading_name},
        indexed=("name", "tradingName", "externalReference.id", "relatedParty.partyOrPartyRole.id"),
    ),
)

_SPELT = "v4 says deceaded, v5 deceased; clients send either to both"

LENIENCIES = (
    Leniency(V4, "IndividualStateType", _SPELT, value="deceased"),
    Leniency(V5, "IndividualStateType", _SPELT, value="deceaded"),
)
