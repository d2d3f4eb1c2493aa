"""`tmf events` as an operator runs it: a process of its own over the store, no web server there."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from common.commands.events import _finished
from common.delivery.pending import pending_from_record
from common.serve.address import free_port
from common.serve.stops import Stops
from common.serve.supervisor import SuiteDied
from common.store.connection import Connection, connect
from common.store.database import open_database
from tests.api.test_admin import SECRETS, Kept

_TMF = str(Path(sys.executable).with_name("tmf"))


def told(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The finished command, in an environment that knows no other setting; no secret is in what it says."""
    bare = {title: given for title, given in os.environ.items() if not title.startswith(("TMF_", "MONGODB_"))}
    command = [_TMF, "events", *words]
    done = subprocess.run(command, env={**bare, **environ}, capture_output=True, text=True, timeout=120)
    assert [secret for secret in SECRETS if secret in done.stdout + done.stderr] == []
    return done


@dataclass(frozen=True)
class Fresh(Kept):
    """A new database of the session's store, and the command over it."""

    uri: str
    database: str

    async def told(self, *words: str) -> subprocess.CompletedProcess[str]:
        return await asyncio.to_thread(told, *words, MONGODB_URI=self.uri, TMF_DATABASE=self.database)

    async def json(self, *words: str) -> Any:
        done = await self.told(*words, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    async def refused(self, *words: str) -> str:
        """The one sentence that a command ends with."""
        done = await self.told(*words)
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("tmf: ")
        assert line.endswith(".")
        return line


@pytest.fixture
async def fresh(store_uri: str) -> AsyncIterator[Fresh]:
    database = f"test-{uuid.uuid4().hex[:12]}"
    connection = Connection(store_uri, database)
    yield Fresh(connection, store_uri, database)
    await connection.close()
    with connect(store_uri) as client:
        client.drop_database(database)


def lines(done: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """The cells of a printed table, row by row, without its head."""
    assert done.returncode == 0, done.stderr
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if "│" in line]


async def test_subscriptions_are_listed_for_people_and_for_programs(fresh: Fresh):
    await fresh.subscribe(query="event.troubleTicket.name=[/red]\x1b[31m")
    await fresh.log(2)
    await fresh.subscriptions.advance("one", 1, 0, {"failures": 3, "paused_until": 60_000_000, "reason": "was away"})
    (row,) = await fresh.json("subscriptions")
    assert (row["id"], row["headers"], row["lag"], row["failures"]) == ("one", ["X-Key"], 1, 3)
    (cells,) = lines(await fresh.told("subscriptions"))
    assert cells[:5] == [
        "one",
        "TMF621",
        "v5",
        "https://listener.example:8443/events",
        "event.troubleTicket.name=[/red] [31m",
    ]
    assert cells[5:] == ["1", "1", "3", "1970-01-01T00:01:00.000Z", "was away", ""]


async def test_attempts_are_listed_since_a_time_and_up_to_a_number(fresh: Fresh):
    await fresh.subscribe()
    for number in (1, 2, 3):
        await fresh.attempt("one", number)
    assert [row["attempt"] for row in await fresh.json("attempts", "one")] == [3, 2, 1]
    since = ("--since", "2026-03-01T10:02:00Z")
    assert [row["attempt"] for row in await fresh.json("attempts", "one", *since)] == [3, 2]
    assert [row["attempt"] for row in await fresh.json("attempts", "one", "--limit", "1")] == [3]
    first, *_ = lines(await fresh.told("attempts", "one"))
    assert first == [
        "2026-03-01T10:03:00.000Z",
        "TroubleTicketCreateEvent",
        "troubleTicket/t1",
        "3",
        "500",
        "12.5",
        "",
        "e1",
    ]


async def test_dead_letters_are_listed(fresh: Fresh):
    ids = [await fresh.bury("one", 1), await fresh.bury("one", 2), await fresh.bury("two", 1)]
    assert [row["id"] for row in await fresh.json("dead")] == ids
    assert [row["id"] for row in await fresh.json("dead", "--subscription", "two")] == ids[2:]
    assert [row["id"] for row in await fresh.json("dead", "--after", ids[0], "--limit", "1")] == ids[1:2]
    assert [cells[0] for cells in lines(await fresh.told("dead"))] == ids


async def test_a_dead_letter_is_shown_with_its_event(fresh: Fresh):
    await fresh.subscribe()
    identifier = await fresh.bury("one", 1)
    shown = await fresh.json("show", identifier)
    assert (shown["id"], shown["event"]["event"]["troubleTicket"]["id"]) == (identifier, "t1")
    done = await fresh.told("show", identifier)
    assert ["reason", "answered 500"] in lines(done)
    assert json.loads(done.stdout[done.stdout.index("\n{") :]) == shown["event"]


async def test_one_dead_letter_is_replayed(fresh: Fresh):
    await fresh.subscribe()
    identifier, other = await fresh.bury("one", 1), await fresh.bury("one", 2)
    assert await fresh.json("replay", identifier) == {"replayed": 1, "left": 0}
    (waiting,) = await fresh.waiting("one")
    assert (waiting.id, waiting.attempts, waiting.due) == (identifier, 0, 0)
    assert waiting.happened > pending_from_record(await fresh.deliveries.letter(other)).happened
    assert await fresh.dead() == [other]


async def test_all_dead_letters_are_replayed_or_those_of_one_subscription(fresh: Fresh):
    await fresh.subscribe()
    await fresh.subscribe(id="two", query="x")
    gone = await fresh.bury("gone", 1)
    first, second = await fresh.bury("one", 1), await fresh.bury("two", 1)
    assert await fresh.json("replay", "--all", "--subscription", "two") == {"replayed": 1, "left": 0}
    assert await fresh.dead() == [gone, first]
    done = await fresh.told("replay", "--all")
    assert done.stdout == "Dead letters that will be sent again: 1. 1 stay: their subscriptions have ended.\n"
    assert await fresh.dead() == [gone]
    assert [one.id for name in ("one", "two") for one in await fresh.waiting(name)] == [first, second]


async def test_a_subscription_returns_to_a_time(fresh: Fresh):
    await fresh.subscribe()
    await fresh.log(4)
    await fresh.subscriptions.advance("one", 4, 0, {})
    done = await fresh.told("replay-from", "one", "2026-03-01T10:03:00Z")
    assert done.stdout == "The subscription goes on behind number 2; changes ahead of it: 2.\n"
    assert (await fresh.subscriptions.progress("one"))["position"] == 2
    told = await fresh.json("replay-from", "one", "2026-03-01T10:01:00Z")
    assert told == {"subscription": "one", "position": 0, "lag": 4}


async def test_a_dead_letter_is_discarded(fresh: Fresh):
    first, second = await fresh.bury("one", 1), await fresh.bury("one", 2)
    assert await fresh.json("discard", first) == {"discarded": first}
    done = await fresh.told("discard", second)
    assert (done.stdout, await fresh.dead()) == (f"The dead letter {second} is forgotten.\n", [])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["attempts", "never"], 'no subscription with the id "never"'),
        (["attempts", "one", "--since", "noon"], '--since is "noon"'),
        (["show", "one/9/0"], 'no dead letter with the id "one/9/0"'),
        (["replay", "ended/000000000001/0"], "answered 410"),
        (["replay", "--all", "--subscription", "ended"], "answered 410"),
        (["replay"], "--all"),
        (["replay", "one/9/0", "--subscription", "one"], "--all"),
        (["replay-from", "ended", "2026-03-01T10:00:00Z"], "answered 410"),
        (["replay-from", "one", "noon"], 'TIME is "noon"'),
    ],
    ids=" ".join,
)
async def test_what_cannot_be_done_is_told_in_one_sentence(fresh: Fresh, words: list[str], told: str):
    await fresh.subscribe()
    await fresh.subscribe(id="ended", query="x", ended="answered 410")
    identifier = await fresh.bury("ended", 1)
    assert told in await fresh.refused(*words)
    assert await fresh.dead() == [identifier]


async def test_a_store_that_is_away_is_told_in_one_sentence(fresh: Fresh):
    away = f"mongodb://someone:s3cret-token@127.0.0.1:{free_port()}/"
    done = await asyncio.to_thread(told, "subscriptions", MONGODB_URI=away, TMF_STORE_SECONDS="1")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)


async def test_a_wish_to_stop_ends_work_that_is_not_done():
    stops = Stops()
    stops.count = 1
    begun = asyncio.Event()

    async def endless(_desk: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    with pytest.raises(SuiteDied, match="Stopped"):
        await _finished(open_database("mongodb://127.0.0.1", "unused"), endless, stops)
    assert begun.is_set()
