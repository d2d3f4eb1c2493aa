"""`make check`: import-linter by the contracts of setup.cfg, with the API packages that are there.

import-linter wants every package by its name. setup.cfg says `tmfNNN` instead, once for all of them, so that a further
API is in every contract as soon as its folder is there; what import-linter reads is a copy with the names filled in.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from importlinter.cli import lint_imports

from common.settings import codes

CONFIGURATION = Path(__file__).resolve().parent.parent / "setup.cfg"


def contracts() -> str:
    """Returns the text of setup.cfg with a line for every API package in place of each `tmfNNN`."""
    packages = "".join(f"    {code.lower()}\n" for code in codes())
    return re.sub(r"^    tmfNNN\n", packages, CONFIGURATION.read_text(encoding="utf-8"), flags=re.MULTILINE)


def main() -> int:
    """Returns 0 where every contract is kept, and says which are."""
    with tempfile.NamedTemporaryFile("w", suffix=".cfg", encoding="utf-8") as file:
        file.write(contracts())
        file.flush()
        return lint_imports(config_filename=file.name)


if __name__ == "__main__":
    sys.exit(main())
