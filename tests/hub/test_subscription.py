"""Subscriptions as the store keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from common.hub.subscription import Subscription, subscription_from_record

NEW = Subscription("s-1", "TMF632", "v5", "https://a.example", "", 7, 0, {"X-Key": "k"}, batch=3)


@pytest.mark.parametrize("log", ["", "TMF629"])
def test_what_is_kept_is_read_again(log: str):
    kept = Subscription("s-1", "TMF632", "v5", "https://a.example", "", 7, 0, {"X-Key": "k"}, batch=3, log=log)
    assert subscription_from_record(kept.record()) == kept
    assert kept.log == (log or "TMF632")


def test_what_an_earlier_version_has_kept_without_a_log_is_found_in_that_of_its_api():
    record: dict[str, Any] = {name: value for name, value in NEW.record().items() if name != "log"}
    assert subscription_from_record(record) == NEW
