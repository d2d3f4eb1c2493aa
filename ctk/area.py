"""Areas: parts of what the kit asks, each a module of `ctk.areas` with checks and a file of rules of the same name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

Check = Callable[[Target, Resource, Expect], None]
ApiCheck = Callable[[Target, Expect], None]


@dataclass(frozen=True)
class Area:
    """Holds the name of an area (of its rules, too), a line that says what it is about, and its checks in order.

    A check stops where it raises Untestable; the next check goes on. A `negative` area sends what is wrong on purpose:
    the area `schemas` does not look at the answers that are no refusals.
    """

    name: str
    about: str
    checks: tuple[Check, ...] = ()
    api_checks: tuple[ApiCheck, ...] = ()
    negative: bool = False
