"""The product orders of the story, in every state, and the requests to cancel some of them."""

from __future__ import annotations

from collections.abc import Iterator

from common.document import Document
from common.seed import assortment, cast, directory, folk
from common.seed.assortment import BUNDLE, ONE_TIME, RECURRING
from common.seed.chance import draw, pick
from common.seed.days import DAY, HOUR, at, ordered
from common.seed.directory import id_of
from common.seed.plot import numbers
from common.seed.references import reference
from common.seed.story import Story
from common.seed.words import CURRENCY

_STATES = (
    *("completed", "acknowledged", "inProgress", "draft", "completed", "pending", "held", "rejected"),
    *("completed", "inProgress.accepted", "failed", "completed", "partial", "completed", "inProgress", "completed"),
)
"""The states of orders that nobody asked to cancel; the next order takes the next state."""

_CANCELLATIONS = (
    ("cancelled", "done"),
    ("assessingCancellation", "acknowledged"),
    ("pendingCancellation", "inProgress"),
    ("cancelled", "done"),
    ("completed", "rejected"),
    ("assessingCancellation", "inProgress"),
    ("inProgress", "cancelled"),
    ("cancelled", "done"),
    ("failed", "terminatedWithError"),
)
"""The state of an order that somebody asked to cancel, and the state of the request."""

_ITEM_STATE = {"draft": "acknowledged", "inProgress.accepted": "inProgress", "partial": "completed"}
_PRODUCT_STATUS = {
    "completed": "active",
    "cancelled": "cancelled",
    "rejected": "cancelled",
    "failed": "aborted ",
    "inProgress": "pendingActive",
}
_OVER = ("completed", "partial", "failed", "rejected")
_CHANNELS = (("web", "Web shop"), ("app", "Mobile app"), ("shop", "Town shop"), ("phone", "Call centre"))
_REASONS = ("ordered twice", "moving away", "found another offer", "delivery takes too long")
_TAX_RATE = 20.0


def seed(story: Story) -> Iterator[tuple[str, Document]]:
    """Every resource of this API in the story: (resource name, v5 document)."""
    for number in numbers(story.size, "productOrder"):
        yield "productOrder", _order(number)
    for number in numbers(story.size, "cancelProductOrder"):
        yield "cancelProductOrder", _cancellation(number)


def _state(order: int) -> str:
    """The state of an order: that of its cancellation's table where it has one, else the next of the usual round."""
    scene, place = divmod(order, 6)
    if place == 5:
        return _CANCELLATIONS[scene % len(_CANCELLATIONS)][0]
    return _STATES[(5 * scene + place) % len(_STATES)]


def _reason(order: int) -> str:
    return pick("cancellation", order, _REASONS)


def _order(order: int) -> Document:
    customer = cast.customer_of_order(order)
    created = ordered(order)
    offerings = cast.offerings_of_order(order)
    state = _state(order)
    return {
        "id": id_of("productOrder", order),
        "@type": "ProductOrder",
        "state": state,
        "category": "business" if customer % 4 == 3 else "residential",
        "description": f"Order of {assortment.offering_name(offerings[0])}",
        "priority": str(1 + draw("priority", order, 4)),
        "creationDate": at(created),
        "requestedStartDate": at(created + DAY),
        "requestedCompletionDate": at(created + 10 * DAY),
        **_ending(order, state, created),
        "externalId": [_external(order)],
        "channel": [_channel(order)],
        "billingAccount": directory.billing_account_ref(customer),
        "relatedParty": [directory.customer("customer", customer), directory.agent("sales agent", order // 6)],
        "productOrderItem": [_item(order, place, offering, state) for place, offering in enumerate(offerings)],
        "orderTotalPrice": _totals(customer, offerings),
        "note": [_note(order, created)],
    }


def _ending(order: int, state: str, created: int) -> Document:
    """When an order is to end, when it ended, and why where it was cancelled."""
    if state == "draft":
        return {}
    end = created + DAY + draw("completion", order, 8 * DAY)
    if state == "cancelled":
        return {"cancellationDate": _cancelled_at(order), "cancellationReason": _reason(order)}
    over = {"completionDate": at(end)} if state in _OVER else {}
    return {"expectedCompletionDate": at(created + 9 * DAY), **over}


def _external(order: int) -> Document:
    return {
        "@type": "ExternalIdentifier",
        "owner": "Larkfield web shop",
        "externalIdentifierType": "basket",
        "id": f"B{order * 7 + 1000:07}",
    }


def _channel(order: int) -> Document:
    identifier, name = pick("order channel", order, _CHANNELS)
    channel = {"id": f"channel-{identifier}", "name": name, "@type": "ChannelRef", "@referredType": "Channel"}
    return {"@type": "RelatedChannel", "role": "order intake", "channel": channel}


def _note(order: int, created: int) -> Document:
    return {
        "@type": "Note",
        "id": "1",
        "author": folk.individual_name(cast.agent(order // 6)),
        "date": at(created + 15),
        "text": pick("order note", order, ("Please ring before delivery", "Address checked", "Customer called back")),
    }


def _item(order: int, place: int, offering: int, state: str) -> Document:
    return {
        "id": str(place + 1),
        "@type": "ProductOrderItem",
        "action": "add",
        "quantity": 1,
        "state": _item_state(place, state),
        "productOffering": directory.offering_ref(offering),
        "product": _product(order, place, offering, state),
        "itemPrice": [_order_price(price) for price in assortment.prices_of(offering)],
        "billingAccount": directory.billing_account_ref(cast.customer_of_order(order)),
    }


def _item_state(place: int, state: str) -> str:
    """The state of an item in an order of this state; of a partial order the first item alone was delivered."""
    if state == "partial":
        return "completed" if place == 0 else "failed"
    return _ITEM_STATE.get(state, state)


def _product(order: int, place: int, offering: int, state: str) -> Document:
    family, size = divmod(offering, 3)
    line = assortment.line_of(family)
    made = {
        "@type": "Product",
        "name": assortment.offering_name(offering),
        "isBundle": size == 2,
        "isCustomerVisible": True,
        "productSerialNumber": f"SN-{order:06}-{place + 1}",
        "status": _PRODUCT_STATUS.get(_item_state(place, state), "created"),
    }
    if size == 2:
        return made
    value = _characteristic(line.measure, f"{line.steps[size]} {line.unit}")
    return {**made, "productSpecification": directory.specification_ref(family), "productCharacteristic": [value]}


def _characteristic(name: str, value: str) -> Document:
    return {"@type": "StringCharacteristic", "name": name, "valueType": "string", "value": value}


def _order_price(price: int) -> Document:
    place = price % 4
    made = {
        "@type": "OrderPrice",
        "name": assortment.price_name(price),
        "priceType": ("oneTime", "recurring", "usage", "recurring")[place],
        "price": _price(assortment.price_cents(price)),
        "productOfferingPrice": directory.price_ref(price),
    }
    if place == 2:
        return {**made, "unitOfMeasure": assortment.line_of(price // 4).unit}
    return made if place == ONE_TIME else {**made, "recurringChargePeriod": "month"}


def _price(cents: int) -> Document:
    taxed = round(cents * (100 + _TAX_RATE) / 100)
    return {
        "@type": "Price",
        "dutyFreeAmount": {"unit": CURRENCY, "value": cents / 100},
        "taxIncludedAmount": {"unit": CURRENCY, "value": taxed / 100},
        "taxRate": _TAX_RATE,
    }


def _totals(customer: int, offerings: tuple[int, ...]) -> list[Document]:
    """What an order costs once and what it costs each month; use is paid by the unit and adds up to nothing yet."""
    prices = [price for offering in offerings for price in assortment.prices_of(offering)]
    once = sum(assortment.price_cents(price) for price in prices if price % 4 == ONE_TIME)
    monthly = sum(assortment.price_cents(price) for price in prices if price % 4 in (RECURRING, BUNDLE))
    account = {"@type": "OrderPrice", "billingAccount": directory.billing_account_ref(customer)}
    return [
        {**account, "name": "Total, once", "priceType": "oneTime", "price": _price(once)},
        {
            **account,
            "name": "Total, monthly",
            "priceType": "recurring",
            "recurringChargePeriod": "month",
            "price": _price(monthly),
        },
    ]


def _cancellation(number: int) -> Document:
    """The request to cancel an order, half a day after it was placed."""
    order = cast.cancelled_order(number)
    state = _CANCELLATIONS[number % len(_CANCELLATIONS)][1]
    asked = ordered(order) + 12 * HOUR
    effective = {"effectiveCancellationDate": _cancelled_at(order)} if state == "done" else {}
    return {
        "id": id_of("cancelProductOrder", number),
        "@type": "CancelProductOrder",
        "state": state,
        "creationDate": at(asked),
        "requestedCancellationDate": at(asked + DAY),
        "cancellationReason": _reason(order),
        "productOrder": reference("ProductOrderRef", "ProductOrder", id_of("productOrder", order)),
        **effective,
    }


def _cancelled_at(order: int) -> str:
    """When an order that was cancelled came to its end."""
    return at(ordered(order) + 2 * DAY)
