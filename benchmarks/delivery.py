"""`make bench-delivery`: what a dispatcher delivers a second, as a ratio to ready-made bodies that the same HTTP client
sends to the same listener; and what 40 healthy subscribers get beside five that hang and five that fail."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack

import aiohttp
import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.stage import local_store, process
from common.document import Canonical
from common.hub.subscription import Subscription
from common.serve.address import free_port
from common.settings import read, to_environ
from common.store.base import Announcement, Stored
from common.store.connection import Connection, connect
from common.store.event_log import EventLog
from common.store.outbox import outgoing
from common.store.record import to_record
from common.store.subscriptions import Subscriptions

ROUNDS = 3
HEALTHY, HANGING, FAILING = 40, 5, 5
_PARALLEL = 8
_TICKET = {"@type": "TroubleTicket", "name": "no dial tone", "description": "dead since Monday", "severity": "major"}
_LISTENER = """
import asyncio, sys
from aiohttp import web
counts = {}
async def hear(request):
    await request.read()
    name = request.path.split("/")[1]
    if name == "hang":
        await asyncio.sleep(30)
    counts[name] = counts.get(name, 0) + 1
    return web.Response(status=500 if name == "fail" else 204)
async def tell(request):
    return web.json_response(counts)
app = web.Application()
app.router.add_get("/counts", tell)
app.router.add_post("/{path:.*}", hear)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
"""


async def _logged(uri: str, database: str, events: int) -> None:
    """Puts so many created tickets into the log."""
    connection = Connection(uri, database)
    log = EventLog(connection)
    _, head = await log.bounds("TMF621")
    for start in range(0, events, 500):
        batch = [_entry(head + place) for place in range(start, min(start + 500, events))]
        await log.append("TMF621", head + start, batch)
    await log.note_head("TMF621", head + events)
    await connection.close()


def _entry(number: int) -> dict[str, object]:
    name = f"t{number}"
    stored = Stored(name, 1, 1, 1, Canonical({**_TICKET, "id": name}))
    change = Announcement(
        f"{number:08x}-0000-4000-8000-000000000000", int(time.time() * 1e6), ("create",), {}, "http://h", "c"
    )
    entry = outgoing(to_record(stored), change)["outbox"][0]
    return {**entry, "collection": "troubleTicket", "key": name, "logged": change.at}


async def _subscribed(uri: str, database: str, callbacks: list[str]) -> None:
    connection = Connection(uri, database)
    kept = Subscriptions(connection)
    for number, callback in enumerate(callbacks):
        made = Subscription(f"s{number}", "TMF621", "v5", callback, "", 0, 1)
        await kept.add(made.record())
    await connection.close()


async def _count(port: int, name: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/counts") as answer:
        return int((await answer.json()).get(name, 0))


async def _floor(port: int, requests: int) -> float:
    """Returns ready-made bodies a second, by as many connections as one subscriber may have."""
    body = orjson.dumps({"eventType": "TroubleTicketCreateEvent", "event": {"troubleTicket": _TICKET}})
    left = [requests]
    async with aiohttp.ClientSession(headers={"Content-Type": "application/json"}) as session:

        async def work() -> None:
            while left[0] > 0:
                left[0] -= 1
                async with session.post(f"http://127.0.0.1:{port}/floor", data=body) as answer:
                    await answer.read()

        began = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(_PARALLEL)))
        return requests / (time.perf_counter() - began)


def _delivered(uri: str, port: int, callbacks: list[str], events: int, wanted: int) -> float:
    """Returns events a second that the healthy subscribers of a fresh database got from one dispatcher."""
    database = f"bench-{os.urandom(4).hex()}"
    asyncio.run(_logged(uri, database, events))
    asyncio.run(_subscribed(uri, database, callbacks))
    before = asyncio.run(_count(port, "well"))
    environ = to_environ(
        read(
            {
                "MONGODB_URI": uri,
                "TMF_DATABASE": database,
                "TMF_APIS": "TMF621",
                "TMF_CALLBACK_ALLOW": "127.0.0.0/8",
                "TMF_LOG_LEVEL": "error",
            },
            {},
        )
    )
    with subprocess.Popen([sys.executable, "-m", "common.worker", "bench"], env={**os.environ, **environ}) as child:
        try:
            rate = asyncio.run(_watched(port, before, wanted))
        finally:
            child.terminate()
    with connect(uri) as client:
        client.drop_database(database)
    return rate


async def _watched(port: int, before: int, wanted: int) -> float:
    """Returns the rate from the first twentieth on, so that the start is left out."""
    began, first = 0.0, 0
    while True:
        done = await _count(port, "well") - before
        if not began and done >= wanted // 20:
            began, first = time.perf_counter(), done
        if done >= wanted:
            return (done - first) / (time.perf_counter() - began)
        await asyncio.sleep(0.02)


def main() -> None:
    """Runs both comparisons and prints their table."""
    with ExitStack() as stack:
        uri = os.environ.get("MONGODB_URI") or local_store(stack)
        port = free_port()
        command = [sys.executable, "-c", _LISTENER, str(port)]
        stack.enter_context(process(command, {}, f"http://127.0.0.1:{port}/counts"))
        here = f"http://127.0.0.1:{port}"
        well = [f"{here}/well/{number}" for number in range(HEALTHY)]
        sick = [f"{here}/{kind}/{n}" for kind, many in (("hang", HANGING), ("fail", FAILING)) for n in range(many)]
        found: dict[str, list[float]] = {"floor": [], "one": [], "alone": [], "beside": []}
        for _ in range(ROUNDS):
            found["floor"].append(asyncio.run(_floor(port, 4000)))
            found["one"].append(_delivered(uri, port, well[:1], 4000, 4000))
            found["alone"].append(_delivered(uri, port, well, 200, 200 * HEALTHY))
            found["beside"].append(_delivered(uri, port, [*sick, *well], 200, 200 * HEALTHY))
        _show({name: statistics.median(rates) for name, rates in found.items()})


def _show(rate: dict[str, float]) -> None:
    table = Table("what", "a second", "ratio", title=f"median of {ROUNDS} rounds")
    table.add_row("ready-made bodies to the listener", f"{rate['floor']:.0f}", "1.00 (floor)")
    table.add_row("events to one subscriber", f"{rate['one']:.0f}", f"{rate['one'] / rate['floor']:.2f} of the floor")
    table.add_row(
        "events to 40 subscribers", f"{rate['alone']:.0f}", f"{rate['alone'] / rate['floor']:.2f} of the floor"
    )
    ratio = f"{rate['beside'] / rate['alone']:.2f} of the 40 alone"
    table.add_row("the same beside 5 that hang, 5 that fail", f"{rate['beside']:.0f}", ratio)
    Console().print(table)


if __name__ == "__main__":
    main()
