"""`make clients`: each client of others against a suite that is started for it; exits with 1 where one fails."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.clients import java
from tests.running import running_suite


def main() -> int:
    """Returns how many clients did not get through; one line is printed for each."""
    if program := java.missing():
        print(f"Java's HttpClient: NOT TRIED, {program} is not installed here")
        return 0
    failures = 0
    with tempfile.TemporaryDirectory() as folder, running_suite(Path(folder)) as suite:
        for version in ("v4", "v5"):
            life = java.life_of_a_ticket(f"{suite.url}/tmf-api/troubleTicket/{version}/troubleTicket")
            failures += life != java.LIFE
            print(
                f"Java's HttpClient, TMF621 {version}: {'good' if life == java.LIFE else 'BROKEN'}: {', '.join(life)}"
            )
    return failures


if __name__ == "__main__":
    sys.exit(min(main(), 1))
