"""`tmf indexes` as a user runs it: on an empty store, with and without --create, beside a running suite, refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from common import apis
from common.indexes import declared_by
from common.store.connection import connect
from common.store.indexes import name
from common.store.standings import built_now, create_indexes, standings
from tests.running import running_suite

_TMF = str(Path(sys.executable).with_name("tmf"))
DECLARED = declared_by(apis.declared())


def told(*flags: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The finished command, in an environment that knows no other setting."""
    bare = {title: given for title, given in os.environ.items() if not title.startswith(("TMF_", "MONGODB_"))}
    command = [_TMF, "indexes", *flags]
    return subprocess.run(command, env={**bare, **environ}, capture_output=True, text=True, timeout=120)


@dataclass(frozen=True)
class Fresh:
    """A new database of the session's store, and the command over it."""

    uri: str
    database: Database[dict[str, Any]]

    def told(self, *flags: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return told(*flags, MONGODB_URI=self.uri, TMF_DATABASE=self.database.name, **environ)

    def rows(self, *flags: str, exit_code: int = 0, **environ: str) -> list[dict[str, Any]]:
        done = self.told("--json", *flags, **environ)
        assert done.returncode == exit_code, done.stderr
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows


@pytest.fixture
def fresh(store_uri: str) -> Iterator[Fresh]:
    with connect(store_uri) as client:
        database = client[f"test-{uuid.uuid4().hex[:12]}"]
        yield Fresh(store_uri, database)
        client.drop_database(database.name)


def test_an_empty_store_lacks_every_index_until_they_are_created(fresh: Fresh):
    rows = fresh.rows(exit_code=1)
    assert {row["state"] for row in rows} == {"missing"}
    wanted = [(collection, name(index)) for collection, own in DECLARED.items() for index in own]
    assert [(row["collection"], row["name"]) for row in rows] == wanted
    assert fresh.database.list_collection_names() == []
    created = fresh.told("--create", "--json")
    assert created.returncode == 0, created.stderr
    assert {row["state"] for row in json.loads(created.stdout)} == {"present"}
    assert len(created.stderr.splitlines()) == len(wanted)
    assert 'tmf: the index "document.status" of troubleTicket is there now.' in created.stderr.splitlines()
    assert [row["state"] for row in fresh.rows()] == ["present"] * len(wanted)
    assert fresh.told("--create").stderr == ""


def test_an_interrupted_creation_goes_on_the_next_time(fresh: Fresh):
    environ = {title: given for title, given in os.environ.items() if not title.startswith(("TMF_", "MONGODB_"))}
    environ |= {"MONGODB_URI": fresh.uri, "TMF_DATABASE": fresh.database.name}
    with subprocess.Popen([_TMF, "indexes", "--create"], env=environ, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert process.stderr.readline().endswith("is there now.\n")
        process.send_signal(signal.SIGINT)
        last = process.stderr.read().splitlines()[-1]
    assert (process.returncode, last.startswith("tmf: Stopped before every index was there")) == (1, True)
    assert {row["state"] for row in fresh.rows(exit_code=1)} == {"present", "missing"}
    assert {row["state"] for row in fresh.rows("--create")} == {"present"}


def test_a_row_tells_the_index_and_its_collection(fresh: Fresh):
    fresh.database["customer"].insert_many([{"created": 1}, {"created": 2}])
    first, leaving, second, *_ = fresh.rows(TMF_APIS="TMF629", exit_code=1)
    general = {
        "collection": "customer",
        "attribute": "newest first",
        "name": "newest_first",
        "keys": {"created": -1, "_id": -1},
        "state": "missing",
        "documents": 2,
    }
    assert first == general
    assert (leaving["attribute"], leaving["keys"]) == ("pending events", {"due": 1})
    assert (second["attribute"], list(second["keys"])) == ("status", ["document.status", "created", "_id"])


def test_only_the_chosen_apis_are_looked_at(fresh: Fresh):
    assert {row["collection"] for row in fresh.rows(TMF_APIS="TMF629", exit_code=1)} == {"customer"}
    assert "TMF000" in fresh.told(TMF_APIS="TMF000").stderr


def test_a_table_is_shown_to_people(fresh: Fresh):
    done = fresh.told(TMF_APIS="TMF621")
    assert done.returncode == 1
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if "│" in line]
    keys = "document.creationDate%at -1, created -1, _id -1"
    assert ["troubleTicket", "0", "creationDate", keys, "missing"] in lines
    assert len(lines) == sum(len(tuple(DECLARED[of])) for of in ("troubleTicket", "troubleTicketSpecification"))


def test_a_dropped_index_is_missing_and_a_foreign_one_is_told(fresh: Fresh):
    fresh.rows("--create", TMF_APIS="TMF629")
    customers = fresh.database["customer"]
    customers.drop_index("document.name")
    customers.create_index([("document.colour", 1)], name="someone's")
    rows = fresh.rows(TMF_APIS="TMF629", exit_code=1)
    assert [row["attribute"] for row in rows if row["state"] == "missing"] == ["name"]
    (foreign,) = (row for row in rows if row["state"] == "other")
    assert (foreign["attribute"], foreign["name"], foreign["keys"]) == ("", "someone's", {"document.colour": 1})
    assert "someone's" in fresh.told(TMF_APIS="TMF629").stdout


def test_an_index_with_the_right_keys_serves_whatever_its_name(fresh: Fresh):
    customers = fresh.database["customer"]
    customers.create_index([("created", -1), ("_id", -1)], name="by another hand")
    customers.create_index([("document.name", 1), ("created", -1), ("_id", -1)], name="some", sparse=True)
    rows = {row["name"]: row["state"] for row in fresh.rows(TMF_APIS="TMF629", exit_code=1)}
    assert (rows["by another hand"], rows["some"], rows["document.name"]) == ("present", "other", "missing")


def test_a_name_that_is_taken_is_told_in_one_line(fresh: Fresh):
    fresh.database["customer"].create_index([("document.colour", 1)], name="document.name")
    done = fresh.told("--create", TMF_APIS="TMF629")
    assert done.returncode == 1
    assert 'The index "document.name" of customer cannot be created: ' in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_store_that_is_away_is_told_in_one_line(dead_port: int):
    done = told(MONGODB_URI=f"mongodb://someone:s3cret@127.0.0.1:{dead_port}/", TMF_STORE_SECONDS="1")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"mongodb://127.0.0.1:{dead_port}/ did not answer" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "s3cret" not in done.stderr


def test_a_suite_creates_them_when_it_starts(tmp_path: Path):
    place = str(tmp_path / "data")
    with running_suite(tmp_path):
        until = time.monotonic() + 60
        while (beside := told("--json", "--data-dir", place)).returncode and time.monotonic() < until:
            time.sleep(0.2)
    assert beside.returncode == 0, beside.stderr
    assert {row["state"] for row in json.loads(beside.stdout)} == {"present"}
    assert told("--data-dir", place).returncode == 0


def test_what_mongodb_builds_at_the_moment_is_read_from_its_operations():
    """The operations as MongoDB's manual shows them: the command of a client, and the build itself."""
    specs = [{"key": {"document.name": 1}, "name": "document.name"}, {"key": {"a": 1}, "name": "a_1"}]
    operations: list[dict[str, Any]] = [
        {"op": "command", "ns": "tmf.customer", "command": {"createIndexes": "customer", "indexes": specs}},
        {
            "op": "none",
            "ns": "tmf.order",
            "command": {"createIndexes": "order", "v": 2, "key": {"b": 1}, "name": "b_1"},
        },
        {"op": "command", "ns": "other.customer", "command": {"createIndexes": "customer", "indexes": specs}},
        {"op": "query", "ns": "tmf.customer", "command": {"find": "customer"}},
        {"op": "none"},
    ]
    assert built_now(operations, "tmf") == {("customer", "document.name"), ("customer", "a_1"), ("order", "b_1")}


def test_an_index_that_is_being_built_is_not_missing_and_is_waited_for(fresh: Fresh, monkeypatch: pytest.MonkeyPatch):
    building = {("customer", "document.name"), ("customer", "newest_first")}
    monkeypatch.setattr("common.store.standings.built_now", lambda *_: building)
    fresh.database["customer"].create_index([("created", -1), ("_id", -1)], name="newest_first")
    found = standings({"customer": DECLARED["customer"]}, fresh.database)
    assert {one.name for one in found if one.state == "building"} == {"document.name", "newest_first"}
    assert {one.state for one in found} == {"building", "missing"}
    assert [one.name for one in create_indexes(found, fresh.database)] == [one.name for one in found]
