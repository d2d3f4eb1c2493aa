"""`make bench`: GET by id, a filtered list of 20 and a validated POST, as ratios to the floor, in rounds of one run."""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
from contextlib import ExitStack

import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.load import Wish, rate
from benchmarks.stage import local_store, process
from common.clock import micros, utc_now
from common.document import Canonical
from common.serve.address import free_port
from common.settings import read, to_environ
from common.store.base import Stored
from common.store.connection import connect
from common.store.record import to_record

ROUNDS = 3
TICKETS = 500
BASE = "/tmf-api/troubleTicket/{}/troubleTicket"
BODY = orjson.dumps(
    {
        "name": "no dial tone",
        "description": "the line has been dead since Monday morning",
        "severity": "major",
        "ticketType": "fault",
        "@type": "TroubleTicket",
        "note": [{"author": "ada", "text": "called twice", "@type": "Note"}],
        "relatedParty": [
            {
                "role": "owner",
                "@type": "RelatedPartyRefOrPartyRoleRef",
                "partyOrPartyRole": {
                    "id": "42",
                    "name": "Ada Berg",
                    "@type": "PartyRef",
                    "@referredType": "Individual",
                },
            }
        ],
    }
)


def _fill(uri: str, database: str) -> str:
    """Returns tickets to read, half of them held; the id of one."""
    client = connect(uri)
    now = micros(utc_now())
    records = []
    for n in range(TICKETS):
        document = {**orjson.loads(BODY), "id": f"t{n}", "status": "held" if n % 2 else "pending"}
        records.append(to_record(Stored(f"t{n}", now + n, now + n, now + n, Canonical(document))))
    tickets = client[database]["troubleTicket"]
    tickets.insert_many(records)
    tickets.create_index([("created", -1), ("_id", -1)], name="newest_first")
    client.close()
    return "t7"


def _wishes(identifier: str, path: str) -> dict[str, Wish]:
    return {
        "GET by id": Wish("GET", f"{path}/{identifier}", 200),
        "list of 20": Wish(
            "GET", f"{path}?status=held" + ("" if path == "/ticket" else "&limit=20"), 200 if path == "/ticket" else 206
        ),
        "POST": Wish("POST", path, 201, BODY),
    }


async def _measure(ports: dict[str, int], wishes: dict[str, dict[str, Wish]]) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = {}
    for kind in ("GET by id", "list of 20", "POST"):
        requests = 150 if kind == "list of 20" else 1500
        for _ in range(ROUNDS):
            for server in ("floor", "v5", "v4"):
                port = ports["floor"] if server == "floor" else ports["suite"]
                found.setdefault((kind, server), []).append(await rate(port, wishes[server][kind], requests))
    return found


def main() -> None:
    """Runs the whole benchmark and prints its table."""
    with ExitStack() as stack:
        uri = os.environ.get("MONGODB_URI") or local_store(stack)
        environ = to_environ(read({"MONGODB_URI": uri, "TMF_DATABASE": "bench", "TMF_WORKERS": "2"}, {}))
        identifier = _fill(uri, "bench")
        ports = {"floor": _floor(stack, environ), "suite": _suite(stack, environ)}
        wishes = {"floor": _wishes(identifier, "/ticket")}
        wishes.update({version: _wishes(identifier, BASE.format(version)) for version in ("v5", "v4")})
        wishes["v4"]["POST"] = Wish("POST", BASE.format("v4"), 201, _v4_body())
        _show(asyncio.run(_measure(ports, wishes)))


def _floor(stack: ExitStack, environ: dict[str, str]) -> int:
    """Returns the port of the floor under gunicorn, two workers of sixteen threads."""
    port = free_port()
    command = ["-m", "gunicorn", "-w", "2", "-k", "gthread", "--threads", "16", "-b", f"127.0.0.1:{port}"]
    command += ["--reuse-port", "--no-control-socket", "benchmarks.floor:app"]
    stack.enter_context(process([sys.executable, *command], environ, f"http://127.0.0.1:{port}/ticket/t7"))
    return port


def _suite(stack: ExitStack, environ: dict[str, str]) -> int:
    """Returns the port of the suite, two workers."""
    port = free_port()
    command = [sys.executable, "-m", "common.serve.web", "common.app:application()"]
    chosen = {**environ, "TMF_PORT": str(port)}
    stack.enter_context(process(command, chosen, f"http://127.0.0.1:{port}/health/live"))
    return port


def _v4_body() -> bytes:
    document = orjson.loads(BODY)
    party = {"id": "42", "name": "Ada Berg", "role": "owner", "@referredType": "Individual"}
    return orjson.dumps({**document, "relatedParty": [party]})


def _show(found: dict[tuple[str, str], list[float]]) -> None:
    table = Table(
        "operation", "floor a second", "v5 : floor", "v4 : floor", title=f"median of {ROUNDS} rounds, {TICKETS} tickets"
    )
    for kind in ("GET by id", "list of 20", "POST"):
        floor = statistics.median(found[kind, "floor"])
        ratios = [f"{statistics.median(found[kind, version]) / floor:.2f}" for version in ("v5", "v4")]
        table.add_row(kind, f"{floor:.0f}", *ratios)
    Console().print(table)


if __name__ == "__main__":
    main()
