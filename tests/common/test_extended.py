"""Commands that other packages bring to `tmf`."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import click
import pytest
from click.testing import CliRunner

from common.commands import extended
from common.commands.extended import Extended


def test_a_command_of_another_package_is_listed_and_loaded():
    listed = CliRunner().invoke(Extended("tmf"), ["--help"])
    assert "check" in listed.output
    asked = CliRunner().invoke(Extended("tmf"), ["check", "--help"])
    assert "Judge the TM Forum server" in asked.output


def test_a_command_whose_libraries_are_missing_says_which_extra_brings_them(monkeypatch: pytest.MonkeyPatch):
    point = EntryPoint("judge", "not_installed_anywhere:main [kit]", "tmf.commands")
    monkeypatch.setattr(extended, "entry_points", lambda group: EntryPoints([point]))
    asked = CliRunner().invoke(Extended("tmf"), ["judge"])
    assert asked.exit_code == 1
    assert "needs not_installed_anywhere, which an extra brings: .venv/bin/pip install -e '.[kit]'" in asked.output


def test_its_own_commands_go_first():
    own = click.Command("check", callback=lambda: click.echo("own"))
    assert CliRunner().invoke(Extended("tmf", commands=[own]), ["check"]).output == "own\n"
