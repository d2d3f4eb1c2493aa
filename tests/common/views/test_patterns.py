"""One example for each pattern in which v4 and v5 differ (docs/declaring.md, Difference), both ways."""

from __future__ import annotations

from typing import Any

import pytest

from common.document import Canonical
from common.resource import Shape
from tests.common.views.documents import view

CATEGORY = view("Category", "TMF620").shape
OFFERING = view("ProductOffering", "TMF620").shape
PRICE = view("ProductOfferingPrice", "TMF620").shape
SPECIFICATION = view("ProductSpecification", "TMF620").shape
TICKET = view("TroubleTicket", "TMF621").shape
ORDER = view("ProductOrder", "TMF622").shape
CANCEL = view("CancelProductOrder", "TMF622").shape
CUSTOMER = view("Customer", "TMF629").shape
INDIVIDUAL = view("Individual", "TMF632").shape
ORGANIZATION = view("Organization", "TMF632").shape
ACCOUNT = view("BillingAccount", "TMF666").shape
INTERACTION = view("PartyInteraction", "TMF683").shape

JANE = {"id": "i-1", "name": "Jane Lamborgizzia", "role": "originator", "@referredType": "Individual"}
JANE_STORED = {
    "role": "originator",
    "partyOrPartyRole": {
        "id": "i-1",
        "name": "Jane Lamborgizzia",
        "@referredType": "Individual",
        "@type": "PartyRef",
    },
    "@type": "RelatedPartyRefOrPartyRoleRef",
}
SHOP = {"id": "r-9", "name": "Gustave Shop", "role": "reseller", "@referredType": "Reseller"}
SHOP_STORED = {
    "role": "reseller",
    "partyOrPartyRole": {"id": "r-9", "name": "Gustave Shop", "@referredType": "Reseller", "@type": "PartyRoleRef"},
    "@type": "RelatedPartyRefOrPartyRoleRef",
}

BOTH_WAYS: dict[str, tuple[Shape, dict[str, Any], dict[str, Any]]] = {
    "1 type marks": (
        ORDER,
        {"note": [{"text": "please ring twice"}]},
        {"note": [{"text": "please ring twice", "@type": "Note"}]},
    ),
    "2 related party": (TICKET, {"relatedParty": [JANE, SHOP]}, {"relatedParty": [JANE_STORED, SHOP_STORED]}),
    "2 related party, by reference or value": (
        INDIVIDUAL,
        {"relatedParty": [JANE]},
        {"relatedParty": [{**JANE_STORED, "@type": "RelatedPartyOrPartyRole"}]},
    ),
    "3 related channel": (
        ORDER,
        {"channel": [{"id": "1", "name": "Online", "role": "used", "@referredType": "Channel"}]},
        {
            "channel": [
                {
                    "role": "used",
                    "channel": {"id": "1", "name": "Online", "@referredType": "Channel", "@type": "ChannelRef"},
                    "@type": "RelatedChannel",
                }
            ]
        },
    ),
    "3 related entity": (
        TICKET,
        {"relatedEntity": [{"id": "3472", "name": "bill", "role": "disputed", "@referredType": "CustomerBill"}]},
        {
            "relatedEntity": [
                {
                    "role": "disputed",
                    "entity": {"id": "3472", "name": "bill", "@referredType": "CustomerBill", "@type": "EntityRef"},
                    "@type": "RelatedEntity",
                }
            ]
        },
    ),
    "3 related place": (
        ORDER,
        {
            "productOrderItem": [
                {"id": "1", "product": {"place": [{"id": "9", "role": "installation", "@referredType": "Site"}]}}
            ]
        },
        {
            "productOrderItem": [
                {
                    "id": "1",
                    "product": {
                        "place": [
                            {
                                "role": "installation",
                                "place": {"id": "9", "@referredType": "Site", "@type": "PlaceRef"},
                                "@type": "RelatedPlaceRefOrValue",
                            }
                        ],
                        "@type": "Product",
                    },
                    "@type": "ProductOrderItem",
                }
            ]
        },
    ),
    "4 engaged party": (
        CUSTOMER,
        {"engagedParty": {"id": "500", "name": "Happy Travellers", "@referredType": "Organization"}},
        {
            "engagedParty": {
                "id": "500",
                "name": "Happy Travellers",
                "@referredType": "Organization",
                "@type": "PartyRef",
            }
        },
    ),
    "5 attachment": (
        TICKET,
        {
            "attachment": [
                {"id": "44", "mimeType": "image/png", "url": "https://files.example/44"},
                {"id": "45", "@referredType": "Attachment"},
            ]
        },
        {
            "attachment": [
                {"id": "44", "mimeType": "image/png", "url": "https://files.example/44", "@type": "Attachment"},
                {"id": "45", "@referredType": "Attachment", "@type": "AttachmentRef"},
            ]
        },
    ),
    "6 characteristic": (
        CUSTOMER,
        {
            "characteristic": [
                {"name": "tier", "value": "gold"},
                {"name": "lines", "value": 3},
                {"name": "share", "value": 0.5},
                {"name": "vip", "value": True},
                {"name": "box", "value": {"w": 1}},
                {"name": "tags", "value": ["a", "b"]},
                {"name": "none", "value": []},
                {"name": "null", "value": None},
            ]
        },
        {
            "characteristic": [
                {"name": "tier", "value": "gold", "@type": "StringCharacteristic"},
                {"name": "lines", "value": 3, "@type": "IntegerCharacteristic"},
                {"name": "share", "value": 0.5, "@type": "NumberCharacteristic"},
                {"name": "vip", "value": True, "@type": "BooleanCharacteristic"},
                {"name": "box", "value": {"w": 1}, "@type": "ObjectCharacteristic"},
                {"name": "tags", "value": ["a", "b"], "@type": "StringArrayCharacteristic"},
                {"name": "none", "value": [], "@type": "Characteristic"},
                {"name": "null", "value": None, "@type": "Characteristic"},
            ]
        },
    ),
    "7 characteristic of a specification": (
        SPECIFICATION,
        {
            "productSpecCharacteristic": [
                {
                    "name": "Colour",
                    "valueType": "string",
                    "productSpecCharacteristicValue": [{"value": "Black", "isDefault": True}],
                    "productSpecCharRelationship": [{"id": "77", "relationshipType": "dependsOn", "charSpecSeq": 2}],
                }
            ]
        },
        {
            "productSpecCharacteristic": [
                {
                    "name": "Colour",
                    "valueType": "string",
                    "characteristicValueSpecification": [
                        {"value": "Black", "isDefault": True, "@type": "StringCharacteristicValueSpecification"}
                    ],
                    "charSpecRelationship": [
                        {
                            "parentSpecificationId": "77",
                            "relationshipType": "dependsOn",
                            "characteristicSpecificationId": "2",
                            "@type": "CharacteristicSpecificationRelationship",
                        }
                    ],
                    "@type": "CharacteristicSpecification",
                }
            ]
        },
    ),
    "8 contact medium": (
        INDIVIDUAL,
        {
            "contactMedium": [
                {
                    "mediumType": "email",
                    "preferred": True,
                    "characteristic": {"contactType": "work", "emailAddress": "j@lamb.example"},
                },
                {"mediumType": "postalAddress", "characteristic": {"street1": "Main Street 1", "city": "Morristown"}},
            ]
        },
        {
            "contactMedium": [
                {
                    "mediumType": "email",
                    "preferred": True,
                    "contactType": "work",
                    "emailAddress": "j@lamb.example",
                    "@type": "EmailContactMedium",
                },
                {
                    "mediumType": "postalAddress",
                    "street1": "Main Street 1",
                    "city": "Morristown",
                    "@type": "GeographicAddressContactMedium",
                },
            ]
        },
    ),
    "9 reference or value": (
        ACCOUNT,
        {
            "billStructure": {
                "format": {"isRef": True, "id": "f-1", "name": "PDF"},
                "cycleSpecification": {"isRef": False, "name": "monthly", "dateShift": 3},
            }
        },
        {
            "billStructure": {
                "format": {"id": "f-1", "name": "PDF", "@type": "BillFormatRef"},
                "cycleSpecification": {
                    "name": "monthly",
                    "billingDateShift": 3,
                    "@type": "BillingCycleSpecification",
                },
                "@type": "BillStructure",
            }
        },
    ),
    "10 parent of a category": (CATEGORY, {"parentId": "12"}, {"parent": {"id": "12", "@type": "CategoryRef"}}),
    "10 constraint of a price": (
        PRICE,
        {"constraint": [{"id": "c"}]},
        {"policy": [{"id": "c", "@type": "PolicyRef"}]},
    ),
    "10 status changes": (
        TICKET,
        {"statusChange": [{"status": "held", "changeDate": "2026-05-01T08:30:00Z", "changeReason": "part missing"}]},
        {
            "statusChangeHistory": [
                {
                    "status": "held",
                    "statusChangeDate": "2026-05-01T08:30:00Z",
                    "statusChangeReason": "part missing",
                    "@type": "StatusChange",
                }
            ]
        },
    ),
    "10 order date": (ORDER, {"orderDate": "2026-05-01T08:30:00Z"}, {"creationDate": "2026-05-01T08:30:00Z"}),
    "10 last change of an account": (
        ACCOUNT,
        {"lastModified": "2026-05-01T08:30:00Z"},
        {"lastUpdate": "2026-05-01T08:30:00Z"},
    ),
    "10 full name": (INDIVIDUAL, {"fullName": "Jane Lamborgizzia"}, {"name": "Jane Lamborgizzia"}),
    "10 channel of an interaction": (
        INTERACTION,
        {"channel": [{"id": "2", "role": "preferred", "@referredType": "Channel"}]},
        {
            "relatedChannel": [
                {
                    "role": "preferred",
                    "channel": {"id": "2", "@referredType": "Channel", "@type": "ChannelRef"},
                    "@type": "RelatedChannel",
                }
            ]
        },
    ),
    "11 external id of a ticket": (
        TICKET,
        {"externalId": "CRM-5"},
        {
            "externalIdentifier": [
                {"id": "CRM-5", "externalIdentifierType": "externalId", "@type": "ExternalIdentifier"}
            ]
        },
    ),
    "11 external id of an order": (
        ORDER,
        {"externalId": "PO-456"},
        {"externalId": [{"id": "PO-456", "externalIdentifierType": "externalId", "@type": "ExternalIdentifier"}]},
    ),
    "11 external reference": (
        ORGANIZATION,
        {"externalReference": [{"externalReferenceType": "DUNS", "name": "15-048-3782"}]},
        {"externalReference": [{"externalIdentifierType": "DUNS", "id": "15-048-3782", "@type": "ExternalIdentifier"}]},
    ),
    "17 state of a person": (INDIVIDUAL, {"status": "deceaded"}, {"status": "deceased"}),
    "17 state of an order": (ORDER, {"state": "inProgress"}, {"state": "inProgress"}),
}


def content(document: dict[str, Any]) -> dict[str, Any]:
    """The document without its own `@type`."""
    return {name: value for name, value in document.items() if name != "@type"}


@pytest.mark.parametrize("pattern", BOTH_WAYS)
def test_v4_is_stored_as_v5_says_it(pattern: str) -> None:
    shape, v4, v5 = BOTH_WAYS[pattern]
    assert content(shape.up(v4).document) == v5


@pytest.mark.parametrize("pattern", BOTH_WAYS)
def test_v5_is_shown_as_v4_says_it(pattern: str) -> None:
    shape, v4, v5 = BOTH_WAYS[pattern]
    assert content(shape.down(Canonical({**v5, "@type": "Any"}))) == v4


def item(**content: Any) -> dict[str, Any]:
    return {"productOrderItem": [{"id": "1", **content}]}


ITEMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "10 agreement": (
        {"product": {"agreement": [{"id": "a-1", "name": "frame", "agreementItemId": "7"}]}},
        {
            "product": {
                "agreementItem": [
                    {
                        "agreementId": "a-1",
                        "agreementName": "frame",
                        "agreementItemId": "7",
                        "@type": "AgreementItemRef",
                    }
                ],
                "@type": "Product",
            }
        },
    ),
    "10 price alteration": (
        {"itemPrice": [{"priceType": "recurring"}], "product": {"productPrice": [{"productPriceAlteration": []}]}},
        {
            "itemPrice": [{"priceType": "recurring", "@type": "OrderPrice"}],
            "product": {"productPrice": [{"priceAlteration": [], "@type": "ProductPrice"}], "@type": "Product"},
        },
    ),
    "10 order item of a product": (
        {"product": {"productOrderItem": [{"productOrderId": "o-1", "orderItemId": "2", "orderItemAction": "add"}]}},
        {
            "product": {
                "productOrderItem": [
                    {"orderId": "o-1", "orderItemId": "2", "orderItemAction": "add", "@type": "RelatedOrderItem"}
                ],
                "@type": "Product",
            }
        },
    ),
    "12 quote item": (
        {"quoteItem": {"id": "q-1"}},
        {"quoteItem": {"quoteItemId": "q-1", "@type": "QuoteItemRef"}},
    ),
    "12 qualification item": (
        {"productOfferingQualificationItem": {"id": "poq-1", "productOfferingQualificationId": "p"}},
        {
            "productOfferingQualificationItem": {
                "itemId": "poq-1",
                "productOfferingQualificationId": "p",
                "@type": "ProductOfferingQualificationItemRef",
            }
        },
    ),
    "13 product relationship": (
        {"product": {"productRelationship": [{"relationshipType": "bundles", "product": {"id": "p-7"}}]}},
        {
            "product": {
                "productRelationship": [
                    {"relationshipType": "bundles", "id": "p-7", "@type": "ProductRelationship"},
                ],
                "@type": "Product",
            }
        },
    ),
    "14 duration": (
        {"itemTerm": [{"name": "Mobile", "duration": {"amount": 12, "units": "month"}}]},
        {
            "itemTerm": [
                {
                    "name": "Mobile",
                    "duration": {"amount": 12, "units": "month"},
                    "@type": "OrderTerm",
                }
            ]
        },
    ),
    "17 state": ({"state": "inProgress"}, {"state": "inProgress"}),
}


def test_a_v4_state_is_stored_whatever_v5_calls_the_finer_one() -> None:
    assert ORDER.down(Canonical({"state": "draft"})) == {"state": "acknowledged"}
    assert ORDER.down(Canonical({"state": "inProgress.accepted"})) == {"state": "inProgress"}
    assert ORDER.down(Canonical(item(state="partial"))) == item(state="inProgress")
    assert CANCEL.down(Canonical({"state": "rejected"})) == {"state": "terminatedWithError"}
    assert CANCEL.down(Canonical({"state": "cancelled"})) == {"state": "terminatedWithError"}


@pytest.mark.parametrize("pattern", ITEMS)
def test_an_item_of_an_order_is_stored_as_v5_says_it(pattern: str) -> None:
    v4, v5 = ITEMS[pattern]
    stored = ORDER.up(item(**v4)).document
    assert [content(element) for element in stored["productOrderItem"]] == [{"id": "1", **v5}]


@pytest.mark.parametrize("pattern", ITEMS)
def test_an_item_of_an_order_is_shown_as_v4_says_it(pattern: str) -> None:
    v4, v5 = ITEMS[pattern]
    assert ORDER.down(Canonical(item(**v5))) == item(**v4)


OWN_MARKS: list[tuple[Shape, str, dict[str, Any], str]] = [
    (TICKET, "attachment", {"@type": "AttachmentRefOrValue", "url": "https://files.example/44"}, "Attachment"),
    (TICKET, "attachment", {"@type": "AttachmentRefOrValue", "@referredType": "Attachment"}, "AttachmentRef"),
    (ACCOUNT, "taxExemption", {"@type": "AccountTaxExemption", "reason": "charity"}, "TaxExemptionCertificate"),
    (PRICE, "constraint", {"@type": "ConstraintRef", "id": "c"}, "PolicyRef"),
    (CUSTOMER, "contactMedium", {"@type": "ContactMedium", "mediumType": "fax"}, "ContactMedium"),
    (CUSTOMER, "characteristic", {"@type": "Characteristic", "name": "a", "value": 1}, "Characteristic"),
    (TICKET, "attachment", {"@type": "Photo", "url": "https://files.example/44"}, "Photo"),
]


@pytest.mark.parametrize(("shape", "name", "element", "mark"), OWN_MARKS, ids=[str(row[2:]) for row in OWN_MARKS])
def test_a_mark_that_only_v4_knows_is_stored_as_the_one_of_v5(
    shape: Shape, name: str, element: dict[str, Any], mark: str
) -> None:
    stored = shape.up({name: [element]})
    (held,) = stored.document[shape.stored_path((name,))[0]]
    assert held["@type"] == mark
    assert shape.down(stored) == {name: [element]}


# Patterns that lose something in one direction.


def test_a_fraction_of_a_duration_is_shown_rounded_in_v5_and_as_it_was_in_v4() -> None:
    said = item(itemTerm=[{"name": "trial", "duration": {"amount": 1.6, "units": "month"}}])
    stored = ORDER.up(said)
    assert stored.document["productOrderItem"][0]["itemTerm"][0]["duration"] == {"amount": 2, "units": "month"}
    assert ORDER.down(stored) == said


def test_a_whole_amount_keeps_the_way_v4_wrote_it() -> None:
    stored = ORDER.up(item(itemTerm=[{"name": "trial", "duration": {"amount": 2.0, "units": "month"}}]))
    assert repr(stored.document["productOrderItem"][0]["itemTerm"][0]["duration"]["amount"]) == "2"
    assert repr(ORDER.down(stored)["productOrderItem"][0]["itemTerm"][0]["duration"]["amount"]) == "2.0"


def test_an_amount_too_large_to_be_rounded_exactly_is_stored_as_it_is() -> None:
    said = item(itemTerm=[{"name": "for ever", "duration": {"amount": 1e300, "units": "month"}}])
    stored = ORDER.up(said)
    assert stored.document["productOrderItem"][0]["itemTerm"][0]["duration"]["amount"] == 1e300
    assert ORDER.down(stored) == said


def test_a_price_inside_an_offering_is_stored_in_parts() -> None:
    money = {"unit": "EUR", "value": 19.9}
    v4_price = {
        "name": "monthly",
        "recurringChargePeriod": "month",
        "price": {"dutyFreeAmount": money, "taxRate": 20, "taxIncludedAmount": {"unit": "EUR", "value": 23.88}},
        "priceAlteration": [{"name": "first month free"}],
    }
    stored = OFFERING.up({"productOfferingPrice": [v4_price]})
    assert stored.document["productOfferingPrice"] == [
        {
            "name": "monthly",
            "recurringChargePeriodType": "month",
            "price": money,
            "tax": [{"taxRate": 20, "@type": "TaxItem"}],
            "priceAlteration": [{"name": "first month free"}],
            "@type": "ProductOfferingPrice",
        }
    ]
    assert OFFERING.down(stored) == {"productOfferingPrice": [v4_price]}


def test_a_price_of_v5_is_shown_in_one_object_in_v4() -> None:
    money = {"unit": "EUR", "value": 19.9, "@type": "Money"}
    v5 = {"name": "monthly", "price": money, "tax": [{"taxRate": 20}], "@type": "ProductOfferingPrice"}
    shown = OFFERING.down(Canonical({"productOfferingPrice": [v5]}))
    assert shown["productOfferingPrice"][0]["price"] == {"dutyFreeAmount": money, "taxRate": 20}


def test_a_product_without_an_id_stays_an_open_attribute_of_its_relationship() -> None:
    related = {"relationshipType": "bundles", "product": {"name": "router"}}
    stored = ORDER.up(item(product={"productRelationship": [related]}))
    held = stored.document["productOrderItem"][0]["product"]["productRelationship"]
    assert held == [{**related, "@type": "ProductRelationship"}]
    assert ORDER.down(stored) == item(product={"productRelationship": [related]})


def test_a_text_for_a_characteristic_specification_that_is_no_number_stays_as_it_is_in_v4() -> None:
    v5 = {"productSpecCharacteristic": [{"charSpecRelationship": [{"characteristicSpecificationId": "c-2"}]}]}
    assert SPECIFICATION.down(Canonical(v5)) == {
        "productSpecCharacteristic": [{"productSpecCharRelationship": [{"characteristicSpecificationId": "c-2"}]}]
    }


def test_the_role_of_an_engaged_party_is_kept_for_v4_alone() -> None:
    said = {"engagedParty": {"id": "500", "role": "owner", "@referredType": "Organization"}}
    stored = CUSTOMER.up(said)
    assert "role" not in stored.document["engagedParty"]
    assert CUSTOMER.down(stored) == said
