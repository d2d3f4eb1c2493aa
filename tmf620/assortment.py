"""What the operator sells: product families, each one a specification with two offerings, a bundle and their prices.

Family `f` belongs to line `f % 6` and is that line's edition `f // 6`. Its offerings are number 3f, 3f + 1 and 3f + 2
(the bundle), its prices number 4f to 4f + 3: one-time, recurring, usage, and the bundle's.
"""

from __future__ import annotations

from dataclasses import dataclass

ONE_TIME, RECURRING, USAGE, BUNDLE = range(4)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of products: its category, what it is called and measured in, and what it costs in cents at first."""

    category: int
    noun: str
    plural: str
    measure: str
    unit: str
    steps: tuple[int, int]
    one_time: int
    recurring: int
    usage: int


LINES = (
    Line(3, "Fibre", "Fibre Internet", "Download speed", "Mbit/s", (250, 1000), 4900, 2990, 150),
    Line(4, "Mobile", "Mobile Plans", "Data allowance", "GB", (10, 50), 990, 1490, 25),
    Line(5, "Vision", "Television", "Channels", "channels", (60, 140), 1900, 1290, 399),
    Line(6, "Voice", "Telephony", "Call minutes", "min", (500, 3000), 0, 690, 9),
    Line(7, "Office Link", "Business Connectivity", "Committed rate", "Mbit/s", (100, 500), 19900, 12900, 450),
    Line(8, "Guard", "Security Services", "Protected devices", "devices", (5, 25), 0, 490, 75),
)

ROOTS = ("Home", "Mobility", "Business")
_ROOT_OF = {3: 0, 4: 1, 5: 0, 6: 1, 7: 2, 8: 2}
_EDITIONS = ("Aurora", "Breeze", "Comet", "Dawn", "Ember", "Fjord", "Glade", "Horizon", "Islet", "Jetty")


def line_of(family: int) -> Line:
    """Returns the line that a family belongs to."""
    return LINES[family % len(LINES)]


def family_name(family: int) -> str:
    """Returns what a family is called, for instance `Fibre Aurora`; later editions carry a number."""
    edition = family // len(LINES)
    again = edition // len(_EDITIONS)
    suffix = f" {again + 1}" if again else ""
    return f"{line_of(family).noun} {_EDITIONS[edition % len(_EDITIONS)]}{suffix}"


def category_name(category: int) -> str:
    """Returns the name of a category: 0 to 2 are the roots, 3 to 8 the lines."""
    return ROOTS[category] if category < len(ROOTS) else LINES[category - len(ROOTS)].plural


def root_of(category: int) -> int:
    """Returns the root category above a line's category."""
    return _ROOT_OF[category]


def offering_name(offering: int) -> str:
    """Returns the name of an offering: the smaller size, the larger size, or the bundle of a family."""
    family, place = divmod(offering, 3)
    if place == 2:
        return f"{family_name(family)} with {family_name(partner_of(family))}"
    return f"{family_name(family)} {line_of(family).steps[place]}"


def partner_of(family: int) -> int:
    """Returns the family whose smaller offering comes with this family's larger one in its bundle: one that is out
    already."""
    return family - 1 if family else 1


def price_name(price: int) -> str:
    """Returns the name of a price."""
    family, place = divmod(price, 4)
    return f"{family_name(family)} {('set-up', 'monthly fee', 'use', 'bundle fee')[place]}"


def price_cents(price: int) -> int:
    """Returns what a price amounts to, in cents without tax; later editions cost a little more."""
    family, place = divmod(price, 4)
    line, edition = line_of(family), family // len(LINES)
    if place == BUNDLE:
        return (price_cents(4 * family + RECURRING) + price_cents(4 * partner_of(family) + RECURRING)) * 9 // 10
    first = (line.one_time, line.recurring, line.usage)[place]
    return first + edition * 10 if first else 0


def prices_of(offering: int) -> tuple[int, ...]:
    """Returns the numbers of an offering's prices."""
    family, place = divmod(offering, 3)
    kinds = ((ONE_TIME, RECURRING), (ONE_TIME, RECURRING, USAGE), (ONE_TIME, BUNDLE))[place]
    return tuple(4 * family + kind for kind in kinds)
