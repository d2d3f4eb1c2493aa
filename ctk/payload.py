"""Bodies that create resources: templates from `ctk/payloads/` or from the user's file, filled in for a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from ctk.rows import rows

_FOLDER = Path(__file__).resolve().parent / "payloads"
_PLACE = re.compile(r"\$\{([A-Za-z]+)(?:\.([A-Za-z]+))?\}")
KINDS = ("minimal", "full")


class PayloadsRefused(Exception):
    """A user's file of payloads that cannot be used; the message names file, resource and rule."""


class Payloads:
    """The bodies of one API and version: for each resource a `minimal` one (what is mandatory) and a `full` one.

    `looked_up(resource, attribute)` answers `${productOrder.id}`: an attribute of a resource made for the purpose.
    """

    def __init__(self, name: str, file: Path | None, unique: Callable[[], str], looked_up: Callable[[str, str], str]):
        self._bodies: dict[str, dict[str, Any]] = rows(_FOLDER / f"{name}.yaml")
        self._unique = unique
        self._looked_up = looked_up
        if file is not None:
            for resource, kinds in _given(file, name).items():
                if resource in self._bodies:
                    self._bodies[resource].update(kinds)

    def template(self, resource: str, kind: str) -> Mapping[str, Any]:
        """A body before it is filled in."""
        found: Mapping[str, Any] = self._bodies[resource][kind]
        return found

    def body(self, resource: str, kind: str) -> dict[str, Any]:
        """A body to send: `${unique}` is another text each time, but one and the same within a body."""
        unique = self._unique()
        return {name: self._filled(inner, unique) for name, inner in self._bodies[resource][kind].items()}

    def _filled(self, node: Any, unique: str) -> Any:
        if isinstance(node, dict):
            return {name: self._filled(inner, unique) for name, inner in node.items()}
        if isinstance(node, list):
            return [self._filled(inner, unique) for inner in node]
        if isinstance(node, str):
            return _PLACE.sub(lambda found: self._place(found, unique), node)
        return node

    def _place(self, found: re.Match[str], unique: str) -> str:
        if found[2]:
            return self._looked_up(found[1], found[2])
        return unique if found[1] == "unique" else found[0]


def _given(file: Path, name: str) -> Mapping[str, Mapping[str, Any]]:
    """The bodies for one API and version in a user's file: `{TMF621-v5: {troubleTicket: {full: {...}}}}`."""
    try:
        data = yaml.safe_load(file.read_text())
    except (OSError, yaml.YAMLError) as problem:
        raise PayloadsRefused(f"{file}: {problem}") from None
    if not isinstance(data, dict):
        raise PayloadsRefused(f"{file}: an object with names like {name} is expected at its top")
    found: Mapping[str, Mapping[str, Any]] = data.get(name, {})
    for resource, kinds in found.items() if isinstance(found, dict) else [("", found)]:
        if not isinstance(kinds, dict) or not set(kinds) <= set(KINDS):
            raise PayloadsRefused(f"{file}: {name}.{resource} has {' or '.join(KINDS)}, each a body, nothing else")
        for kind, body in kinds.items():
            if not isinstance(body, dict):
                raise PayloadsRefused(f"{file}: {name}.{resource}.{kind} is no object")
    return found
