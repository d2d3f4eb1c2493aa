"""The examples in the documents: each is what its schema allows, none is missing, and the suite still answers so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cache
from typing import Any

import httpx
import pytest

from common import apis
from common.app import build
from common.openapi import ApiDocument, read_document
from common.resource import SPECS
from common.schema.compile import Validator, compile_schema
from common.schema.json_schemas import JsonSchemas
from common.settings import Settings
from common.store.connection import connect
from common.store.database import open_database
from specs.builder.source import NAMES, load
from tests.specs_examples.record import ORIGIN, answered

names = pytest.mark.parametrize("name", NAMES)
_UNANSWERED = ("204", "202", "304")


@cache
def document(name: str) -> ApiDocument:
    return read_document(SPECS / f"{name}.yaml")


def contents(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every media type object of a document with a name for messages."""
    raw = document(name).raw
    for path, item in raw["paths"].items():
        for method, operation in item.items():
            for media, content in operation.get("requestBody", {}).get("content", {}).items():
                yield f"{method} {path} {media}", content
            for code, response in operation["responses"].items():
                for media, content in response.get("content", {}).items():
                    yield f"{method} {path} {code} {media}", content
    for code, response in raw["components"]["responses"].items():
        yield code, response["content"]["application/json"]


@names
def test_every_body_has_an_example(name: str):
    assert [place for place, content in contents(name) if not content.get("examples")] == []


def validator(name: str, schema: dict[str, Any]) -> tuple[Validator, bool]:
    """The validator of a body's schema, or of its elements; of a choice, the first."""
    schema = schema.get("oneOf", [schema])[0]
    many = schema.get("type") == "array"
    chosen = schema["items"] if many else schema
    return compiled(name, chosen["$ref"].rsplit("/", 1)[-1]), many


@cache
def normal(name: str) -> JsonSchemas:
    return JsonSchemas(document(name).components)


@cache
def compiled(name: str, component: str) -> Validator:
    return compile_schema(component, normal(name))


@names
def test_every_example_is_what_its_schema_allows(name: str):
    wrong = []
    for place, content in contents(name):
        judge, many = validator(name, content["schema"])
        for example in content.get("examples", {}).values():
            for value in example["value"] if many else [example["value"]]:
                wrong += [(place, problem.pointer, problem.rule) for problem in judge.problems(value)]
    assert wrong == []


def differences(kept: Any, now: Any, place: str = "") -> Iterator[str]:
    """Where two answers have other names, types or lengths."""
    if type(kept) is not type(now):
        yield f"{place}: {kept!r} was kept, {now!r} is answered"
    elif isinstance(kept, dict):
        yield from (f"{place}/{one}: kept or answered alone" for one in kept.keys() ^ now.keys())
        for one in kept.keys() & now.keys():
            yield from differences(kept[one], now[one], f"{place}/{one}")
    elif isinstance(kept, list):
        if len(kept) != len(now):
            yield f"{place}: {len(kept)} elements were kept, {len(now)} are answered"
        for position, (one, other) in enumerate(zip(kept, now, strict=False)):
            yield from differences(one, other, f"{place}/{position}")


@pytest.fixture(scope="module")
async def fresh(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a suite whose store is empty: the story's ids are taken in the session's."""
    assert settings.store.mongodb_uri
    database = open_database(settings.store.mongodb_uri, f"{settings.store.database}-examples")
    transport = httpx.ASGITransport(app=build(settings, apis.declared(), database))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as made:
        yield made
    await database.close()
    with connect(settings.store.mongodb_uri) as tool:
        tool.drop_database(f"{settings.store.database}-examples")


@names
async def test_the_suite_still_answers_what_the_examples_show(fresh: httpx.AsyncClient, name: str):
    kept = load(SPECS / "source" / "examples" / "answers" / f"{name}.yaml")
    assert list(differences(kept, await answered(fresh, name))) == [], "make specs-answers"
