"""The capability document: what it says is tried, and what it does not say is refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from common import apis
from common.app import build
from common.resource import Api, Version
from common.settings import Settings, read
from common.store.mongo import MongoStore
from tests.api.resource_views import Case, cases

_AT_ONCE = 40
_VALUES = {
    "string": "x",
    "date-time": "2026-05-01T08:30:00Z",
    "number": "1.5",
    "integer": "7",
    "boolean": "true",
    "any": "x",
}
_METHODS = {"list": "GET", "create": "POST", "retrieve": "GET", "patch": "PATCH", "delete": "DELETE"}
_MERGES = ("application/json", "application/merge-patch+json")
_OPERATIONS = (
    "application/json-patch+json",
    "application/json-patch-query+json",
    "application/json-patch+query",
    "application/json-patch+query+json",
)
_UNUSUAL = {
    "TMF_PAGE_DEFAULT": "2",
    "TMF_PAGE_LIMIT": "3",
    "TMF_SKIP_LIMIT": "4",
    "TMF_COUNT_LIMIT": "1",
    "TMF_QUERY_SECONDS": "5",
    "TMF_CONDITION_LIMIT": "6",
    "TMF_FILTER_LENGTH": "70",
    "TMF_FILTER_DEPTH": "8",
    "TMF_REGEX_LENGTH": "9",
    "TMF_BODY_LIMIT": "2048",
    "TMF_BODY_DEPTH": "10",
    "TMF_PUBLIC_URL": "https://public.example",
    "TMF_STRICT_FIELDS": "true",
}

_SERVED = [(api, version) for api in apis.declared() for version in api.versions]
versions = pytest.mark.parametrize(
    ("api", "version"), _SERVED, ids=[f"{api.code}-{version.name}" for api, version in _SERVED]
)


async def told(client: httpx.AsyncClient, version: Version) -> dict[str, Any]:
    """The capability document of a version."""
    answer = await client.get(version.base + "/")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def case_of(resource: dict[str, Any]) -> Case:
    """The sample bodies of a resource that a capability document names."""
    return next(case for case in cases() if case.path == resource["path"])


async def made(client: httpx.AsyncClient, resource: dict[str, Any]) -> str:
    """The id of a new resource."""
    answer = await client.post(resource["path"], json=case_of(resource).body("to be asked for"))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def lots(parts: Iterable[str], most: int) -> Iterator[list[str]]:
    """The parts in lots of at most so many."""
    waiting = list(parts)
    return (waiting[start : start + most] for start in range(0, len(waiting), most))


async def refused(client: httpx.AsyncClient, path: str, parts: list[str], joint: str, start: str) -> list[str]:
    """The parts of a query that are not answered; all are sent at once, and each alone where that is refused."""
    whole = await client.get(f"{path}?{start}{joint.join(parts)}")
    if whole.status_code in (200, 206):
        return []
    answers = [(part, await client.get(f"{path}?{start}{part}")) for part in parts]
    alone = [f"{path}: {part}: {answer.text}" for part, answer in answers if answer.status_code not in (200, 206)]
    return alone or [f"{path}: {parts} together: {whole.text}"]


@versions
async def test_a_version_tells_what_it_is_at_its_base_path_and_at_every_alias(
    client: httpx.AsyncClient, api: Api, version: Version
):
    found = await told(client, version)
    assert (found["api"], found["version"], found["base"]) == (api.code, version.name, version.base)
    assert found["aliases"] == list(version.aliases)
    for base in (version.base, *version.aliases):
        for address in (base, base + "/"):
            answer = await client.get(address)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
            assert answer.json() == found
            assert (await client.head(address)).content == b""
            refusal = await client.post(address, json={})
            assert (refusal.status_code, refusal.headers["allow"]) == (405, "GET, HEAD")
    for other in found["versions"]:
        assert (await client.get(other["base"])).json()["version"] == other["version"]
    for address in found["documents"].values():
        assert (await client.get(address)).status_code == 200, address
    document = (await client.get(found["documents"]["json"])).json()
    assert found["documentVersion"] == document["info"]["version"]
    listeners = [path.removeprefix("/listener/") for path in document["paths"] if path.startswith("/listener/")]
    assert [name.lower() for name in found["eventTypes"]] == [name.lower() for name in listeners]
    collections = {path for path in document["paths"] if path.count("/") == 1 and path != "/hub"}
    assert {resource["path"] for resource in found["resources"]} == {version.base + path for path in collections}


@versions
async def test_notifications_are_served_where_the_document_says_so(
    client: httpx.AsyncClient, api: Api, version: Version
):
    found = await told(client, version)
    hub = version.base + "/hub"
    answer = await client.post(hub, json={"callback": "https://example.com/capabilities"})
    assert (answer.status_code == 201) is found["notifications"], answer.text
    assert found["notifications"] is bool(found["eventTypes"])
    assert (await client.delete(f"{hub}/{answer.json()['id']}")).status_code == 204
    for name in found["eventTypes"]:
        asked = {"callback": "https://1.1.1.1/capabilities", "query": f"eventType={name}"}
        answer = await client.post(hub, json=asked)
        assert answer.status_code == 201, answer.text
        assert (await client.delete(f"{hub}/{answer.json()['id']}")).status_code == 204


@versions
async def test_every_verb_is_served_and_no_other(client: httpx.AsyncClient, api: Api, version: Version):
    for resource in (await told(client, version))["resources"]:
        path, identifier = resource["path"], await made(client, resource)
        named = {("list", "create"): path, ("retrieve", "patch", "delete"): f"{path}/{identifier}"}
        assert set(resource["verbs"]) <= _METHODS.keys()
        for verbs, address in named.items():
            for verb in verbs:
                body = case_of(resource).body() if verb == "create" else {} if verb == "patch" else None
                answer = await client.request(_METHODS[verb], address, json=body)
                assert (answer.status_code < 300) is (verb in resource["verbs"]), (verb, answer.text)
                assert verb in resource["verbs"] or answer.status_code == 405, (verb, answer.text)
            assert (await client.put(address, json={})).status_code == 405


@versions
async def test_every_patch_type_is_read_and_no_other(client: httpx.AsyncClient, api: Api, version: Version):
    for resource in (await told(client, version))["resources"]:
        assert ("patchTypes" in resource) is ("patch" in resource["verbs"])
        if "patch" not in resource["verbs"]:
            continue
        identifier = await made(client, resource)
        operations = [{"op": "test", "path": "/id", "value": identifier}]
        bodies = {media: operations if media in _OPERATIONS else {} for media in (*_MERGES, *_OPERATIONS)}
        assert set(resource["patchTypes"]) == bodies.keys()
        for media, status in [*((media, 200) for media in bodies), ("text/plain", 415), ("application/xml", 415)]:
            content, headers = json.dumps(bodies.get(media, {})), {"content-type": media}
            answer = await client.patch(f"{resource['path']}/{identifier}", content=content, headers=headers)
            assert answer.status_code == status, (media, answer.text)


@versions
async def test_every_attribute_can_be_asked_for_with_every_operator_it_lists(
    client: httpx.AsyncClient, api: Api, version: Version
):
    found = await told(client, version)
    assert found["limits"]["conditions"] >= _AT_ONCE
    wrong: list[str] = []
    for resource in found["resources"]:
        conditions = [
            f"{quote(attribute['name'])}{found['query']['operators'][operator]['suffix']}={_VALUES[attribute['type']]}"
            for attribute in resource["attributes"]
            for operator in attribute["operators"]
        ]
        for lot in lots(conditions, _AT_ONCE):
            wrong += await refused(client, resource["path"], lot, "&", "limit=0&")
    assert wrong == []


@versions
async def test_an_operator_that_an_attribute_does_not_list_is_refused(
    client: httpx.AsyncClient, api: Api, version: Version
):
    found = await told(client, version)
    for resource in found["resources"]:
        one_of_a_kind = {(one["type"], *one["operators"]): one for one in resource["attributes"]}
        for attribute in one_of_a_kind.values():
            for operator in found["query"]["operators"].keys() - set(attribute["operators"]):
                query = f"{quote(attribute['name'])}.{operator}={_VALUES[attribute['type']]}"
                answer = await client.get(f"{resource['path']}?limit=0&{query}")
                assert answer.status_code in (400, 501), query


@versions
async def test_every_sortable_attribute_orders_a_list_and_no_other(
    client: httpx.AsyncClient, api: Api, version: Version
):
    found = await told(client, version)
    wrong: list[str] = []
    for resource in found["resources"]:
        path = resource["path"]
        names = [quote(attribute["name"]) for attribute in resource["attributes"] if attribute["sortable"]]
        for lot in lots(names, found["limits"]["sortKeys"]):
            wrong += await refused(client, path, lot, ",", "limit=1&sort=")
        others = [attribute for attribute in resource["attributes"] if not attribute["sortable"]]
        one_of_a_kind = {(one["type"], one["many"], *one["operators"]): one["name"] for one in others}
        for name in one_of_a_kind.values():
            answer = await client.get(f"{path}?limit=0&sort=-{quote(name)}")
            assert answer.status_code in (400, 501), name
    assert wrong == []


@versions
async def test_an_attribute_that_is_not_listed_is_refused_or_an_object(
    client: httpx.AsyncClient, api: Api, version: Version
):
    for resource in (await told(client, version))["resources"]:
        listed = {attribute["name"] for attribute in resource["attributes"]}
        assert set(resource["indexed"]) <= listed
        known = case_of(resource).view.schema.attributes
        declared = [
            (first, *rest) for first in known.names for rest in [(), *((n,) for n in known.names_below((first,)))]
        ]
        for path in declared:
            name = ".".join(path)
            if name not in listed:
                answer = await client.get(f"{resource['path']}?limit=0&{quote(name)}.eq=x")
                assert answer.status_code in (400, 501), f"{name} is asked for and not listed"
        invented = await client.get(resource["path"] + "?limit=0&notDeclared=x")
        assert invented.status_code == 400


@versions
async def test_every_spelling_of_an_operator_means_it(client: httpx.AsyncClient, api: Api, version: Version):
    found = await told(client, version)
    resource = found["resources"][0]
    identifier = await made(client, resource)
    holding = {"eq", "gte", "lte", "regex"}
    assert found["query"]["operators"].keys() == {*holding, "ne", "gt", "lt"}
    for operator, spelt in found["query"]["operators"].items():
        for sign in (*spelt["symbols"], spelt["suffix"] + "="):
            answer = await client.get(f"{resource['path']}?filter=$[?@.id=='{identifier}']&id{sign}{identifier}")
            assert answer.status_code == 200, answer.text
            assert bool(answer.json()) is (operator in holding), sign
    for either in (f"id=none,{identifier}", f"id=none;id={identifier}", f"id=none&id={identifier}"):
        (one,) = (await client.get(f"{resource['path']}?{either}")).json()
        assert one["id"] == identifier
        assert set(found["query"]["fields"]["always"]) <= one.keys()


@versions
async def test_what_is_said_of_the_query_language_holds(client: httpx.AsyncClient, api: Api, version: Version):
    found = await told(client, version)
    query, resource = found["query"], found["resources"][0]
    path = resource["path"]
    for construct in query["filter"]["notServed"]:
        answer = await client.get(path, params={"filter": construct["example"]})
        assert answer.status_code == 501, (construct, answer.text)
    served = ["$[?@.id=~'x']", *(f"$[?{function}(@.id,'x')]" for function in query["filter"]["functions"])]
    for expression in served:
        assert (await client.get(path, params={"filter": expression, "limit": 0})).status_code in (200, 206), expression
    known = case_of(resource).view.schema.attributes
    texts = [tuple(one["name"].split(".", 1)) for one in resource["attributes"] if one["type"] == "string"]
    inner = {path[0]: path[1] for path in texts if len(path) > 1}
    for array, rest in inner.items():
        whole = known.find((array,))
        if whole and whole.is_array:
            answer = await client.get(f"{path}?limit=0&{array}[{quote(rest)}.eq=x].{quote(rest)}.ne=y")
            assert answer.status_code in (200, 206), (array, rest, answer.text)
    none = await client.get(f"{path}/{await made(client, resource)}?fields=none")
    kept = set(query["fields"]["always"]) | {"id", "href"}
    assert none.json().keys() == kept
    written = await client.post(path + "?fields=id", json=case_of(resource).body())
    assert (written.status_code == 201) is query["fields"]["onWrites"]
    cursors = {"after", "before"} & set(query["paging"]["parameters"])
    first = await client.get(path, params={"limit": 0, "after": ""} if cursors else {"limit": 0})
    assert first.status_code in (200, query["paging"]["partial"]), first.text
    assert bool(cursors) is ((await client.get(path, params={"before": "", "limit": 1})).status_code != 400)
    assert {"x-total-count", "x-result-count"} <= first.headers.keys()


def around(limits: dict[str, int], text: str) -> list[tuple[str, str, str]]:
    """For each limit that is cheap to reach, the query at it and the query one beyond."""

    def filtered(length: int) -> str:
        frame = len("$[?@.id=='']")
        return f"filter=$[?@.id=='{'x' * (length - frame)}']"

    def nested(depth: int) -> str:
        return f"filter=$[?{'(' * (depth - 1)}@.id=='x'{')' * (depth - 1)}]"

    def one_of(count: int) -> str:
        return "&".join(f"id=x{n}" for n in range(count))

    pairs = {
        "pageMost": lambda most: f"id=x&limit={most}",
        "skip": lambda most: f"id=x&offset={most}",
        "conditions": one_of,
        "filterLength": filtered,
        "filterDepth": nested,
        "regexLength": lambda most: f"id.regex={'x' * most}",
        "sortKeys": lambda most: "sort=" + ",".join([text] * most),
        "fields": lambda most: "fields=" + ",".join(["id"] * most),
    }
    return [(name, query(limits[name]), query(limits[name] + 1)) for name, query in pairs.items()]


async def try_limits(client: httpx.AsyncClient, found: dict[str, Any]) -> None:
    """Every cheap limit is met and passed once."""
    resource, limits = found["resources"][0], found["limits"]
    case = next(case for case in cases() if resource["path"].endswith(case.path))
    for name, at, beyond in around(limits, case.text_attribute):
        answer = await client.get(f"{case.path}?{at}")
        assert answer.status_code in (200, 206), (name, answer.text)
        answer = await client.get(f"{case.path}?{beyond}")
        assert answer.status_code == 400, (name, answer.text)
    for depth, reached in ((limits["bodyDepth"] - 1, False), (limits["bodyDepth"], True)):
        body = json.dumps(case.body())[:-1] + ', "x": ' + "[" * depth + "1" + "]" * depth + "}"
        answer = await client.post(case.path, content=body)
        assert ("nested too deeply" in answer.text) is reached, (depth, answer.text)


@versions
async def test_every_limit_is_real(client: httpx.AsyncClient, api: Api, version: Version):
    await try_limits(client, await told(client, version))


async def test_the_longest_body_is_read_and_a_longer_one_is_not(client: httpx.AsyncClient):
    found = await told(client, _SERVED[0][1])
    most = found["limits"]["bodyBytes"]
    for length, status in ((most, 400), (most + 1, 413)):
        answer = await client.post(found["resources"][0]["path"], content=b"[" + b" " * (length - 2) + b"]")
        assert answer.status_code == status


@pytest.fixture
async def unusual(settings: Settings, store: MongoStore) -> AsyncIterator[httpx.AsyncClient]:
    """A client of one API whose every limit is another than by default."""
    chosen = read({"MONGODB_URI": str(settings.mongodb_uri), "TMF_DATABASE": settings.database, **_UNUSUAL}, {})
    transport = httpx.ASGITransport(app=build(chosen, apis.chosen(["TMF621"]), store))
    async with httpx.AsyncClient(transport=transport, base_url="https://public.example") as client:
        yield client


async def test_the_limits_and_addresses_are_those_of_the_settings(unusual: httpx.AsyncClient):
    (api,) = apis.chosen(["TMF621"])
    for version in api.versions:
        found = await told(unusual, version)
        assert list(found["limits"].values()) == [2, 3, 4, 6, 70, 8, 9, 8, 100, 1, 5, 2048, 10]
        assert found["query"]["fields"]["always"] == (["id", "href", "@type"] if version.name == "v5" else [])
        for address in (found["base"], *found["documents"].values(), *(one["path"] for one in found["resources"])):
            assert address.startswith("https://public.example/tmf-api/")
            assert (await unusual.get(address)).status_code in (200, 206)
        await try_limits(unusual, found)
