"""How the v4 shape of TMF632 differs from the stored one."""

from common.views.differences import renamed, shown_as
from common.views.patterns import CONTACT_MEDIUM, related

VIEWS = {
    "Individual": (
        renamed("fullName", "name"),
        # v4 spells it so (specs/ERRATA.md, TMF632).
        shown_as("status", {"deceased": "deceaded"}, {"deceaded": "deceased"}),
    ),
    "RelatedParty": (related("partyOrPartyRole", "PartyRole"),),
    "ContactMedium": (CONTACT_MEDIUM,),
    "ExternalReference": (renamed("externalReferenceType", "externalIdentifierType"), renamed("name", "id")),
}
