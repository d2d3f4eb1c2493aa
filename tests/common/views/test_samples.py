"""What v5 clients made is, seen in v4, what the v4 document's read schemas describe.

v4 requires some nested attributes that v5 does not and that nothing can fill: quoteId, validFor of a contact and of a
credit profile, the name of a bill format, the href of parties and channels in interactions. The samples have them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from common.document import Canonical
from common.schema.compile import Validator, compile_schema
from common.schema.json_schemas import JsonSchemas
from tests.common.views.documents import View, view

WHEN = "2026-05-01T08:30:00Z"
PARTY = {"id": "i-1", "name": "Jane Doe", "href": "https://example.com/i-1", "@type": "PartyRef"}
REFERRED = {**PARTY, "@referredType": "Individual"}
ROLE_OR_PARTY = "RelatedPartyRefOrPartyRoleRef"
BY_VALUE = {
    "id": "i-2",
    "href": "https://example.com/i-2",
    "givenName": "John",
    "familyName": "Roe",
    "@type": "Individual",
}
PHONE = {"id": "1", "href": "https://example.com/1", "name": "phone"}
SUPPLIER = {"id": "s-1", "href": "https://example.com/s-1", "name": "Gustave", "@type": "Supplier"}

SAMPLES: dict[str, tuple[View, dict[str, Any]]] = {
    "ticket": (
        view("TroubleTicket", "TMF621"),
        {
            "id": "t-1",
            "name": "no signal",
            "description": "The line is dead.",
            "severity": "major",
            "ticketType": "fault",
            "status": "inProgress",
            "creationDate": WHEN,
            "externalIdentifier": [{"id": "CRM-5", "owner": "CRM", "@type": "ExternalIdentifier"}],
            "relatedParty": [
                {"role": "owner", "partyOrPartyRole": PARTY, "@type": ROLE_OR_PARTY},
                {"role": "solver", "partyOrPartyRole": {"id": "r", "@type": "PartyRoleRef"}, "@type": ROLE_OR_PARTY},
            ],
            "relatedEntity": [
                {"role": "faulty", "entity": {"id": "p-1", "@type": "EntityRef"}, "@type": "RelatedEntity"},
            ],
            "attachment": [
                {
                    "attachmentType": "photo",
                    "mimeType": "image/png",
                    "url": "https://x.example/1",
                    "@type": "Attachment",
                }
            ],
            "statusChangeHistory": [{"status": "inProgress", "statusChangeDate": WHEN, "@type": "StatusChange"}],
            "troubleTicketCharacteristic": [{"name": "port", "value": 3, "@type": "IntegerCharacteristic"}],
            "note": [{"id": "1", "text": "rang twice", "author": "Jane", "@type": "Note"}],
            "@type": "TroubleTicket",
        },
    ),
    "order": (
        view("ProductOrder", "TMF622"),
        {
            "id": "o-1",
            "creationDate": WHEN,
            "state": "draft",
            "externalId": [
                {"id": "PO-1", "@type": "ExternalIdentifier"},
                {"id": "PO-2", "@type": "ExternalIdentifier"},
            ],
            "channel": [{"role": "used", "channel": {"id": "1", "@type": "ChannelRef"}, "@type": "RelatedChannel"}],
            "relatedParty": [{"role": "customer", "partyOrPartyRole": REFERRED, "@type": ROLE_OR_PARTY}],
            "note": [{"text": "ring", "@type": "Note"}],
            "productOrderItem": [
                {
                    "id": "1",
                    "action": "add",
                    "state": "partial",
                    "quoteItem": {"quoteItemId": "1", "quoteId": "q-7", "@type": "QuoteItemRef"},
                    "itemTerm": [
                        {"name": "term", "duration": {"amount": 12, "units": "month"}, "@type": "OrderTerm"},
                    ],
                    "product": {
                        "name": "fibre",
                        "productCharacteristic": [{"name": "speed", "value": 100, "@type": "IntegerCharacteristic"}],
                        "place": [
                            {
                                "role": "installation",
                                "place": {"id": "a-1", "street1": "Main", "@type": "GeographicAddress"},
                                "@type": "RelatedPlaceRefOrValue",
                            }
                        ],
                        "relatedParty": [
                            {"role": "user", "partyOrPartyRole": BY_VALUE, "@type": "RelatedPartyOrPartyRole"}
                        ],
                        "productRelationship": [
                            {"id": "p-7", "relationshipType": "bundles", "@type": "ProductRelationship"}
                        ],
                        "agreementItem": [{"agreementId": "a-1", "@type": "AgreementItemRef"}],
                        "@type": "Product",
                    },
                    "@type": "ProductOrderItem",
                }
            ],
            "@type": "ProductOrder",
        },
    ),
    "customer": (
        view("Customer", "TMF629"),
        {
            "id": "c-1",
            "name": "Happy Travellers",
            "engagedParty": PARTY,
            "relatedParty": [{"role": "dealer", "partyOrPartyRole": SUPPLIER, "@type": "RelatedPartyOrPartyRole"}],
            "contactMedium": [{"emailAddress": "a@b.example", "@type": "EmailContactMedium"}],
            "characteristic": [{"name": "tier", "value": "gold", "@type": "StringCharacteristic"}],
            "account": [{"id": "a-1", "name": "main", "@type": "AccountRef"}],
            "creditProfile": [
                {"creditProfileDate": WHEN, "creditRiskRating": 1, "validFor": {}, "@type": "CreditProfile"}
            ],
            "@type": "Customer",
        },
    ),
    "individual": (
        view("Individual", "TMF632"),
        {
            "id": "i-1",
            "name": "Jane Doe",
            "status": "deceased",
            "contactMedium": [{"phoneNumber": "+1 555", "contactType": "home", "@type": "PhoneContactMedium"}],
            "externalReference": [{"id": "passport", "externalIdentifierType": "X", "@type": "ExternalIdentifier"}],
            "relatedParty": [{"role": "child", "partyOrPartyRole": BY_VALUE, "@type": "RelatedPartyOrPartyRole"}],
            "languageAbility": [{"languageCode": "en", "isFavouriteLanguage": True, "@type": "LanguageAbility"}],
            "@type": "Individual",
        },
    ),
    "account": (
        view("BillingAccount", "TMF666"),
        {
            "id": "b-1",
            "name": "household",
            "state": "active",
            "lastUpdate": WHEN,
            "relatedParty": [{"role": "owner", "partyOrPartyRole": PARTY, "@type": ROLE_OR_PARTY}],
            "billStructure": {
                "format": {"id": "f-1", "name": "PDF", "@type": "BillFormatRef"},
                "cycleSpecification": {"name": "monthly", "billingDateShift": 3, "@type": "BillingCycleSpecification"},
                "presentationMedia": [{"id": "m-1", "name": "paper", "@type": "BillPresentationMediaRef"}],
                "@type": "BillStructure",
            },
            "contact": [
                {
                    "contactType": "primary",
                    "contactName": "Jane",
                    "validFor": {"startDateTime": WHEN},
                    "contactMedium": [{"city": "Morristown", "@type": "GeographicAddressContactMedium"}],
                    "@type": "Contact",
                }
            ],
            "@type": "BillingAccount",
        },
    ),
    "interaction": (
        view("PartyInteraction", "TMF683"),
        {
            "id": "x-1",
            "description": "called about a bill",
            "status": "completed",
            "direction": "inbound",
            "interactionDate": {"startDateTime": WHEN},
            "relatedChannel": [
                {"role": "used", "channel": {**PHONE, "@type": "ChannelRef"}, "@type": "RelatedChannel"}
            ],
            "relatedParty": [{"role": "caller", "partyOrPartyRole": BY_VALUE, "@type": "RelatedPartyOrPartyRole"}],
            "interactionItem": [
                {
                    "id": "1",
                    "reason": "bill",
                    "item": {"role": "subject", "entity": {"id": "9", "@type": "EntityRef"}, "@type": "RelatedEntity"},
                    "@type": "InteractionItem",
                }
            ],
            "@type": "PartyInteraction",
        },
    ),
    "offering": (
        view("ProductOffering", "TMF620"),
        {
            "id": "off-1",
            "name": "Fibre 100",
            "isSellable": True,
            "lifecycleStatus": "Active",
            "productOfferingPrice": [
                {
                    "name": "monthly",
                    "priceType": "recurring",
                    "price": {"unit": "EUR", "value": 19.9},
                    "tax": [{"taxRate": 20, "@type": "TaxItem"}],
                    "recurringChargePeriodType": "month",
                    "@type": "ProductOfferingPrice",
                },
                {"id": "p-1", "name": "one-off", "@type": "ProductOfferingPriceRef"},
            ],
            "category": [{"id": "c-1", "name": "Internet", "@type": "CategoryRef"}],
            "attachment": [{"id": "a-1", "@referredType": "Attachment", "@type": "AttachmentRef"}],
            "policy": [{"id": "pol", "@type": "PolicyRef"}],
            "@type": "ProductOffering",
        },
    ),
    "specification": (
        view("ProductSpecification", "TMF620"),
        {
            "id": "s-1",
            "name": "Fibre line",
            "relatedParty": [{"role": "supplier", "partyOrPartyRole": PARTY, "@type": ROLE_OR_PARTY}],
            "productSpecCharacteristic": [
                {
                    "name": "speed",
                    "valueType": "integer",
                    "characteristicValueSpecification": [
                        {"value": 100, "@type": "IntegerCharacteristicValueSpecification"}
                    ],
                    "charSpecRelationship": [
                        {
                            "parentSpecificationId": "77",
                            "characteristicSpecificationId": "2",
                            "relationshipType": "dependsOn",
                            "@type": "CharacteristicSpecificationRelationship",
                        }
                    ],
                    "@type": "CharacteristicSpecification",
                }
            ],
            "productSpecificationRelationship": [
                {"id": "s-2", "relationshipType": "dependency", "@type": "ProductSpecificationRelationship"}
            ],
            "@type": "ProductSpecification",
        },
    ),
}


@cache
def validator(code: str, name: str, version: str) -> Validator:
    one = view(name, code) if version == "v4" else next(v for v, _ in SAMPLES.values() if v.v5_name == name)
    return compile_schema(name, JsonSchemas(one.v4 if version == "v4" else one.v5))


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_valid_v5(sample: str) -> None:
    one, document = SAMPLES[sample]
    assert validator(one.case.code, one.v5_name, "v5").problems({**document, "href": "https://example.com"}) == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_v5_made_is_valid_in_v4(sample: str) -> None:
    one, document = SAMPLES[sample]
    shown = one.shape.down(Canonical(document))
    assert validator(one.case.code, one.v4_name, "v4").problems(shown) == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_v5_made_shows_no_v5_name_at_the_first_level_of_v4(sample: str) -> None:
    one, document = SAMPLES[sample]
    assert one.shape.down(Canonical(document)).keys() <= one.case.view.schema.readable
