"""The kit is fair: a server that keeps the standard in another style than ours does not fail."""

from __future__ import annotations

import pytest

from ctk.rule import Level
from ctk.session import RunPlan, check_server
from ctk.standard.profile import profiles
from ctk.verdict.ledger import Selection, Verdict
from tests.ctk.minimal import minimal_server

# Tried in `make test`; `make ctk` tries the others as well.
QUICK = ("TMF621-v5", "TMF632-v4", "TMF683-v5")


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.whole) for name in profiles()]
)
def test_a_server_of_another_style_keeps_the_standard(name: str):
    with minimal_server(name) as url:
        found = check_server(
            RunPlan(url, (name,), Selection(Level.standard), verify=False), lambda step, findings: None
        )
    failed = [one for one in found.findings if one.verdict is Verdict.FAILED]
    assert [f"{one.assertion.rule.id} {one.assertion.subject}: {one.reason}" for one in failed] == []
    assert found.exit_code == 0
    assert sum(one.verdict is Verdict.PASSED for one in found.findings) > 50


def test_what_it_leaves_out_is_asked_at_best():
    areas = frozenset({"paging", "filters", "concurrency"})
    with minimal_server("TMF621-v5") as url:
        wanted = RunPlan(url, ("TMF621-v5",), Selection(Level.best, areas), verify=False)
        found = check_server(wanted, lambda step, findings: None)
    assert {one.assertion.rule.area for one in found.findings if one.verdict is Verdict.FAILED} == areas


def test_operations_that_a_server_need_not_have_are_not_tested():
    with minimal_server("TMF621-v4", "patch", "delete") as url:
        found = check_server(
            RunPlan(url, ("TMF621-v4",), Selection(Level.standard), verify=False), lambda step, findings: None
        )
    failed = [one for one in found.findings if one.verdict is Verdict.FAILED]
    assert [f"{one.assertion.rule.id} {one.assertion.subject}: {one.reason}" for one in failed] == []
    told = {one.reason for one in found.findings if one.assertion.rule.area in ("patch", "delete")}
    assert told == {f"the server has no {verb} here (405), and need not have it" for verb in ("PATCH", "DELETE")}
