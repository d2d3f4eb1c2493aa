"""A resource without selection, and whether a selection shows of it what was named, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ctk.exchange import Untestable
from ctk.profile import Resource
from ctk.target.target import Created, Stage

BESIDE = frozenset({"id", "href", "@type", "@baseType", "@schemaLocation", "@referredType"})


@dataclass(frozen=True)
class Whole:
    """A made resource as it is without selection, and two of its attributes that no server shows unasked."""

    made: Created
    body: Mapping[str, Any]
    two: tuple[str, str]

    def lacking(self, shown: Mapping[str, Any], names: Iterable[str]) -> list[str]:
        """The named attributes that a selection lacks or shows with another value."""
        return [name for name in names if name not in shown or shown[name] != self.body.get(name)]


def whole_of(stage: Stage, resource: Resource) -> Whole:
    """A full resource; raises Untestable where it cannot be read, or has nothing to select."""
    made = stage.create(resource, **{resource.text: stage.mark(resource)})
    answer = stage.get(made) if resource.has("retrieve") else made.exchange
    others = [name for name in (*resource.mandatory, *answer.body) if name in answer.body and name not in BESIDE]
    other = next((name for name in others if name != resource.text), "")
    if answer.status not in (200, 201) or resource.text not in answer.body or not other:
        raise Untestable(f"the whole resource is not shown with {resource.text} and another attribute")
    return Whole(made, answer.body, (resource.text, other))


def more_than(shown: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """What is shown beyond the named attributes and those that may always stand beside them."""
    return [name for name in shown if name not in BESIDE and name not in names]


def is_bare(shown: Mapping[str, Any]) -> bool:
    """Whether nothing but id and href is shown, and what may always stand beside them."""
    return {"id", "href"} <= set(shown) and not more_than(shown, [])


def named(names: Iterable[str]) -> str:
    """Some of the names, for a sentence."""
    return ", ".join(list(names)[:8]) or "nothing"


def objects_of(value: Any) -> list[dict[str, Any]]:
    """The objects of an attribute, one or many."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def inner_path(body: Mapping[str, Any]) -> tuple[str, str]:
    """An attribute with objects, and one of theirs, which has another beside it; raises Untestable where none is."""
    for outer, value in body.items():
        objects = objects_of(value)
        common = [name for name in (objects[0] if objects else ()) if all(_has_other(one, name) for one in objects)]
        if common:
            return outer, common[-1]
    raise Untestable("the resource has no objects with several attributes to select from")


def _has_other(one: Mapping[str, Any], name: str) -> bool:
    return name in one and name not in BESIDE and len(set(one) - BESIDE) > 1


def shows_inner(shown: Mapping[str, Any], outer: str, inner: str) -> bool:
    """Whether an attribute's objects show one inner attribute, and nothing else is shown."""
    objects = objects_of(shown.get(outer))
    return bool(objects) and not more_than(shown, [outer]) and not any(more_than(one, [inner]) for one in objects)
