"""The story's days: every instant is counted in minutes from one fixed beginning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from common.document import Document
from common.seed import cast
from common.seed.chance import draw

BEGINNING = datetime(2024, 1, 1, 8, 0, tzinfo=UTC)
HOUR = 60
DAY = 24 * HOUR
JOINING = 480 * DAY
"""Customers join in the first 480 days."""


def at(minutes: int) -> str:
    """The instant so many minutes after the beginning, as the servers write it."""
    moment = BEGINNING + timedelta(minutes=minutes)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def since(minutes: int) -> Document:
    """A TimePeriod that begins so many minutes after the beginning and is open."""
    return {"startDateTime": at(minutes)}


def between(first: int, last: int) -> Document:
    """A TimePeriod from one minute of the story to another."""
    return {"startDateTime": at(first), "endDateTime": at(last)}


def joined(customer: int) -> int:
    """The minute in which a customer joined the operator."""
    return 30 * DAY + draw("joined", customer, JOINING)


def ordered(order: int) -> int:
    """The minute in which an order was placed: within 300 days after its customer joined."""
    return joined(cast.customer_of_order(order)) + HOUR + draw("ordered", order, 300 * DAY)


def reported(ticket: int) -> int:
    """The minute in which a ticket was opened: some weeks after the order that it is about."""
    return ordered(cast.order_of_ticket(ticket)) + 12 * DAY + draw("reported", ticket, 40 * DAY)
