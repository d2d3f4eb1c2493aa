"""The processes of a run: a local store of its own, and servers that end with it."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from common.serve.address import free_port
from common.store import embedded


@contextmanager
def process(command: list[str], environ: dict[str, str], url: str | None = None) -> Iterator[None]:
    """Yields a process for the time of the run; waited for where it has an address to answer at."""
    child = subprocess.Popen(
        command, env={**os.environ, **environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            try:
                if url:
                    urllib.request.urlopen(url, timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        child.terminate()
        child.wait(30)


def local_store(stack: ExitStack) -> str:
    """Returns the address of a local store of this run's own."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    chosen = embedded.choose("auto", folder)
    embedded.prepare_store(chosen)
    port = free_port()
    stack.enter_context(process(list(chosen.command(port)), {}))
    return embedded.uri(port)
