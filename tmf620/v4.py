"""How the v4 shape of TMF620 differs from the stored one."""

from common.views.differences import nested, renamed
from common.views.patterns import EMBEDDED_PRICE, PRICE_VALUE, SEQUENCE, related

VIEWS = {
    "Category": (nested("parentId", "parent", "id"),),
    "RelatedParty": (related("partyOrPartyRole", "PartyRole"),),
    "ProductOfferingPrice": (renamed("constraint", "policy"),),
    "ProductOfferingPriceRefOrValue": (
        EMBEDDED_PRICE,
        renamed("recurringChargePeriod", "recurringChargePeriodType"),
        renamed("constraint", "policy"),
    ),
    "ProductOfferingPriceRefOrValue.price": (PRICE_VALUE,),
    "ProductSpecificationCharacteristic": (
        renamed("productSpecCharacteristicValue", "characteristicValueSpecification"),
        renamed("productSpecCharRelationship", "charSpecRelationship"),
    ),
    "ProductSpecificationCharacteristicRelationship": (
        renamed("id", "parentSpecificationId"),
        renamed("href", "parentSpecificationHref"),
        SEQUENCE,
    ),
}
