"""Attribute selection: what `fields` shows of a resource, in a list, and of what is written."""

from __future__ import annotations

from ctk.area import Area
from ctk.areas.fields import listed, retrieved, written

AREA = Area(
    "fields",
    "what `fields` selects",
    checks=(
        retrieved.attributes,
        retrieved.refusals,
        listed.lists,
        listed.together,
        listed.sorted_by,
        written.creation,
        written.update,
    ),
)
