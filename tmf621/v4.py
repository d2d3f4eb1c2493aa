"""How the v4 shape of TMF621 differs from the stored one."""

from common.views.differences import renamed
from common.views.patterns import external_id, related

VIEWS = {
    "TroubleTicket": (external_id("externalIdentifier"), renamed("statusChange", "statusChangeHistory")),
    "StatusChange": (renamed("changeDate", "statusChangeDate"), renamed("changeReason", "statusChangeReason")),
    "RelatedParty": (related("partyOrPartyRole", "PartyRole"),),
    "RelatedEntity": (related("entity", "Entity"),),
}
