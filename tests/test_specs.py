"""The documents in specs/: valid OpenAPI, and nothing of the published facts missing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

from common import apis
from common.resource import SPECS
from specs.builder.__main__ import as_json, built

DOCUMENTS = sorted(SPECS.glob("*.yaml"))
SHARED = SPECS.parent.parent / "shared"
from_source = cache(built)
"""The documents as their source says; made by the first test that asks."""
documents = pytest.mark.parametrize("file", DOCUMENTS, ids=[file.stem for file in DOCUMENTS])


def test_every_version_has_its_documents():
    declared = sorted(version.document for api in apis.declared() for version in api.versions)
    assert declared == DOCUMENTS
    assert all(file.with_suffix(".json").is_file() for file in DOCUMENTS)


@documents
def test_a_document_is_valid_openapi(file: Path):
    document = yaml.load(file.read_bytes(), yaml.CSafeLoader)
    assert [str(error) for error in OpenAPIV30SpecValidator(document).iter_errors()] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"THE FACTS OF THE PUBLISHED DOCUMENTS ARE NOT AT {SHARED}")
@documents
def test_nothing_of_the_published_facts_is_missing(file: Path):
    command = [str(SHARED / "tools" / "compare_spec.py"), str(SHARED / "facts" / file.name), str(file)]
    done = subprocess.run([sys.executable, *command, "--subset", "--ignore", "servers"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]


@documents
def test_a_document_is_what_its_source_says(file: Path):
    text, _ = from_source()[file.stem]
    assert file.read_text(encoding="utf-8") == text, "make specs"
    assert file.with_suffix(".json").read_bytes() == as_json(text), "make specs"


def undescribed(document: dict[str, Any]) -> Iterator[str]:
    """The places of everything that carries a description in OpenAPI and has none here."""
    components = document["components"]
    yield from (f"info {name}" for name in ("title", "version", "description") if not document["info"].get(name))
    yield from (f"tag {tag['name']}" for tag in document["tags"] if not tag.get("description"))
    for kind in ("schemas", "parameters", "headers", "responses", "securitySchemes"):
        yield from (f"{kind} {name}" for name, told in components[kind].items() if not told.get("description"))
    for name, schema in components["schemas"].items():
        yield from (f"{name}{place}" for place in silent(schema))
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for part in ("summary", "description"):
                if not operation.get(part):
                    yield f"{method} {path} {part}"
            told = [
                *operation.get("parameters", ()),
                *operation["responses"].values(),
                operation.get("requestBody", {}),
            ]
            yield from (
                f"{method} {path} {one}" for one in told if one and "$ref" not in one and not one.get("description")
            )


def silent(schema: dict[str, Any], place: str = "") -> Iterator[str]:
    """The attributes inside a schema that have no description."""
    for name, inner in schema.get("properties", {}).items():
        if not inner.get("description"):
            yield f"{place}.{name}"
        yield from silent(inner, f"{place}.{name}")
    for part in [*schema.get("allOf", ()), *schema.get("oneOf", ()), *filter(None, [schema.get("items")])]:
        yield from silent(part, place)


@documents
def test_nothing_is_left_undescribed(file: Path):
    document = yaml.load(file.read_bytes(), yaml.CSafeLoader)
    assert list(undescribed(document)) == []
    assert from_source()[file.stem][1] == []
