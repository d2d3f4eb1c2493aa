"""The customers of the story: parties in the role in which they buy."""

from __future__ import annotations

from collections.abc import Iterator

from common.document import Document
from common.seed import cast, directory, folk
from common.seed.chance import draw, pick
from common.seed.days import DAY, at, joined, since
from common.seed.directory import id_of
from common.seed.plot import numbers
from common.seed.references import PARTY_OR_ROLE, related
from common.seed.story import Story

_STATES = (
    *(("Approved", "credit check passed"),) * 12,
    ("Initialized", "details to be checked"),
    ("Suspended", "a bill is overdue"),
    ("Closed", "moved abroad"),
)
_SEGMENTS = ("household", "student", "senior", "household", "family")


def seed(story: Story) -> Iterator[tuple[str, Document]]:
    """Every customer of the story: (resource name, v5 document)."""
    for customer in numbers(story.size, "customer"):
        yield "customer", _customer(customer)


def _customer(customer: int) -> Document:
    kind, number = cast.party_of(customer)
    status, reason = pick("customer state", customer, _STATES)
    return {
        "id": id_of("customer", customer),
        "@type": "Customer",
        "name": directory.customer_name(customer),
        "role": "customer",
        "description": "Residential customer" if kind == "Individual" else "Business customer",
        "status": status,
        "statusReason": reason,
        "validFor": _validity(customer, status),
        "engagedParty": directory.party_ref(kind, number),
        "account": [directory.billing_account_ref(customer, "AccountRef")],
        "contactMedium": [folk.email(kind, number), folk.phone(kind, number)],
        "characteristic": _characteristics(customer, kind),
        "creditProfile": [_credit(customer)],
        "relatedParty": [directory.operator("provider", PARTY_OR_ROLE), *_speakers(kind, number)],
    }


def _validity(customer: int, status: str) -> Document:
    start = joined(customer)
    if status != "Closed":
        return since(start)
    return {"startDateTime": at(start), "endDateTime": at(max(start, 480 * DAY) + 350 * DAY)}


def _characteristics(customer: int, kind: str) -> list[Document]:
    segment = pick("segment", customer, _SEGMENTS) if kind == "Individual" else "business"
    return [
        _characteristic("segment", segment),
        _characteristic("preferred channel", pick("channel", customer, ("web", "shop", "phone", "app"))),
    ]


def _characteristic(name: str, value: str) -> Document:
    return {"@type": "StringCharacteristic", "name": name, "valueType": "string", "value": value}


def _credit(customer: int) -> Document:
    return {
        "@type": "CreditProfile",
        "creditProfileDate": at(joined(customer) - DAY),
        "creditRiskRating": 1 + draw("risk", customer, 5),
        "creditScore": 350 + draw("score", customer, 500),
        "validFor": since(joined(customer) - DAY),
    }


def _speakers(kind: str, number: int) -> Iterator[Document]:
    """Who speaks for a business customer."""
    if kind == "Organization":
        yield related("contact", directory.party_ref("Individual", cast.contact_of(number)), PARTY_OR_ROLE)
