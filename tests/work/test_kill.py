"""Kill -9 at random moments under load: nothing acknowledged is lost, nothing comes before what came before it."""

from __future__ import annotations

import random

from tests.crash import reports

_KILLS = 10


def test_no_event_of_an_acknowledged_change_is_lost_when_processes_are_killed():
    found = reports(_KILLS, lambda: random.uniform(0.1, 1.0))
    assert {path: (one.lost, one.disordered) for path, one in found.items()} == dict.fromkeys(found, (0, 0))
    assert all(one.acknowledged > _KILLS for one in found.values())
