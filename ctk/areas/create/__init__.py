"""Creating: the answer to POST, and whether what was sent is what is stored."""

from __future__ import annotations

from ctk.area import Area
from ctk.areas.create.answer import minimal
from ctk.areas.create.values import full, moments, texts
from ctk.areas.create.variants import given_id, nulls, selected_fields, variants

AREA = Area(
    "create",
    "what POST answers, and whether what was sent is stored",
    checks=(minimal, full, texts, moments, given_id, variants, selected_fields, nulls),
)
