"""One whole document: paths, components, our words, the examples."""

from __future__ import annotations

from typing import Any

from specs.builder.examples import with_examples
from specs.builder.operations import paths
from specs.builder.prose import Glossary, Prose, with_own
from specs.builder.source import Source
from specs.builder.types import schema

_LICENCE = {"name": "Apache 2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"}


def document(source: Source, texts: Glossary) -> tuple[dict[str, Any], list[str]]:
    """Returns the OpenAPI 3.0.3 document, and the places that have no description."""
    prose = Prose(source, with_own(texts, source))
    own, tags = source.own, source.profiles[source.version]["tags"]
    named = [*own["resources"], tags["listen"], tags["hub"]]
    made = {
        "openapi": "3.0.3",
        "info": {"title": own["title"], "version": own["release"], "description": prose.info(), "license": _LICENCE},
        "servers": [{"url": own["base"]}],
        "security": [{}, {"bearerAuth": []}],
        "tags": [{"name": name, "description": prose.tag(name)} for name in named],
        "paths": paths(source, prose),
        "components": _components(source, prose),
    }
    with_examples(made, source)
    return made, prose.missing


def _components(source: Source, prose: Prose) -> dict[str, Any]:
    profiles = source.profiles
    declared = [declaration for verb in source.verbs.values() for declaration in (verb, verb.get("ours", {}))]
    used = {name for declaration in declared for name in declaration.get("parameters", ())}
    codes = {code for declaration in declared for code in declaration.get("errors", ())}
    bearer = {"type": "http", "scheme": "bearer", "description": prose.text_of("security", "bearer")}
    return {
        "schemas": {name: _described(name, node, prose) for name, node in source.types.items()},
        "parameters": {
            name: {
                "name": name,
                "in": declaration["in"],
                **({"required": True} if declaration.get("required") else {}),
                "description": prose.text_of("parameters", name),
                "schema": schema(declaration["schema"]),
            }
            for name, declaration in profiles["parameters"].items()
            if name in used
        },
        "headers": {
            name: {"description": prose.text_of("headers", name), "schema": schema(kind)}
            for name, kind in profiles["headers"].items()
        },
        "responses": {
            f"Error{code}": {
                "description": prose.response(str(code)),
                "content": {"application/json": {"schema": schema("Error")}},
            }
            for code in sorted(codes, key=str)
        },
        "securitySchemes": {"bearerAuth": bearer},
    }


def _described(name: str, node: Any, prose: Prose) -> dict[str, Any]:
    """Returns a type's schema with its description and those of its attributes."""
    return {"description": prose.schema(name), **_with_texts(name, schema(node), prose)}


def _with_texts(name: str, made: dict[str, Any], prose: Prose) -> dict[str, Any]:
    """Returns a schema with the descriptions of the attributes that it and what stands inside it declare."""
    for part in [made, *made.get("allOf", ())]:
        if "properties" in part:
            part["properties"] = {
                attribute: _with_text(_with_texts(name, inner, prose), prose.attribute(name, attribute))
                for attribute, inner in part["properties"].items()
            }
        if "items" in part:
            part["items"] = _with_texts(name, part["items"], prose)
    return made


def _with_text(node: dict[str, Any], text: str) -> dict[str, Any]:
    # OpenAPI 3.0 ignores what stands beside a reference.
    return {"description": text, "allOf": [node]} if "$ref" in node else {"description": text, **node}
