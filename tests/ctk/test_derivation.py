"""Profiles and bodies follow from a document; the few rows of `ctk/profiles/` say what follows from none."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import ctk
from ctk.rule import Level
from ctk.standard.additions import FOLDER, Addition, Additions, gathered, read_additions
from ctk.standard.bodies import bodies
from ctk.standard.derived import Row
from ctk.standard.document import SPECS, Document, ours
from ctk.standard.profile import Profile, profile_of, profiles
from ctk.standard.schemas import Reading, Schemas
from ctk.verdict.ledger import Ledger, Selection
from tests.ctk.minimal import minimal_server
from tests.ctk.toy import toy_content, toy_document

NAME = "TMF999-v5"
FILES = sorted(FOLDER.glob("*.yaml"))
FEW = ("static", "create", "retrieve", "filters", "fields", "patch", "delete")
"""Areas that wait for nothing; `make ctk` tries the others as well."""


def toy(*given: Mapping[str, Any], content: dict[str, Any] | None = None) -> Profile:
    """The profile of the toy document, or of one like it, with rows as they stand in a file."""
    return profile_of(NAME, Document(content) if content else toy_document(), gathered(list(given), "TMF999.yaml"))


def sources(found: Mapping[str, Row]) -> dict[str, str]:
    return {name: row.source for name, row in found.items()}


def test_an_api_is_called_and_stands_as_its_document_says():
    profile = toy()
    assert (profile.api, profile.version, profile.name, profile.other) == ("TMF999", "v5", NAME, "TMF999-v4")
    assert (profile.title, profile.base) == ("Widget Management", "/tmf-api/widgetManagement/v5")


def test_each_path_of_one_segment_but_the_hub_is_a_resource():
    assert {name: one.schema for name, one in toy().resources.items()} == {
        "widget": "Widget",
        "widgetCheck": "WidgetCheck",
    }


def test_operations_are_those_of_the_document_and_changing_ones_may_be_missing():
    widget, check = toy().resources.values()
    assert {verb: row.mandatory for verb, row in widget.operations.items()} == {
        "list": True, "create": True, "retrieve": True, "patch": False, "delete": False,
    }  # fmt: skip
    assert sources(check.operations) == {
        "create": "TMF999-v5 document, createWidgetCheck",
        "retrieve": "TMF999-v5 document, retrieveWidgetCheck",
    }


def test_every_answer_has_what_is_required_and_what_must_be_sent():
    assert sources(toy().resources["widget"].mandatory) == {
        "id": "TMF630 part 1: every resource has an id",
        "href": "TMF630 part 1: every resource has an href",
        "@type": "Widget, required",
        "maker": "Widget_FVO, required: what must be sent is returned",
        "size": "Widget_FVO, required: what must be sent is returned",
    }


def test_every_answer_has_what_conformance_profiles_add_as_far_as_the_schema_has_it():
    widget = toy({"resources": ["widget"], "mandatory": ["size", "born", "unheard"]}).resources["widget"]
    assert list(widget.mandatory) == ["id", "href", "@type", "size", "born", "maker"]
    assert {widget.mandatory[name].source for name in ("size", "born")} == {
        "conformance profile of TMF999: mandatory in every answer"
    }
    assert {name for name, row in widget.filters.items() if row.level is Level.certify} == {"id", "size", "born"}


def test_what_a_complex_attribute_requires_is_asked_where_that_is_answered():
    assert [dataclasses.astuple(row)[:3] for row in toy().resources["widget"].conditional.values()] == [
        ("maker.@type", "MakerRef, required", "maker"),
        ("maker.id", "MakerRef, required", "maker"),
        ("box.href", "Box, required", "box"),
    ]


def test_a_creation_is_asked_for_what_its_schema_requires_but_the_type():
    widget, check = toy().resources.values()
    assert sources(widget.required) == {"maker": "Widget_FVO, required", "size": "Widget_FVO, required"}
    assert list(check.required) == ["widget"]


def test_the_server_sets_what_no_creation_sends_and_the_id_always():
    assert sources(toy().resources["widget"].server) == {
        "href": "Widget_FVO lacks it",
        "born": "Widget_FVO lacks it",
        "id": "TMF630 part 1: the server gives it",
    }


def test_what_no_change_sends_is_protected():
    widget, check = toy().resources.values()
    assert set(widget.protected) == {"@type", "colour", "maker", "box", "id", "href", "born"}
    assert {row.source for row in widget.protected.values()} == {"Widget_MVO lacks it"}
    assert check.protected == {}


def test_filters_are_the_mandatory_ones_and_those_of_the_example():
    widget = toy().resources["widget"]
    assert {name: (row.level, row.source.partition(";")[0]) for name, row in widget.filters.items()} == {
        "id": (Level.certify, "conformance kits ask for every mandatory attribute of Widget"),
        "href": (Level.best, "TMF630 part 1, attribute filtering"),
        "size": (Level.certify, "conformance kits ask for every mandatory attribute of Widget"),
        "colour": (Level.standard, "TMF630 part 1, attribute filtering"),
        "description": (Level.standard, "TMF630 part 1, attribute filtering"),
        "maker.id": (Level.standard, "TMF630 part 1, filtering inside complex attributes"),
        "maker.name": (Level.standard, "TMF630 part 1, filtering inside complex attributes"),
        "box.href": (Level.standard, "TMF630 part 1, filtering inside complex attributes"),
        "box.kind": (Level.standard, "TMF630 part 1, filtering inside complex attributes"),
    }


def test_an_event_is_about_the_longest_resource_that_its_name_begins_with():
    found = {name: (one.resource, one.cause, ".".join(one.content)) for name, one in toy().events.items()}
    assert found == {
        "WidgetCreateEvent": ("widget", "create", "event.widget"),
        "WidgetAttributeValueChangeEvent": ("widget", "change", "event.widget"),
        "WidgetStatusChangeEvent": ("widget", "state", "event.widget"),
        "WidgetMeltedEvent": ("widget", "other", "event.widget"),
        "WidgetCheckCreateEvent": ("widgetCheck", "create", "payload.widgetCheck"),
    }
    assert toy().events["WidgetMeltedEvent"].source == "/listener/widgetMeltedEvent"
    assert toy().events["WidgetMeltedEvent"].schema == "WidgetCreateEvent"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"title": {"type": "string"}, "name": {"type": "string"}, "description": {"type": "string"}}, "description"),
        ({"title": {"type": "string"}, "name": {"type": "string"}}, "name"),
        ({"title": {"type": "string"}, "name": {"type": "integer"}}, "title"),
        ({"title": {"type": "string", "format": "date"}, "other": {"type": "string", "format": "uri"}}, "other"),
        ({"title": {"type": "array", "items": {"type": "string"}}, "other": {"type": "string", "enum": ["x"]}}, ""),
    ],
)
def test_the_text_is_the_description_else_the_name_else_the_first_text(given: dict[str, Any], text: str):
    content = toy_content()
    schemas = content["components"]["schemas"]
    del schemas["Widget_Sent"]["properties"]["description"], schemas["Widget_MVO"]["properties"]["description"]
    for schema in ("Widget_Sent", "Widget_MVO"):
        schemas[schema]["properties"] |= given
    example(content)["value"] |= dict.fromkeys(given, "x")
    assert toy(content=content).resources["widget"].text == text


def test_a_text_that_no_change_may_send_is_not_taken():
    content = toy_content()
    del content["components"]["schemas"]["Widget_MVO"]["properties"]["description"]
    assert toy(content=content).resources["widget"].text == ""


def test_what_no_row_says_is_as_if_there_were_none():
    widget = toy().resources["widget"]
    assert (widget.state, widget.path, widget.other_name) == ("", (), "widget")
    row = {
        "resources": ["widget"],
        "text": "colour",
        "state": "colour",
        "path": ["red", "blue"],
        "other_name": "other",
    }
    widget = toy(row).resources["widget"]
    assert (widget.text, widget.state, widget.path, widget.other_name) == (
        "colour",
        "colour",
        ("red", "blue"),
        "other",
    )
    assert widget.has("state", "patch")


def test_a_full_body_is_the_example_without_what_the_server_sets_and_marked():
    assert bodies(toy(), toy_document())["widget"]["full"] == {
        "@type": "Widget",
        "colour": "red",
        "description": "A red one. ${unique}",
        "size": 3,
        "maker": [
            {"@type": "MakerRef", "id": "maker-1", "href": "https://h.example/1", "name": "Maker", "role": "shop"}
        ],
        "box": {"href": "https://h.example/2", "kind": "wood", "weight": 4, "lid": {"open": True}},
    }


def test_a_minimal_body_is_what_must_be_sent_of_the_full_one():
    found = bodies(toy(), toy_document())["widget"]
    assert found["minimal"] == {name: found["full"][name] for name in ("@type", "size", "maker")}


def test_a_mandatory_reference_is_to_a_resource_made_for_it_and_an_address_is_marked_in_its_query():
    found = bodies(toy(), toy_document())["widgetCheck"]
    reference = {"@type": "WidgetRef", "id": "${widget.id}", "@referredType": "Widget"}
    assert found["full"] == {
        "@type": "WidgetCheck",
        "report": "https://h.example/report?run=${unique}",
        "widget": reference,
    }
    assert found["minimal"] == {"@type": "WidgetCheck", "widget": reference}


def test_without_an_example_bodies_are_made_from_the_schema():
    content = toy_content()
    for path in ("/widget", "/widgetCheck"):
        media = content["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        media.pop("example", None)
        media.pop("examples", None)
    document, profile = Document(content), toy(content=content)
    schemas = Schemas(document, "http://h.example", Reading.LENIENT)
    found = bodies(profile, document)
    assert found["widget"]["full"].keys() == {"@type", "colour", "description", "size", "maker", "box"}
    assert "${unique}" in found["widget"]["full"]["description"]
    for name, resource in profile.resources.items():
        assert resource.required.keys() <= found[name]["minimal"].keys()
        for body in found[name].values():
            assert schemas.of_schema(f"{resource.schema}_FVO", json.dumps(body).encode()) == []


def test_a_resource_that_nobody_can_create_has_a_profile():
    content = toy_content()
    del content["paths"]["/widget"]["post"]
    widget = toy(content=content).resources["widget"]
    assert (widget.text, widget.required, set(widget.server)) == ("", {}, {"id", "href"})
    assert set(widget.filters) == {"id", "href"}
    assert bodies(toy(content=content), Document(content))["widget"] == {"minimal": {}, "full": {}}


def test_every_rule_can_be_asked_of_an_api_that_only_has_a_document():
    planned = Ledger(toy(), toy_document(), Selection(Level.best)).findings()
    assert {one.assertion.resource for one in planned} == {"", "widget", "widgetCheck"}
    assert len({one.assertion.rule.id for one in planned}) > 500


def example(content: dict[str, Any]) -> dict[str, Any]:
    """The example of the toy's creation."""
    media = content["paths"]["/widget"]["post"]["requestBody"]["content"]["application/json"]
    found: dict[str, Any] = media["examples"]["create"]
    return found


def idle(additions: Additions, documents: Mapping[str, Document]) -> list[str]:
    """What is added and changes nothing in any version: it follows from the documents, or is of no resource."""
    derived = {name: profile_of(name, document, additions) for name, document in documents.items()}
    return [
        place
        for place, fewer in _without_one(additions)
        if derived == {name: profile_of(name, document, fewer) for name, document in documents.items()}
    ]


def _without_one(additions: Additions) -> Iterator[tuple[str, Additions]]:
    """The additions without one value of one resource, each with the place of that."""
    for resource, addition in additions.by_resource.items():
        fewer = {field: "" for field in ("text", "state", "other_name") if getattr(addition, field)}
        variants = {field: dataclasses.replace(addition, **{field: ""}) for field in fewer}
        if addition.path:
            variants["path"] = dataclasses.replace(addition, path=())
        for name in addition.mandatory:
            rest = tuple(other for other in addition.mandatory if other != name)
            variants[f"mandatory {name}"] = dataclasses.replace(addition, mandatory=rest)
        for place, variant in variants.items():
            yield f"{resource} {place}", Additions({**additions.by_resource, resource: variant})


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_file_says_nothing_that_follows_from_the_documents(file: Path):
    documents = {name: ours(name) for name, profile in profiles().items() if profile.api == file.stem}
    assert documents, f"{file.name} is of no API that has documents"
    assert idle(read_additions(file), documents) == []


def test_what_repeats_the_document_is_seen():
    row = {
        "resources": ["widget"],
        "text": "description",
        "other_name": "widget",
        "mandatory": ["@type", "born", "unheard"],
    }
    more = {"resources": ["widget"], "state": "colour", "path": ["red", "blue"]}
    strange = {"resources": ["gadget"], "text": "name"}
    documents = {NAME: toy_document()}
    assert idle(gathered([row, more, strange], "TMF999.yaml"), documents) == [
        "widget text",
        "widget other_name",
        "widget mandatory unheard",
        "gadget text",
    ]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_file_is_short(file: Path):
    assert len(file.read_text().splitlines()) <= 20


def test_a_state_has_states_and_all_of_them_follow_the_document():
    for name, profile in profiles().items():
        for resource in profile.resources.values():
            assert bool(resource.state) == (len(resource.path) > 1), f"{name} {resource.name}"
            declared = ours(name).attributes(ours(name).schema(resource.schema))
            allowed = declared[resource.state].enum if resource.state else ()
            assert not allowed or set(resource.path) <= set(allowed), f"{name} {resource.name}"


def test_the_two_names_of_a_resource_name_each_other():
    for profile in profiles().values():
        for resource in profile.resources.values():
            other = profiles()[profile.other].resources.get(resource.other_name)
            assert other is None or other.other_name == resource.name


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([{"resources": ["widget"], "texts": "name"}], "texts is nothing that a row adds"),
        (
            [{"resources": ["widget"], "text": "a"}, {"resources": ["widget"], "text": "b"}],
            "two rows add text to widget",
        ),
    ],
)
def test_a_file_that_is_not_understood_is_refused(given: list[dict[str, Any]], why: str):
    with pytest.raises(ValueError, match=why):
        gathered(given, "TMF999.yaml")


def test_an_api_needs_no_file(tmp_path: Path):
    assert read_additions(tmp_path / "TMF999.yaml") == Additions()
    assert Additions().of("widget") == Addition()


@pytest.mark.parametrize("areas", [FEW, pytest.param((), marks=pytest.mark.whole)], ids=["few areas", "every area"])
def test_an_api_of_which_only_the_document_is_added_is_judged(areas: tuple[str, ...], tmp_path: Path):
    """The kit in a copy of its folder, beside `specs/` with documents of two APIs that it has never seen.

    One of them names no address; it hides the other from nobody.
    """
    shutil.copytree(Path(ctk.__file__).parent, tmp_path / "ctk", ignore=shutil.ignore_patterns("__pycache__"))
    text = (SPECS / "TMF629-v5.json").read_text().replace("customer", "gadget").replace("Customer", "Gadget")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / f"{NAME}.json").write_text(text)
    nowhere = {name: value for name, value in toy_content().items() if name != "servers"}
    (tmp_path / "specs" / "TMF998-v5.json").write_text(json.dumps(nowhere))
    report = tmp_path / "report.json"
    command = [
        sys.executable,
        "-m",
        "ctk",
        "--json",
        str(report),
        *(part for area in areas for part in ("--area", area)),
    ]
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with minimal_server(NAME, content=json.loads(text)) as url:
        done = subprocess.run([*command, url], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    data = json.loads(report.read_text())
    assert [(one["name"], one["failed"]) for one in data["checked"]] == [(NAME, 0)]
    assert data["passed"] > 300
