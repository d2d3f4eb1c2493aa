"""The command `tmf check URL`, also `python -m ctk URL`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from rich.console import Console

from ctk.areas import AREAS
from ctk.foreign.newman import NEWMAN_FOLDER, NewmanRefused, run_collection
from ctk.report.compare import ReportRefused, compared, read_report
from ctk.report.junit import as_xml
from ctk.report.page import as_html
from ctk.report.plain import as_data
from ctk.report.terminal import show, watching
from ctk.rule import Level
from ctk.session import RunPlan, check_server
from ctk.standard.bodies import PayloadsRefused
from ctk.standard.profile import profiles
from ctk.standard.schemas import Reading
from ctk.target.server import NothingFound
from ctk.target.target import Options
from ctk.verdict.ledger import Selection
from ctk.verdict.outcome import Outcome

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_TO_WRITE = click.Path(path_type=Path, dir_okay=False, writable=True)
_RESOURCES = sorted({name for profile in profiles().values() for name in profile.resources})


@dataclass(frozen=True)
class Reports:
    """Says where reports are written (None: nowhere), and holds the earlier one that this run is compared with."""

    json: Path | None
    junit: Path | None
    html: Path | None
    earlier: dict[str, Any] | None

    def write(self, outcome: Outcome) -> None:
        """Writes the reports that were asked for."""
        data = as_data(outcome)
        if self.earlier is not None:
            data = compared(data, self.earlier)
        if self.json:
            self.json.write_text(json.dumps(data, indent=1))
        if self.junit:
            self.junit.write_bytes(as_xml(data))
        if self.html:
            self.html.write_text(as_html(data), encoding="utf-8")


@dataclass(frozen=True)
class Collection:
    """Says which Postman collection runs as well, its environment, newman's own folder, and the seconds it may take."""

    file: Path | None
    environment: Path | None
    folder: Path
    seconds: float

    def added_to(self, outcome: Outcome) -> Outcome:
        """Returns the outcome with what newman found; as it is where there is no collection."""
        if self.file is None:
            return outcome
        result = run_collection(self.file, outcome.url, self.folder, self.environment, self.seconds)
        return replace(outcome, results=(*outcome.results, result))


_AREAS = tuple(area.name for area in AREAS)
_LEVEL = "What official kits ask, what documents and TMF630 demand, or everything worth having."
_READING = "How answers are held against unions: any branch, the one that @type names, exactly one."


def _headers(_: click.Context, __: click.Parameter, headers: tuple[str, ...]) -> dict[str, str]:
    """Returns `Name: value` texts as headers; a refusal never shows a value."""
    pairs = [header.partition(":") for header in headers]
    if any(not separator or not name.strip() for name, separator, _ in pairs):
        raise click.BadParameter('a header is written "Name: value"')
    return {name.strip(): value.strip() for name, _, value in pairs}


def _address(_: click.Context, __: click.Parameter, address: str) -> tuple[str, int]:
    """Returns host and port of `HOST` or `HOST:PORT`; port 0 where there is none."""
    try:
        parts = urlsplit(f"//{address}")
        return parts.hostname or "127.0.0.1", parts.port or 0
    except ValueError:
        raise click.BadParameter(f"{address} is no HOST:PORT") from None


def _choice(*words: str) -> click.Choice[str]:
    return click.Choice(words, case_sensitive=False)


@click.command("check")
@click.argument("url")
@click.option(
    "--api",
    "apis",
    multiple=True,
    metavar="API",
    type=_choice(*profiles()),
    help="Only this API and version (TMF621-v5); may repeat.",
)
@click.option("--level", type=_choice(*Level.__members__), default="standard", show_default=True, help=_LEVEL)
@click.option(
    "--area",
    "areas",
    multiple=True,
    metavar="AREA",
    type=_choice(*_AREAS),
    help=f"Only this area ({', '.join(_AREAS)}); may repeat.",
)
@click.option(
    "--resource",
    "resources",
    multiple=True,
    metavar="NAME",
    type=_choice(*_RESOURCES),
    help="Only this resource; may repeat.",
)
@click.option(
    "--discriminators", type=_choice(*Reading), default=Reading.LENIENT.value, show_default=True, help=_READING
)
@click.option("--header", "headers", multiple=True, callback=_headers, help='"Name: value", sent with every request.')
@click.option("--payloads", type=_FILE, help="Bodies in place of ours (YAML).")
@click.option("--document", default="", help="Where the server publishes its document, where it is not found.")
@click.option(
    "--listen", default="127.0.0.1:0", show_default=True, callback=_address, help="Where events are received."
)
@click.option("--callback", "reached", default="", help="The address by which the server reaches that, if another.")
@click.option("--event-wait", type=float, default=10.0, show_default=True, help="Seconds to wait for an event.")
@click.option("--fuzz", "fuzz_seconds", type=float, default=0.0, show_default=True, help="Seconds of fuzzing an API.")
@click.option("--timeout", type=float, default=30.0, show_default=True, help="Seconds to wait for an answer.")
@click.option("--insecure", is_flag=True, help="Do not check the server's certificate.")
@click.option("--json", "json_file", type=_TO_WRITE, help="Write a JSON report.")
@click.option("--junit", type=_TO_WRITE, help="Write a JUnit XML report.")
@click.option("--html", type=_TO_WRITE, help="Write an HTML report, one file.")
@click.option("--compare", type=_FILE, help="An earlier JSON report to compare this run with.")
@click.option("--newman", type=_FILE, help="A Postman collection to run as well (its scripts are code).")
@click.option("--newman-environment", type=_FILE, help="Its environment.")
@click.option(
    "--newman-dir",
    type=click.Path(path_type=Path),
    envvar="TMF_NEWMAN_DIR",
    default=NEWMAN_FOLDER,
    show_default=True,
    help="Where newman is installed at first use.",
)
@click.option("--newman-seconds", type=float, default=600.0, show_default=True, help="Seconds it may take.")
def main(**given: Any) -> None:
    """Judge the TM Forum server at URL: a server's address, or the base address of one API.

    Exit code 0: everything that was tried holds; 1: something does not; 2: nothing could be judged.
    """
    console = Console()
    try:
        earlier = read_report(given["compare"]) if given["compare"] else None
        reports = Reports(given["json_file"], given["junit"], given["html"], earlier)
        folder = given["newman_dir"]
        collection = Collection(given["newman"], given["newman_environment"], folder, given["newman_seconds"])
        with watching(console) as watch:
            outcome = collection.added_to(check_server(_plan(given), watch))
        reports.write(outcome)
    except (NothingFound, PayloadsRefused, ReportRefused, NewmanRefused, OSError) as refusal:
        click.echo(f"tmf check: {refusal}", err=True)
        sys.exit(2)
    show(outcome, console)
    sys.exit(outcome.exit_code)


def _plan(given: Mapping[str, Any]) -> RunPlan:
    """Returns what the options ask for."""
    selection = Selection(Level[given["level"]], frozenset(given["areas"]), frozenset(given["resources"]))
    options = Options(
        event_wait=given["event_wait"],
        fuzz_seconds=given["fuzz_seconds"],
        document=given["document"],
        payloads=given["payloads"],
    )
    return RunPlan(
        given["url"],
        given["apis"],
        selection,
        options,
        Reading(given["discriminators"]),
        given["headers"],
        given["timeout"],
        not given["insecure"],
        given["listen"],
        given["reached"],
    )
