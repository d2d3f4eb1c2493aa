"""Notifications: subscriptions and events."""

from __future__ import annotations

from ctk.area import Area
from ctk.areas.notifications.deliveries import events
from ctk.areas.notifications.subscriptions import plain, refusals, registration

AREA = Area("notifications", "subscriptions and events", api_checks=(registration, plain, refusals, events))
