"""A client in Java makes, reads, changes and deletes a ticket; without a JDK that is not tested, loudly."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients import java
from tests.running import Running, running_suite


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if program := java.missing():
        pytest.skip(f"NOT TESTED with a Java client: {program.upper()} IS NOT INSTALLED HERE")
    with running_suite(tmp_path_factory.mktemp("clients")) as running:
        yield running


@pytest.mark.parametrize("version", ["v4", "v5"])
def test_the_jdks_own_client_writes_at_its_defaults(suite: Running, version: str):
    assert java.life_of_a_ticket(f"{suite.url}/tmf-api/troubleTicket/{version}/troubleTicket") == java.LIFE
