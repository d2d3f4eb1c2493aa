"""The patterns that recur between v4 and v5 (docs/declaring.md, Difference), each a row for one v4 type."""

from __future__ import annotations

from typing import Any

from common.document import Document, Json
from common.schema.type_marks import is_reference
from common.views.differences import Difference

_REFERENCE = ("id", "href", "name", "@referredType")
_MEDIUM = (
    "contactType",
    "emailAddress",
    "phoneNumber",
    "faxNumber",
    "socialNetworkId",
    "city",
    "country",
    "postCode",
    "stateOrProvince",
    "street1",
    "street2",
)
_MEDIUM_TYPES = (
    ("emailAddress", "email"),
    ("phoneNumber", "telephone"),
    ("faxNumber", "fax"),
    ("socialNetworkId", "socialNetwork"),
)

_EXACT = 2**53
"""The whole numbers below are exact as JSON numbers, whoever reads them (RFC 8259, section 6)."""


def related(member: str, kind: str) -> Difference:
    """Returns a flat reference with a role in v4; role and reference apart in v5. `kind` is the referred
    type where nothing tells it; what a by-value member holds beside its reference is not shown in v4."""

    def up(value: Document) -> None:
        inner = {name: value.pop(name) for name in _REFERENCE if name in value}
        if inner and member not in value:
            value[member] = inner
        else:
            value.update(inner)

    def down(value: Document) -> None:
        inner = value.get(member)
        if not isinstance(inner, dict) or any(name in value for name in _REFERENCE):
            return
        del value[member]
        value.update({name: inner[name] for name in _REFERENCE if name in inner})
        if "name" not in value and (name := _full_name(inner)):
            value["name"] = name
        value.setdefault("@referredType", str(inner.get("@type", kind)).removesuffix("Ref"))

    return Difference(up, down, {name: (member, name) for name in _REFERENCE})


def _full_name(party: Document) -> str:
    """Returns the name of a person given by value; empty where it is none."""
    return " ".join(str(party[part]) for part in ("givenName", "familyName") if party.get(part))


def referred_type(kind: str) -> Difference:
    """Returns a reference whose referred type v4 requires and v5 does not: `kind` where v5 does not say it."""

    def down(value: Document) -> None:
        if "id" in value:
            value.setdefault("@referredType", kind)

    return Difference(down=down)


def _contact_up(value: Document) -> None:
    characteristics = value.get("characteristic")
    if isinstance(characteristics, dict) and not any(name in value for name in _MEDIUM):
        value.update({name: characteristics[name] for name in _MEDIUM if name in characteristics})
        del value["characteristic"]


def _contact_down(value: Document) -> None:
    if "characteristic" in value:
        return
    value["characteristic"] = {name: value.pop(name) for name in _MEDIUM if name in value}
    filled = value["characteristic"].keys()
    kind = next((name for attribute, name in _MEDIUM_TYPES if attribute in filled), "postalAddress")
    value.setdefault("mediumType", kind)


CONTACT_MEDIUM = Difference(_contact_up, _contact_down, {"characteristic": ()})
"""What a medium holds: in its characteristic in v4, inline in v5; mediumType stays, an open attribute."""


def _flag_up(value: Document, kind: str) -> None:
    if not isinstance(value.get("isRef"), bool) or "@type" in value:
        return
    value["@type"] = kind + "Ref" if value.pop("isRef") else kind


def _flag_down(value: Document, kind: str) -> None:
    if "isRef" in value:
        return
    mark = value.get("@type")
    if mark in (kind, kind + "Ref"):
        del value["@type"]
    value["isRef"] = mark == kind + "Ref" or (mark is None and is_reference(value))


def reference_flag(kind: str) -> Difference:
    """Returns the difference: isRef in v4, the `@type` of a union's member in v5."""
    return Difference(
        lambda value: _flag_up(value, kind),
        lambda value: _flag_down(value, kind),
        {"isRef": ("@type",)},
        {"isRef": lambda flag: (kind + "Ref",) if flag else (kind,)},
    )


def external_id(v5_name: str) -> Difference:
    """Returns one external id as a text in v4, the first of a list of identifiers in v5."""

    def up(value: Document) -> None:
        external_id = value.get("externalId")
        if isinstance(external_id, str) and (v5_name == "externalId" or v5_name not in value):
            del value["externalId"]
            value[v5_name] = [{"id": external_id, "externalIdentifierType": "externalId"}]

    def down(value: Document) -> None:
        external_id = _first_id(value.get(v5_name))
        if v5_name == "externalId":
            value.pop("externalId", None)
        if external_id is not None and "externalId" not in value:
            value.pop(v5_name, None)
            value["externalId"] = external_id

    return Difference(up, down, {"externalId": (v5_name, "id")})


def _first_id(identifiers: Json) -> Any:
    """Returns the id of the first identifier, where it is a text."""
    first = identifiers[0] if isinstance(identifiers, list) and identifiers else None
    return first["id"] if isinstance(first, dict) and isinstance(first.get("id"), str) else None


def _relationship_up(value: Document) -> None:
    product = value.get("product")
    if isinstance(product, dict) and "id" in product and not any(name in value for name in _REFERENCE):
        del value["product"]
        value.update({name: product[name] for name in _REFERENCE if name in product})


def _relationship_down(value: Document) -> None:
    if "product" not in value:
        value["product"] = {name: value.pop(name) for name in _REFERENCE if name in value}


PRODUCT_RELATIONSHIP = Difference(_relationship_up, _relationship_down, {"product": ()})
"""A related product as an object in v4, as a reference in v5; without an id it stays an open attribute."""


def _sequence_up(value: Document) -> None:
    sequence = value.get("charSpecSeq")
    if isinstance(sequence, int) and not isinstance(sequence, bool) and "characteristicSpecificationId" not in value:
        value["characteristicSpecificationId"] = str(value.pop("charSpecSeq"))


def _sequence_down(value: Document) -> None:
    identifier = value.get("characteristicSpecificationId")
    if (
        isinstance(identifier, str)
        and identifier.isascii()
        and identifier.isdigit()
        and len(identifier) < 16
        and "charSpecSeq" not in value
    ):
        value["charSpecSeq"] = int(value.pop("characteristicSpecificationId"))


SEQUENCE = Difference(
    _sequence_up,
    _sequence_down,
    {"charSpecSeq": ("characteristicSpecificationId",)},
    {"charSpecSeq": lambda number: (str(number),)},
)
"""A characteristic's number in v4, its identifier as a text in v5."""


def _amount_up(value: Document) -> None:
    amount = value.get("amount")
    if isinstance(amount, float) and abs(amount) < _EXACT:
        value["amount"] = round(amount)


WHOLE_AMOUNT = Difference(_amount_up)
"""A duration may have a fraction in v4 and not in v5, where it is shown rounded."""


def _price_up(value: Document) -> None:
    price = value.get("price")
    if not isinstance(price, dict) or "dutyFreeAmount" not in price:
        return
    value["price"] = price["dutyFreeAmount"]
    tax = {name: price[name] for name in ("taxRate", "taxCategory") if name in price}
    if tax and "tax" not in value:
        value["tax"] = [tax]
    if "percentage" in price and "percentage" not in value:
        value["percentage"] = price["percentage"]


def _price_down(value: Document) -> None:
    amount = value.get("price")
    if not isinstance(amount, dict) or "dutyFreeAmount" in amount:
        return
    price: Document = {"dutyFreeAmount": amount}
    taxes = value.get("tax")
    if isinstance(taxes, list) and taxes and isinstance(taxes[0], dict):
        price.update({name: taxes[0][name] for name in ("taxRate", "taxCategory") if name in taxes[0]})
        del value["tax"]
    if "percentage" in value:
        price["percentage"] = value.pop("percentage")
    value["price"] = price


EMBEDDED_PRICE = Difference(_price_up, _price_down, {"price": ()})
"""The price inside an offering: amount, tax and share in one object in v4, apart in v5."""

PRICE_VALUE = Difference(
    paths={
        "dutyFreeAmount": ("price",),
        "taxRate": ("tax", "taxRate"),
        "taxCategory": ("tax", "taxCategory"),
        "taxIncludedAmount": None,
    }
)
"""Where the parts of an embedded price lie in the store, seen from the offering's price."""
