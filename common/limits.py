"""What one list or one subscription's query may ask for, by the settings."""

from __future__ import annotations

from common.query.language import FilterLimits, Limits
from common.settings import Settings


def limits(settings: Settings) -> Limits:
    """Returns the limits that these settings set."""
    paths = FilterLimits(settings.filter_length, settings.filter_depth, settings.regex_length)
    return Limits(settings.page_default, settings.page_limit, settings.skip_limit, settings.condition_limit, paths)
