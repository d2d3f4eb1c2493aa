"""`tmf seed` as a user runs it: on its own, twice, beside a running suite, and refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.resource_views import bound
from tests.running import Running, running_suite

_TMF = str(Path(sys.executable).with_name("tmf"))


def seeded(folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TMF_")}
    environ.pop("MONGODB_URI", None)
    command = [_TMF, "seed", "--data-dir", str(folder / "data"), *flags]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seed")


@pytest.fixture(scope="module")
def suite(folder: Path) -> Iterator[Running]:
    """A suite on data that was seeded before it started, and again while it runs."""
    assert seeded(folder, "--size", "300").stdout == "300 resources written, 0 were there already.\n"
    with running_suite(folder) as running:
        yield running


def test_a_second_seed_doubles_nothing_and_a_larger_one_adds(folder: Path, suite: Running):
    assert seeded(folder, "--size", "300").stdout == "0 resources written, 300 were there already.\n"
    assert seeded(folder, "--size", "400").stdout == "100 resources written, 300 were there already.\n"


def test_every_list_shows_what_was_seeded(suite: Running):
    totals = {}
    for one in bound():
        if one.operation.verb == "list":
            answer = httpx.get(suite.url + one.version.base + one.operation.path, params={"limit": 1000})
            assert answer.status_code == 200, answer.text
            assert one.view
            assert len(answer.json()) == int(answer.headers["x-total-count"]) > 0, one.operation.path
            totals.setdefault(one.view.collection, set()).add(len(answer.json()))
    assert all(len(counts) == 1 for counts in totals.values())
    assert sum(counts.pop() for counts in totals.values()) >= 300


def test_a_seeded_resource_can_be_changed_in_both_versions(suite: Running):
    for version in ("v4", "v5"):
        path = f"{suite.url}/tmf-api/productOrderingManagement/{version}/productOrder"
        order = httpx.get(path, params={"limit": 1}).json()[0]
        changed = httpx.patch(order["href"], json={"description": f"changed in {version}"})
        assert changed.status_code == 200, changed.text
        assert changed.json()["description"] == f"changed in {version}"


@pytest.mark.parametrize(("size", "told"), [("99", "99"), ("1000001", "1000001"), ("60000", "MONGODB_URI")])
def test_a_size_that_cannot_be_seeded_is_refused(folder: Path, size: str, told: str):
    done = seeded(folder, "--size", size)
    assert done.returncode == 1
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
