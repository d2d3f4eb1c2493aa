"""`make fuzz`: the kit's fuzzing against a running suite, every document; too long for `make test`.

`python -m tests.fuzz [TMF621-v5 ...] [--seconds N]`: exit code 1 where a server failed, or refused in another way than
its document declares.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console

from ctk.report.terminal import show, watching
from ctk.rule import Level
from ctk.session import RunPlan, check_server
from ctk.target.target import Options
from ctk.verdict.ledger import Selection
from tests.ctk.suite import judged_suite


def main() -> int:
    """Fuzzes the documents named, all of them by default."""
    parser = argparse.ArgumentParser()
    parser.add_argument("documents", nargs="*")
    parser.add_argument("--seconds", type=float, default=30)
    given = parser.parse_args()
    chosen, options = Selection(Level.best, frozenset({"fuzzing"})), Options(fuzz_seconds=given.seconds)
    console = Console()
    with tempfile.TemporaryDirectory() as data, judged_suite(Path(data)) as url, watching(console) as watch:
        found = check_server(RunPlan(url, tuple(given.documents), chosen, options), watch)
    show(found, console)
    return found.exit_code


if __name__ == "__main__":
    raise SystemExit(main())
