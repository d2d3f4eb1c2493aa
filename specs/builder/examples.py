"""The examples of a document: requests as they were written, answers as the suite gave them, events made of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specs.builder.operations import attributes
from specs.builder.source import SOURCE, Source, load
from specs.builder.types import own_part

EXAMPLES = SOURCE / "examples"
_TOLD = {
    "JsonPatch": {"op": "add", "path": "/note/-", "value": {"text": "the number of the old contract"}},
    "string": "/description",
}
"""What payloads hold beside the resource: what the customer has to tell, and the path of the attribute concerned."""

ORIGIN = "https://api.operator.example"
"""What the addresses in examples begin with."""

_DOMAIN = "customer care"
_SUBSCRIPTION = "subscription-1"
_REFUSALS = {
    "401": ("Unauthorized", "The token has expired; ask for a new one."),
    "403": ("Forbidden", "The token does not allow this request."),
    "409": ("Conflict", 'A resource with the id "7" exists already.'),
    "500": ("Internal server error", "The server failed on this request; its log has the reason."),
    "503": ("Service unavailable", "The store does not answer at the moment; please try again."),
    "default": ("Internal server error", "The server failed on this request; its log has the reason."),
}
_HUB = {"callback": "https://listener.partner.example/events", "query": "eventType={event}"}


def with_examples(made: dict[str, Any], source: Source) -> None:
    """Puts every example that there is into a document."""
    requests, answers = _kept(source.name), _kept(f"answers/{source.name}")
    for path, item in made["paths"].items():
        for method, operation in item.items():
            segment = path.split("/")[1]
            if segment == "listener":
                _put(operation, _event(path.split("/")[2], source, answers), source, path)
            elif segment == "hub":
                _put_hub(operation, method, source)
            else:
                kind = "/{id}" in path
                _put_request(operation, method, requests.get(segment, {}))
                _put_answers(operation, (method, kind), answers.get(segment, {}))
    for name, response in made["components"]["responses"].items():
        code = name.removeprefix("Error")
        body = answers.get("errors", {}).get(code) or _refusal(code, source.version)
        if body:
            response["content"]["application/json"]["examples"] = {"refusal": {"value": body}}


def _kept(name: str) -> Mapping[str, Any]:
    file = EXAMPLES / f"{name}.yaml"
    answers: Mapping[str, Any] = load(file) if file.is_file() else {}
    return answers


def _refusal(code: str, version: str) -> dict[str, str]:
    """Returns an error body for what no example request can cause; none for the others, which `make specs-answers`
    records."""
    if code not in _REFUSALS:
        return {}
    reason, message = _REFUSALS[code]
    number = "500" if code == "default" else code
    kind = {} if version == "v4" else {"@type": "Error"}
    return {"code": number, "reason": reason, "message": message, "status": number, **kind}


def _put_request(operation: dict[str, Any], method: str, examples: Mapping[str, Any]) -> None:
    if method == "post" and "create" in examples:
        content = operation["requestBody"]["content"]["application/json"]
        content["examples"] = {"create": examples["create"]}
    for media, example in examples.get("patch", {}).items() if method == "patch" else ():
        operation["requestBody"]["content"][media]["examples"] = {"change": example}


def _put_answers(operation: dict[str, Any], kind: tuple[str, bool], answers: Mapping[str, Any]) -> None:
    """Puts the answers into an operation of `kind`: the method, and whether the path names one resource."""
    name = {("post", False): "created", ("get", True): "retrieved", ("get", False): "listed"}.get(kind, "")
    codes = {"created": ("201",), "retrieved": ("200",), "listed": ("200", "206")}.get(name, ())
    for code in codes if name in answers else ():
        content = operation["responses"][code]["content"]["application/json"]
        content["examples"] = {"answer": {"value": answers[name]}}
    for media, body in answers.get("patched", {}).items() if kind[0] == "patch" else ():
        content = operation["responses"]["200"]["content"].get(media)
        if content:
            content["examples"] = {"answer": {"value": body}}


def _put_hub(operation: dict[str, Any], method: str, source: Source) -> None:
    first = source.own["events"][0]
    segment = first if isinstance(first, str) else next(iter(first))
    asked = {**_HUB, "query": _HUB["query"].format(event=segment[:1].upper() + segment[1:])}
    kept = {"id": _SUBSCRIPTION, **asked}
    if source.version == "v5":
        address = f"{ORIGIN}{source.own['base']}/hub/{_SUBSCRIPTION}"
        asked, kept = {"@type": "Hub", **asked}, {**kept, "href": address, "@type": "Hub"}
    if method == "post":
        operation["requestBody"]["content"]["application/json"]["examples"] = {"subscribe": {"value": asked}}
        operation["responses"]["201"]["content"]["application/json"]["examples"] = {"answer": {"value": kept}}
    if method == "get":
        operation["responses"]["200"]["content"]["application/json"]["examples"] = {"answer": {"value": kept}}


def _put(operation: dict[str, Any], event: dict[str, Any] | None, source: Source, path: str) -> None:
    if event:
        operation["requestBody"]["content"]["application/json"]["examples"] = {"event": {"value": event}}
        answered = operation["responses"].get("201", {}).get("content", {}).get("application/json")
        if answered is not None:
            # Declared is a subscription; what is answered is the event, with what a subscription cannot be without.
            name = f"{source.own['api']}/{source.version}/{event['eventType']}/{event['eventId']}"
            kept = {"id": name, "callback": f"{ORIGIN}{source.own['base']}{path}", "query": ""}
            answered["examples"] = {"answer": {"value": {**event, **kept}}}


def _event(listener: str, source: Source, answers: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns an event of the resource that its payload holds, as its schema declares it; None without such a
    resource."""
    name = next(
        (next(iter(entry.values())) for entry in source.own["events"] if isinstance(entry, dict) and listener in entry),
        listener[:1].upper() + listener[1:],
    )
    declared = attributes(source, name)
    member = "event" if "event" in declared and "payload" not in declared else "payload"
    payload = declared.get(member)
    if not isinstance(payload, str):
        return None
    held = _held(source, own_part(source.types[payload]).get("properties", {}), answers)
    if held is None:
        return None
    moment = "2026-05-04T09:30:00.000Z"
    whole = {
        "@type": name,
        "eventId": "0b6f3c1e-5d0a-4f7e-9a51-2f1c5f9d7a10",
        "eventTime": moment,
        "eventType": name,
        "correlationId": "c4a1",
        "domain": _DOMAIN,
        "title": name,
        "description": "Sent as soon as the change was kept.",
        "priority": "3",
        "timeOcurred": moment,
        "timeOccurred": moment,
        member: held,
    }
    return {attribute: value for attribute, value in whole.items() if attribute in declared}


def _held(source: Source, properties: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns what a payload holds: the resource as it was read, or a reference to it, and what is told beside it."""
    made: dict[str, Any] = {}
    for name, read in properties.items():
        if read in _TOLD:
            made[name] = _TOLD[read]
            continue
        schema_name = str(read).removesuffix("Ref")
        names = (schema_name, schema_name + "_RES")
        segment = next((key for key, node in source.own["resources"].items() if node["schema"] in names), "")
        resource = answers.get(segment, {}).get("retrieved")
        if resource is None:
            return None
        reference = {"id": resource["id"], "href": resource["href"], "@type": read, "@referredType": schema_name}
        made[name] = resource if schema_name == read else reference
    return made or None
