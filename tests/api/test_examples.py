"""The published example requests of TMF620 and TMF622, v5: real traffic that must be accepted."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from common.resource import V5
from tests.api.resource_views import bound

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "examples"

pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason=f"THE PUBLISHED EXAMPLES ARE NOT AT {EXAMPLES}")

BROKEN = {
    "Product_Offering_Create_example": {
        "/prodSpecCharValueUse/0/productSpecCharacteristicValue/0/value": "a text where its @type asks for a number",
        "/prodSpecCharValueUse/0/productSpecCharacteristicValue/1/value": "a text where its @type asks for a number",
        "/productOfferingPrice/0": "priceType is mandatory and missing",
    },
    "Product_Specification_Create_example": {
        f"/productSpecCharacteristic/0/characteristicValueSpecification/{n}/value": "a text for a number"
        for n in range(3)
    },
    "CreateProductOrder_with_intent_specification": {
        "/intentSpecification": "declared nowhere",
        "/productOrderItem/2/product/intent": "creationDate and lifecycleStatus are mandatory and missing",
        "/productOrderItem/2/product/intent/expression/expressionValue": "an object where a text is declared",
    },
}
"""The examples that break their own document, by name: JSON pointer -> how."""

# What a patch example presupposes of the resource that it is sent to.
BEFORE = {
    "productOfferingPrice": {"place": [{"id": "2807", "@type": "PlaceRef"}]},
    "productOrder": {
        "productOrderItem": [
            {"id": "120", "action": "add", "@type": "ProductOrderItem", "billingAccount": {"id": "7"}},
            {"id": "130", "action": "add", "@type": "ProductOrderItem", "billingAccount": {"id": "8"}},
        ]
    },
    "productSpecification": {
        "productSpecCharacteristic": [
            {
                "name": "colour",
                "valueType": "string",
                "characteristicValueSpecification": [
                    {"value": "Black", "isDefault": True, "@type": "StringCharacteristicValueSpecification"},
                    {"value": "White", "isDefault": False, "@type": "StringCharacteristicValueSpecification"},
                ],
            }
        ]
    },
    "productCatalog": {
        "relatedParty": [{"role": "vendor", "partyOrPartyRole": {"id": "1", "@type": "PartyRef"}}],
        "validFor": {"startDateTime": "2020-01-01T00:00:00Z", "endDateTime": "2021-01-01T00:00:00Z"},
    },
    "category": {
        "subCategory": [{"id": "6087"}],
        "validFor": {"startDateTime": "2020-01-01T00:00:00Z", "endDateTime": "2021-01-01T00:00:00Z"},
    },
}
LEAST = {
    "productOffering": {"name": "an offering"},
    "productOfferingPrice": {"name": "a price", "priceType": "recurring"},
    "productOrder": {"category": "B2C product order"},
    "productSpecification": {"name": "a specification"},
    "productCatalog": {"name": "a catalog"},
    "category": {"name": "a category"},
}


def requests(verb: str) -> Iterator[object]:
    """(path, media type, name, body) of every published example of a verb."""
    if not EXAMPLES.is_dir():
        return
    for one in bound():
        if one.operation.verb == verb and one.version.name == V5:
            folder = EXAMPLES / f"{one.api.code}-v5"
            for file in sorted(folder.glob(f"{one.operation.operation_id}--req--*.json")):
                _, _, media, name = file.stem.split("--")
                path = one.version.base + one.operation.path
                body = json.loads(file.read_text())
                yield pytest.param(path, "application/" + media.replace("_", "+"), name, body, id=file.stem)


@pytest.mark.parametrize(("path", "media", "name", "body"), list(requests("create")))
async def test_a_published_creation_is_accepted(
    client: httpx.AsyncClient, path: str, media: str, name: str, body: dict
):
    answer = await client.post(path, json=body)
    if name not in BROKEN:
        assert answer.status_code == 201, answer.text
        return
    assert answer.status_code == 400
    assert {problem["pointer"] for problem in answer.json()["problems"]} == set(BROKEN[name])


@pytest.mark.parametrize(("path", "media", "name", "body"), list(requests("patch")))
async def test_a_published_change_is_accepted(
    client: httpx.AsyncClient, path: str, media: str, name: str, body: object
):
    collection = path.removesuffix("/{id}")
    resource = collection.rsplit("/", 1)[-1]
    made = await client.post(collection, json={**LEAST[resource], **BEFORE.get(resource, {})})
    assert made.status_code == 201, made.text
    answer = await client.request("PATCH", made.json()["href"], json=body, headers={"content-type": media})
    assert answer.status_code == 200, answer.text


def test_there_are_examples_to_try():
    assert len(list(requests("create"))) == 12
    assert len(list(requests("patch"))) == 24
