"""A whole suite as a user runs it: `tmf serve` in a process of its own, on a port that the system gives."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from common.serve.address import free_port

_TMF = str(Path(sys.executable).with_name("tmf"))


@dataclass(frozen=True)
class Running:
    """A suite that answers: its address and its supervisor's process."""

    url: str
    process: subprocess.Popen[str]


@contextmanager
def running_suite(folder: Path, *flags: str, environ: Mapping[str, str] | None = None) -> Iterator[Running]:
    """A running suite with its data below `folder` and settings in its environment; stopped, cleanly, at the end."""
    port = free_port()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TMF_") and name != "PORT"}
    process = subprocess.Popen(
        [_TMF, "serve", "--port", str(port), "--data-dir", str(folder / "data"), "--workers", "2", *flags],
        env={**plain, **(environ or {})},
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
    )
    try:
        assert process.stdout
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "health" in line:
                break
        assert process.poll() is None, "".join(lines)
        url = f"http://127.0.0.1:{port}"
        assert httpx.get(url + "/health/ready").status_code == 200
        yield Running(url, process)
    finally:
        process.terminate()
        process.communicate(timeout=90)
