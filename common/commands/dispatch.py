"""`tmf dispatch`: a dispatcher alone."""

from __future__ import annotations

import os
from dataclasses import replace

import click

from common import settings, worker
from common.errors import StartRefused
from common.serve import run
from common.serve.supervisor import SuiteDied
from common.store import embedded


@click.command()
@click.option("--data-dir", "data_dir", metavar="TEXT", help="The local store's directory, as for `tmf serve`.")
def dispatch(data_dir: str | None) -> None:
    """Deliver events, beside a suite that runs elsewhere; any number of dispatchers share the work.

    The store is that of MONGODB_URI, or the local one of a suite that runs on this machine.
    """
    try:
        options = settings.read(os.environ, {"data_dir": data_dir})
        running = options.store.mongodb_uri or embedded.running(options.store.data_dir)
        if not running:
            raise StartRefused(
                f"No suite runs on {options.store.data_dir}; start one by `tmf serve`, or set MONGODB_URI."
            )
        worker.run_worker(replace(options, store=replace(options.store, mongodb_uri=running)))
    except (StartRefused, SuiteDied) as end:
        run.say(str(end))
        raise SystemExit(1) from None
