"""The kit can fail: each rule fails on a server that breaks it, and each broken server is found out.

Every sixteenth of them here, without those of fuzzing, which depends on its time; `make test` tries some of these,
`make test-long` the others, and `make ctk-mutants` all that there are, and writes the table.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ctk.rule import rules
from tests.ctk.mutants.every import MUTANTS, failing
from tests.ctk.mutants.proxy import Mutant

TRIED = [mutant for mutant in MUTANTS if not any(number.startswith("FUZ") for number in mutant.kills)][::16]
TABLE = Path(__file__).parents[2] / "ctk" / "MUTANTS.md"


@pytest.mark.parametrize("mutant", TRIED, ids=[mutant.name for mutant in TRIED])
def test_a_broken_server_is_found_out(mutant: Mutant, suite: str):
    failed = {one.rule.id for one in failing(mutant, suite, mutant.apis, mutant.resources)}
    assert set(mutant.kills) - failed == set()


def test_every_rule_has_a_broken_server():
    assert set(rules()) - {number for mutant in MUTANTS for number in mutant.kills} == set()
    assert len(MUTANTS) >= 80
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


def test_the_table_names_every_rule_and_every_broken_server():
    text = TABLE.read_text()
    assert [number for number in rules() if f"| {number} |" not in text] == []
    assert [mutant.name for mutant in MUTANTS if mutant.name not in text] == [], "run `make ctk-mutants`"
