"""v4 and v5 are two views of one stored resource."""

import httpx
import pytest

from tests.api.resource_views import Case, cases, every


def both() -> list[tuple[Case, Case]]:
    """(v4, v5) of every resource that both versions have."""
    by_key = {(case.view.collection, case.view.version): case for case in cases()}
    return [(case, by_key[key[0], "v5"]) for key, case in by_key.items() if key[1] == "v4"]


pairs = pytest.mark.parametrize(("v4", "v5"), both(), ids=[v4.name for v4, _ in both()])


def address(case: Case, identifier: str) -> str:
    return f"{case.path}/{identifier}"


@pairs
async def test_a_resource_made_in_v4_is_read_and_changed_in_both(client: httpx.AsyncClient, v4: Case, v5: Case):
    created = (await client.post(v4.path, json=v4.body("made in v4"))).json()
    seen = await client.get(address(v5, created["id"]))
    assert seen.status_code == 200
    assert seen.json()["href"].endswith(address(v5, created["id"]))
    assert seen.json()["@type"] == v5.view.schema.type_name
    if "patch" not in v5.verbs:
        return
    name = v5.text_attribute
    changed = await client.patch(address(v5, created["id"]), json={name: "changed in v5"})
    assert changed.status_code == 200, changed.text
    read = (await client.get(address(v4, created["id"]))).json()
    moved = {name, "lastUpdate", "lastModified"}
    assert {k: v for k, v in read.items() if k not in moved} == {k: v for k, v in created.items() if k not in moved}
    again = await client.patch(address(v4, created["id"]), json={v4.text_attribute: "changed in v4"})
    assert again.status_code == 200, again.text
    assert again.json()[v4.text_attribute] == "changed in v4"


@pairs
async def test_a_resource_made_in_v5_is_read_and_changed_in_both(client: httpx.AsyncClient, v4: Case, v5: Case):
    created = (await client.post(v5.path, json=v5.body("made in v5"))).json()
    seen = await client.get(address(v4, created["id"]))
    assert seen.status_code == 200
    assert seen.json()["@type"] == v4.view.schema.type_name
    if "patch" not in v4.verbs:
        return
    changed = await client.patch(address(v4, created["id"]), json={v4.text_attribute: "changed in v4"})
    assert changed.status_code == 200, changed.text
    read = (await client.get(address(v5, created["id"]))).json()
    moved = {v4.text_attribute, v5.view.resource.updated}
    assert {k: v for k, v in read.items() if k not in moved} == {k: v for k, v in created.items() if k not in moved}


@pairs
async def test_both_versions_share_the_revision(client: httpx.AsyncClient, v4: Case, v5: Case):
    created = await client.post(v4.path, json=v4.body())
    other = await client.get(address(v5, created.json()["id"]))
    assert other.headers["etag"] == created.headers["etag"]


@every("create")
async def test_what_is_read_is_what_the_document_allows(client: httpx.AsyncClient, case: Case):
    """Every answer to a creation passes the read schema's own rules."""
    created = (await client.post(case.path, json=case.body())).json()
    assert created.keys() <= case.view.schema.readable


async def test_a_resource_of_v5_alone_is_not_found_in_v4(client: httpx.AsyncClient):
    body = {"name": "faults"}
    created = (await client.post("/tmf-api/troubleTicket/v5/troubleTicketSpecification", json=body)).json()
    answer = await client.get(f"/tmf-api/troubleTicket/v4/troubleTicketSpecification/{created['id']}")
    assert answer.status_code == 404


async def test_a_v4_patch_keeps_what_v5_alone_can_say(client: httpx.AsyncClient):
    base = "/tmf-api/troubleTicket/{}/troubleTicket"
    body = {
        "description": "no dial tone",
        "severity": "major",
        "ticketType": "fault",
        "externalIdentifier": [
            {"id": "E1", "externalIdentifierType": "externalId"},
            {"id": "E2", "externalIdentifierType": "crm", "owner": "CRM"},
        ],
        "relatedParty": [
            {
                "role": "owner",
                "partyOrPartyRole": {
                    "id": "1",
                    "name": "Ada",
                    "@type": "PartyRef",
                    "@referredType": "Individual",
                    "nickname": "Countess",
                },
            },
            {"role": "originator", "partyOrPartyRole": {"id": "2", "name": "Ben", "@type": "PartyRoleRef"}},
        ],
        "troubleTicketCharacteristic": [{"name": "line", "value": "12", "@type": "StringCharacteristic"}],
    }
    created = (await client.post(base.format("v5"), json=body)).json()
    old = (await client.get(f"{base.format('v4')}/{created['id']}")).json()
    parties = old["relatedParty"]
    parties[1]["role"] = "reporter"
    changed = await client.patch(
        f"{base.format('v4')}/{created['id']}", json={"relatedParty": parties, "severity": "low"}
    )
    assert changed.status_code == 200, changed.text
    read = (await client.get(f"{base.format('v5')}/{created['id']}")).json()
    assert read["severity"] == "low"
    assert read["relatedParty"][0] == created["relatedParty"][0]
    assert read["relatedParty"][1] == {**created["relatedParty"][1], "role": "reporter"}
    assert read["externalIdentifier"] == created["externalIdentifier"]
    assert read["troubleTicketCharacteristic"] == created["troubleTicketCharacteristic"]


@pytest.mark.parametrize("sent_in", ["v4", "v5"])
@pytest.mark.parametrize("spelling", ["deceaded", "deceased"])
async def test_both_spellings_of_a_state_are_understood(client: httpx.AsyncClient, sent_in: str, spelling: str):
    paths = {"v4": "/tmf-api/party/v4/individual", "v5": "/tmf-api/partyManagement/v5/individual"}
    body = {"givenName": "Ada", "familyName": "Berg", "status": spelling}
    made = await client.post(paths[sent_in], json=body)
    assert made.status_code == 201, made.text
    identifier = made.json()["id"]
    seen = {version: (await client.get(f"{path}/{identifier}")).json()["status"] for version, path in paths.items()}
    assert seen == {"v4": spelling if sent_in == "v4" else "deceaded", "v5": "deceased"}
    for version, status in seen.items():
        found = await client.get(paths[version], params={"status": status, "id": identifier})
        assert [one["id"] for one in found.json()] == [identifier]


@pytest.mark.parametrize("leave_out", [(), ("interactionDate",), ("status",), ("interactionDate", "status")])
async def test_an_interaction_as_kits_send_it_is_accepted(client: httpx.AsyncClient, leave_out: tuple[str, ...]):
    body = {
        "direction": "inbound",
        "reason": "a question",
        "status": "open",
        "interactionDate": {"startDateTime": "2026-05-01T08:30:00Z"},
        "channel": [{"id": "phone", "role": "entry"}],
    }
    sent = {name: value for name, value in body.items() if name not in leave_out}
    made = await client.post("/tmf-api/partyInteraction/v4/partyInteraction", json=sent)
    assert made.status_code == 201, made.text
    assert made.json()["status"] == "open"
    assert made.json()["interactionDate"]["startDateTime"]
    assert made.json()["channel"] == body["channel"]
