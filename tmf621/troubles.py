"""What goes wrong: the kinds of trouble that tickets report, one for each ticket specification."""

from __future__ import annotations

from typing import NamedTuple

from common.seed.chance import draw


class Kind(NamedTuple):
    """A kind of trouble: its specification, what is asked about it, what people say and what helps."""

    name: str
    meaning: str
    ticket_type: str
    question: str
    answers: tuple[str, ...]
    complaint: str
    remedy: str


KINDS = (
    Kind(
        "Line fault",
        "A connection fails or is slower than agreed",
        "Network",
        "light on the router",
        ("green", "amber", "red", "none"),
        "The connection is lost several times in an evening",
        "Measured the line; the port in the cabinet is to be changed",
    ),
    Kind(
        "Bill dispute",
        "A customer does not agree with a bill",
        "Billing",
        "disputed month",
        ("January", "April", "July", "October"),
        "The bill charges the set-up a second time",
        "Compared the bill with the order; a credit note follows",
    ),
    Kind(
        "Late delivery",
        "What was ordered has not come",
        "Delivery",
        "missing part",
        ("router", "SIM card", "set-top box"),
        "The parcel that was promised for Monday has not come",
        "The carrier has found the parcel in another depot",
    ),
    Kind(
        "Access to self-service",
        "A customer cannot sign in",
        "Account",
        "where it fails",
        ("web", "app"),
        "The app does not accept the new password",
        "Sent a link to set the password anew",
    ),
)


def kind_of(ticket: int) -> int:
    """Returns the kind of trouble that a ticket reports."""
    return draw("trouble", ticket, len(KINDS))


def name_of(ticket: int) -> str:
    """Returns the name of a ticket."""
    return f"{KINDS[kind_of(ticket)].name} no. {ticket + 1}"
