"""Answers against our documents, in the three readings of unions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ctk.exchange import Exchange
from ctk.standard.document import ours
from ctk.standard.profile import profiles
from ctk.standard.schemas import Reading, Schemas

_BASE = "http://server.example/tmf-api/troubleTicket/v5"
_TICKET: dict[str, Any] = {
    "id": "1", "href": f"{_BASE}/troubleTicket/1", "@type": "TroubleTicket",
    "description": "no signal", "severity": "major", "ticketType": "fault",
}  # fmt: skip


def schemas(name: str, reading: Reading) -> Schemas:
    """The schemas of one of our documents."""
    return Schemas(ours(name), f"http://server.example{profiles()[name].base}", reading)


def answered(body: Any, status: int = 200, **headers: str) -> Exchange:
    """An answer to a retrieval."""
    told = {"content-type": "application/json", **headers}
    url, operation = f"{_BASE}/troubleTicket/1", "get /troubleTicket/{id}"
    return Exchange("GET", url, operation, {}, b"", status, told, json.dumps(body).encode())


def ticket_of(party: dict[str, Any]) -> dict[str, Any]:
    """A ticket with a related party."""
    return {
        **_TICKET,
        "relatedParty": [{"@type": "RelatedPartyRefOrPartyRoleRef", "role": "owner", "partyOrPartyRole": party}],
    }


PARTY = {"@type": "PartyRef", "id": "p"}
ROLE = {"@type": "PartyRoleRef", "id": "p", "partyId": "p", "partyName": "Ada"}
UNKNOWN = {"@type": "PartyRefOfOurOwn", "id": "p"}
NOTHING = {"@type": "PartyRef", "id": 7}


@pytest.mark.parametrize(
    ("reading", "party", "good"),
    [
        (Reading.LENIENT, PARTY, True),
        (Reading.LENIENT, ROLE, True),
        (Reading.LENIENT, UNKNOWN, True),
        (Reading.LENIENT, NOTHING, False),
        (Reading.STRICT, PARTY, True),
        (Reading.STRICT, ROLE, True),
        (Reading.STRICT, UNKNOWN, False),
        (Reading.STRICT, NOTHING, False),
        (Reading.PLAIN, PARTY, False),
        (Reading.PLAIN, UNKNOWN, False),
        (Reading.PLAIN, NOTHING, False),
    ],
)
def test_a_union_is_read_as_asked(reading: Reading, party: dict[str, Any], good: bool) -> None:
    told = schemas("TMF621-v5", reading).problems(answered(ticket_of(party)))
    assert (told == []) is good, told


@pytest.mark.parametrize("reading", Reading)
@pytest.mark.parametrize("name", sorted(profiles()))
def test_every_schema_of_ours_can_be_read(name: str, reading: Reading) -> None:
    judge = schemas(name, reading)
    for resource in profiles()[name].resources.values():
        assert judge.of_schema(resource.schema, b"7") != []
        for attribute in ours(name).attributes(ours(name).schema(resource.schema)):
            judge.of_attribute(resource.schema, attribute, {"@type": "Unknown"})


def test_a_problem_names_the_place() -> None:
    told = schemas("TMF621-v5", Reading.LENIENT).problems(answered({**_TICKET, "note": [{"@type": "Note", "text": 7}]}))
    assert any(one.startswith("/note/0/text: ") for one in told), told


@pytest.mark.parametrize(
    ("exchange", "told"),
    [
        (answered(_TICKET, 299), "ResponseNotFound"),
        (answered(_TICKET, 200, **{"content-type": "text/plain"}), "mimetype not found"),
    ],
)
def test_what_is_not_declared_is_a_problem(exchange: Exchange, told: str) -> None:
    found = schemas("TMF621-v5", Reading.LENIENT).problems(exchange)
    assert told in found[0]


def test_headers_are_not_looked_at() -> None:
    assert schemas("TMF621-v5", Reading.LENIENT).problems(answered(_TICKET, 200, etag="odd")) == []


def test_an_attribute_is_judged_alone() -> None:
    judge = schemas("TMF621-v5", Reading.LENIENT)
    assert judge.of_attribute("TroubleTicket", "@type", "TroubleTicket") == []
    assert judge.of_attribute("TroubleTicket", "note", [{"@type": "Note"}]) == []
    assert judge.of_attribute("TroubleTicket", "note", [{"@type": 7}]) != []


@pytest.mark.parametrize("status", ["deceaded", "deceased"])
def test_a_misspelled_value_and_its_right_spelling_are_both_known(status: str) -> None:
    judge = schemas("TMF632-v4", Reading.LENIENT)
    assert judge.of_attribute("Individual", "status", status) == []
    assert judge.of_attribute("Individual", "status", "gone") != []
