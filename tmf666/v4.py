"""How the v4 shape of TMF666 differs from the stored one."""

from common.views.differences import renamed
from common.views.patterns import CONTACT_MEDIUM, reference_flag, related

_DATED = (renamed("lastModified", "lastUpdate"),)

VIEWS = {
    "PartyAccount": _DATED,
    "BillingAccount": _DATED,
    "SettlementAccount": _DATED,
    "FinancialAccount": _DATED,
    "RelatedParty": (related("partyOrPartyRole", "PartyRole"),),
    "ContactMedium": (CONTACT_MEDIUM,),
    "BillFormatRefOrValue": (reference_flag("BillFormat"),),
    "BillPresentationMediaRefOrValue": (reference_flag("BillPresentationMedia"),),
    "BillingCycleSpecificationRefOrValue": (
        reference_flag("BillingCycleSpecification"),
        renamed("dateShift", "billingDateShift"),
    ),
}
