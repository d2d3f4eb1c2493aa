"""Creating: what POST answers, and whether what was sent is what is stored."""

from __future__ import annotations

from ctk.area import Area
from ctk.areas.create.answer import minimal
from ctk.areas.create.values import full, moments, texts
from ctk.areas.create.variants import chosen, given_id, nulls, variants

AREA = Area(
    "create",
    "what POST answers, and whether what was sent is stored",
    stories=(minimal, full, texts, moments, given_id, variants, chosen, nulls),
)
