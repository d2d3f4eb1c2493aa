"""The examples in the order of their story, each with the view that it is an example of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import yaml

from common.resource import SPECS, V4, V5
from common.seed.plot import shares
from specs.builder.source import NAMES
from tests.api.resource_views import Case, cases

EXAMPLES = SPECS / "source" / "examples"

MEDIA = (
    "application/merge-patch+json",
    "application/json",
    "application/json-patch+json",
    "application/json-patch-query+json",
)

ORDER = tuple(f"{code}-{version}" for version in (V5, V4) for code in shares() if f"{code}-{version}" in NAMES)
"""The documents as the story goes through them: v5 names what v4 refers to."""


@dataclass(frozen=True)
class Scene:
    """What is sent to one view."""

    case: Case
    document: str
    told: dict[str, Any]

    @property
    def create(self) -> dict[str, Any]:
        made: dict[str, Any] = self.told["create"]["value"]
        return made

    @property
    def patches(self) -> dict[str, Any]:
        """Media type -> patch."""
        return {media: example["value"] for media, example in self.told.get("patch", {}).items()}

    @property
    def refused(self) -> dict[str, Any]:
        made: dict[str, Any] = self.told["refused"]["value"]
        return made


@cache
def told(document: str) -> dict[str, Any]:
    """The examples of one document: path segment -> create, patch, refused; none where it has no file."""
    file = EXAMPLES / f"{document}.yaml"
    if not file.is_file():
        return {}
    found: dict[str, Any] = yaml.load(file.read_bytes(), yaml.CSafeLoader)
    return found


def named() -> dict[tuple[str, str], Case]:
    """Every view of the suite by its document and path segment."""
    return {(f"{case.code}-{case.view.version}", case.view.name): case for case in cases()}


@cache
def scenes() -> tuple[Scene, ...]:
    """Every example whose view the suite has, as the story goes."""
    resource_views = named()
    return tuple(
        Scene(resource_views[document, segment], document, examples)
        for document in ORDER
        for segment, examples in told(document).items()
        if (document, segment) in resource_views
    )


def every(kind: str) -> pytest.MarkDecorator:
    """Parametrises a test over every scene that has this kind of example."""
    chosen = [scene for scene in scenes() if kind in scene.told]
    return pytest.mark.parametrize("scene", chosen, ids=[scene.case.name for scene in chosen])


def documents_inside(value: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object in a value, however deep."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from documents_inside(inner)
