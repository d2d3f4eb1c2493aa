"""No test is lost between the targets that run them, and `make test` still hears of every API, version and resource.

It looks at the whole collection: alone, `pytest -k test_selection` runs it.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from tests import selection
from tests.api.resource_views import Case, cases
from tests.conftest import COLLECTED
from tests.selection import TABLE, every, named, nothing, one_of_each_api, one_of_each_document

ROOT = Path(__file__).resolve().parent.parent
Tests = dict[str, frozenset[str]]
"""Test -> its marks."""
Ran = dict[str, set[str]]
"""Target of the Makefile -> the tests that it runs."""


@pytest.fixture(scope="module")
def collected(pytestconfig: pytest.Config) -> Tests:
    """Every test of the suite."""
    if [Path(one).resolve() for one in pytestconfig.args] != [ROOT / "tests"]:
        pytest.skip("only where every test is collected: `pytest -k test_selection`")
    return {one.nodeid: frozenset(mark.name for mark in one.iter_markers()) for one in pytestconfig.stash[COLLECTED]}


def commands() -> Iterator[tuple[str, list[str], str]]:
    """Each pytest of the Makefile: its target, the paths that it is given, its expression of marks."""
    target = ""
    for line in (ROOT / "Makefile").read_text().splitlines():
        if head := re.match(r"([a-z-]+):", line):
            target = head[1]
        _, is_pytest, arguments = line.partition("$(PYTEST)" if "$(PYTEST)" in line else "-m pytest ")
        if target and is_pytest:
            words = shlex.split(arguments)
            yield target, [word for word in words if word.startswith("tests")], words[words.index("-m") + 1]


@pytest.fixture(scope="module")
def ran(collected: Tests) -> Ran:
    """Target -> the tests that it runs."""
    found = {}
    for target, paths, marked in commands():
        wanted = Expression.compile(marked)
        chosen = {marks for marks in set(collected.values()) if wanted.evaluate(marks.__contains__)}
        found[target] = {
            name
            for name, marks in collected.items()
            if marks in chosen and (not paths or name.startswith(tuple(paths)))
        }
    return found


def test_every_test_is_run_by_exactly_one_target(collected: Tests, ran: Ran):
    assert ran.keys() == {"test", "test-long", "test-all", "ctk", "test-broker"}
    alone = {target: tests for target, tests in ran.items() if target != "test-all"}
    times = Counter(name for tests in alone.values() for name in tests)
    assert [name for name in collected if times[name] != 1] == []


def test_make_test_and_what_it_leaves_are_everything(collected: Tests, ran: Ran):
    assert ran["test"] | ran["test-long"] == ran["test-all"]
    assert ran["test-long"] == {name for name, marks in collected.items() if "long" in marks} & ran["test-all"]


def test_ci_runs_what_make_test_leaves():
    called = re.findall(r"make ([a-z-]+)", (ROOT / ".ci" / "run").read_text())
    assert called == ["test", "test-long"]


@pytest.mark.parametrize("row", TABLE)
def test_a_row_matches_tests_and_leaves_some_of_them(collected: Tests, row: str):
    mine = [name for name in collected if row in (name.partition("[")[0], name.partition("::")[0])]
    assert mine, f"no test is called {row}"
    assert any("long" in collected[name] for name in mine)


def heard(tests: set[str], pattern: str) -> set[tuple[str, str]]:
    """The test functions with what the pattern finds among their parameters."""
    return {(name.partition("[")[0], found) for name in tests for found in re.findall(pattern, name.partition("[")[2])}


def test_every_function_that_is_tried_on_each_api_is_still_tried_on_each(collected: Tests, ran: Ran):
    quick = ran["test"]
    rows = {row: sample for row, sample in TABLE.items() if sample in (one_of_each_api, one_of_each_document)}
    mine = {name for name in collected if name.partition("[")[0] in rows or name.partition("::")[0] in rows}
    assert heard(mine, r"TMF\d{3}|/tmf-api/\w+") == heard(mine & quick, r"TMF\d{3}|/tmf-api/\w+")
    assert heard(mine, r"[-/](v\d)") == heard(mine & quick, r"[-/](v\d)")
    by_document = {name for name in mine if TABLE.get(name.partition("[")[0]) is one_of_each_document}
    assert heard(by_document, r"TMF\d{3}-v\d") == heard(by_document & quick, r"TMF\d{3}-v\d")


@pytest.mark.parametrize("case", cases(), ids=[case.name for case in cases()])
def test_every_resource_of_every_api_in_each_version_is_heard_in_make_test(ran: Ran, case: Case):
    assert sum(name.endswith((f"[{case.name}]", f"-{case.name}]")) for name in ran["test"]) >= 15


DOCUMENTS = [f"f::t[{media}-TMF621-{version}-{one}]" for media in "ab" for version in ("v4", "v5") for one in "xyz"]


@pytest.mark.parametrize(
    ("sample", "cases", "kept"),
    [
        (nothing, ["f::t[1]", "f::t[2]"], 0),
        (every(2), [f"f::t[{number}]" for number in range(5)], 3),
        (named("TMF621-v4"), ["f::t[TMF620-v4]", "f::t[TMF621-v4]", "f::t[TMF621-v5]"], 1),
        (one_of_each_document, DOCUMENTS, 4),
        (one_of_each_api, [f"f::t[TMF62{api}-{version}]" for api in "0123" for version in ("v4", "v5")], 4),
        (one_of_each_api, [f"f::t[/tmf-api/{api}/{version}]" for api in "abc" for version in ("v4", "v5")], 3),
    ],
)
def test_a_sample_keeps_what_it_says(sample: Callable[[list[str]], set[str]], cases: list[str], kept: int):
    found = sample(cases)
    assert found <= set(cases)
    assert len(found) == kept
    assert sample(cases) == found
    assert not kept or {"v4", "v5"} & set(re.findall(r"v\d", str(cases))) <= {*re.findall(r"v\d", str(found)), "v5"}


def test_a_sample_is_of_one_function_and_what_no_row_names_stays(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(selection, "TABLE", {"a.py::t": every(2), "b.py": every(2)})
    tests = ["a.py::t[1]", "a.py::t[2]", "a.py::u[1]", "a.py::u[2]", "b.py::v[1]", "b.py::v[2]", "b.py::w"]
    assert selection.long_tests(tests) == {"a.py::t[2]", "b.py::v[2]"}
