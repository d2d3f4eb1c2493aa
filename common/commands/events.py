"""`tmf events`: what the operator sees and does of deliveries, over the store itself; no web server has to run."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.table import Table

from common import apis, settings
from common.binding import bind, channels, read_documents
from common.clock import instant, utc_now
from common.delivery.operator import DeliveryOperator
from common.document import Document, Json
from common.errors import Refusal, StartRefused, StoreFailed
from common.serve import run
from common.serve.stops import Stops
from common.serve.supervisor import SuiteDied
from common.store.database import Database, open_database

_LOOK_SECONDS = 0.2
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
_DATA_DIR = click.option(
    "--data-dir", "data_dir", metavar="TEXT", help="The local store's directory, as for `tmf serve`."
)
_LIMIT = click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many at most.")
_OF_SUBSCRIPTION = click.option("--subscription", metavar="ID", help="Those of one subscription alone.")


@click.group()
def events() -> None:
    """Subscriptions and their deliveries: who is behind, what was tried, what was given up, and sending it again."""


@events.command()
@_AS_JSON
@_DATA_DIR
def subscriptions(as_json: bool, data_dir: str | None) -> None:
    """List every subscription of every hub, and how far it is."""
    columns = {"Subscription": "id", "API": "api", "Version": "version", "Callback": "callback", "Query": "query"}
    progress = {"Position": "position", "Lag": "lag", "Failures": "failures", "Paused until": "pausedUntil"}
    rows = _result(data_dir, lambda operator: operator.every_subscription())
    _show_rows(rows, {**columns, **progress, "Reason": "reason", "Ended": "ended"}, as_json)


@events.command()
@click.argument("subscription")
@click.option("--since", metavar="TIME", help="Those since a time (RFC 3339) alone.")
@_LIMIT
@_AS_JSON
@_DATA_DIR
def attempts(subscription: str, since: str | None, limit: int, as_json: bool, data_dir: str | None) -> None:
    """List the last attempts at SUBSCRIPTION, newest first: what each sent, what came of it, how long it took."""
    moment = _moment("--since", since) if since else 0
    columns = {"At": "at", "Type": "type", "Resource": "resource", "Attempt": "attempt", "Status": "status"}
    rows = _result(data_dir, lambda operator: operator.attempts(subscription, moment, limit))
    _show_rows(rows, {**columns, "Milliseconds": "milliseconds", "Error": "error", "Event": "event"}, as_json)


@events.command()
@_OF_SUBSCRIPTION
@click.option("--after", metavar="LETTER", default="", help="Those behind this one alone: the next page.")
@_LIMIT
@_AS_JSON
@_DATA_DIR
def dead(subscription: str | None, after: str, limit: int, as_json: bool, data_dir: str | None) -> None:
    """List the dead letters: events that were given up."""
    columns = {"Letter": "id", "Type": "eventType", "Resource": "resource", "Attempts": "attempts"}
    rows = _result(data_dir, lambda operator: operator.dead_letters(subscription, after, limit))
    _show_rows(rows, {**columns, "Reason": "reason", "Happened": "happened", "Died": "died"}, as_json)


@events.command()
@click.argument("letter")
@_AS_JSON
@_DATA_DIR
def show(letter: str, as_json: bool, data_dir: str | None) -> None:
    """Show the dead letter LETTER, and its event as it would be sent."""
    shown = _result(data_dir, lambda operator: _with_channels(operator).dead_letter(letter))
    if as_json:
        _show_json(shown)
        return
    _show_rows([{"name": name, "value": shown[name]} for name in shown if name != "event"], _PAIR, as_json)
    _show_json(shown["event"])


_PAIR = {"Name": "name", "Value": "value"}


@events.command()
@click.argument("letter", required=False)
@click.option("--all", "every", is_flag=True, help="All dead letters.")
@_OF_SUBSCRIPTION
@_AS_JSON
@_DATA_DIR
def replay(letter: str | None, every: bool, subscription: str | None, as_json: bool, data_dir: str | None) -> None:
    """Send the dead letter LETTER again, or --all of them."""
    if (letter is None) != every or (letter and subscription):
        _end("Either one dead letter is named, or --all is given, with or without --subscription.")
    answer = _result(
        data_dir, lambda operator: operator.replay(letter) if letter else operator.replay_all(subscription)
    )
    left = f" {answer['left']} stay: their subscriptions have ended." if answer["left"] else ""
    _say(answer, f"Dead letters that will be sent again: {answer['replayed']}.{left}", as_json)


@events.command()
@click.argument("subscription")
@click.argument("time")
@_AS_JSON
@_DATA_DIR
def replay_from(subscription: str, time: str, as_json: bool, data_dir: str | None) -> None:
    """Send SUBSCRIPTION everything again that has happened since TIME (RFC 3339)."""
    moment = _moment("TIME", time)
    answer = _result(data_dir, lambda operator: operator.replay_from(subscription, moment))
    line = f"The subscription goes on behind number {answer['position']}; changes ahead of it: {answer['lag']}."
    _say(answer, line, as_json)


@events.command()
@click.argument("letter")
@_AS_JSON
@_DATA_DIR
def discard(letter: str, as_json: bool, data_dir: str | None) -> None:
    """Forget the dead letter LETTER; its event is not sent any more."""
    _result(data_dir, lambda operator: operator.discard(letter))
    _say({"discarded": letter}, f"The dead letter {letter} is forgotten.", as_json)


def _result(data_dir: str | None, work: Callable[[DeliveryOperator], Awaitable[Any]]) -> Any:
    """Returns what the work gives; ends the command with one sentence where it cannot be done."""
    try:
        options = settings.read(os.environ, {"data_dir": data_dir})
        with run.reached_store(options, os.environ) as (uri, stops):
            return asyncio.run(_finished(open_database(uri, options.store.database), work, stops))
    except (StartRefused, SuiteDied, Refusal, StoreFailed) as end:
        _end(str(end))


async def _finished(database: Database, work: Callable[[DeliveryOperator], Awaitable[Any]], stops: Stops) -> Any:
    """Returns what the work gives, and closes the database. Raises SuiteDied where a stop was asked for before."""
    operator = DeliveryOperator(database, (), utc_now)
    try:
        task = asyncio.ensure_future(work(operator))
        while not task.done():
            await asyncio.wait({task}, timeout=_LOOK_SECONDS)
            if stops.count and not task.done():
                task.cancel()
                raise SuiteDied("Stopped before all was done; the same command goes on.")
        return task.result()
    finally:
        await database.close()


def _with_channels(operator: DeliveryOperator) -> DeliveryOperator:
    """Returns the operator with every version's event types, for which all documents are read."""
    return replace(operator, channels=channels(bind(read_documents(apis.declared()))))


def _moment(name: str, written: str) -> int:
    at = instant(written)
    if at is None:
        _end(f'{name} is "{written}", it must be an RFC 3339 date-time, such as 2026-03-01T10:00:00Z.')
    return at


def _end(sentence: str) -> NoReturn:
    run.say(sentence)
    raise SystemExit(1) from None


def _say(answer: Document, line: str, as_json: bool) -> None:
    if as_json:
        _show_json(answer)
    else:
        click.echo(line)


def _show_json(value: Json) -> None:
    click.echo(json.dumps(value, indent=2))


def _show_rows(rows: Iterable[Document], columns: Mapping[str, str], as_json: bool) -> None:
    """Prints a table, or JSON. `columns`: by title, the name in a row."""
    if as_json:
        _show_json(rows)
        return
    table = Table()
    for position, title in enumerate(columns):
        table.add_column(title, no_wrap=position == 0)
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in columns.values()))
    # A pipe has no width: what greps this wants whole lines. Nothing in a cell is markup.
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 240, markup=False, emoji=False).print(table)


def _cell(value: Json) -> str:
    """Returns a value as text that cannot steer a terminal: queries and ids are written by others."""
    shown = "" if value is None else f"{value:.1f}" if isinstance(value, float) else str(value)
    return "".join(sign if sign.isprintable() else " " for sign in shown)
