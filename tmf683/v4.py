"""How the v4 shape of TMF683 differs from the stored one."""

from common.views.differences import renamed
from common.views.patterns import related

VIEWS = {
    "PartyInteraction": (renamed("channel", "relatedChannel"),),
    "InteractionItem": (renamed("channel", "relatedChannel"),),
    "RelatedParty": (related("partyOrPartyRole", "PartyRole"),),
    "RelatedChannel": (related("channel", "Channel"),),
    "RelatedEntityRefOrValue": (related("entity", "Entity"),),
}
