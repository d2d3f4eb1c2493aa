"""Our own suite, judged by the kit at its highest level."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctk.docket import Verdict
from ctk.outcome import Outcome
from ctk.profile import profiles
from tests.ctk.conformance import README, table
from tests.ctk.suite import judged_suite, outcome


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the kit finds on a suite of this module's own."""
    with judged_suite(tmp_path_factory.mktemp("conformance")) as url:
        return outcome(url)


def test_the_suite_passes_everything_at_the_highest_level(found: Outcome):
    assert [one.name for one in found.checked] == list(profiles())
    failed = [one for one in found.findings if one.verdict is Verdict.FAILED]
    told = [f"{one.assertion.api} {one.assertion.rule.id} {one.assertion.subject}: {one.told}" for one in failed]
    assert told == []
    assert found.exit_code == 0


def test_several_hundred_assertions_are_tried_of_each(found: Outcome):
    for one in found.checked:
        assert sum(finding.verdict is Verdict.PASSED for finding in one.findings) >= 300, one.name


def test_the_readme_has_the_table_of_this_run(found: Outcome):
    assert table(found) in Path(README).read_text(), "run `make ctk`"
