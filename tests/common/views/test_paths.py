"""Filters in v4 names are asked of the store in stored names and values."""

from __future__ import annotations

from typing import Any

import pytest

from common.document import Canonical, Document
from tests.common.views.documents import view

# v4 path -> stored path, and a document in which both lead to the same value.
PATHS: list[tuple[str, str, str, str, Document]] = [
    ("TMF621", "TroubleTicket", "description", "description", {"description": "it"}),
    (
        "TMF621",
        "TroubleTicket",
        "relatedParty.id",
        "relatedParty.partyOrPartyRole.id",
        {"relatedParty": [{"id": "it", "role": "owner"}]},
    ),
    ("TMF621", "TroubleTicket", "relatedParty.role", "relatedParty.role", {"relatedParty": [{"role": "it"}]}),
    ("TMF621", "TroubleTicket", "relatedEntity.id", "relatedEntity.entity.id", {"relatedEntity": [{"id": "it"}]}),
    (
        "TMF621",
        "TroubleTicket",
        "statusChange.changeDate",
        "statusChangeHistory.statusChangeDate",
        {"statusChange": [{"changeDate": "it"}]},
    ),
    ("TMF621", "TroubleTicket", "externalId", "externalIdentifier.id", {"externalId": "it"}),
    ("TMF622", "ProductOrder", "externalId", "externalId.id", {"externalId": "it"}),
    ("TMF622", "ProductOrder", "orderDate", "creationDate", {"orderDate": "it"}),
    (
        "TMF622",
        "ProductOrder",
        "productOrderItem.product.agreement.id",
        "productOrderItem.product.agreementItem.agreementId",
        {"productOrderItem": [{"product": {"agreement": [{"id": "it"}]}}]},
    ),
    (
        "TMF622",
        "ProductOrder",
        "productOrderItem.product.productRelationship.product.id",
        "productOrderItem.product.productRelationship.id",
        {"productOrderItem": [{"product": {"productRelationship": [{"product": {"id": "it"}}]}}]},
    ),
    ("TMF620", "Category", "parentId", "parent.id", {"parentId": "it"}),
    (
        "TMF620",
        "ProductOffering",
        "productOfferingPrice.price.dutyFreeAmount.value",
        "productOfferingPrice.price.value",
        {"productOfferingPrice": [{"price": {"dutyFreeAmount": {"value": "it"}}}]},
    ),
    (
        "TMF620",
        "ProductOffering",
        "productOfferingPrice.price.taxRate",
        "productOfferingPrice.tax.taxRate",
        {"productOfferingPrice": [{"price": {"dutyFreeAmount": {}, "taxRate": "it"}}]},
    ),
    (
        "TMF620",
        "ProductOffering",
        "productOfferingPrice.price.percentage",
        "productOfferingPrice.percentage",
        {"productOfferingPrice": [{"price": {"dutyFreeAmount": {}, "percentage": "it"}}]},
    ),
    (
        "TMF620",
        "ProductOffering",
        "productOfferingPrice.priceAlteration.price.dutyFreeAmount.value",
        "productOfferingPrice.priceAlteration.price.dutyFreeAmount.value",
        {"productOfferingPrice": [{"priceAlteration": [{"price": {"dutyFreeAmount": {"value": "it"}}}]}]},
    ),
    ("TMF666", "BillingAccount", "lastModified", "lastUpdate", {"lastModified": "it"}),
    (
        "TMF632",
        "Individual",
        "contactMedium.characteristic.emailAddress",
        "contactMedium.emailAddress",
        {"contactMedium": [{"characteristic": {"emailAddress": "it"}}]},
    ),
    ("TMF632", "Individual", "externalReference.name", "externalReference.id", {"externalReference": [{"name": "it"}]}),
    ("TMF683", "PartyInteraction", "channel.id", "relatedChannel.channel.id", {"channel": [{"id": "it"}]}),
    ("TMF621", "TroubleTicket", "unheard.of", "unheard.of", {"unheard": {"of": "it"}}),
]


def at(document: Any, path: tuple[str, ...]) -> Any:
    """The value at a path, through the first element of every array."""
    for name in path:
        document = document[0] if isinstance(document, list) else document
        document = document[name]
    return document[0]["id"] if isinstance(document, list) else document


@pytest.mark.parametrize(("code", "name", "v4", "stored", "said"), PATHS, ids=[f"{c}-{p}" for c, _, p, _, _ in PATHS])
def test_a_v4_path_leads_to_where_the_value_is_stored(
    code: str, name: str, v4: str, stored: str, said: Document
) -> None:
    shape = view(name, code).shape
    path = shape.stored_path(tuple(v4.split(".")))
    assert ".".join(path) == stored
    assert at(said, tuple(v4.split("."))) == "it"
    assert at(shape.up(said).document, path) == "it"


@pytest.mark.parametrize(
    ("code", "name", "path", "value", "stored"),
    [
        ("TMF632", "Individual", "status", "deceaded", ("deceased",)),
        ("TMF632", "Individual", "status", "validated", ("validated",)),
        ("TMF622", "ProductOrder", "state", "inProgress", ("inProgress", "inProgress.accepted")),
        ("TMF622", "ProductOrder", "state", "acknowledged", ("acknowledged", "draft")),
        ("TMF622", "ProductOrder", "state", "held", ("held",)),
        ("TMF622", "ProductOrder", "productOrderItem.state", "inProgress", ("inProgress", "partial")),
        (
            "TMF622",
            "CancelProductOrder",
            "state",
            "terminatedWithError",
            ("terminatedWithError", "rejected", "cancelled"),
        ),
        ("TMF621", "TroubleTicket", "status", "inProgress", ("inProgress",)),
        ("TMF621", "TroubleTicket", "@type", "TroubleTicket", ("TroubleTicket",)),
        ("TMF620", "Catalog", "@type", "Catalog", ("ProductCatalog",)),
        ("TMF621", "TroubleTicket", "relatedParty.id", "i-1", ("i-1",)),
        ("TMF666", "BillingAccount", "billStructure.format.isRef", True, ("BillFormatRef",)),
        ("TMF666", "BillingAccount", "billStructure.format.isRef", False, ("BillFormat",)),
        ("TMF621", "TroubleTicket", "unheard.of", 7, (7,)),
    ],
)
def test_a_v4_value_is_asked_as_the_stored_values_it_stands_for(
    code: str, name: str, path: str, value: Any, stored: tuple[Any, ...]
) -> None:
    shape = view(name, code).shape
    assert shape.stored_values(tuple(path.split(".")), value) == stored
    key = shape.stored_path(tuple(path.split(".")))
    if len(key) == 1 and key != ("@type",):
        assert all(shape.down(Canonical({key[0]: one}))[path] == value for one in stored)


def test_the_flag_of_a_reference_is_asked_as_its_stored_mark() -> None:
    shape = view("BillingAccount", "TMF666").shape
    path = ("billStructure", "format", "isRef")
    for flag, mark in ((True, "BillFormatRef"), (False, "BillFormat")):
        stored = shape.up({"billStructure": {"format": {"name": "PDF", "isRef": flag}}}).document
        assert at(stored, shape.stored_path(path)) == mark
        assert shape.stored_values(path, flag) == (mark,)
