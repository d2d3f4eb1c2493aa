"""A copy of the project in which an API stands beside the others that the project does not know."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOY = Path(__file__).resolve().parent
BASE = "/tmf-api/gadgetManagement/v5"
ROW = f"| TMF999 Gadget | none | `{BASE}` |\n"
"""The row of the README."""


@dataclass(frozen=True)
class Copy:
    """A copy of the project; what runs in it imports its modules, not those that are installed."""

    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        """The environment of what runs in the copy."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TMF_", "GIT_", "PYTEST_"))}
        return {**kept, "PYTHONPATH": str(self.folder)}

    def run(self, *command: str, seconds: int = 300) -> subprocess.CompletedProcess[str]:
        """Runs `python -m` with these words in the copy, or git; returns what it said and its exit code."""
        words = command if command[0] == "git" else (sys.executable, "-m", *command)
        if command[0] == "pytest":  # in a folder of its own: one session clears away what others left in the usual one
            words = (*words, "-n", "0", "--basetemp", str(self.folder.parent / "pytest"))
        return subprocess.run(words, cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=seconds)

    def done(self, *command: str, seconds: int = 300) -> str:
        """Returns what the command said; raises AssertionError with it where it failed."""
        ended = self.run(*command, seconds=seconds)
        assert ended.returncode == 0, f"{' '.join(command)}:\n{ended.stdout[-4000:]}{ended.stderr[-4000:]}"
        return ended.stdout

    def touched(self) -> list[str]:
        """Returns every file that is not as the project has it, in order."""
        lines = self.done("git", "status", "--porcelain", "--untracked-files=all").splitlines()
        return sorted(line[3:] for line in lines)


def made(folder: Path) -> Copy:
    """Returns a copy of the project's files (those that git knows) in `folder`, as a repository of its own."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    copy = Copy(folder)
    copy.done("git", "init", "-q")
    copy.done("git", "add", "--all")
    copy.done("git", "-c", "user.name=toy", "-c", "user.email=toy@mail.example", "commit", "-q", "-m", "the project")
    return copy


def add_toy(copy: Copy) -> None:
    """Adds the toy: its folder, the source of its document, what the tools build of that, the README's row."""
    for part in ("tmf999", "specs"):
        shutil.copytree(
            TOY / part, copy.folder / part, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    for step in ("specs.builder", "tests.specs_examples.record", "specs.builder"):
        copy.done(step)
    readme = copy.folder / "README.md"
    lines = readme.read_text(encoding="utf-8").splitlines(keepends=True)
    last = max(number for number, line in enumerate(lines) if line.startswith("| TMF") and "/tmf-api/" in line)
    readme.write_text("".join([*lines[: last + 1], ROW, *lines[last + 1 :]]), encoding="utf-8")
