"""The accounts of the story, and how their bills are made."""

from __future__ import annotations

from common.document import Document
from common.seed.chance import draw, pick
from common.seed.days import DAY, at, between, since
from common.seed.directory import id_of, minute_of, party, player, reference_to, referred
from common.seed.references import related_party
from common.seed.share import Kind, PlotShare
from common.seed.words import CURRENCY, OPERATOR

_CYCLES = (("Monthly on the first", "month", 0), ("Monthly on the fifteenth", "month", 14))
_FORMATS = ("Summary bill", "Itemised bill")
_MEDIA = ("Electronic bill", "Paper bill")
_STATES = ("active",) * 12 + ("suspended", "closed", "pending")
_PAYMENT = {"active": "paid", "suspended": "overdue", "closed": "paid", "pending": "not due"}


def _cycle(number: int) -> Document:
    name, period, shift = _CYCLES[number]
    return {
        "id": id_of("billingCycleSpecification", number),
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


def _cycle_name(number: int) -> str:
    return _CYCLES[number][0]


def _format(number: int) -> Document:
    return _styled(id_of("billFormat", number), "BillFormat", _FORMATS[number])


def _media(number: int) -> Document:
    return _styled(id_of("billPresentationMedia", number), "BillPresentationMedia", _MEDIA[number])


def _styled(identifier: str, kind: str, name: str) -> Document:
    return {"id": identifier, "@type": kind, "name": name, "description": f"{name} in the style of {OPERATOR}"}


def _joined(customer: int) -> int:
    return minute_of("customer", customer)


def _financial_account_of(billing_account: int) -> int | None:
    """Returns the financial account behind a billing account; the third customer of a scene pays in advance."""
    scene, place = divmod(billing_account, 4)
    return None if place == 2 else 3 * scene + min(place, 2)


def _customer_of(financial_account: int) -> int:
    """Returns the customer to whom a financial account belongs."""
    scene, place = divmod(financial_account, 3)
    return 4 * scene + (0, 1, 3)[place]


def _billing_account_name(number: int) -> str:
    return f"Bills of {player('holder', number)['name']}"


def _financial_account_name(number: int) -> str:
    return f"Receivables of {player('holder', _customer_of(number))['name']}"


def _money(cents: int) -> Document:
    return {"unit": CURRENCY, "value": cents / 100}


def _balance(kind: str, cents: int, first: int) -> Document:
    """Returns what stands on an account from a minute of the story for a month."""
    period = between(first, first + 30 * DAY)
    return {"@type": "AccountBalance", "balanceType": kind, "amount": _money(cents), "validFor": period}


def _financial_account(number: int) -> Document:
    customer = _customer_of(number)
    last = _joined(customer) + 300 * DAY
    return {
        "id": id_of("financialAccount", number),
        "@type": "FinancialAccount",
        "name": _financial_account_name(number),
        "description": "What is owed and paid on the customer's billing account",
        "accountType": "receivables",
        "state": "active",
        "lastUpdate": at(last),
        "creditLimit": _money(10_000 * (1 + draw("limit", number, 10))),
        "accountBalance": [_balance("receivable", 100 * draw("receivable", number, 90), last)],
        "relatedParty": [party("account holder", "holder", customer), party("account owner", "operator")],
    }


def _billing_account(number: int) -> Document:
    financial = _financial_account_of(number)
    state = pick("account state", number, _STATES)
    last = _joined(number) + 301 * DAY
    return {
        "id": id_of("billingAccount", number),
        "@type": "BillingAccount",
        "name": _billing_account_name(number),
        "description": "Business account" if number % 4 == 3 else "Residential account",
        "accountType": "business" if number % 4 == 3 else "residential",
        "ratingType": "prepaid" if financial is None else "postpaid",
        "state": state,
        "paymentStatus": _PAYMENT[state],
        "lastUpdate": at(last),
        "accountBalance": [_balance("deposit" if financial is None else "billed", draw("bill", number, 9000), last)],
        "contact": [_contact(number)],
        "relatedParty": [party("customer", "holder", number), party("provider", "operator")],
        **({} if financial is None else _postpaid(number, financial)),
    }


def _postpaid(number: int, financial: int) -> Document:
    """Returns what an account that pays after use has besides: its bills, its plan and the account that it is booked
    on."""
    return {
        "creditLimit": _money(5_000 * (1 + draw("bill limit", number, 10))),
        "billStructure": _structure(number),
        "paymentPlan": [_plan(number)],
        "financialAccount": reference_to("financialAccount", financial),
    }


def _structure(number: int) -> Document:
    cycle, form, media = number % 2, draw("format", number, 2), draw("media", number, 2)
    return {
        "@type": "BillStructure",
        "cycleSpecification": reference_to("billingCycleSpecification", cycle),
        "format": reference_to("billFormat", form),
        "presentationMedia": [reference_to("billPresentationMedia", media)],
    }


def _plan(number: int) -> Document:
    return {
        "@type": "PaymentPlan",
        "planType": "bill payment",
        "paymentFrequency": "monthly",
        "numberOfPayments": 12,
        "priority": 1,
        "status": "effective",
        "totalAmount": _money(12 * (2000 + draw("plan", number, 6000))),
        "validFor": since(_joined(number)),
    }


def _contact(number: int) -> Document:
    """Returns where the bills of an account go."""
    holder = player("holder", number)
    media = {medium["contactType"]: medium for medium in referred(holder)["contactMedium"]}
    return {
        "@type": "Contact",
        "contactType": "billing",
        "contactName": holder["name"],
        "partyRoleType": "customer",
        "validFor": since(_joined(number)),
        "contactMedium": [media["email"], media["postal address"]],
        "relatedParty": related_party("bill recipient", holder),
    }


def _supplier_account(scene: int, kind: str, purpose: str) -> Document:
    """Returns an account that the operator keeps for the supplier of a scene."""
    supplier = player("supplier", scene)
    last = draw(kind, scene, 400 * DAY) + 400 * DAY
    return {
        "id": id_of(kind, scene),
        "@type": kind[0].upper() + kind[1:],
        "name": f"{purpose} {supplier['name']}",
        "description": f"Kept by {OPERATOR} for its supplier",
        "accountType": "supplier" if kind == "partyAccount" else "interconnect settlement",
        "state": "active",
        "paymentStatus": pick(f"{kind} payment", scene, ("paid", "paid", "in arrears", "not due")),
        "lastUpdate": at(last),
        "accountBalance": [_balance("payable", 1000 * draw(f"{kind} balance", scene, 900), last)],
        "relatedParty": [
            related_party("supplier", supplier),
            party("account owner", "operator"),
        ],
    }


def _party_account(scene: int) -> Document:
    return _supplier_account(scene, "partyAccount", "Purchases from")


def _settlement_account(scene: int) -> Document:
    return _supplier_account(scene, "settlementAccount", "Settlement with")


seed = PlotShare(
    kinds={
        "billingCycleSpecification": Kind("billing-cycle-%d", _cycle, _cycle_name),
        "billFormat": Kind("bill-format-%d", _format, _FORMATS.__getitem__),
        "billPresentationMedia": Kind("bill-media-%d", _media, _MEDIA.__getitem__),
        "financialAccount": Kind("financial-account-%06d", _financial_account, _financial_account_name),
        "billingAccount": Kind("billing-account-%06d", _billing_account, _billing_account_name),
        "partyAccount": Kind("party-account-%06d", _party_account),
        "settlementAccount": Kind("settlement-account-%06d", _settlement_account),
    },
    opening=(
        ("billingCycleSpecification", len(_CYCLES)),
        ("billFormat", len(_FORMATS)),
        ("billPresentationMedia", len(_MEDIA)),
    ),
    scene=(("financialAccount", 3), ("billingAccount", 4), ("partyAccount", 1), ("settlementAccount", 1)),
    after=("individual", "organization"),
)
"""How bills are made; in every scene the accounts of its customers, and two for its supplier. A customer's billing
account has the customer's number."""
