"""Change and removal: four patch dialects, what may not change, revisions."""

import asyncio

import httpx
import pytest

from tests.api.resource_views import Case, every

_TICKET = "/tmf-api/troubleTicket/v5/troubleTicket"
_NOTED = {
    "description": "no dial tone",
    "severity": "major",
    "ticketType": "fault",
    "note": [{"author": "ada", "text": "one"}, {"author": "ben", "text": "two"}],
}


async def made(client: httpx.AsyncClient, case: Case) -> dict:
    answer = await client.post(case.path, json=case.body("as created"))
    assert answer.status_code == 201, answer.text
    return answer.json()


def changed_text(case: Case, text: str) -> str:
    return f"https://example.com/{text}" if case.text_attribute == "url" else text


@every("create", "patch")
@pytest.mark.parametrize("media", ["application/json", "application/merge-patch+json"])
async def test_a_merge_patch_changes_what_it_names_alone(client: httpx.AsyncClient, case: Case, media: str):
    before = await made(client, case)
    text = changed_text(case, "merged")
    answer = await client.request(
        "PATCH", before["href"], json={case.text_attribute: text}, headers={"content-type": media}
    )
    assert answer.status_code == 200, answer.text
    moved = {case.text_attribute, case.view.resource.updated, "lastModified"}
    assert {k: v for k, v in answer.json().items() if k not in moved} == {
        k: v for k, v in before.items() if k not in moved
    }
    assert answer.json()[case.text_attribute] == text
    assert (await client.get(before["href"])).json() == answer.json()


@every("create", "patch")
@pytest.mark.parametrize(
    "media",
    ["application/json-patch+json", "application/json-patch-query+json", "application/json-patch+query"],
)
async def test_a_json_patch_is_applied_in_order(client: httpx.AsyncClient, case: Case, media: str):
    before = await made(client, case)
    path = f"/{case.text_attribute}"
    operations = [
        {"op": "test", "path": path, "value": before[case.text_attribute]},
        {"op": "replace", "path": path, "value": changed_text(case, "first")},
        {"op": "replace", "path": path, "value": changed_text(case, "second")},
    ]
    answer = await client.request("PATCH", before["href"], json=operations, headers={"content-type": media})
    assert answer.status_code == 200, answer.text
    assert answer.json()[case.text_attribute] == changed_text(case, "second")
    failing = await client.request("PATCH", before["href"], json=operations[:1], headers={"content-type": media})
    assert failing.status_code == 400
    assert case.text_attribute in failing.json()["message"]


@every("create", "patch")
async def test_identity_may_be_sent_unchanged_and_not_changed(client: httpx.AsyncClient, case: Case):
    before = await made(client, case)
    same = await client.patch(before["href"], json={"id": before["id"], "href": before["href"]})
    assert same.status_code == 200, same.text
    assert same.json() == before
    for name in ("id", "href"):
        answer = await client.patch(before["href"], json={name: "https://example.com/other"})
        assert answer.status_code == 400
        assert f"/{name}" in answer.json()["message"]


@every("create", "patch")
async def test_an_attribute_that_the_update_schema_lacks_may_not_change(client: httpx.AsyncClient, case: Case):
    schema = case.view.schema
    before = await made(client, case)
    for name in sorted(schema.readable - schema.patchable - {"id", "href", "@type", "@baseType"}):
        attribute = schema.attributes.find((name,))
        assert attribute is not None
        value = "2001-01-01T00:00:00Z" if attribute.format == "date-time" else "other"
        answer = await client.patch(before["href"], json={name: [value] if attribute.many else value})
        assert answer.status_code == 400, name
        assert f"/{name}" in answer.json()["message"]


@every("create", "patch")
async def test_a_mandatory_attribute_may_not_be_removed(client: httpx.AsyncClient, case: Case):
    before = await made(client, case)
    for name in sorted(case.view.schema.mandatory & before.keys() & case.view.schema.patchable):
        answer = await client.patch(before["href"], json={name: None})
        assert answer.status_code == 400, name
        assert f"/{name}" in answer.json()["message"]


@every("create", "patch")
async def test_an_unknown_attribute_needs_a_schema_location(client: httpx.AsyncClient, case: Case):
    before = await made(client, case)
    refused = await client.patch(before["href"], json={"colour": "red"})
    assert refused.status_code == 400
    assert "/colour" in refused.json()["message"]
    if "@schemaLocation" in case.view.schema.patchable:
        sent = {"colour": "red", "@schemaLocation": "https://example.com/coloured.json"}
        accepted = await client.patch(before["href"], json=sent)
        assert accepted.status_code == 200, accepted.text
        assert (await client.get(before["href"])).json()["colour"] == "red"


@every("create", "patch")
async def test_a_revision_is_named_by_its_etag(client: httpx.AsyncClient, case: Case):
    created = await client.post(case.path, json=case.body())
    first, href = created.headers["etag"], created.json()["href"]
    assert (await client.get(href, headers={"if-none-match": first})).status_code == 304
    change = {case.text_attribute: changed_text(case, "new")}
    changed = await client.patch(href, json=change, headers={"if-match": first})
    assert changed.status_code == 200
    second = changed.headers["etag"]
    assert second != first
    assert (await client.get(href, headers={"if-none-match": first})).status_code == 200
    late = await client.patch(href, json={case.text_attribute: changed_text(case, "late")}, headers={"if-match": first})
    assert late.status_code == 412
    assert (await client.get(href)).headers["etag"] == second
    if "delete" in case.verbs:
        assert (await client.delete(href, headers={"if-match": first})).status_code == 412
        assert (await client.delete(href, headers={"if-match": second})).status_code == 204


@every("create", "patch")
async def test_a_patch_that_changes_nothing_writes_nothing(client: httpx.AsyncClient, case: Case):
    created = await client.post(case.path, json=case.body())
    answer = await client.patch(created.json()["href"], json={})
    assert answer.status_code == 200
    assert answer.json() == created.json()
    assert answer.headers["etag"] == created.headers["etag"]


@every("create", "delete")
async def test_a_removed_resource_is_gone(client: httpx.AsyncClient, case: Case):
    created = await made(client, case)
    assert (await client.delete(created["href"])).status_code == 204
    assert (await client.delete(created["href"])).status_code == 404
    assert (await client.get(created["href"])).status_code == 404


async def test_changes_made_at_once_are_all_kept(client: httpx.AsyncClient):
    """Optimistic concurrency: every acknowledged patch is in the result, none overwrites another."""
    href = (await client.post(_TICKET, json=_NOTED)).json()["href"]
    names = ["name", "priority", "statusChangeReason"]
    answers = await asyncio.gather(*(client.patch(href, json={name: "set"}) for name in names))
    result = (await client.get(href)).json()
    assert all(
        result.get(name) == "set" for name, answer in zip(names, answers, strict=True) if answer.status_code == 200
    )
    assert any(answer.status_code == 200 for answer in answers)


async def test_a_recreated_resource_has_another_revision(client: httpx.AsyncClient):
    body = {**_NOTED, "id": "phoenix"}
    first = await client.post(_TICKET, json=body)
    await client.delete(first.json()["href"])
    second = await client.post(_TICKET, json=body)
    assert second.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("operation", "texts"),
    [
        ({"op": "replace", "path": "/note?author=ada/text", "value": "new"}, ["new", "two"]),
        ({"op": "replace", "path": "$.note[?(@.author=='ben')].text", "value": "new"}, ["one", "new"]),
        ({"op": "replace", "path": "$.note[?@.author=='ben'].text", "value": "new"}, ["one", "new"]),
        ({"op": "replace", "path": "/note/text?note.author=ada", "value": "new"}, ["new", "two"]),
        ({"op": "replace", "path": "/note/text?/note/author=ada", "value": "new"}, ["new", "two"]),
        ({"op": "replace", "path": "/note/text?author=/note/ada", "value": "new"}, ["new", "two"]),
        ({"op": "replace", "path": "/note/text?author=ada&text=one", "value": "new"}, ["new", "two"]),
        ({"op": "remove", "path": "/note?author=ada"}, ["two"]),
        ({"op": "remove", "path": "$.note[*]"}, []),
        ({"op": "add", "path": "/note", "value": {"text": "three"}}, ["one", "two", "three"]),
        ({"op": "add", "path": "/note/0", "value": {"text": "zero"}}, ["zero", "one", "two"]),
        ({"op": "add", "path": "/note/1/text", "value": "set"}, ["one", "set"]),
        ({"op": "add", "path": "/note/-", "value": {"text": "last"}}, ["one", "two", "last"]),
    ],
)
@pytest.mark.parametrize("version", ["v4", "v5"])
async def test_json_patch_query_reads_every_dialect(
    client: httpx.AsyncClient, operation: dict, texts: list, version: str
):
    identifier = (await client.post(_TICKET, json=_NOTED)).json()["id"]
    answer = await client.request(
        "PATCH",
        f"/tmf-api/troubleTicket/{version}/troubleTicket/{identifier}",
        json=[operation],
        headers={"content-type": "application/json-patch-query+json"},
    )
    assert answer.status_code == 200, answer.text
    assert [note["text"] for note in answer.json().get("note", [])] == texts


@pytest.mark.parametrize(
    "patch",
    [
        {},
        [],
        [{"op": "delete", "path": "/note"}],
        [{"op": "replace", "path": "/nope/deep", "value": 1}],
        [{"op": "replace", "path": "/note/7/text", "value": "x"}],
        [{"op": "replace", "path": "note", "value": "x"}],
        [{"op": "remove"}],
        [{"op": "add", "path": "/name"}],
        [{"op": "move", "path": "/name"}],
        [{"op": "remove", "path": "/note?author=nobody"}],
        [{"op": "remove", "path": "/note?author"}],
        [{"op": "remove", "path": "$.note[?(@.author=="}],
        [{"op": "remove", "path": "$.note[?match(@.author, '(a+)+$')]"}],
        [{"op": "remove", "path": "$.note[?@.text =~ /^(a|a)*$/]"}],
        [{"op": "remove", "path": "/note/²?author=ada"}],
        [{"op": "replace", "path": "/note/0/text?author=ben", "value": "x"}],
        [{"op": "test", "path": "$..*..*..*..*..*", "value": "z"}],
        [{"op": "test", "path": "$.note[*,*,*][*,*,*]", "value": "z"}],
        [{"op": "test", "path": "$.note[?@.a[?@.b[?@.c[?@.d[?@.e]]]]]", "value": "z"}],
        [{"op": "test", "path": "$." + "a." * 150, "value": "z"}],
        [{"op": "replace", "path": "/note/01/text", "value": "x"}],
        [{"op": "remove", "path": "/~2"}],
        [{"op": "replace", "path": "", "value": 3}],
        ["remove"],
        3,
    ],
)
async def test_a_patch_that_is_none_is_refused_and_changes_nothing(client: httpx.AsyncClient, patch: object):
    created = (await client.post(_TICKET, json=_NOTED)).json()
    for media in ("application/json-patch-query+json", "application/json-patch+json"):
        answer = await client.request("PATCH", created["href"], json=patch, headers={"content-type": media})
        assert answer.status_code == 400, answer.text
        assert answer.json()["message"]
    assert (await client.get(created["href"])).json() == created


async def test_a_state_change_is_dated_and_kept_in_the_history(client: httpx.AsyncClient):
    created = (await client.post(_TICKET, json=_NOTED)).json()
    sent = {"status": "inProgress", "statusChangeReason": "somebody looks at it"}
    changed = (await client.patch(created["href"], json=sent)).json()
    assert [entry["status"] for entry in changed["statusChangeHistory"]] == ["acknowledged", "inProgress"]
    assert changed["statusChangeHistory"][-1]["statusChangeDate"] == changed["statusChangeDate"]
    v4 = (await client.get(created["href"].replace("/v5/", "/v4/"))).json()
    assert [entry["status"] for entry in v4["statusChange"]] == ["acknowledged", "inProgress"]


@pytest.mark.parametrize("version", ["v4", "v5"])
async def test_values_that_only_python_takes_for_equal_are_changes(client: httpx.AsyncClient, version: str):
    path = f"/tmf-api/customerManagement/{version}/customer"
    body = {"name": "Ada", "engagedParty": {"id": "1", "@referredType": "Individual"}}
    held = {"name": "n", "valueType": "any", "@type": "Characteristic"}
    made = (await client.post(path, json={**body, "characteristic": [{**held, "value": 1}]})).json()
    for value in (True, 1.0, 1, "1", None, 0, False):
        changed = await client.patch(made["href"], json={"characteristic": [{**held, "value": value}]})
        assert changed.status_code == 200, changed.text
        kept = (await client.get(made["href"])).json()["characteristic"][0]["value"]
        assert (type(kept), kept) == (type(value), value)


@pytest.mark.parametrize("name", ["a\\u0041", "#b", "c\\x", "d~1e~0f", "²", "01"])
async def test_a_pointer_is_read_to_the_letter(client: httpx.AsyncClient, name: str):
    created = (await client.post(_TICKET, json=_NOTED)).json()
    operation = {"op": "add", "path": f"/note/0/{name}", "value": {"x": 1}}
    for media in ("application/json-patch+json", "application/json-patch-query+json"):
        answer = await client.request("PATCH", created["href"], json=[operation], headers={"content-type": media})
        assert answer.status_code == 200, answer.text
        assert answer.json()["note"][0][name.replace("~1", "/").replace("~0", "~")] == {"x": 1}


async def test_a_value_put_in_several_places_is_several_values(client: httpx.AsyncClient):
    created = (await client.post(_TICKET, json=_NOTED)).json()
    operations = [
        {"op": "add", "path": "$.note[*].extra", "value": {"n": 1}},
        {"op": "replace", "path": "/note/0/extra/n", "value": 2},
    ]
    media = {"content-type": "application/json-patch-query+json"}
    answer = await client.request("PATCH", created["href"], json=operations, headers=media)
    assert answer.status_code == 400  # "extra" is not there for JSONPath to find
    operations[0]["path"] = "/note/extra?author=ada"
    answer = await client.request("PATCH", created["href"], json=operations, headers=media)
    assert [note.get("extra") for note in answer.json()["note"]] == [{"n": 2}, None]


async def test_an_attribute_inside_an_array_is_added_as_it_is(client: httpx.AsyncClient):
    created = (await client.post(_TICKET, json={**_NOTED, "note": [{"text": "one"}]})).json()
    operations = [
        {"op": "add", "path": "/note/0/author", "value": "ada"},
        {"op": "add", "path": "/relatedEntity", "value": {"role": "line", "entity": {"id": "1", "@type": "EntityRef"}}},
        {"op": "add", "path": "/relatedEntity", "value": {"role": "port", "entity": {"id": "2", "@type": "EntityRef"}}},
    ]
    answer = await client.request(
        "PATCH", created["href"], json=operations, headers={"content-type": "application/json-patch+json"}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["note"][0]["author"] == "ada"
    assert [entity["role"] for entity in answer.json()["relatedEntity"]] == ["line", "port"]


async def test_a_patch_that_doubles_without_end_is_refused(client: httpx.AsyncClient):
    created = (await client.post(_TICKET, json={**_NOTED, "note": [{"text": "x" * 1000}]})).json()
    operations = [{"op": "copy", "from": "/note", "path": "/note/-"}] * 40
    media = {"content-type": "application/json-patch+json"}
    answer = await client.request("PATCH", created["href"], json=operations, headers=media)
    assert answer.status_code == 413
    assert (await client.get(created["href"])).json() == created


async def test_a_resource_that_grows_beyond_the_store_is_refused(client: httpx.AsyncClient):
    href = (await client.post(_TICKET, json=_NOTED)).json()["href"]
    for _ in range(3):
        answer = await client.request(
            "PATCH",
            href,
            json=[{"op": "add", "path": "/note/-", "value": {"text": "x" * 4_900_000}}],
            headers={"content-type": "application/json-patch+json"},
        )
        assert answer.status_code == 200
    last = [{"op": "add", "path": "/note/-", "value": {"text": "x" * 4_900_000}}]
    answer = await client.request("PATCH", href, json=last, headers={"content-type": "application/json-patch+json"})
    assert answer.status_code == 413, answer.text
    assert (await client.delete(href)).status_code == 204


async def test_a_wrong_type_is_not_excused_by_an_equal_value(client: httpx.AsyncClient):
    path = "/tmf-api/partyManagement/v5/individual"
    medium = {"@type": "EmailContactMedium", "preferred": True, "emailAddress": "ada@example.com"}
    body = {"givenName": "Ada", "familyName": "Berg", "contactMedium": [medium]}
    made = (await client.post(path, json=body)).json()
    answer = await client.patch(made["href"], json={"contactMedium": [{**medium, "preferred": 1}]})
    assert answer.status_code == 400
    assert "/contactMedium/0/preferred" in answer.json()["message"]


async def test_dated_preconditions_hold_where_no_etag_is_named(client: httpx.AsyncClient):
    created = await client.post(_TICKET, json=_NOTED)
    href, modified = created.json()["href"], created.headers["last-modified"]
    old = "Mon, 01 Jan 2001 00:00:00 GMT"
    assert (await client.get(href, headers={"if-modified-since": modified})).status_code == 304
    assert (await client.get(href, headers={"if-modified-since": old})).status_code == 200
    assert (await client.get(href, headers={"if-modified-since": "nonsense"})).status_code == 200
    late = {"if-unmodified-since": old}
    assert (await client.patch(href, json={"name": "n"}, headers=late)).status_code == 412
    assert (await client.delete(href, headers=late)).status_code == 412
    both = {**late, "if-match": created.headers["etag"]}
    assert (await client.patch(href, json={"name": "n"}, headers=both)).status_code == 200


async def test_many_changes_at_once_lose_nothing(client: httpx.AsyncClient):
    href = (await client.post(_TICKET, json={**_NOTED, "note": []})).json()["href"]
    media = {"content-type": "application/json-patch+json"}
    answers = await asyncio.gather(
        *(
            client.request(
                "PATCH", href, json=[{"op": "add", "path": "/note/-", "value": {"text": str(n)}}], headers=media
            )
            for n in range(12)
        )
    )
    accepted = {str(n) for n, answer in enumerate(answers) if answer.status_code == 200}
    assert {note["text"] for note in (await client.get(href)).json()["note"]} == accepted
    assert {answer.status_code for answer in answers} <= {200, 409}
