"""Prints where the suite answers: a table at a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table

from common.resource import Api
from common.serve import address
from common.settings import Settings


def announce(settings: Settings, apis: Sequence[Api], out: TextIO) -> None:
    """Prints every address once; the last line says how to stop."""
    here = f"http://{address.written(address.reached(settings.web.host), settings.web.port)}"
    rows = [("Listens at", here), *_rows(settings.web.public_url or here, apis)]
    if out.isatty():
        table = Table("What", "Address", title="TM Forum Open API reference servers")
        for what, where in rows:
            table.add_row(what, f"[link={where}]{where}[/link]")
        Console(file=out).print(table)
    else:
        for what, where in rows:
            print(f"{what}: {where}", file=out)
    print("Ready. Ctrl-C stops it.", file=out, flush=True)


def _rows(origin: str, apis: Sequence[Api]) -> Iterator[tuple[str, str]]:
    yield "Front page", f"{origin}/"
    for api in apis:
        for version in api.versions:
            base = f"{origin}/{version.base.strip('/')}"
            yield f"{api.code} {api.title} {version.name}", base
            yield f"{api.code} {version.name} Swagger UI", f"{base}/ui/"
    yield "Health", f"{origin}/health/ready"
