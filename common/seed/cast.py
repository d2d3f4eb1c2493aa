"""Who does what to whom: the numbers by which the resources of one scene belong together.

Scene `s` has the individuals 8s to 8s + 7, the organizations 2s + 1 and 2s + 2 and the customers 4s to 4s + 3. Of the
customers three are individuals and the fourth is the first organization; the second organization supplies the operator.
"""

from __future__ import annotations

from common.seed.chance import draw
from common.seed.plot import families_by


def party_of(customer: int) -> tuple[str, int]:
    """The party behind a customer: (Individual or Organization, its number)."""
    scene, place = divmod(customer, 4)
    return ("Organization", 2 * scene + 1) if place == 3 else ("Individual", 8 * scene + place)


def supplier(scene: int) -> int:
    """The organization of a scene that the operator settles with."""
    return 2 * scene + 2


def contact_of(organization: int) -> int:
    """The individual to speak to at an organization, which is not the operator."""
    scene, second = divmod(organization - 1, 2)
    return 8 * scene + 5 + second


def agent(scene: int) -> int:
    """The individual who works for the operator and looks after a scene."""
    return 8 * scene + 7


def customer_of_order(order: int) -> int:
    """The customer who placed an order."""
    scene, place = divmod(order, 6)
    return 4 * scene + place % 4


def cancelled_order(cancellation: int) -> int:
    """The order that a cancellation is about: the last of its scene."""
    return 6 * cancellation + 5


def offerings_of_order(order: int) -> tuple[int, ...]:
    """The offerings of an order, one to three of those that are out by its scene."""
    many = 3 * families_by(order // 6)
    first = draw("first item", order, many)
    return tuple((first + 4 * step) % many for step in range(1 + draw("items", order, 3)))


def order_of_ticket(ticket: int) -> int:
    """The order after which a ticket came: of the same customer."""
    scene, place = divmod(ticket, 4)
    return 6 * scene + place


def customer_of_ticket(ticket: int) -> int:
    """The customer who has the trouble: tickets and customers come in the same number."""
    return ticket


def financial_account_of(billing_account: int) -> int | None:
    """The financial account behind a billing account; the third customer of a scene pays in advance and has none."""
    scene, place = divmod(billing_account, 4)
    return None if place == 2 else 3 * scene + min(place, 2)


def customer_of_financial_account(account: int) -> int:
    """The customer to whom a financial account belongs."""
    scene, place = divmod(account, 3)
    return 4 * scene + (0, 1, 3)[place]


def customer_of_interaction(interaction: int) -> int:
    """The customer whom an interaction is with: four are about the scene's tickets, two about its orders."""
    scene, place = divmod(interaction, 6)
    return 4 * scene + place % 4
