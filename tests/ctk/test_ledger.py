"""What is asked is planned first, and nothing passes that was not tried."""

from __future__ import annotations

import pytest

from ctk.area import Area
from ctk.exchange import Untestable
from ctk.rule import Level
from ctk.run import MISTAKE
from ctk.session import RunPlan, check_server
from ctk.standard.document import ours
from ctk.standard.profile import profiles
from ctk.verdict.ledger import Expect, Ledger, Selection, Verdict
from ctk.verdict.outcome import tally
from tests.ctk.minimal import minimal_server

TICKETS = profiles()["TMF621-v5"]


def ledger(level: Level = Level.best, areas: tuple[str, ...] = (), resources: tuple[str, ...] = ()) -> Ledger:
    return Ledger(TICKETS, ours("TMF621-v5"), Selection(level, frozenset(areas), frozenset(resources)))


def told(one: Ledger, rule: str) -> tuple[Verdict, str]:
    found = next(finding for finding in one.findings() if finding.assertion.rule.id == rule)
    return found.verdict, found.reason


def test_what_no_story_judged_is_not_tested():
    one = ledger(areas=("create",), resources=("troubleTicket",))
    assert {finding.verdict for finding in one.findings()} == {Verdict.NOT_TESTED}
    one.close("create", "troubleTicket", "the hub cannot be reached")
    assert told(one, "CRE-01") == (Verdict.NOT_TESTED, "the hub cannot be reached")


def test_a_failure_stays_whatever_is_judged_later():
    one = ledger(areas=("create",), resources=("troubleTicket",))
    judge = Expect(one, "troubleTicket")
    judge("CRE-01", True, "")
    judge("CRE-01", False, "answered 500")
    judge("CRE-01", True, "")
    judge.untested("CRE-01", "no time")
    assert told(one, "CRE-01") == (Verdict.FAILED, "answered 500")


def test_not_tested_gives_way_to_a_verdict_and_never_replaces_one():
    one = ledger(areas=("create",), resources=("troubleTicket",))
    judge = Expect(one, "troubleTicket")
    judge.untested("CRE-01", "not yet")
    judge("CRE-01", True, "")
    judge.untested("CRE-01", "not again")
    assert told(one, "CRE-01") == (Verdict.PASSED, "")


def test_a_story_cannot_judge_what_is_not_in_the_rules():
    with pytest.raises(KeyError, match="CRE-999"):
        Expect(ledger(), "troubleTicket")("CRE-999", True, "")


def test_a_level_asks_for_what_the_levels_below_it_ask():
    asked = {level: {one.assertion.key for one in ledger(level).findings()} for level in Level}
    assert asked[Level.certify] < asked[Level.standard] < asked[Level.best]


def test_areas_and_resources_can_be_chosen():
    found = ledger(areas=("delete",), resources=("troubleTicketSpecification",)).findings()
    assert {one.assertion.rule.area for one in found} == {"delete"}
    assert {one.assertion.resource for one in found} == {"troubleTicketSpecification"}


def test_a_story_that_stops_leaves_the_reason(monkeypatch: pytest.MonkeyPatch):
    assert _played(monkeypatch, Untestable("the answer was no")) == {"the answer was no"}


def test_a_mistake_of_the_kit_is_no_verdict_about_the_server(monkeypatch: pytest.MonkeyPatch):
    assert _played(monkeypatch, KeyError("id")) == {f"{MISTAKE} KeyError 'id'"}


def _played(monkeypatch: pytest.MonkeyPatch, end: Exception) -> set[str]:
    """The reasons of a run whose only check ends with an exception."""

    def check(*_: object) -> None:
        raise end

    monkeypatch.setattr("ctk.session.AREAS", (Area("delete", "", (check,)),))
    with minimal_server("TMF621-v4") as url:
        wanted = RunPlan(url, ("TMF621-v4",), Selection(areas=frozenset({"delete"})), verify=False)
        found = check_server(wanted, lambda step, findings: None)
    assert found.exit_code == 2
    assert tally(found.findings).untested == len(found.findings) > 5
    return {one.reason for one in found.findings}
