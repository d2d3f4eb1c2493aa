"""The operations of a document, from its resources, events and the profiles of its version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from specs.builder.prose import Prose
from specs.builder.source import Source
from specs.builder.types import own_part, schema

_METHODS = {"list": "get", "create": "post", "retrieve": "get", "patch": "patch", "delete": "delete"}
_ITEM = ("retrieve", "patch", "delete")
_HUB = {"subscribe": ("/hub", "post"), "subscription": ("/hub/{id}", "get"), "unsubscribe": ("/hub/{id}", "delete")}
_MERGES = ("application/json", "application/merge-patch+json")
_PATCHES = ("application/json-patch+json", "application/json-patch-query+json")
_SUCCESS = {"list": "200", "create": "201", "retrieve": "200", "patch": "200", "delete": "204"}
_SCALARS = ("string", "integer", "number", "boolean")


def paths(source: Source, prose: Prose) -> dict[str, Any]:
    """Returns every path with its operations, in the order of hub, listeners, resources."""
    by_path: dict[str, Any] = {}
    for path, method, operation in [*_hub(source, prose), *_listeners(source, prose), *_resources(source, prose)]:
        by_path.setdefault(path, {})[method] = operation
    return by_path


def _hub(source: Source, prose: Prose) -> Iterator[tuple[str, str, dict[str, Any]]]:
    is_v4 = source.version == "v4"
    sent, read = ("EventSubscriptionInput", "EventSubscription") if is_v4 else ("Hub_FVO", "Hub")
    for verb in source.own["hub"]:
        path, method = _HUB[verb]
        success = {"subscribe": "201", "subscription": "200", "unsubscribe": "204"}[verb]
        answers = {success: None if verb == "unsubscribe" else read}
        body = _content([sent], ("application/json",)) if verb == "subscribe" else None
        yield path, method, _operation(source, prose, verb, "hub", body, answers)


def _listeners(source: Source, prose: Prose) -> Iterator[tuple[str, str, dict[str, Any]]]:
    answers = {"201": "EventSubscription"} if source.version == "v4" else {"204": None}
    for event in source.own["events"]:
        segment, type_name = next(iter(event.items())) if isinstance(event, dict) else (event, _capital(event))
        body = _content([type_name], ("application/json",))
        yield f"/listener/{segment}", "post", _operation(source, prose, "listen", segment, body, answers)


def _resources(source: Source, prose: Prose) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for segment, resource in source.own["resources"].items():
        for verb in resource["verbs"]:
            path = f"/{segment}/{{id}}" if verb in _ITEM else f"/{segment}"
            read = resource["schema"]
            answers = {_SUCCESS[verb]: None if verb == "delete" else [read] if verb == "list" else read}
            operation = _operation(source, prose, verb, segment, _body(verb, resource), answers)
            if verb == "patch" and source.version == "v5" and not resource.get("plain_patch_answer"):
                operation["responses"]["200"]["content"] = _patch_answers(read)
            if verb == "list":
                operation["parameters"] += _filters(source, prose, read)
            yield path, _METHODS[verb], operation


def _body(verb: str, resource: Mapping[str, Any]) -> dict[str, Any] | None:
    if verb == "create":
        return _content([resource["create"]], ("application/json",))
    if verb != "patch":
        return None
    return _content([resource["update"]], _MERGES) | _content(["JsonPatchOperations"], _PATCHES)


def _content(types: list[str], media: tuple[str, ...]) -> dict[str, Any]:
    return {kind: {"schema": schema(types[0])} for kind in media}


def _patch_answers(read: str) -> dict[str, Any]:
    """Returns what the published v5 documents say of a patch's answer: with JSON patch it may be something else than
    the resource. Our servers answer the resource."""
    either = {"oneOf": [schema(read), schema([read]), {"type": "string", "nullable": True}]}
    return _content([read], _MERGES) | {kind: {"schema": either} for kind in _PATCHES}


def _operation(
    source: Source, prose: Prose, verb: str, segment: str, body: Mapping[str, Any] | None, answers: Mapping[str, Any]
) -> dict[str, Any]:
    profile = source.verbs[verb]
    ours = profile.get("ours", {})
    tags = source.profiles[source.version]["tags"]
    summary, description = prose.operation(verb, segment)
    parameters = [*profile["parameters"], *ours.get("parameters", ())]
    made: dict[str, Any] = {
        "operationId": profile["id"].replace("{S}", _capital(segment)).replace("{s}", segment),
        "tags": [tags["listen"] if verb == "listen" else tags["hub"] if segment == "hub" else segment],
        "summary": summary,
        "description": description,
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in parameters],
    }
    if body:
        made["requestBody"] = {"description": prose.body(verb), "content": dict(body), "required": True}
    responses = {code: _answer(source, prose, verb, code, read) for code, read in answers.items()}
    for code in [*profile.get("answers", ()), *ours.get("answers", ())]:
        read = next(iter(answers.values())) if code == "206" else None
        responses[code] = _answer(source, prose, verb, code, read)
    for code in [*profile["errors"], *ours.get("errors", ())]:
        responses[str(code)] = {"$ref": f"#/components/responses/Error{code}"}
    made["responses"] = dict(sorted(responses.items()))
    return made


def _answer(source: Source, prose: Prose, verb: str, code: str, read: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"description": prose.response(code)}
    headers = source.profiles["answer_headers"].get(verb, ())
    if code in ("200", "201", "206", "304"):
        made["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    if read is not None:
        made["content"] = {"application/json": {"schema": schema(read)}}
    return made


def _filters(source: Source, prose: Prose, read: str) -> list[dict[str, Any]]:
    """Returns a query parameter for each plain attribute of the resource that lists are asked by."""
    declared = {name for name, node in source.profiles["parameters"].items() if node["in"] == "query"}
    parameters = []
    for name, node in attributes(source, read).items():
        made = schema(node)
        kind = made.get("type", "")
        if name not in declared and (kind in _SCALARS or _is_enum(source, made)):
            text = prose.attribute_filter(name, made.get("format") or kind or "string")
            parameters.append({"name": name, "in": "query", "description": text, "schema": _loose(made)})
    return parameters


def _loose(made: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the filter's schema: a text, since several values and other spellings are read."""
    return {"type": made["type"]} if made.get("type") in ("boolean", "integer", "number") else {"type": "string"}


def _is_enum(source: Source, made: Mapping[str, Any]) -> bool:
    return "enum" in source.types.get(str(made.get("$ref", "")).rsplit("/", 1)[-1], {})


def attributes(source: Source, name: str) -> dict[str, Any]:
    """Returns the first-level attributes of a type with their shorthand, inherited ones first."""
    node = source.types[name]
    nodes: dict[str, Any] = {}
    for part in node.get("allOf", ()):
        nodes.update(attributes(source, part) if isinstance(part, str) else part.get("properties", {}))
    nodes.update(own_part(node).get("properties", {}))
    return nodes


def _capital(segment: str) -> str:
    return segment[0].upper() + segment[1:]
