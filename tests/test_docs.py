"""The README's stories, run as they stand in it against a running suite."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Running, running_suite

ROOT = Path(__file__).resolve().parent.parent
STORIES = re.findall(r"```bash\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_suite(tmp_path_factory.mktemp("docs")) as running:
        yield running


def told(suite: Running, folder: Path, number: int) -> list[dict]:
    """The JSON values that a story's commands print, in order."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", STORIES[number]],
        cwd=folder,
        env={"SUITE": suite.url, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    decoder, text, found = json.JSONDecoder(), done.stdout, []
    while text.strip():
        value, end = decoder.raw_decode(text.lstrip())
        text = text.lstrip()[end:]
        found.append(value)
    return found


def test_there_are_five_stories_and_a_subscription():
    assert len(STORIES) == 5
    assert len(re.findall(r"```bash\n", (ROOT / "docs" / "notifications.md").read_text())) == 1


def test_a_catalog_made_in_v4_is_a_product_catalog_in_v5(suite: Running, tmp_path: Path):
    made, listed = told(suite, tmp_path, 0)
    assert made["@type"] == "Catalog"
    assert made["id"] != "ignored in v4"
    assert [(one["id"], one["@type"]) for one in listed] == [(made["id"], "ProductCatalog")]


def test_a_customer_is_found_by_the_party_behind_it(suite: Running, tmp_path: Path):
    person, customer, listed = told(suite, tmp_path, 1)
    assert (person["id"], customer["id"]) == ("ada-1", "customer-ada")
    assert [one["id"] for one in listed] == ["customer-ada"]


def test_a_ticket_moves_on(suite: Running, tmp_path: Path):
    made, moved, noted = told(suite, tmp_path, 2)
    assert (made["status"], moved["status"]) == ("acknowledged", "inProgress")
    assert noted["note"][0]["text"] == "since Sunday"


def test_the_second_of_two_changes_is_told(suite: Running, tmp_path: Path):
    (refused,) = told(suite, tmp_path, 3)
    assert refused["code"] == "412"
    assert json.loads((tmp_path / "first.json").read_text())["description"] == "first"


def test_a_refusal_names_every_problem(suite: Running, tmp_path: Path):
    (refused,) = told(suite, tmp_path, 4)
    pointers = {problem["pointer"] for problem in refused["problems"]}
    assert pointers == {"", "/direction", "/interactionDate/startDateTime", "/colour"}
