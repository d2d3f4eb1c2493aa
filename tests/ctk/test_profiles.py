"""Profiles, payloads and rules are what documents and each other say."""

from __future__ import annotations

import json

import pytest

from ctk.rule import rules
from ctk.standard.bodies import Payloads
from ctk.standard.document import ours
from ctk.standard.operations import operation_of
from ctk.standard.profile import Profile, Resource, profiles
from ctk.standard.schemas import Reading, Schemas

FACETS = [(profile, resource) for profile in profiles().values() for resource in profile.resources.values()]
facets = pytest.mark.parametrize(
    ("profile", "resource"), FACETS, ids=[f"{profile.name}-{resource.name}" for profile, resource in FACETS]
)


@pytest.mark.parametrize("profile", profiles().values(), ids=list(profiles()))
def test_a_profile_has_what_its_document_has(profile: Profile):
    document = ours(profile.name)
    assert document.content["servers"][0]["url"] == profile.base
    paths = {path for _, path in document.operations}
    assert {f"/{name}" for name in profile.resources} == {
        path for path in paths if path.count("/") == 1 and path != "/hub"
    }
    assert {event.source for event in profile.events.values()} == {path for path in paths if "/listener/" in path}
    assert {event.schema for event in profile.events.values()} <= set(document.schemas)
    assert {event.resource for event in profile.events.values()} <= set(profile.resources)


@facets
def test_a_resource_is_asked_for_what_its_document_declares(profile: Profile, resource: Resource):
    document = ours(profile.name)
    read = document.attributes(document.schema(resource.schema))
    create = document.operations[operation_of("create", resource.name)].body
    assert {verb for verb in resource.operations if operation_of(verb, resource.name) in document.operations} == set(
        resource.operations
    )
    assert set(resource.required) == document.required(create) - {"@type"}
    assert set(resource.server) - {"id", "href"} <= set(read) - set(document.attributes(create))
    assert document.required(document.schema(resource.schema)) <= set(resource.mandatory) <= set(read)
    assert {"id", "href", *resource.required} <= set(resource.mandatory)
    for name in (*resource.filters, *resource.conditional):
        assert name.split(".")[0] in read
    if "patch" in resource.operations:
        patch = document.operations[operation_of("patch", resource.name)].body
        assert set(resource.protected) == set(read) - set(document.attributes(patch))
    assert resource.text in read
    assert not resource.state or resource.state in read


@facets
def test_its_payloads_are_valid(profile: Profile, resource: Resource):
    document = ours(profile.name)
    schemas = Schemas(document, "http://server.example" + profile.base, Reading.LENIENT)
    create = document.operations[operation_of("create", resource.name)].body["$ref"].rpartition("/")[2]
    payloads = Payloads(profile.name, None, lambda: "one", lambda name, attribute: "1")
    minimal, full = (payloads.body(resource.name, kind) for kind in ("minimal", "full"))
    assert schemas.of_schema(create, json.dumps(minimal).encode()) == []
    assert schemas.of_schema(create, json.dumps(full).encode()) == []
    assert set(minimal) - {"@type"} == set(resource.required)
    assert set(resource.required) <= set(full)
    assert "one" in full[resource.text]
    assert full.keys() <= document.attributes(document.schema(resource.schema)).keys()


def test_every_row_says_where_it_comes_from():
    for rule in rules().values():
        assert rule.source, rule.id
        assert not rule.name.endswith("."), rule.id
    kinds = ("operations", "mandatory", "conditional", "required", "server", "protected", "filters")
    rows = [row for _, resource in FACETS for kind in kinds for row in getattr(resource, kind).values()]
    assert [row for row in rows if not row.source] == []
