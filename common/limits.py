"""What one list or one subscription's query may ask for, by the settings."""

from __future__ import annotations

from common.query.language import FilterLimits, Limits
from common.settings import Settings


def limits(settings: Settings) -> Limits:
    """Returns the limits that these settings set."""
    paths = FilterLimits(settings.query.filter_length, settings.query.filter_depth, settings.query.regex_length)
    return Limits(
        settings.query.page_default,
        settings.query.page_limit,
        settings.query.skip_limit,
        settings.query.condition_limit,
        paths,
    )
