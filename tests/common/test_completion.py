"""The script that a shell reads, and what it then completes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from common.cli import tmf
from common.commands.completion import SHELLS

TMF = Path(sys.executable).with_name("tmf")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_gets_a_script_that_asks_tmf_again(shell: str):
    answer = CliRunner().invoke(tmf, ["completion", shell])
    assert answer.exit_code == 0
    assert f"_TMF_COMPLETE={shell}_complete" in answer.output
    assert "tmf" in answer.output


def test_an_unknown_shell_is_refused():
    answer = CliRunner().invoke(tmf, ["completion", "cmd"])
    assert answer.exit_code == 2
    assert "cmd" in answer.output


@pytest.mark.parametrize(
    ("words", "completes"),
    [("tmf se", {"serve", "seed", "settings"}), ("tmf serve --da", {"--data-dir"}), ("tmf che", {"check"})],
)
def test_bash_completes_commands_and_flags_by_the_script(words: str, completes: set[str]):
    lines = [
        'eval "$(tmf completion bash)"',
        f"COMP_WORDS=({words})",
        f"COMP_CWORD={len(words.split()) - 1}",
        "_tmf_completion tmf",
        'printf "%s\\n" "${COMPREPLY[@]}"',
    ]
    environ = {**os.environ, "PATH": f"{TMF.parent}{os.pathsep}{os.environ['PATH']}"}
    shell = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(lines)], env=environ, capture_output=True, text=True, timeout=120
    )
    assert set(shell.stdout.split()) == completes, shell.stderr


def test_the_version_is_that_of_the_distribution():
    answer = CliRunner().invoke(tmf, ["--version"])
    assert answer.exit_code == 0
    assert answer.output.startswith("tmf, version ")
    assert "unreleased" not in answer.output
