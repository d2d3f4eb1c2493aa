"""The accounts of the story, and how their bills are made."""

from __future__ import annotations

from collections.abc import Iterator

from common.document import Document
from common.seed import cast, directory, folk
from common.seed.chance import draw, pick
from common.seed.days import DAY, at, between, joined, since
from common.seed.directory import id_of
from common.seed.plot import numbers
from common.seed.references import reference, related
from common.seed.story import Story
from common.seed.words import CURRENCY, OPERATOR

_CYCLES = (("Monthly on the first", "month", 0), ("Monthly on the fifteenth", "month", 14))
_FORMATS = ("Summary bill", "Itemised bill")
_MEDIA = ("Electronic bill", "Paper bill")
_STATES = ("active",) * 12 + ("suspended", "closed", "pending")
_PAYMENT = {"active": "paid", "suspended": "overdue", "closed": "paid", "pending": "not due"}


def seed(story: Story) -> Iterator[tuple[str, Document]]:
    """Every resource of this API in the story: (resource name, v5 document)."""
    for number in numbers(story.size, "billingCycleSpecification"):
        yield "billingCycleSpecification", _cycle(number)
    for number in numbers(story.size, "billFormat"):
        yield "billFormat", _named("BillFormat", f"bill-format-{number}", _FORMATS[number])
    for number in numbers(story.size, "billPresentationMedia"):
        yield "billPresentationMedia", _named("BillPresentationMedia", f"bill-media-{number}", _MEDIA[number])
    for number in numbers(story.size, "financialAccount"):
        yield "financialAccount", _financial_account(number)
    for number in numbers(story.size, "billingAccount"):
        yield "billingAccount", _billing_account(number)
    for number in numbers(story.size, "partyAccount"):
        yield "partyAccount", _supplier_account(number, "partyAccount", "Purchases from")
    for number in numbers(story.size, "settlementAccount"):
        yield "settlementAccount", _supplier_account(number, "settlementAccount", "Settlement with")


def _cycle(number: int) -> Document:
    name, period, shift = _CYCLES[number]
    return {
        "id": f"billing-cycle-{number}",
        "@type": "BillingCycleSpecification",
        "name": name,
        "description": f"A bill every {period}, {14 + shift // 2} days to pay it",
        "frequency": "monthly",
        "billingPeriod": period,
        "billingDateShift": shift,
        "chargeDateOffset": 1,
        "creditDateOffset": 1,
        "mailingDateOffset": 3,
        "paymentDueDateOffset": 14 + shift // 2,
        "validFor": since(0),
    }


def _named(kind: str, identifier: str, name: str) -> Document:
    return {"id": identifier, "@type": kind, "name": name, "description": f"{name} in the style of {OPERATOR}"}


def _money(cents: int) -> Document:
    return {"unit": CURRENCY, "value": cents / 100}


def _balance(kind: str, cents: int, first: int) -> Document:
    """What stands on an account from a minute of the story for a month."""
    period = between(first, first + 30 * DAY)
    return {"@type": "AccountBalance", "balanceType": kind, "amount": _money(cents), "validFor": period}


def _financial_account(number: int) -> Document:
    customer = cast.customer_of_financial_account(number)
    last = joined(customer) + 300 * DAY
    return {
        "id": id_of("financialAccount", number),
        "@type": "FinancialAccount",
        "name": directory.financial_account_name(number),
        "description": "What is owed and paid on the customer's billing account",
        "accountType": "receivables",
        "state": "active",
        "lastUpdate": at(last),
        "creditLimit": _money(10_000 * (1 + draw("limit", number, 10))),
        "accountBalance": [_balance("receivable", 100 * draw("receivable", number, 90), last)],
        "relatedParty": [directory.holder("account holder", customer), directory.operator("account owner")],
    }


def _billing_account(number: int) -> Document:
    financial = cast.financial_account_of(number)
    state = pick("account state", number, _STATES)
    last = joined(number) + 301 * DAY
    return {
        "id": id_of("billingAccount", number),
        "@type": "BillingAccount",
        "name": directory.billing_account_name(number),
        "description": "Business account" if number % 4 == 3 else "Residential account",
        "accountType": "business" if number % 4 == 3 else "residential",
        "ratingType": "prepaid" if financial is None else "postpaid",
        "state": state,
        "paymentStatus": _PAYMENT[state],
        "lastUpdate": at(last),
        "accountBalance": [_balance("deposit" if financial is None else "billed", draw("bill", number, 9000), last)],
        "contact": [_contact(number)],
        "relatedParty": [directory.holder("customer", number), directory.operator()],
        **({} if financial is None else _postpaid(number, financial)),
    }


def _postpaid(number: int, financial: int) -> Document:
    """What an account that pays after use has besides: its bills, its plan and the account that it is booked on."""
    name = directory.financial_account_name(financial)
    return {
        "creditLimit": _money(5_000 * (1 + draw("bill limit", number, 10))),
        "billStructure": _structure(number),
        "paymentPlan": [_plan(number)],
        "financialAccount": reference(
            "FinancialAccountRef", "FinancialAccount", id_of("financialAccount", financial), name
        ),
    }


def _structure(number: int) -> Document:
    cycle, form, media = number % 2, draw("format", number, 2), draw("media", number, 2)
    return {
        "@type": "BillStructure",
        "cycleSpecification": _ref("BillingCycleSpecification", f"billing-cycle-{cycle}", _CYCLES[cycle][0]),
        "format": _ref("BillFormat", f"bill-format-{form}", _FORMATS[form]),
        "presentationMedia": [_ref("BillPresentationMedia", f"bill-media-{media}", _MEDIA[media])],
    }


def _ref(referred: str, identifier: str, name: str) -> Document:
    return reference(f"{referred}Ref", referred, identifier, name)


def _plan(number: int) -> Document:
    return {
        "@type": "PaymentPlan",
        "planType": "bill payment",
        "paymentFrequency": "monthly",
        "numberOfPayments": 12,
        "priority": 1,
        "status": "effective",
        "totalAmount": _money(12 * (2000 + draw("plan", number, 6000))),
        "validFor": since(joined(number)),
    }


def _contact(number: int) -> Document:
    """Where the bills of an account go."""
    kind, party = cast.party_of(number)
    return {
        "@type": "Contact",
        "contactType": "billing",
        "contactName": directory.customer_name(number),
        "partyRoleType": "customer",
        "validFor": since(joined(number)),
        "contactMedium": [folk.email(kind, party), folk.address(kind, party)],
        "relatedParty": related("bill recipient", directory.party_ref(kind, party)),
    }


def _supplier_account(scene: int, kind: str, purpose: str) -> Document:
    """An account that the operator keeps for the supplier of a scene."""
    supplier = cast.supplier(scene)
    last = draw(kind, scene, 400 * DAY) + 400 * DAY
    return {
        "id": id_of(kind, scene),
        "@type": kind[0].upper() + kind[1:],
        "name": f"{purpose} {folk.organization_name(supplier)}",
        "description": f"Kept by {OPERATOR} for its supplier",
        "accountType": "supplier" if kind == "partyAccount" else "interconnect settlement",
        "state": "active",
        "paymentStatus": pick(f"{kind} payment", scene, ("paid", "paid", "in arrears", "not due")),
        "lastUpdate": at(last),
        "accountBalance": [_balance("payable", 1000 * draw(f"{kind} balance", scene, 900), last)],
        "relatedParty": [
            related("supplier", directory.party_ref("Organization", supplier)),
            directory.operator("account owner"),
        ],
    }
