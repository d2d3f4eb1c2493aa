"""The customers of the story: parties in the role in which they buy."""

from __future__ import annotations

from collections.abc import Iterator

from common.document import Document
from common.seed.chance import draw, pick
from common.seed.days import DAY, at, since
from common.seed.directory import display_name, id_of, party, reference_to, referred
from common.seed.references import PARTY_OR_ROLE, reference
from common.seed.share import Kind, PlotShare

_STATES = (
    *(("Approved", "credit check passed"),) * 12,
    ("Initialized", "details to be checked"),
    ("Suspended", "a bill is overdue"),
    ("Closed", "moved abroad"),
)
_SEGMENTS = ("household", "student", "senior", "household", "family")
_JOINING = 480 * DAY
"""Customers join within these days."""


def _customer(customer: int) -> Document:
    kind, number = _party_of(customer)
    holder = _holder(customer)
    media = {medium["contactType"]: medium for medium in referred(holder)["contactMedium"]}
    status, reason = pick("customer state", customer, _STATES)
    return {
        "id": id_of("customer", customer),
        "@type": "Customer",
        "name": holder["name"],
        "role": "customer",
        "description": "Residential customer" if kind == "individual" else "Business customer",
        "status": status,
        "statusReason": reason,
        "validFor": _validity(customer, status),
        "engagedParty": holder,
        "account": [reference_to("billingAccount", customer, "AccountRef")],
        "contactMedium": [media["email"], media["phone"]],
        "characteristic": _characteristics(customer, kind),
        "creditProfile": [_credit(customer)],
        "relatedParty": [party("provider", "operator", kind=PARTY_OR_ROLE), *_speakers(kind, number)],
    }


def _party_of(customer: int) -> tuple[str, int]:
    """Returns the party behind a customer: three of four in a scene are individuals, the last is its organization."""
    scene, place = divmod(customer, 4)
    return ("organization", 2 * scene + 1) if place == 3 else ("individual", 8 * scene + place)


def _holder(customer: int) -> Document:
    """Returns the PartyRef to the party behind a customer."""
    return reference_to(*_party_of(customer), "PartyRef")


def _name(customer: int) -> str:
    """Returns the name of a customer: that of the party behind it."""
    return str(display_name(*_party_of(customer)))


def _role(customer: int) -> Document:
    """Returns the PartyRoleRef to a customer, with the party that plays the role."""
    holder = _holder(customer)
    made = reference("PartyRoleRef", "Customer", id_of("customer", customer), holder["name"])
    return {**made, "partyId": holder["id"], "partyName": holder["name"]}


def _joined(customer: int) -> int:
    """Returns the minute in which a customer joined the operator."""
    return 30 * DAY + draw("joined", customer, _JOINING)


def _validity(customer: int, status: str) -> Document:
    start = _joined(customer)
    if status != "Closed":
        return since(start)
    return {"startDateTime": at(start), "endDateTime": at(max(start, _JOINING) + 350 * DAY)}


def _characteristics(customer: int, kind: str) -> list[Document]:
    segment = pick("segment", customer, _SEGMENTS) if kind == "individual" else "business"
    return [
        _characteristic("segment", segment),
        _characteristic("preferred channel", pick("channel", customer, ("web", "shop", "phone", "app"))),
    ]


def _characteristic(name: str, value: str) -> Document:
    return {"@type": "StringCharacteristic", "name": name, "valueType": "string", "value": value}


def _credit(customer: int) -> Document:
    return {
        "@type": "CreditProfile",
        "creditProfileDate": at(_joined(customer) - DAY),
        "creditRiskRating": 1 + draw("risk", customer, 5),
        "creditScore": 350 + draw("score", customer, 500),
        "validFor": since(_joined(customer) - DAY),
    }


def _speakers(kind: str, number: int) -> Iterator[Document]:
    """Yields who speaks for a business customer."""
    if kind == "organization":
        yield party("contact", "contact", number, PARTY_OR_ROLE)


seed = PlotShare(
    kinds={"customer": Kind("customer-%06d", _customer, _name, _joined)},
    scene=(("customer", 4),),
    after=("individual", "organization", "billingAccount"),
    cast={"customer": _role, "holder": _holder},
)
"""The customers of a scene; of its cast are each customer as a role, and the party that holds it."""
