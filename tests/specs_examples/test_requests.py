"""The examples of our documents: whole, of one story, true to their schemas, and answered by the suite as they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import orjson
import pytest
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest

from common.resource import SPECS, V5
from tests.api.resource_views import Case, cases
from tests.api.test_contract import readable
from tests.conftest import ORIGIN
from tests.specs_examples.mistakes import MISTAKES
from tests.specs_examples.story import EXAMPLES, MEDIA, ORDER, Scene, documents_inside, every, named, scenes, told

_MISSING = re.compile(r'the attribute "([^"]+)" is mandatory')
_BY_SERVER = ("lastUpdate", "lastModified")

resource_views = pytest.mark.parametrize("case", cases(), ids=[case.name for case in cases()])
each_patch = pytest.mark.parametrize(
    ("scene", "media"),
    [(scene, media) for scene in scenes() for media in scene.patches],
    ids=[f"{scene.case.name}-{media.removeprefix('application/')}" for scene in scenes() for media in scene.patches],
)


@cache
def document(name: str, base: str) -> OpenAPI:
    """A document as openapi-core reads it, with every patch dialect as JSON."""
    raw = yaml.load((SPECS / f"{name}.yaml").read_bytes(), yaml.CSafeLoader)
    config = Config(extra_media_type_deserializers=dict.fromkeys(MEDIA, orjson.loads))
    return OpenAPI.from_dict(readable({**raw, "servers": [{"url": ORIGIN + base}]}), config=config)


def judge(scene: Scene, method: str, path: str, media: str, body: Any) -> None:
    """Raises where the document does not declare this request."""
    request = MockRequest(ORIGIN, method, path, path_pattern=path, content_type=media, data=orjson.dumps(body))
    document(scene.document, scene.case.view.base).validate_request(request)


def content(answer: httpx.Response) -> dict[str, Any]:
    """A resource without the dates that change with every change."""
    return {name: value for name, value in answer.json().items() if name not in _BY_SERVER}


async def patched(client: httpx.AsyncClient, href: str, media: str, change: Any) -> httpx.Response:
    return await client.request("PATCH", href, json=change, headers={"content-type": media})


@resource_views
def test_a_facet_has_an_example_of_everything_that_can_be_sent_to_it(case: Case):
    examples = told(f"{case.code}-{case.view.version}").get(case.view.name, {})
    expected = {"create", "refused"} if "create" in case.verbs else set()
    assert set(examples) == expected | ({"patch"} if "patch" in case.verbs else set())
    assert set(examples.get("patch", ())) == (set(MEDIA) if "patch" in case.verbs else set())


def test_no_example_is_of_something_that_the_suite_lacks():
    files = {file.stem for file in EXAMPLES.glob("*.yaml")}
    assert files == set(ORDER)
    assert {(name, segment) for name in files for segment in told(name)} == set(named())


@every("create")
def test_an_example_holds_a_summary_and_a_value_alone(scene: Scene):
    examples = [scene.told["create"], scene.told["refused"], *scene.told.get("patch", {}).values()]
    assert all(set(example) == {"summary", "value"} for example in examples)
    summaries = [example["summary"] for example in examples]
    assert all(summary[0].isupper() and not summary.endswith(".") for summary in summaries)
    assert len(set(summaries)) == len(summaries)


@every("create")
def test_a_creation_says_more_than_it_must(scene: Scene):
    view, sent = scene.case.view, set(scene.create) - {"@type", "id"}
    left_to_server = view.schema.server_set | set(view.resource.defaults)
    assert sent > (view.schema.mandatory & view.schema.creatable) - left_to_server - {"@type"}
    assert sent < view.schema.creatable


@every("create")
def test_a_comma_splits_no_text_of_an_example(scene: Scene):
    """An unquoted text in a flow mapping ends at its first comma; what follows becomes a name without a value."""
    for found in documents_inside(scene.told):
        assert [name for name, value in found.items() if value is None or " " in name] == []


@every("create")
def test_a_creation_names_its_id_where_it_may(scene: Scene):
    assert ("id" in scene.create) is (scene.case.view.version == V5)
    assert "id" not in scene.create or "-" in scene.create["id"]


def our_references(value: Any) -> Iterator[tuple[str, str]]:
    """(type, id) of every reference in a value to a resource that this suite serves."""
    ours = {scene.case.view.schema.type_name for scene in scenes()}
    for found in documents_inside(value):
        if found.get("@referredType") in ours and "id" in found:
            yield found["@referredType"], found["id"]
        if "partyId" in found:
            yield "a party", found["partyId"]
        if isinstance(found.get("parentId"), str):
            yield "Category", found["parentId"]


@every("create")
def test_references_lead_to_what_the_story_has_told(scene: Scene):
    last = ORDER.index(scene.document)
    known = {}
    for other in scenes():
        if ORDER.index(other.document) <= last and "id" in other.create:
            known[other.create["id"]] = other.case.view.schema.type_name
    parties = {"Individual", "Organization"}
    for kind, identifier in our_references([scene.create, *scene.patches.values()]):
        assert known.get(identifier) in (parties if kind == "a party" else {kind}), (kind, identifier)


def test_the_story_hangs_together():
    found = [one for scene in scenes() for one in our_references([scene.create, scene.patches])]
    assert len(found) > 60
    assert len(set(found)) > 15


@every("create")
def test_a_creation_is_as_its_document_declares_it(scene: Scene):
    judge(scene, "post", scene.case.path, "application/json", scene.create)


@each_patch
def test_a_change_is_as_its_document_declares_it(scene: Scene, media: str):
    judge(scene, "patch", f"{scene.case.path}/one", media, scene.patches[media])


@every("create")
def test_the_judge_refuses_a_creation_that_is_not_declared(scene: Scene):
    with pytest.raises(Exception, match=r"(?i)invalid|error"):
        judge(scene, "post", scene.case.path, "application/json", {**scene.create, "@type": 4})


@every("create")
async def test_a_creation_is_answered_and_keeps_what_was_sent(created: dict[str, httpx.Response], scene: Scene):
    answer = created[scene.case.name]
    assert answer.status_code == 201, answer.text
    by_server = scene.case.view.schema.server_set
    kept = {name: value for name, value in scene.create.items() if name not in by_server}
    assert {name: answer.json().get(name) for name in kept} == kept


@pytest.mark.usefixtures("created")
@each_patch
async def test_a_change_alone_changes_something(client: httpx.AsyncClient, scene: Scene, media: str):
    body = {name: value for name, value in scene.create.items() if name != "id"}
    before = await client.post(scene.case.path, json=body)
    assert before.status_code == 201, before.text
    answer = await patched(client, before.json()["href"], media, scene.patches[media])
    assert answer.status_code == 200, answer.text
    assert content(answer) != content(before)
    assert (await client.get(answer.json()["href"])).json() == answer.json()


@every("patch")
async def test_the_changes_follow_one_another(
    client: httpx.AsyncClient, created: dict[str, httpx.Response], scene: Scene
):
    href = created[scene.case.name].json()["href"]
    for media, change in scene.patches.items():
        before = await client.get(href)
        answer = await patched(client, href, media, change)
        assert answer.status_code == 200, answer.text
        assert content(answer) != content(before), media


@every("refused")
async def test_a_refusal_tells_every_mistake_and_no_other(client: httpx.AsyncClient, scene: Scene):
    answer = await client.post(scene.case.path, json=scene.refused)
    assert answer.status_code == 400, answer.text
    places = []
    for problem in answer.json()["problems"]:
        missing = _MISSING.match(problem["rule"])
        places.append(problem["pointer"] + (f"/{missing[1]}" if missing else ""))
    assert len(places) in (2, 3)
    if scene.case.name in MISTAKES:  # an API that came later may have none
        assert sorted(places) == sorted(MISTAKES[scene.case.name].split())
