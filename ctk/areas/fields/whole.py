"""A resource without selection, and whether a selection shows of it what was named, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ctk.areas.shared.specimen import Specimen
from ctk.exchange import Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Target

BESIDE = frozenset({"id", "href", "@type", "@baseType", "@schemaLocation", "@referredType"})


@dataclass(frozen=True)
class Whole(Specimen):
    """Holds a specimen, its body as it is without selection, and two attributes that no server shows unasked."""

    body: Mapping[str, Any]
    two: tuple[str, str]

    def lacking(self, shown: Mapping[str, Any], names: Iterable[str]) -> list[str]:
        """Returns the named attributes that a selection lacks or shows with another value."""
        return [name for name in names if name not in shown or shown[name] != self.body.get(name)]


def whole_of(target: Target, resource: Resource) -> Whole:
    """Creates and reads a full resource. Raises Untestable where it cannot be read, or has nothing to select."""
    instance = target.create(resource, **{resource.text: target.unique_text(resource)})
    answer = target.get(instance) if resource.has("retrieve") else instance.exchange
    others = [name for name in (*resource.mandatory, *answer.body) if name in answer.body and name not in BESIDE]
    other = next((name for name in others if name != resource.text), "")
    if answer.status not in (200, 201) or resource.text not in answer.body or not other:
        raise Untestable(f"the whole resource is not shown with {resource.text} and another attribute")
    return Whole(target, instance, answer.body, (resource.text, other))


def more_than(shown: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Returns what is shown beyond the named attributes and those that may always stand beside them."""
    return [name for name in shown if name not in BESIDE and name not in names]


def is_bare(shown: Mapping[str, Any]) -> bool:
    """Returns whether id and href are shown, and nothing else but what may always stand beside them."""
    return {"id", "href"} <= set(shown) and not more_than(shown, [])


def named(names: Iterable[str]) -> str:
    """Returns the first eight names, for a sentence."""
    return ", ".join(list(names)[:8]) or "nothing"


def objects_of(value: Any) -> list[dict[str, Any]]:
    """Returns the objects of an attribute, one or many."""
    return [element for element in (value if isinstance(value, list) else [value]) if isinstance(element, dict)]


def inner_path(body: Mapping[str, Any]) -> tuple[str, str]:
    """Returns an attribute with objects, and one of theirs that has another beside it.

    Raises Untestable where none is.
    """
    for outer, value in body.items():
        objects = objects_of(value)
        common = [name for name in (objects[0] if objects else ()) if all(_has_other(inner, name) for inner in objects)]
        if common:
            return outer, common[-1]
    raise Untestable("the resource has no objects with several attributes to select from")


def _has_other(inner: Mapping[str, Any], name: str) -> bool:
    return name in inner and name not in BESIDE and len(set(inner) - BESIDE) > 1


def shows_inner(shown: Mapping[str, Any], outer: str, inner: str) -> bool:
    """Returns whether an attribute's objects show one inner attribute, and nothing else is shown."""
    objects = objects_of(shown.get(outer))
    return (
        bool(objects)
        and not more_than(shown, [outer])
        and not any(more_than(inner_object, [inner]) for inner_object in objects)
    )
