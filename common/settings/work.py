"""The settings of the background processes."""

from __future__ import annotations

from dataclasses import dataclass

from common.settings.row import Row
from common.settings.rules import amount, whole


@dataclass(frozen=True, slots=True)
class WorkSettings:
    """How many dispatchers run, and for how many days they keep events and attempts."""

    dispatchers: int
    event_days: float


WORK: tuple[Row, ...] = (
    Row(
        "dispatchers",
        ("TMF_DISPATCHERS",),
        "1",
        whole(0, 16),
        "How many dispatchers `tmf serve` starts beside the web servers.",
    ),
    Row(
        "event_days",
        ("TMF_EVENT_DAYS",),
        "7",
        amount(0.00002, 3650),
        "How long events and delivery attempts are kept for replays, in days; more than TMF_DELIVERY_DAYS.",
    ),
)
