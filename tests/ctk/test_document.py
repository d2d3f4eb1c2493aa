"""Documents as the kit reads them: OpenAPI 2.0, 3.0 and 3.1, ours and the published ones."""

from __future__ import annotations

import copy
import json
import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from ctk.areas import static
from ctk.exchange import Caller
from ctk.rule import Level
from ctk.run import run_checks
from ctk.standard.document import Document, Unreadable, ours, read_document
from ctk.standard.profile import profiles
from ctk.standard.schemas import Reading, Schemas
from ctk.target.listener import Listener
from ctk.target.target import Options, Target
from ctk.verdict.ledger import Finding, Ledger, Selection, Verdict

_FACTS = Path("/work/shared/facts")
_BUILD = Path("/work/shared/tools/build_openapi.py")
_TICKET = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "raised": {"type": "string", "format": "date-time"},
        "status": {"$ref": "#/definitions/Status"},
        "note": {"type": "array", "items": {"$ref": "#/definitions/Note"}},
    },
}
_OLD: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Tickets", "version": "4.0.0"},
    "basePath": "/tickets/v4/",
    "consumes": ["application/json;charset=utf-8"],
    "produces": ["application/json;charset=utf-8"],
    "paths": {
        "/ticket": {
            "get": {
                "operationId": "listTicket",
                "parameters": [{"name": "fields", "in": "query", "type": "string"}],
                "responses": {
                    "200": {"description": "", "schema": {"type": "array", "items": {"$ref": "#/definitions/Ticket"}}},
                    "4XX": {"description": ""},
                },
            },
            "post": {
                "operationId": "createTicket",
                "parameters": [{"name": "ticket", "in": "body", "schema": {"$ref": "#/definitions/Ticket_Create"}}],
                "responses": {"201": {"description": "", "schema": {"$ref": "#/definitions/Ticket"}}},
            },
        },
        "/ticket/{ticketId}/": {"delete": {"operationId": "deleteTicket", "responses": {"204": {"description": ""}}}},
    },
    "definitions": {
        "Status": {"type": "string", "enum": ["open", "closed"]},
        "Note": {"type": "object", "properties": {"text": {"type": "string"}}},
        "Ticket": _TICKET,
        "Ticket_Create": {"allOf": [{"$ref": "#/definitions/Ticket"}, {"required": ["status"]}]},
    },
}


@pytest.fixture
def old() -> Document:
    return Document(copy.deepcopy(_OLD))


def test_a_body_is_read_from_swagger(old: Document) -> None:
    create = old.operations["post", "/ticket"]
    assert create.takes == create.sends == {"application/json"}
    assert old.required(create.body) == {"name", "status"}
    assert list(old.attributes(create.body)) == ["id", "name", "raised", "status", "note"]


def test_attributes_of_swagger_have_kind_format_number_and_enumeration(old: Document) -> None:
    found = old.attributes(old.schema("Ticket"))
    assert {name: str(one) for name, one in found.items()} == {
        "id": "string", "name": "string", "raised": "string(date-time)", "status": "string", "note": "[object]",
    }  # fmt: skip
    assert found["status"].enum == ("open", "closed")
    assert (found["note"].schema_name, found["note"].many) == ("Note", True)


def test_a_list_is_read_from_its_answer(old: Document) -> None:
    listed = old.operations["get", "/ticket"]
    element = old.element(listed.answers["200"])
    assert element is not None
    assert "note" in old.attributes(element)
    assert old.element(old.schema("Ticket")) is None
    assert listed.queries == {"fields"}
    assert listed.id == "listTicket"
    assert listed.declares(200)
    assert listed.declares(404)
    assert not listed.declares(201)


def test_a_path_is_found_whatever_its_parameter_is_called(old: Document) -> None:
    found = old.operation("delete", "/ticket/{id}")
    assert found is not None
    assert found.id == "deleteTicket"
    assert old.operation("patch", "/ticket/{id}") is None
    assert old.bases() == ("/tickets/v4",)


def test_a_path_may_hold_the_base_address() -> None:
    inner = {"responses": {"200": {"description": ""}}}
    both = {"/v4/ticket": {"get": {**inner, "operationId": "a"}}, "/v5/ticket": {"get": {**inner, "operationId": "b"}}}
    document = Document({"openapi": "3.0.3", "paths": both})
    found = document.operation("get", "/ticket", "/v5")
    assert found is not None
    assert found.id == "b"
    assert document.operation("get", "/ticket", "/v6") is None
    document = Document({"openapi": "3.0.3", "paths": {"/v4/ticket": both["/v4/ticket"]}})
    assert document.operation("get", "/ticket", "/elsewhere") is not None


def test_a_type_beside_null_is_the_type() -> None:
    schema = {"properties": {"name": {"type": ["string", "null"]}, "both": {"type": ["string", "integer"]}}}
    found = Document({"openapi": "3.1.0", "paths": {}}).attributes(schema)
    assert (found["name"].kind, found["both"].kind) == ("string", "any")


def test_variables_of_a_server_stand_at_their_defaults() -> None:
    server = {"url": "{root}/tickets/v5/", "variables": {"root": {"default": "https://a.example"}}}
    assert Document({"openapi": "3.0.1", "servers": [server, {"url": "/x"}]}).bases() == ("/tickets/v5", "/x")


def test_a_schema_inside_itself_ends() -> None:
    schemas = {"A": {"allOf": [{"$ref": "#/components/schemas/A"}], "properties": {"name": {"type": "string"}}}}
    document = Document({"openapi": "3.0.3", "components": {"schemas": schemas}})
    assert list(document.attributes(document.schema("A"))) == ["name"]


def test_what_is_not_built_as_openapi_counts_as_missing() -> None:
    odd = Document(
        {"openapi": "3.0.3", "info": [], "servers": {}, "paths": {"/a": [], "/b": {"get": 3}}, "components": 1}
    )
    assert [one.path for one in odd.operations.values()] == ["/b"]
    assert (odd.title, odd.bases(), odd.schema("A")) == ("", ("",), {})
    assert odd.attributes({"allOf": 1, "properties": {"a": None}})["a"].kind == "any"
    assert odd.resolve({"$ref": "other.yaml#/A"}) == {}


@pytest.mark.parametrize("content", [b"", b"[]", b"<html></html>", b"a: [", b"title: Tickets", b"\xff\xfe\x00"])
def test_what_is_no_document_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_document(content)


def test_yaml_and_json_are_read_alike(old: Document) -> None:
    texts = yaml.safe_dump(_OLD), json.dumps(_OLD)
    assert [read_document(text.encode()).content for text in texts] == [old.content, old.content]


def published(name: str, version: str) -> dict[str, Any]:
    """The published document, built from its facts."""
    build = runpy.run_path(str(_BUILD))
    facts = yaml.safe_load((_FACTS / f"{name}.yaml").read_text())
    content: dict[str, Any] = build["Builder"](facts, "3.0.3" if version == "2.0" else version, None).build()
    return swagger(content) if version == "2.0" else content


def swagger(content: Mapping[str, Any]) -> dict[str, Any]:
    """A document of OpenAPI 3 in the form of 2.0, as far as the kit reads it."""
    made = {key: value for key, value in content.items() if key not in ("openapi", "servers", "components")}
    made |= {"swagger": "2.0", "basePath": Document(dict(content)).bases()[0], "produces": ["application/json"]}
    made["definitions"] = content["components"]["schemas"]
    made |= {"parameters": content["components"]["parameters"], "responses": content["components"]["responses"]}
    made = copy.deepcopy(made)
    for one in (*made["responses"].values(), *_responses(made)):
        one["schema"] = next(iter(one.pop("content", {}).values()), {}).get("schema", {})
    for operation in (one for item in made["paths"].values() for one in item.values()):
        if body := operation.pop("requestBody", None):
            schema = next(iter(body["content"].values()))["schema"]
            operation["consumes"] = list(body["content"])
            operation["parameters"] = [*operation.get("parameters", ()), {"name": "it", "in": "body", "schema": schema}]
    text = json.dumps(made).replace("#/components/schemas/", "#/definitions/").replace("#/components/", "#/")
    found: dict[str, Any] = json.loads(text)
    return found


def _responses(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in content["paths"].values():
        for operation in item.values():
            yield from (one for one in operation["responses"].values() if "$ref" not in one)


def compared(name: str, content: Mapping[str, Any]) -> list[Finding]:
    """What the area `static` finds of a server that publishes this document and has nothing else."""
    profile, base = profiles()[name], f"http://server.example{profiles()[name].base}"

    def answer(request: httpx.Request) -> httpx.Response:
        there = str(request.url) == f"{base}/openapi.json"
        return httpx.Response(200, json=content) if there else httpx.Response(404)

    document = ours(name)
    ledger = Ledger(profile, document, Selection(Level.standard, frozenset({"static"})))
    with httpx.Client(transport=httpx.MockTransport(answer)) as client, Listener("127.0.0.1", 0, "") as listener:
        target = Target(
            profile,
            document,
            Caller(client, base, {}),
            Schemas(document, base, Reading.LENIENT),
            listener,
            Options(),
            ledger,
        )
        return run_checks(target, [static.AREA], lambda *_: None)


@pytest.mark.parametrize("version", ["2.0", "3.0.3", "3.1.0"])
@pytest.mark.parametrize("name", sorted(profiles()))
def test_the_published_document_says_what_ours_does(name: str, version: str) -> None:
    if not _FACTS.exists() or not _BUILD.exists():
        pytest.skip(f"{_FACTS} is not here: the published documents are not compared with ours")
    findings = compared(name, published(name, version))
    assert [
        (one.assertion.rule.id, one.assertion.subject, one.reason) for one in findings if one.verdict == Verdict.FAILED
    ] == []
    assert sum(one.verdict == Verdict.PASSED for one in findings) > len(findings) * 0.9


def test_a_server_without_a_document_is_not_tested() -> None:
    findings = compared("TMF621-v5", {"openapi": "3.0.3", "paths": {}})
    assert {one.verdict for one in findings} == {Verdict.NOT_TESTED}
    assert "no document of this API is published" in findings[0].reason
