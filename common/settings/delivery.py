"""The settings of events and their delivery."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import fields

from common.settings.row import Row
from common.settings.rules import amount, functions, matching, places, whole


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """Where events may go and how each is sent; pauses in seconds, `days` from the change of which it tells."""

    callback_allow: tuple[str, ...]
    seconds: float
    first_pause: float
    longest_pause: float
    days: float
    parallel: int
    connections: int
    listeners: tuple[str, ...]
    kafka: str | None


DELIVERY: tuple[Row, ...] = (
    Row(
        "callback_allow",
        ("TMF_CALLBACK_ALLOW",),
        "",
        fields.Function(deserialize=places),
        "The hosts, addresses and networks (10.1.0.0/16) that events may be sent to although they are loopback, "
        "private or otherwise not public, separated by commas; empty for none.",
        empty=(),
    ),
    Row(
        "delivery_seconds",
        ("TMF_DELIVERY_SECONDS",),
        "10",
        amount(0.1, 300),
        "How long a subscriber may take to answer an event, in seconds.",
        attribute="seconds",
    ),
    Row(
        "delivery_first_pause",
        ("TMF_DELIVERY_FIRST_PAUSE",),
        "1",
        amount(0.01, 3600),
        "The pause before an event is tried again the first time, in seconds; each further one is twice as long.",
        attribute="first_pause",
    ),
    Row(
        "delivery_longest_pause",
        ("TMF_DELIVERY_LONGEST_PAUSE",),
        "3600",
        amount(0.01, 86_400),
        "The longest pause between two tries, in seconds.",
        attribute="longest_pause",
    ),
    Row(
        "delivery_days",
        ("TMF_DELIVERY_DAYS",),
        "3",
        amount(0.00001, 365),
        "How long an event is tried, in days since its change; then it becomes a dead letter.",
        attribute="days",
    ),
    Row(
        "delivery_parallel",
        ("TMF_DELIVERY_PARALLEL",),
        "8",
        whole(1, 256),
        "How many events of different resources are under way to one subscriber at once.",
        attribute="parallel",
    ),
    Row(
        "delivery_connections",
        ("TMF_DELIVERY_CONNECTIONS",),
        "512",
        whole(1, 10_000),
        "How many connections one dispatcher has open at once.",
        attribute="connections",
    ),
    Row(
        "listeners",
        ("TMF_LISTENERS",),
        "",
        fields.Function(deserialize=functions),
        "Python functions, as package.module:function, that are called with every event that a listener path receives, "
        "separated by commas.",
        empty=(),
    ),
    Row(
        "kafka",
        ("TMF_KAFKA",),
        "",
        matching(r"[A-Za-z0-9._:,\[\]-]+", "must be host:port, or several separated by commas"),
        "The Kafka brokers that every event is also published to, a topic for each API; needs the extra `kafka`.",
    ),
)
