"""Clients generated from the documents by openapi-python-client, against a running suite; all fourteen: `make
specs-check`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Running, running_suite
from tests.specs_clients.check import NAMES, Failed, client, declared, read, round_trip
from tests.specs_clients.trips import TRIPS, trip

CHOSEN = ("TMF621-v4", "TMF632-v5")


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_suite(tmp_path_factory.mktemp("clients")) as running:
        yield running


def base(name: str) -> str:
    return read(name)["servers"][0]["url"].rstrip("/")


def test_every_document_has_a_round_trip():
    assert set(TRIPS) <= set(NAMES)
    assert all(trip(name).segment and trip(name).body and trip(name).change for name in NAMES)


@pytest.mark.parametrize("name", CHOSEN)
def test_a_generated_client_creates_reads_lists_changes_and_deletes(suite: Running, tmp_path: Path, name: str):
    made = client(name, tmp_path)
    traveller = round_trip(made, TRIPS[name], suite.url + base(name))
    assert [verb for verb, _, _ in traveller.answers] == ["create", "retrieve", "list", "patch", "delete", "retrieve"]
    declared(read(name), traveller, suite.url, base(name))


@pytest.mark.parametrize("name", CHOSEN)
def test_a_generated_client_knows_the_types_of_what_it_reads(suite: Running, tmp_path: Path, name: str):
    made = client(name, tmp_path)
    _, _, created = round_trip(made, TRIPS[name], suite.url + base(name)).answers[0]
    segment = TRIPS[name].segment
    assert type(created.parsed).__name__ == segment[0].upper() + segment[1:]
    assert created.parsed.additional_properties == {}


def test_a_client_of_another_document_makes_no_round_trip(suite: Running, tmp_path: Path):
    made = client("TMF621-v4", tmp_path)
    with pytest.raises(Failed, match="answered 404"):
        round_trip(made, TRIPS["TMF621-v4"], suite.url + base("TMF632-v5"))


def test_an_answer_that_is_not_declared_is_found(suite: Running, tmp_path: Path):
    traveller = round_trip(client("TMF632-v5", tmp_path), TRIPS["TMF632-v5"], suite.url + base("TMF632-v5"))
    verb, path, created = traveller.answers[0]
    created.content = created.content.replace(b'"@type"', b'"@kind"')
    traveller.answers[:] = [(verb, path, created)]
    with pytest.raises(Exception, match=r"(?i)invalid"):
        declared(read("TMF632-v5"), traveller, suite.url, base("TMF632-v5"))
