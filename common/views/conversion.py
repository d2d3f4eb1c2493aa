"""The walk through a v4 document by its schema: which rows apply at which place; built once for each component."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from common.document import Json, Path
from common.schema.flat import flatten
from common.schema.json_schemas import Schema, name_of
from common.views.differences import Difference

Rows = Mapping[str, Sequence[Difference]]
"""By v4 component name, or by `Component.attribute` for one place of a component; the latter goes first."""


@dataclass(slots=True)
class Conversion:
    """The rows of one place, the places below it by v4 attribute name, and which attributes are arrays; `component` is
    the place's v4 type, whose name as `@type` says no more than the place does."""

    rows: tuple[Difference, ...] = ()
    component: str = ""
    inner: dict[str, Conversion] = field(default_factory=dict)
    arrays: set[str] = field(default_factory=set)
    needed: bool = True

    def up(self, value: Json) -> Json:
        """Returns a v4 value -> the stored one, without residue; never changes what it is given."""
        if isinstance(value, list):
            return [self.up(element) for element in value]
        if not isinstance(value, dict):
            return value
        result = dict(value)
        for name, plan in self.inner.items():
            if plan.needed and name in result:
                result[name] = plan.up(result[name])
        if result.get("@type") == self.component:
            del result["@type"]
        for row in self.rows:
            row.up(result)
        return result

    def down(self, value: Json) -> Json:
        """Returns the inverse of `up`, as far as the rows go."""
        if isinstance(value, list):
            return [self.down(element) for element in value]
        if not isinstance(value, dict):
            return value
        result = dict(value)
        for row in reversed(self.rows):
            row.down(result)
        for name, plan in self.inner.items():
            if plan.needed and name in result:
                result[name] = plan.down(result[name])
        return result

    def stored_path(self, path: Path) -> Path | None:
        """Returns the stored names of v4 names. Returns None where nothing is kept as such."""
        if not path:
            return ()
        name = path[0]
        moved = next((row.paths[name] for row in self.rows if name in row.paths), (name,))
        below = self.inner.get(name)
        rest = below.stored_path(path[1:]) if below else path[1:]
        return None if moved is None or rest is None else (*moved, *rest)

    def values_at(self, path: Path) -> Callable[[Any], tuple[Any, ...]] | None:
        """Returns what turns a value at a v4 path into the stored values that are shown as it. Returns None where it
        stays."""
        if len(path) > 1:
            below = self.inner.get(path[0])
            return below.values_at(path[1:]) if below else None
        return next((row.values[path[0]] for row in self.rows if path and path[0] in row.values), None)

    def has_array(self, path: Path) -> bool:
        """Returns whether an array lies on a v4 path."""
        if not path:
            return False
        below = self.inner.get(path[0])
        return path[0] in self.arrays or (below is not None and below.has_array(path[1:]))


def build_conversion(component: str, components: Mapping[str, Schema], rows: Rows, marks: Container[str]) -> Conversion:
    """Returns the plan of a v4 component; `marks` are the `@type`s that the store knows. Components that lead to no
    row, nor to a type whose name the store does not know, are passed over when walking."""
    plans: dict[tuple[str, str], Conversion] = {}
    root = _place(component, "", components, rows, plans)
    marked = {name for name, _ in plans if "@type" in flatten(components.get(name, {}), components).properties}
    _prune(plans, {name for name in marked if name not in marks})
    return root


def _place(
    component: str, place: str, components: Mapping[str, Schema], rows: Rows, plans: dict[tuple[str, str], Conversion]
) -> Conversion:
    key = (component, place if place in rows else "")
    if key in plans:
        return plans[key]
    plan = plans[key] = Conversion(tuple(rows.get(place) or rows.get(component) or ()), component)
    for name, node in flatten(components.get(component, {}), components).properties.items():
        target = node
        if node.get("type") == "array":
            target = node.get("items", node)
            plan.arrays.add(name)
        parts = target.get("allOf", [])
        if "$ref" not in target and len(parts) == 1:
            target = parts[0]
        if "$ref" in target:
            plan.inner[name] = _place(name_of(target["$ref"]), f"{component}.{name}", components, rows, plans)
    return plan


def _prune(plans: Mapping[tuple[str, str], Conversion], unknown: Container[str]) -> None:
    """Marks the plans below which no row applies, and no type is `unknown` to the store, as not needed."""
    needed = {id(plan) for plan in plans.values() if plan.rows or plan.component in unknown}
    grown = True
    while grown:
        more = {
            id(plan) for plan in plans.values() if any(id(inner) in needed for inner in plan.inner.values())
        } - needed
        needed |= more
        grown = bool(more)
    for plan in plans.values():
        plan.needed = id(plan) in needed
