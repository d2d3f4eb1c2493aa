"""The product orders of the story, in every state, and the requests to cancel some of them."""

from __future__ import annotations

from common.document import Document
from common.seed import directory
from common.seed.chance import draw, pick
from common.seed.days import DAY, HOUR, at
from common.seed.directory import document_of, id_of, party, reference_to, referred
from common.seed.plot import count_by
from common.seed.share import Kind, PlotShare
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


def _customer_of(order: int) -> int:
    """Returns the customer who placed an order."""
    scene, place = divmod(order, 6)
    return 4 * scene + place % 4


def _cancelled_by(cancellation: int) -> int:
    """Returns the order that a cancellation is about: the last of its scene."""
    return 6 * cancellation + 5


def _offerings_of(order: int) -> tuple[int, ...]:
    """Returns the offerings of an order, one to three of those that are out by its scene."""
    many = count_by(order // 6, "productOffering")
    first = draw("first item", order, many)
    return tuple((first + 4 * step) % many for step in range(1 + draw("items", order, 3)))


def _ordered(order: int) -> int:
    """Returns the minute in which an order was placed: within 300 days after its customer joined."""
    return directory.minute_of("customer", _customer_of(order)) + HOUR + draw("ordered", order, 300 * DAY)


def _state(order: int) -> str:
    """Returns the state of an order: that of its cancellation's table where it has one, else the next of the usual
    round."""
    scene, place = divmod(order, 6)
    if place == 5:
        return _CANCELLATIONS[scene % len(_CANCELLATIONS)][0]
    return _STATES[(5 * scene + place) % len(_STATES)]


def _reason(order: int) -> str:
    return pick("cancellation", order, _REASONS)


def _order(order: int) -> Document:
    customer = _customer_of(order)
    created = _ordered(order)
    offerings = _offerings_of(order)
    state = _state(order)
    return {
        "id": id_of("productOrder", order),
        "@type": "ProductOrder",
        "state": state,
        "category": "business" if customer % 4 == 3 else "residential",
        "description": f"Order of {directory.display_name('productOffering', offerings[0])}",
        "priority": str(1 + draw("priority", order, 4)),
        "creationDate": at(created),
        "requestedStartDate": at(created + DAY),
        "requestedCompletionDate": at(created + 10 * DAY),
        **_ending(order, state, created),
        "externalId": [_external(order)],
        "channel": [_channel(order)],
        "billingAccount": reference_to("billingAccount", customer),
        "relatedParty": [party("customer", "customer", customer), party("sales agent", "agent", order // 6)],
        "productOrderItem": [_item(order, place, offering, state) for place, offering in enumerate(offerings)],
        "orderTotalPrice": _totals(customer, offerings),
        "note": [_note(order, created)],
    }


def _ending(order: int, state: str, created: int) -> Document:
    """Returns when an order is to end, when it ended, and why where it was cancelled."""
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
        "author": directory.player("agent", order // 6)["name"],
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
        "productOffering": reference_to("productOffering", offering),
        "product": _product(order, place, offering, state),
        "itemPrice": [_order_price(price) for price in _prices_of(offering)],
        "billingAccount": reference_to("billingAccount", _customer_of(order)),
    }


def _item_state(place: int, state: str) -> str:
    """Returns the state of an item in an order of this state; of a partial order the first item alone was delivered."""
    if state == "partial":
        return "completed" if place == 0 else "failed"
    return _ITEM_STATE.get(state, state)


def _product(order: int, place: int, offering: int, state: str) -> Document:
    sold = document_of("productOffering", offering)
    made = {
        "@type": "Product",
        "name": sold["name"],
        "isBundle": sold["isBundle"],
        "isCustomerVisible": True,
        "productSerialNumber": f"SN-{order:06}-{place + 1}",
        "status": _PRODUCT_STATUS.get(_item_state(place, state), "created"),
    }
    if sold["isBundle"]:
        return made
    values = [_chosen(use) for use in sold["prodSpecCharValueUse"]]
    return {**made, "productSpecification": sold["productSpecification"], "productCharacteristic": values}


def _chosen(use: Document) -> Document:
    """Returns the characteristic of a product whose value the offering fixes."""
    fixed = use["productSpecCharacteristicValue"][0]
    value = f"{fixed['value']} {fixed['unitOfMeasure']}"
    return {"@type": "StringCharacteristic", "name": use["name"], "valueType": "string", "value": value}


def _prices_of(offering: int) -> list[Document]:
    """Returns the references to the prices of an offering."""
    prices: list[Document] = document_of("productOffering", offering)["productOfferingPrice"]
    return prices


def _cents(price: Document) -> int:
    """Returns the amount of a price of the catalog in cents, without tax."""
    return round(float(price["price"]["value"]) * 100)


def _order_price(to: Document) -> Document:
    """Returns what an item costs by the price of the catalog that a reference leads to."""
    price = referred(to)
    made = {
        "@type": "OrderPrice",
        "name": price["name"],
        "priceType": price["priceType"],
        "price": _price(_cents(price)),
        "productOfferingPrice": to,
    }
    if price["priceType"] == "usage":
        return {**made, "unitOfMeasure": price["unitOfMeasure"]["units"]}
    if price["priceType"] == "recurring":
        return {**made, "recurringChargePeriod": price["recurringChargePeriodType"]}
    return made


def _price(cents: int) -> Document:
    taxed = round(cents * (100 + _TAX_RATE) / 100)
    return {
        "@type": "Price",
        "dutyFreeAmount": {"unit": CURRENCY, "value": cents / 100},
        "taxIncludedAmount": {"unit": CURRENCY, "value": taxed / 100},
        "taxRate": _TAX_RATE,
    }


def _totals(customer: int, offerings: tuple[int, ...]) -> list[Document]:
    """Returns what an order costs once and what it costs each month; use is paid by the unit and adds up to nothing
    yet."""
    prices = [referred(price) for offering in offerings for price in _prices_of(offering)]
    once = sum(_cents(price) for price in prices if price["priceType"] == "oneTime")
    monthly = sum(_cents(price) for price in prices if price["priceType"] == "recurring")
    account = {"@type": "OrderPrice", "billingAccount": reference_to("billingAccount", customer)}
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
    """Returns the request to cancel an order, half a day after it was placed."""
    order = _cancelled_by(number)
    state = _CANCELLATIONS[number % len(_CANCELLATIONS)][1]
    asked = _ordered(order) + 12 * HOUR
    effective = {"effectiveCancellationDate": _cancelled_at(order)} if state == "done" else {}
    return {
        "id": id_of("cancelProductOrder", number),
        "@type": "CancelProductOrder",
        "state": state,
        "creationDate": at(asked),
        "requestedCancellationDate": at(asked + DAY),
        "cancellationReason": _reason(order),
        "productOrder": reference_to("productOrder", order),
        **effective,
    }


def _cancelled_at(order: int) -> str:
    """Returns when an order that was cancelled came to its end."""
    return at(_ordered(order) + 2 * DAY)


seed = PlotShare(
    kinds={
        "productOrder": Kind("order-%06d", _order, minute=_ordered),
        "cancelProductOrder": Kind("cancellation-%06d", _cancellation),
    },
    scene=(("productOrder", 6), ("cancelProductOrder", 1)),
    after=("customer", "billingAccount", "productOffering"),
)
"""The customers of a scene order once, the first two a second time; the last order somebody asks to cancel."""
