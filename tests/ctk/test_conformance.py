"""Our own suite, judged by the kit at its highest level: a resource of some APIs; `make ctk` judges all of them."""

from __future__ import annotations

import re

import pytest

from ctk.rule import Level
from ctk.run import MISTAKE
from ctk.session import RunPlan, check_server
from ctk.standard.document import ours
from ctk.standard.profile import profiles
from ctk.verdict.ledger import Ledger, Selection, Verdict
from ctk.verdict.outcome import tally
from tests.ctk.conformance import PAGE, asked
from tests.ctk.suite import JUDGED

FACETS = {
    "TMF620-v5": "productOffering",
    "TMF621-v4": "troubleTicket",
    "TMF622-v5": "productOrder",
    "TMF629-v4": "customer",
    "TMF632-v5": "individual",
    "TMF666-v4": "billFormat",
    "TMF683-v5": "partyInteraction",
}
QUICK = ("TMF620-v5", "TMF621-v4", "TMF666-v4")
"""Tried in `make test` or `make test-long`; the others, like all that is not here, in `make ctk`."""


@pytest.mark.parametrize(
    ("name", "resource"),
    [pytest.param(*facet, marks=() if facet[0] in QUICK else pytest.mark.whole) for facet in FACETS.items()],
    ids=list(FACETS),
)
def test_the_suite_passes_everything_at_the_highest_level(name: str, resource: str, suite: str):
    chosen = Selection(Level.best, JUDGED, frozenset({resource}))
    found = check_server(RunPlan(suite, (name,), chosen, verify=False), lambda step, findings: None)
    failed = [one for one in found.findings if one.verdict is Verdict.FAILED]
    assert [f"{one.assertion.rule.id} {one.assertion.subject}: {one.reason}" for one in failed] == []
    assert [one.reason for one in found.findings if one.reason.startswith(MISTAKE)] == []
    count = tally(found.findings)
    assert count.passed > 350
    assert count.passed > 2 * count.untested


def test_the_table_of_the_page_is_of_these_rules_and_profiles():
    for name, profile in profiles().items():
        twin = profiles().get(profile.other)
        planned = asked(tuple(Ledger(profile, ours(name), Selection(Level.best, JUDGED), twin).findings()))
        row = re.search(rf"^\| {name} {profile.title} \| (.*) \|$", PAGE.read_text(), re.MULTILINE)
        assert row, f"{name} is missing: run `make ctk`"
        *told, passed, failed, untested = (int(cell) for cell in row[1].split(" | "))
        assert told == planned, f"{name} is stale: run `make ctk`"
        assert (passed + untested, failed) == (sum(planned), 0)
