"""Bodies that create resources: the documents' own examples, or the user's file, filled in for a run.

`${unique}` stands for a text of this run, `${productOrder.id}` for an attribute of a resource that is made for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ctk.standard.declaration import declarations
from ctk.standard.document import Document, ours
from ctk.standard.profile import Profile, Resource, profiles

_PLACE = re.compile(r"\$\{([A-Za-z]+)(?:\.([A-Za-z]+))?\}")
KINDS = ("minimal", "full")


class PayloadsRefused(Exception):
    """Says why a user's file of payloads cannot be used; the message names file, resource and rule."""


class Payloads:
    """Holds the bodies of one API and version: for each resource a `minimal` one (what is mandatory) and a `full` one.

    `name` is that of a document (`TMF621-v5`). `file` is the user's: `{TMF621-v5: {troubleTicket: {full: {...}}}}`.
    `looked_up(resource, attribute)` answers `${productOrder.id}`. Raises PayloadsRefused where the file is no such one.
    """

    def __init__(self, name: str, file: Path | None, unique: Callable[[], str], looked_up: Callable[[str, str], str]):
        self._bodies = bodies(profiles()[name], ours(name))
        self._unique = unique
        self._looked_up = looked_up
        if file is not None:
            for resource, kinds in _given(file, name).items():
                if resource in self._bodies:
                    self._bodies[resource].update(kinds)

    def template(self, resource: str, kind: str) -> Mapping[str, Any]:
        """Returns a body before it is filled in."""
        return self._bodies[resource][kind]

    def body(self, resource: str, kind: str) -> dict[str, Any]:
        """Returns a body to send: `${unique}` is another text each time, but one and the same within a body."""
        unique = self._unique()
        return {name: self._filled(inner, unique) for name, inner in self._bodies[resource][kind].items()}

    def _filled(self, node: Any, unique: str) -> Any:
        if isinstance(node, dict):
            return {name: self._filled(inner, unique) for name, inner in node.items()}
        if isinstance(node, list):
            return [self._filled(inner, unique) for inner in node]
        if isinstance(node, str):
            return _PLACE.sub(lambda place: self._place(place, unique), node)
        return node

    def _place(self, place: re.Match[str], unique: str) -> str:
        if place[2]:
            return self._looked_up(place[1], place[2])
        return unique if place[1] == "unique" else place[0]


def bodies(profile: Profile, document: Document) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Returns the templates of each resource by kind (`KINDS`).

    `full` is the document's example without what the server sets, `minimal` what a creation must send of it, and its
    `@type`. The resource's text is marked as this run's. A mandatory reference to another resource of the API refers to
    one that is made for it.
    """
    templates: dict[str, dict[str, Mapping[str, Any]]] = {}
    for name, declared in declarations(document).items():
        resource = profile.resources[name]
        full = dict(_full(declared.example, resource, profile))
        minimal = {key: value for key, value in full.items() if key == "@type" or key in resource.required}
        templates[name] = {"minimal": minimal, "full": full}
    return templates


def _full(example: Mapping[str, Any], resource: Resource, profile: Profile) -> Iterator[tuple[str, Any]]:
    others = {other.schema: other.name for other in profile.resources.values() if other.name != resource.name}
    for name, value in example.items():
        if name == resource.text:
            yield name, _marked(str(value))
        elif name in resource.required:
            yield name, _referring(value, others)
        elif name not in resource.server:
            yield name, value
    if resource.text and resource.text not in example:
        yield resource.text, "${unique}"


def _marked(text: str) -> str:
    """Returns a text, or an address, with the mark of a run."""
    if "://" in text:
        return f"{text}{'&' if '?' in text else '?'}run=${{unique}}"
    return f"{text} ${{unique}}"


def _referring(value: Any, others: Mapping[str, str]) -> Any:
    """Returns a value whose references to other resources name those that a run makes, by their ids alone."""
    if isinstance(value, list):
        return [_referring(element, others) for element in value]
    name = others.get(str(value.get("@referredType"))) if isinstance(value, dict) else None
    if name is None:
        return value
    kept = {key: inner for key, inner in value.items() if key[:1] == "@" or key == "id"}
    return {**kept, "id": f"${{{name}.id}}"}


def _given(file: Path, name: str) -> Mapping[str, Mapping[str, Any]]:
    """Returns the bodies for one API and version in a user's file."""
    try:
        data = yaml.safe_load(file.read_text())
    except (OSError, yaml.YAMLError) as problem:
        raise PayloadsRefused(f"{file}: {problem}") from None
    if not isinstance(data, dict):
        raise PayloadsRefused(f"{file}: an object with names like {name} is expected at its top")
    given: Mapping[str, Mapping[str, Any]] = data.get(name, {})
    for resource, kinds in given.items() if isinstance(given, dict) else [("", given)]:
        if not isinstance(kinds, dict) or not set(kinds) <= set(KINDS):
            raise PayloadsRefused(f"{file}: {name}.{resource} has {' or '.join(KINDS)}, each a body, nothing else")
        for kind, body in kinds.items():
            if not isinstance(body, dict):
                raise PayloadsRefused(f"{file}: {name}.{resource}.{kind} is no object")
    return given
