"""The generated parts of the papers are those of the present code."""

from __future__ import annotations

import pytest

from common import settings
from common.cli import tmf
from tests.docs.tables import PARTS, Part, commands_pages


@pytest.mark.parametrize("part", PARTS, ids=[f"{part.page.name}: {part.name}" for part in PARTS])
def test_a_generated_part_is_current(part: Part):
    assert part.written() == part.make(), f"{part.page.name} is stale: run `make docs-tables`"


def test_every_command_has_its_page():
    headings = {line.split()[-1] for line in commands_pages().splitlines() if line.startswith("## tmf ")}
    assert headings == {*tmf.commands, "check"}


def test_every_variable_is_in_the_table_of_settings():
    written = next(part.written() for part in PARTS if part.name == "settings")
    assert [variable for variable in settings.variables() if f"`{variable}`" not in written] == []
