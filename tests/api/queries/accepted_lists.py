"""What is found: the order of a list, its parts, chosen attributes; and the other resources of the catalog."""

from __future__ import annotations

from tests.api.queries.row import V4, V5, Row, path

_SPECIFICATION = "productSpecification"
_CATEGORY = "category"
_PRICE = "productOfferingPrice"
_VALUES = "productSpecCharacteristic.characteristicValueSpecification.value"
_V4_VALUES = "productSpecCharacteristic.productSpecCharacteristicValue.value"
_RELATED = "productSpecCharacteristic.charSpecRelationship"
_V4_RELATED = "productSpecCharacteristic.productSpecCharRelationship"
_TEXT = "characteristicSpecificationId"
_ROOT = "q620-ct-1"


def _owner(member: str) -> str:
    """Who has the party p1 as its owner, one element meeting both."""
    return path(f"$[?(@.relatedParty[?(@.role=='owner' && @.{member}=='p1')])]")


ORDER = (
    # Without sort: newest first.
    Row("", "12 11 10 9 8 7 6 5 4 3 2 1", ordered=True),
    Row("lifecycleStatus=Active", "12 11 3 2 1", ordered=True),
    Row("description=red,green,RED", "12 3 1", ordered=True),
    # Texts by code point; the smallest first upwards.
    Row("sort=name", "1 2 5 6 9 4 11 12 10 3 8 7"),
    Row("sort=+name", "1 2 5 6 9 4 11 12 10 3 8 7"),
    Row("sort=%2Bname", "1 2 5 6 9 4 11 12 10 3 8 7"),
    Row("sort=-name", "7 8 3 10 12 11 4 9 6 5 2 1"),
    Row("sort=id", "1 10 11 12 2 3 4 5 6 7 8 9", why="ids are texts"),
    # What is missing comes first upwards, last downwards; equals newest first.
    Row("sort=description", "11 10 9 4 7 12 8 2 3 6 1 5"),
    Row("sort=-description", "5 1 6 3 2 8 12 7 4 9 11 10"),
    Row("sort=isBundle", "12 11 10 9 6 3 8 5 2 7 4 1"),
    Row("sort=-isBundle", "7 4 1 8 5 2 12 11 10 9 6 3"),
    Row("sort=lifecycleStatus", "12 11 3 2 1 4 10 9 6 5 8 7"),
    Row("sort=statusReason&lifecycleStatus=Active", "1 3 2 12 11"),
    Row("sort=-statusReason", "11 12 2 3 1 10 9 8 7 6 5 4"),
    # Dates as instants: 1, 2 and 3 are the same one.
    Row("sort=validFor.startDateTime", "10 9 11 5 3 2 1 4 7 6 12 8"),
    Row("sort=-validFor.startDateTime", "8 12 7 6 4 3 2 1 5 11 10 9"),
    Row("sort=validFor.endDateTime&validFor.endDateTime.gt=2020-01-01", "9 1 8"),
    # Two keys, nested keys.
    Row("sort=lifecycleStatus,name", "1 2 11 12 3 4 9 10 5 6 8 7"),
    Row("sort=-lifecycleStatus,%2Bname", "8 7 5 6 9 10 4 1 2 11 12 3"),
    Row("sort=lifecycleStatus,-name", "3 12 11 2 1 4 10 9 6 5 7 8"),
    Row("sort=-isBundle,validFor.startDateTime&isBundle=true,false", "1 4 7 5 2 8"),
    Row("sort=serviceLevelAgreement.name", "12 11 10 9 8 7 6 5 4 1 2 3"),
    Row("sort=-serviceLevelAgreement.name", "3 2 12 11 10 9 8 7 6 5 4 1"),
    Row("sort=productSpecification.name,-name", "7 8 10 12 11 4 9 6 5 3 2 1"),
    # Parts of a list.
    Row("sort=name&limit=3", "1 2 5"),
    Row("sort=name&offset=3&limit=3", "6 9 4"),
    Row("sort=name&offset=10&limit=5", "8 7"),
    Row("sort=name&offset=10", "8 7"),
    Row("sort=name&offset=12&limit=5", ""),
    Row("sort=name&limit=0", ""),
    Row("sort=-description&offset=8&limit=3", "4 9 11"),
    Row("limit=2", "12 11", ordered=True),
    Row("lifecycleStatus=Active&offset=1&limit=3", "11 3 2", ordered=True),
    Row("name.regex=fibre&sort=name&limit=2", "1 9"),
    Row("limit=1000", "12 11 10 9 8 7 6 5 4 3 2 1", ordered=True, why="the most that a page shows"),
    Row("offset=100000", "", why="the greatest offset"),
    # From place to place, v5 alone: an empty cursor is the beginning.
    Row("after=&sort=name&limit=3", "1 2 5", V5),
    Row("after=&limit=2", "12 11", V5, ordered=True),
    Row("after=&lifecycleStatus=Active", "12 11 3 2 1", V5, ordered=True),
    # Chosen attributes choose no resources.
    Row("fields=name&lifecycleStatus=Retired", "7 8"),
    Row("fields=none&name.regex=fibre", "1 4 9"),
    Row("fields=id,validFor.startDateTime&isBundle=true", "1 4 7"),
    Row("fields=name&sort=-description&description.regex=%5E[a-z]%2B$", "1 3", why="sorted by what is not shown"),
)

OTHERS = (
    # Specifications: parties with a role, flat in v4.
    Row("relatedParty.role=owner", "1 2", of=_SPECIFICATION),
    Row("relatedParty.role=supplier,owner", "1 2", of=_SPECIFICATION),
    Row("relatedParty.role.ne=supplier", "1 3", of=_SPECIFICATION),
    Row("relatedParty.partyOrPartyRole.id=p1", "1 2", v4_query="relatedParty.id=p1", of=_SPECIFICATION),
    Row("relatedParty.partyOrPartyRole.id=p2", "2", v4_query="relatedParty.id=p2", of=_SPECIFICATION),
    Row("relatedParty.partyOrPartyRole.id.ne=p2", "1 3", v4_query="relatedParty.id.ne=p2", of=_SPECIFICATION),
    Row(
        "relatedParty.role=owner&relatedParty.partyOrPartyRole.id=p1",
        "1 2",
        v4_query="relatedParty.role=owner&relatedParty.id=p1",
        why="2 by different elements",
        of=_SPECIFICATION,
    ),
    Row(
        "relatedParty[role=owner].partyOrPartyRole.id=p1",
        "1",
        v4_query="relatedParty[role=owner].id=p1",
        of=_SPECIFICATION,
    ),
    Row(
        "relatedParty[partyOrPartyRole.id=p1].role=supplier",
        "2",
        v4_query="relatedParty[id=p1].role=supplier",
        of=_SPECIFICATION,
    ),
    Row(_owner("partyOrPartyRole.id"), "1", v4_query=_owner("id"), of=_SPECIFICATION),
    Row(
        "relatedParty.partyOrPartyRole.name.regex=Ek$",
        "2",
        v4_query="relatedParty.name.regex=Ek$",
        of=_SPECIFICATION,
    ),
    Row("relatedParty.partyOrPartyRole.@type=PartyRef", "1 2", V5, of=_SPECIFICATION),
    Row(
        "relatedParty.partyOrPartyRole.@referredType=Individual",
        "1 2",
        v4_query="relatedParty.@referredType=Individual",
        of=_SPECIFICATION,
    ),
    # Specifications: characteristics, their values under another name in v4.
    Row(f"{_VALUES}=red", "1", v4_query=f"{_V4_VALUES}=red", of=_SPECIFICATION),
    Row(f"{_VALUES}=5", "2", v4_query=f"{_V4_VALUES}=5", of=_SPECIFICATION),
    Row(f"{_VALUES}.gte=5", "2", v4_query=f"{_V4_VALUES}.gte=5", of=_SPECIFICATION),
    Row(f"{_VALUES}.regex=een", "1", v4_query=f"{_V4_VALUES}.regex=een", of=_SPECIFICATION),
    Row("productSpecCharacteristic.configurable=true", "1", of=_SPECIFICATION),
    Row("productSpecCharacteristic.configurable.ne=true", "2 3", of=_SPECIFICATION),
    Row("productSpecCharacteristic.maxCardinality>1", "2", of=_SPECIFICATION),
    Row("productSpecCharacteristic[valueType=number].name=size", "2", of=_SPECIFICATION),
    # A number in v4 that is a text in v5.
    Row(f"{_RELATED}.{_TEXT}=12", "1", v4_query=f"{_V4_RELATED}.charSpecSeq=12", of=_SPECIFICATION),
    Row(f"{_RELATED}.{_TEXT}.ne=12", "2 3", v4_query=f"{_V4_RELATED}.charSpecSeq.ne=12", of=_SPECIFICATION),
    Row(f"{_RELATED}.{_TEXT}.gt=9", "", V5, why="a text here", of=_SPECIFICATION),
    Row("brand=Acme", "1", of=_SPECIFICATION),
    Row("brand.regex=(?i)%5Eacme$", "1 3", of=_SPECIFICATION),
    Row("brand=~(?i)%5Eacme$", "1 3", of=_SPECIFICATION),
    Row("sort=brand", "1 2 3", of=_SPECIFICATION),
    Row("sort=-brand", "3 2 1", of=_SPECIFICATION),
    Row("sort=productNumber", "3 2 1", of=_SPECIFICATION),
    # Categories: the parent is an object in v5, an id in v4.
    Row(f"parent.id={_ROOT}", "2 3", v4_query=f"parentId={_ROOT}", of=_CATEGORY),
    Row(f"parent.id.ne={_ROOT}", "1 4", v4_query=f"parentId.ne={_ROOT}", of=_CATEGORY),
    Row("parent.id.regex=1$", "2 3", v4_query="parentId.regex=1$", of=_CATEGORY),
    Row(path("$[?(@.parent)]"), "2 3", v4_query=path("$[?(@.parentId)]"), of=_CATEGORY),
    Row(path("$[?(!@.parent.id)]"), "1 4", v4_query=path("$[?(!@.parentId)]"), of=_CATEGORY),
    Row("sort=parent.id", "4 1 3 2", v4_query="sort=parentId", of=_CATEGORY),
    Row("sort=-parent.id,name", "2 3 4 1", v4_query="sort=-parentId,name", of=_CATEGORY),
    Row("isRoot=true", "1", of=_CATEGORY),
    Row("isRoot.ne=true", "2 3 4", of=_CATEGORY),
    # Prices: numbers with fractions, below zero, large.
    Row("price.value=29.9", "1", of=_PRICE),
    Row("price.value=49.0", "2", of=_PRICE),
    Row("price.value=-5", "3", of=_PRICE),
    Row("price.value.gt=29.9", "2 4", of=_PRICE),
    Row("price.value.gte=29.9", "1 2 4", of=_PRICE),
    Row("price.value.lt=0", "3", of=_PRICE),
    Row("price.value.lt=9", "3", why="29.9 is not below 9", of=_PRICE),
    Row("price.value<=49&price.value>0", "1 2", of=_PRICE),
    Row("price.value.ne=49", "1 3 4 5", of=_PRICE),
    Row("percentage=12.50", "5", of=_PRICE),
    Row("tax.taxRate=19", "1 2", of=_PRICE),
    Row("tax.taxRate.gt=18.5&priceType=oneTime", "2", of=_PRICE),
    Row("policy.id=pol-1", "1", v4_query="constraint.id=pol-1", of=_PRICE),
    Row("policy[id=pol-1].name=Students", "1", v4_query="constraint[id=pol-1].name=Students", of=_PRICE),
    Row("constraint.name=Students&price.unit=EUR", "1", V4, of=_PRICE),
    Row(path("$[?(@.price.value < 0 || @.percentage)]"), "3 5", of=_PRICE),
    Row(path("$[?(@.price.value > -5.5 && @.price.value < 3e1)]"), "1 3", of=_PRICE),
    Row("sort=price.value", "5 3 1 2 4", of=_PRICE),
    Row("sort=-price.value", "4 2 1 3 5", of=_PRICE),
    Row("sort=priceType,-price.value", "3 5 4 2 1", of=_PRICE),
    Row("sort=-recurringChargePeriodLength,price.value", "1 5 3 2 4", of=_PRICE),
)

LISTS = ORDER + OTHERS
