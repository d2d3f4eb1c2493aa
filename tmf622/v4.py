"""How the v4 shape of TMF622 differs from the stored one."""

from common.views.differences import renamed, shown_as
from common.views.patterns import PRODUCT_RELATIONSHIP, WHOLE_AMOUNT, external_id, related

VIEWS = {
    "ProductOrder": (
        external_id("externalId"),
        renamed("orderDate", "creationDate"),
        shown_as("state", {"draft": "acknowledged", "inProgress.accepted": "inProgress"}),
    ),
    "ProductOrderItem": (shown_as("state", {"partial": "inProgress"}),),
    "CancelProductOrder": (shown_as("state", {"rejected": "terminatedWithError", "cancelled": "terminatedWithError"}),),
    "RelatedParty": (related("partyOrPartyRole", "PartyRole"),),
    "RelatedChannel": (related("channel", "Channel"),),
    "RelatedPlaceRefOrValue": (related("place", "Place"),),
    "ProductRefOrValue": (renamed("agreement", "agreementItem"),),
    "ProductPrice": (renamed("productPriceAlteration", "priceAlteration"),),
    "ProductRelationship": (PRODUCT_RELATIONSHIP,),
    "RelatedProductOrderItem": (renamed("productOrderId", "orderId"), renamed("productOrderHref", "orderHref")),
    "AgreementItemRef": (
        renamed("id", "agreementId"),
        renamed("href", "agreementHref"),
        renamed("name", "agreementName"),
    ),
    "QuoteItemRef": (renamed("id", "quoteItemId"),),
    "ProductOfferingQualificationItemRef": (renamed("id", "itemId"),),
    "OrderTerm.duration": (WHOLE_AMOUNT,),
    "ProductTerm.duration": (WHOLE_AMOUNT,),
}
