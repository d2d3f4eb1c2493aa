"""The small catalog that every row is asked of: twelve offerings, three specifications, four categories, five prices.

All carry `version=q620`, which every request asks for besides its row, so that nothing else in the store interferes.
A resource is named by the number at the end of its id: 7 is the offering `q620-po-7`. They are created in this order.
"""

from __future__ import annotations

from typing import Any

import httpx

GROUP = "q620"
BASE = "/tmf-api/productCatalogManagement"
ABSENT: Any = object()


def _present(**attributes: Any) -> dict[str, Any]:
    """The attributes that are there; a leading underscore stands for `@`."""
    return {name.replace("_", "@"): value for name, value in attributes.items() if value is not ABSENT}


def _term(name: str, amount: int, units: str) -> dict[str, Any]:
    return {"name": name, "duration": {"amount": amount, "units": units}}


def _use(name: str, *values: Any) -> dict[str, Any]:
    """A use of a characteristic; its values are of no declared type."""
    return {"name": name, "productSpecCharacteristicValue": [{"value": value} for value in values]}


def _price(name: str, kind: str, unit: str, value: float) -> dict[str, Any]:
    return {"name": name, "priceType": kind, "price": {"unit": unit, "value": value}, "@type": "ProductOfferingPrice"}


# number, name after the group, description, lifecycleStatus, isBundle, isSellable, statusReason, validFor.startDateTime
_OFFERINGS: tuple[tuple[Any, ...], ...] = (
    (1, "Alpha fibre", "red", "Active", True, True, "10", "2026-01-01T00:00:00Z"),
    (2, "Beta mobile", "amber, teal", "Active", False, True, "9", "2026-01-01T02:00:00+02:00"),
    (3, "alpha tv", "green", "Active", ABSENT, True, "100", "2026-01-01T00:00:00.000Z"),
    (4, "Gamma fibre", "50% off; now", "In design", True, True, ABSENT, "2026-01-01T00:00:00.250Z"),
    (5, "Delta, the second", 'say "hi"', "Launched", False, True, ABSENT, "2025-12-31T23:59:59.999999Z"),
    (6, "Epsilon; plus", "it's", "Launched", ABSENT, True, ABSENT, "2026-03-15T12:00:00-05:00"),
    (7, "Ärger 100%", "Grün + blau", "Retired", True, False, ABSENT, "2026-03-15T17:00:00Z"),
    (8, "zeta (a+b)", "a.b*c(d)^$", "Retired", False, False, ABSENT, "2027-01-01T00:00:00Z"),
    (9, "Eta.fibre", "", "In study", ABSENT, False, ABSENT, ABSENT),
    (10, "Theta", ABSENT, "In study", ABSENT, ABSENT, ABSENT, ABSENT),
    (11, "Iota 5G", ABSENT, "Active", ABSENT, ABSENT, "\U0001f600", "2024-02-29T10:30:00.5+05:30"),
    (12, "Kappa", "RED", "Active", ABSENT, ABSENT, "\uff5e", "2026-03-15T17:00:00.000001Z"),
)

_ENDS = {
    1: "2026-12-31T23:59:59Z",
    8: "2028-01-01T00:00:00Z",
    9: "2026-06-30T00:00:00+02:00",
}

_TERMS = {
    1: [_term("12 months", 12, "month")],
    2: [_term("24 months", 24, "month"), _term("trial", 1, "week")],
    3: [_term("1 year", 1, "year")],
    4: [_term("12 weeks", 12, "week"), _term("2 years", 24, "month")],
    5: [{"name": "open ended"}],
    6: [_term("36 months", 36, "month")],
    8: [_term("12 months", 6, "month")],
}

_C1, _C2, _C3, _C4 = (
    {"id": number, "name": name, "@referredType": "Category"}
    for number, name in (("c1", "Internet"), ("c2", "Home"), ("c3", "TV"), ("c4", "Home"))
)
_CATEGORIES = {1: [_C1, _C2], 2: [_C1], 3: [_C2], 4: [_C3, _C1], 5: [_C2, _C3], 12: [_C4]}

_USES = {
    1: [_use("colour", "red", "blue"), _use("speed", 100)],
    2: [_use("colour", "blue"), _use("size", "red")],
    3: [_use("speed", "24")],
    4: [_use("speed", 24)],
    5: [_use("wifi", True)],
    6: [_use("speed", 99.5)],
    7: [_use("speed", "fast")],
    8: [_use("wifi", False)],
}

_TAX = {"tax": [{"taxCategory": "VAT", "taxRate": 19.0}]}
_WEB = {"id": "ch-web", "name": "Web"}
_SHOP = {"id": "ch-shop", "name": "Shop"}
_ROUTER = {"id": "sp-1", "name": "Router"}


def _bundled(lower: int, upper: int) -> list[dict[str, Any]]:
    option = {"numberRelOfferLowerLimit": lower, "numberRelOfferUpperLimit": upper}
    return [{"id": "other", "name": "Other", "bundledProductOfferingOption": option}]


_MORE: dict[int, dict[str, Any]] = {
    1: {
        "channel": [_WEB],
        "place": [{"id": "pl-1", "name": "Bonn"}],
        "productSpecification": _ROUTER,
        "externalIdentifier": [{"owner": "sap", "externalIdentifierType": "material", "id": "M-1"}],
        "productOfferingPrice": [{**_price("monthly", "recurring", "EUR", 29.9), **_TAX}],
    },
    2: {
        "channel": [_WEB, _SHOP],
        "serviceLevelAgreement": {"id": "sla-gold", "name": "Gold"},
        "productSpecification": _ROUTER,
        "externalIdentifier": [{"owner": "erp", "externalIdentifierType": "material", "id": "M-2"}],
        "productOfferingPrice": [_price("once", "oneTime", "EUR", 49), _price("monthly", "recurring", "EUR", 19.95)],
    },
    3: {
        "agreement": [{"id": "ag-1", "name": "A, B"}],
        "serviceLevelAgreement": {"id": "sla-silver", "name": "Silver"},
        "productSpecification": {"id": "sp-2", "name": "Box"},
    },
    4: {"bundledProductOffering": _bundled(0, 2)},
    5: {"place": [{"id": "pl-2", "name": "Köln"}]},
    6: {"channel": [_SHOP], "productOfferingPrice": [_price("monthly", "recurring", "USD", 29.9)]},
    7: {"bundledProductOffering": _bundled(1, 5)},
}


def _offering(row: tuple[Any, ...]) -> dict[str, Any]:
    number, name, description, status, bundle, sellable, reason, start = row
    period = _present(startDateTime=start, endDateTime=_ENDS.get(number, ABSENT))
    return _present(
        id=f"{GROUP}-po-{number}",
        version=GROUP,
        name=f"{GROUP} {name}",
        description=description,
        lifecycleStatus=status,
        isBundle=bundle,
        isSellable=sellable,
        statusReason=reason,
        validFor=period or ABSENT,
        productOfferingTerm=_TERMS.get(number, ABSENT),
        category=_CATEGORIES.get(number, ABSENT),
        prodSpecCharValueUse=_USES.get(number, ABSENT),
        **_MORE.get(number, {}),
    )


def _party(role: str, number: str, name: str) -> dict[str, Any]:
    reference = {"id": number, "name": name, "@referredType": "Individual", "@type": "PartyRef"}
    return {"role": role, "partyOrPartyRole": reference}


def _characteristic(name: str, kind: str, most: int, *values: Any) -> dict[str, Any]:
    told = [{"value": value} for value in values]
    return {"name": name, "valueType": kind, "maxCardinality": most, "characteristicValueSpecification": told}


def _related(name: str, number: str) -> dict[str, Any]:
    """Another characteristic, by the number that it has in its specification; a text in v5."""
    whose = {"relationshipType": "dependency", "parentSpecificationId": f"{GROUP}-ps-9"}
    return {"name": name, "characteristicSpecificationId": number, **whose}


_SPECIFICATIONS: tuple[dict[str, Any], ...] = (
    {
        "name": "Router",
        "brand": "Acme",
        "productNumber": "R-1",
        "relatedParty": [_party("owner", "p1", "Ada Berg")],
        "productSpecCharacteristic": [
            {
                **_characteristic("colour", "string", 1, "red", "green"),
                "configurable": True,
                "charSpecRelationship": [_related("finish", "12")],
            },
        ],
    },
    {
        "name": "Box",
        "brand": "Bolt",
        "productNumber": "B-2",
        "relatedParty": [_party("supplier", "p1", "Ada Berg"), _party("owner", "p2", "Bo Ek")],
        "productSpecCharacteristic": [
            {
                **_characteristic("size", "number", 3, 5),
                "configurable": False,
                "charSpecRelationship": [_related("weight", "2")],
            },
        ],
    },
    {"name": "Cable", "brand": "acme"},
)

_PARENT = {"id": f"{GROUP}-ct-1", "name": f"{GROUP} Root", "@referredType": "Category"}
_TREE: tuple[dict[str, Any], ...] = (
    {"name": "Root", "isRoot": True},
    {"name": "Fixed", "isRoot": False, "parent": _PARENT},
    {"name": "Mobile", "isRoot": False, "parent": _PARENT},
    {"name": "Loose"},
)

_PRICES: tuple[dict[str, Any], ...] = (
    {
        "name": "monthly",
        "priceType": "recurring",
        "price": {"unit": "EUR", "value": 29.9},
        "recurringChargePeriodType": "month",
        "recurringChargePeriodLength": 1,
        **_TAX,
        "policy": [{"id": "pol-1", "name": "Students"}],
    },
    {"name": "once", "priceType": "oneTime", "price": {"unit": "EUR", "value": 49}, **_TAX},
    {"name": "refund", "priceType": "discount", "price": {"unit": "EUR", "value": -5.0}},
    {"name": "big", "priceType": "oneTime", "price": {"unit": "USD", "value": 1000000}},
    {"name": "share", "priceType": "discount", "percentage": 12.5},
)


def _numbered(prefix: str, bodies: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """The bodies with what they have in common, numbered from 1."""
    return [
        {**body, "id": f"{GROUP}-{prefix}-{number}", "version": GROUP, "name": f"{GROUP} {body['name']}"}
        for number, body in enumerate(bodies, 1)
    ]


BODIES: dict[str, list[dict[str, Any]]] = {
    "productOffering": [_offering(row) for row in _OFFERINGS],
    "productSpecification": _numbered("ps", _SPECIFICATIONS),
    "category": _numbered("ct", _TREE),
    "productOfferingPrice": _numbered("pp", _PRICES),
}


async def create(client: httpx.AsyncClient) -> None:
    """Creates the catalog in v5, one resource after the other."""
    for resource, bodies in BODIES.items():
        for body in bodies:
            answer = await client.post(f"{BASE}/v5/{resource}", json=body)
            assert answer.status_code == 201, (body["id"], answer.text)


class _AsWritten(httpx.URL):
    """An address whose query goes to the server as it is written; the client would encode `<`, `>` and blanks."""

    written = ""

    @property
    def query(self) -> bytes:
        return self.written.encode()


async def ask(client: httpx.AsyncClient, version: str, resource: str, query: str) -> httpx.Response:
    """The group's part of the list that the query asks for."""
    path = f"{BASE}/{version}/{resource}"
    request = client.build_request("GET", path)
    address = _AsWritten(str(request.url))
    address.written = "&".join(part for part in (f"version={GROUP}", query) if part)
    request.url = address
    return await client.send(request)
