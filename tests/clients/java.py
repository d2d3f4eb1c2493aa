"""The JDK's own HTTP client, where a JDK is on the machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

PROGRAM = Path(__file__).with_name("Tickets.java")
LIFE = ("POST 201", "GET 200", "PATCH 200", "GET 200", "DELETE 204", "GET 404", "POST 201", "DELETE 204")
"""What the program prints where all is well."""
SECONDS = 120


def missing() -> str | None:
    """Returns which of the programs that it needs is not installed; None where all are."""
    return next((program for program in ("java", "javac") if not shutil.which(program)), None)


def life_of_a_ticket(collection: str) -> tuple[str, ...]:
    """Returns each method with its status, as the Java program met them at the address of a collection of tickets; what
    it says on standard error follows."""
    command = ["java", str(PROGRAM), collection]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    return tuple((ended.stdout + ended.stderr).splitlines())
