"""Events that wait, as the store keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from common.delivery.pending import PendingEvent, pending_from_record

# As the first version of the suite has written it: what is kept is found again.
WRITTEN: dict[str, Any] = {
    "_id": "s-1/000000000042/1",
    "subscription": "s-1",
    "api": "TMF621",
    "seq": 42,
    "place": 1,
    "kind": "stateChange",
    "event": "e-1",
    "type": "TroubleTicketStatusChangeEvent",
    "key": "troubleTicket/t-1",
    "happened": 1_780_000_000_000_000,
    "attempts": 2,
    "due": 1_780_000_000_500_000,
    "reason": "answered 500",
}


def test_what_an_earlier_version_has_set_aside_is_read_and_written_alike():
    event = pending_from_record(WRITTEN)
    assert (event.position, event.id) == (1, WRITTEN["_id"])
    assert event.record() == WRITTEN


def test_what_only_a_dead_letter_has_is_left_out():
    assert pending_from_record({**WRITTEN, "died": 1}) == pending_from_record(WRITTEN)


@pytest.mark.parametrize(("entry", "line"), [(None, "troubleTicket/t-1"), ({"id": "c"}, "troubleTicket/t-1 again")])
def test_a_replayed_dead_letter_does_not_wait_behind_newer_events(entry: dict[str, Any] | None, line: str):
    event = pending_from_record({**WRITTEN, "entry": entry})
    assert event.line == line
    assert isinstance(event, PendingEvent)
