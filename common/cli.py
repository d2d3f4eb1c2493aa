"""The command line `tmf`: serve the suite, fill it, tell its settings, its indexes and its version."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from common import apis, settings
from common.commands.completion import completion
from common.commands.dispatch import dispatch
from common.commands.events import events
from common.commands.extended import Extended
from common.commands.listen import listen
from common.errors import StartRefused, StoreFailed
from common.indexes import declared_by
from common.release import release
from common.seed.load import plant, require_size
from common.seed.story import Story
from common.serve import run
from common.serve.stops import Stops
from common.serve.supervisor import SuiteDied
from common.store.connection import tool_database
from common.store.standings import MISSING, Standing, create_indexes, standings

SERVED = run.Served("common.app:application()", lambda chosen: apis.chosen(chosen.apis))


@click.group(cls=Extended, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(release(), prog_name="tmf")
def tmf() -> None:
    """TM Forum Open API reference servers: every API in its versions, one store, one command."""


@tmf.command()
def serve(**flags: str | None) -> None:
    """Start the store and the servers; Ctrl-C stops them.

    A flag wins over its environment variable; `tmf settings` lists those, and the settings that have no flag.
    """
    try:
        run.run_suite(settings.read(os.environ, flags), SERVED, os.environ)
    except (StartRefused, SuiteDied) as end:
        if str(end):
            run.say(str(end))
        raise SystemExit(1) from None


for _row in (row for row in settings.TABLE if row.flag):
    serve.params.append(
        click.Option(
            [_row.flag_name, _row.name],
            metavar="TEXT",
            help=f"{_row.meaning} [{_row.variables[0]}; {_row.default or 'none'}]",
        )
    )


@tmf.command("settings")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array, for programs.")
def list_settings(as_json: bool) -> None:
    """List every setting: its environment variable, default and meaning."""
    rows = [
        {
            "name": row.name,
            "variable": " or ".join(row.variables),
            "flag": row.flag_name if row.flag else None,
            "default": row.default or None,
            "meaning": row.meaning,
        }
        for row in settings.TABLE
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    table = Table("Setting", "Environment variable", "Flag", "Default", "Meaning")
    for row in rows:
        table.add_row(row["name"], row["variable"], row["flag"] or "", row["default"] or "none", row["meaning"])
    # A pipe has no width: what greps this wants whole lines.
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 240).print(table)


@tmf.command()
@click.option("--size", type=int, default=1000, show_default=True, help="How many resources, 100 to 1,000,000.")
@click.option("--data-dir", "data_dir", metavar="TEXT", help="The local store's directory, as for `tmf serve`.")
def seed(size: int, data_dir: str | None) -> None:
    """Fill the store with a believable operator; what is there already stays, so running it twice doubles nothing."""
    try:
        options = settings.read(os.environ, {"data_dir": data_dir})
        require_size(size, embedded=not options.store.mongodb_uri)
        with (
            run.reached_store(options, os.environ) as (uri, stops),
            tool_database(uri, options.store.database) as database,
        ):
            _watch(plant(apis.chosen(options.apis), Story(size), database), size, stops)
    except (StartRefused, SuiteDied, StoreFailed) as end:
        run.say(str(end))
        raise SystemExit(1) from None


def _watch(batches: Iterator[tuple[int, int]], size: int, stops: Stops) -> None:
    """Shows a progress bar while the batches are written, and a line at the end. Raises SuiteDied at a wish to stop."""
    written = present = 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("seeding", total=size)
        for written, present in batches:
            progress.update(task, completed=written + present)
            if stops.count:
                raise SuiteDied(f"Stopped after {written} resources; the same command goes on where it stopped.")
    click.echo(f"{written} resources written, {present} were there already.")


@tmf.command("indexes")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array, for programs.")
@click.option("--create", "creates", is_flag=True, help="Create what is missing, and wait until it is there.")
@click.option("--data-dir", "data_dir", metavar="TEXT", help="The local store's directory, as for `tmf serve`.")
def list_indexes(as_json: bool, creates: bool, data_dir: str | None) -> None:
    """List every declared index and whether the store has it; the exit code is 1 where one is missing.

    The servers create what is missing when they start, in the background.
    """
    try:
        options = settings.read(os.environ, {"data_dir": data_dir})
        declared = declared_by(apis.chosen(options.apis))
        with (
            run.reached_store(options, os.environ) as (uri, stops),
            tool_database(uri, options.store.database, is_patient=True) as database,
        ):
            listed = standings(declared, database)
            if creates:
                for created in create_indexes(listed, database):
                    run.say(f'the index "{created.name}" of {created.collection} is there now.')
                    if stops.count:
                        raise SuiteDied("Stopped before every index was there; the same command goes on.")
                listed = standings(declared, database)
    except (StartRefused, SuiteDied, StoreFailed) as end:
        run.say(str(end))
        raise SystemExit(1) from None
    _show_indexes(listed, as_json)
    raise SystemExit(1 if any(standing.state == MISSING for standing in listed) else 0)


def _show_indexes(listed: Iterable[Standing], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([{**asdict(standing), "keys": dict(standing.keys)} for standing in listed], indent=2))
        return
    table = Table("Collection", "Documents", "Attribute", "Keys", "State")
    for standing in listed:
        keys = ", ".join(f"{field} {direction}" for field, direction in standing.keys)
        title = standing.attribute or standing.name
        table.add_row(standing.collection, str(standing.documents), title, keys, standing.state)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 240).print(table)


tmf.add_command(completion)
tmf.add_command(dispatch)
tmf.add_command(events)
tmf.add_command(listen)


def main() -> None:
    """Runs the console command `tmf`."""
    tmf(prog_name="tmf")


if __name__ == "__main__":
    main()
