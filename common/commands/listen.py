"""`tmf listen`: shows live what the listener paths receive, for developers."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from common import settings
from common.clock import instant, micros, text, utc_now
from common.document import Document
from common.errors import Refusal, StartRefused, StoreFailed
from common.serve import run
from common.serve.stops import Stops
from common.serve.supervisor import SuiteDied
from common.settings import Settings
from common.store import embedded
from common.store.database import Database, open_database
from common.store.received import LATE, Receipt, Received, Tail

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PAUSE = 0.3


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are shown.

    `apis`, `types`: lower case, empty for all. `since`: microseconds since 1970, None for what comes from now on.
    `count`: the events after which it ends, None for never.
    """

    apis: frozenset[str]
    types: frozenset[str]
    since: int | None
    count: int | None

    def has(self, receipt: Receipt) -> bool:
        """Returns True where the event is to be shown."""
        fits = not self.apis or receipt.api.lower() in self.apis
        return fits and (not self.types or receipt.type.lower() in self.types)


def _moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    moment = instant(value) if value is not None else None
    if value is not None and moment is None:
        raise click.BadParameter(f'"{value}" is no RFC 3339 date-time such as 2026-01-31T12:00:00Z.')
    return moment


@click.command()
@click.option("--api", "apis", multiple=True, metavar="CODE", help="Of this API alone; may be repeated.")
@click.option("--type", "types", multiple=True, metavar="NAME", help="Of this event type alone; may be repeated.")
@click.option("--since", callback=_moment, metavar="TIME", help="Show the kept ones received since then (RFC 3339).")
@click.option("--count", type=click.IntRange(min=1), help="Stop after so many events.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.option("--data-dir", "data_dir", metavar="TEXT", help="The local store's directory, as for `tmf serve`.")
def listen(
    apis: tuple[str, ...],
    types: tuple[str, ...],
    since: int | None,
    count: int | None,
    as_json: bool,
    data_dir: str | None,
) -> None:
    """Show live the events that the listener paths of the running suite receive; Ctrl-C ends it."""
    wanted = Wanted(frozenset(map(str.lower, apis)), frozenset(map(str.lower, types)), since, count)
    try:
        options = settings.read(os.environ, {"data_dir": data_dir})
        _require_codes(apis)
        _require_suite(options)
        with run.reached_store(options, os.environ) as (uri, stops):
            asyncio.run(_shown(open_database(uri, options.store.database), wanted, stops, as_json))
    except Refusal as end:
        run.say(end.message)
        raise SystemExit(1) from None
    except (StartRefused, SuiteDied, StoreFailed) as end:
        run.say(str(end))
        raise SystemExit(1) from None


def _require_codes(given: tuple[str, ...]) -> None:
    """Raises StartRefused for the code of no API."""
    for code in given:
        if code.upper() not in settings.codes():
            raise StartRefused(f'There is no API "{code}"; the suite has {", ".join(settings.codes())}.')


def _require_suite(options: Settings) -> None:
    """Raises StartRefused where no suite runs that could receive anything; a store of our own would be in its way."""
    if not options.store.mongodb_uri and embedded.running(options.store.data_dir) is None:
        raise StartRefused(
            f"No suite runs on the data directory {options.store.data_dir}; start it by `tmf serve`, "
            "or name another directory by --data-dir."
        )


async def _shown(database: Database, wanted: Wanted, stops: Stops, as_json: bool) -> None:
    """Writes the wanted events until it is asked to stop or has written enough; closes the database."""
    console = Console(highlight=False, soft_wrap=True)
    written = 0
    try:
        async for receipt in _arriving(database.received, wanted.since, stops):
            if wanted.has(receipt):
                if as_json:
                    click.echo(json.dumps(_whole(receipt)))
                else:
                    console.print(_line(receipt))
                written += 1
            if written == wanted.count:
                return
    finally:
        await database.close()


async def _arriving(received: Received, since: int | None, stops: Stops) -> AsyncIterator[Receipt]:
    """Yields every event received since a moment, or from now on, until a stop is asked for."""
    tail = Tail(received, micros(utc_now()) - LATE if since is None else since - 1)
    if since is None:
        async for _old in tail.fresh():
            pass
    run.say("Showing what the listener paths receive; Ctrl-C ends it.")
    while not stops.count:
        async for receipt in tail.fresh():
            yield receipt
            if stops.count:
                return
        await asyncio.sleep(_PAUSE)


def _whole(receipt: Receipt) -> Document:
    names = {"api": receipt.api, "version": receipt.version, "type": receipt.type}
    return {"id": receipt.id, "at": _written(receipt.at), **names, "event": receipt.event}


def _line(receipt: Receipt) -> Text:
    """Returns time, API, version, type, the resource's id, and what changed, else the title. What a sender wrote is
    shown as text: nothing in it commands the terminal."""
    event = receipt.event
    resource = _resource(event)
    parts = (
        (_written(receipt.at), "dim"),
        (f"{receipt.api} {receipt.version}", "cyan"),
        (receipt.type, "bold"),
        (resource.get("id", "-"), "green"),
        (_summary(receipt), ""),
    )
    return Text("  ").join(Text(_plain(part), style) for part, style in parts if part)


def _resource(event: Document) -> Document:
    """Returns the resource in an event's content; empty where there is none."""
    content = event.get("event", event.get("payload"))
    inner = content.values() if isinstance(content, dict) else ()
    return next((value for value in inner if isinstance(value, dict)), {})


def _summary(receipt: Receipt) -> Any:
    """Returns what changed (v4 `fieldPath`, v5 a characteristic of that name), else the title, else the description."""
    event = receipt.event
    held = event.get("analyticCharacteristic")
    listed = [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []
    changed = [event.get("fieldPath"), *(each.get("value") for each in listed if each.get("name") == "fieldPath")]
    title = event.get("title")
    summaries = [*changed, title if title != receipt.type else None, event.get("description")]
    return next((summary for summary in summaries if summary), "")


def _plain(value: Any) -> str:
    """Returns a value as it is printed: one line, no control characters, not too long."""
    shown = "".join(sign if sign.isprintable() else "·" for sign in str(value))
    return shown if len(shown) <= 120 else shown[:119] + "…"


def _written(at: int) -> str:
    return text(_EPOCH + timedelta(microseconds=at))
