"""The generated parts of the papers are those of the present code."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from common import settings
from common.cli import tmf
from tests.docs.tables import PARTS, Part, commands_pages


def generated(name: str) -> str:
    """Returns a generated part as it stands in its page."""
    return next(part.text() for part in PARTS if part.name == name)


@pytest.mark.parametrize("part", PARTS, ids=[f"{part.page.name}: {part.name}" for part in PARTS])
def test_a_generated_part_is_current(part: Part):
    assert part.text() == part.make(), f"{part.page.name} is stale: run `make docs-tables`"


def test_a_setting_is_written_with_its_variables_flag_and_default():
    assert "| `TMF_PORT` or `PORT` | `--port` | `8080` | The port to listen at" in generated("settings")
    assert [variable for variable in settings.variables() if f"`{variable}`" not in generated("settings")] == []


def test_a_command_is_written_with_its_options():
    headings = re.findall(r"^## tmf (\S+)$", generated("commands"), re.MULTILINE)
    assert {*tmf.commands, "check"} <= set(headings)
    seed = generated("commands").partition("## tmf seed\n")[2].partition("\n## ")[0]
    assert "| `--size INTEGER` |" in seed
    assert "### tmf events replay-from" in generated("commands")


def test_a_paragraph_that_is_to_stay_as_it_stands_is_a_block_of_code():
    command = click.Command("hello", help="Says\nhello.\n\n\b\nbash:  hello\nzsh:   hello")
    page = commands_pages(click.Group("tmf", commands=[command]))
    assert "\nSays hello.\n\n    bash:  hello\n    zsh:   hello\n" in page


def test_the_layers_are_those_of_the_contract():
    assert generated("layers").startswith("cli > commands > ")
    assert generated("layers").rstrip().endswith("> document")


def test_a_page_without_the_place_of_its_part_is_refused(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("no place")
    with pytest.raises(ValueError, match=r"page\.md has no part settings"):
        Part(page, "settings", str).write()
