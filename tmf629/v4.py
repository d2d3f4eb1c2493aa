"""How the v4 shape of TMF629 differs from the stored one."""

from common.views.differences import v4_only
from common.views.patterns import CONTACT_MEDIUM, referred_type, related

VIEWS = {
    # The party behind a customer is a plain reference in v5; v4 also gives it a role.
    "Customer.engagedParty": (v4_only("role"), referred_type("Party")),
    "RelatedParty": (related("partyOrPartyRole", "PartyRole"),),
    "ContactMedium": (CONTACT_MEDIUM,),
}
