"""The shapes of a stored resource: v5 shows it as it is, v4 by the rows of its API and the residue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.document import Canonical, Document, Path, is_same
from common.errors import NotImplementedYet
from common.query.stored import RESIDUE_STEP
from common.resource import Shape
from common.schema.flat import flatten
from common.schema.json_schemas import Schema
from common.schema.type_marks import TypeMarks, type_name
from common.views.conversion import Conversion, Rows, build_conversion
from common.views.merge import carried
from common.views.residue import applied, difference


class _Same:
    """The stored shape itself."""

    def up(self, document: Document) -> Canonical:
        """See Shape."""
        return Canonical(document)

    def down(self, stored: Canonical) -> Document:
        """See Shape."""
        return dict(stored.document)

    def carry(self, stored: Canonical, before: Document, after: Document) -> Canonical:  # noqa: ARG002
        """See Shape."""
        return Canonical(after, stored.residue)

    def stored_path(self, path: Path) -> Path:
        """See Shape."""
        return path

    def stored_values(self, path: Path, value: Any) -> tuple[Any, ...]:  # noqa: ARG002
        """See Shape."""
        return (value,)

    def keeps_values(self, path: Path) -> bool:  # noqa: ARG002
        """See Shape."""
        return True


@dataclass(frozen=True, slots=True)
class _Seen:
    """The v4 shape: `hidden` are the first-level attributes that v5 alone declares; `together` those whose rows look at
    each other, so that a change is carried with all of them."""

    plan: Conversion
    marks: TypeMarks
    schema_name: str
    type_name: str
    hidden: frozenset[str]
    together: frozenset[str]

    def up(self, document: Document) -> Canonical:
        """See Shape."""
        canonical = self._stored(document)
        return Canonical(canonical, difference(self._view(canonical), document))

    def down(self, stored: Canonical) -> Document:
        """See Shape."""
        shown: Document = applied(self._view(stored.document), stored.residue)
        return shown

    def carry(self, stored: Canonical, before: Document, after: Document) -> Canonical:
        """See Shape."""
        changed = {name for name in before.keys() | after.keys() if not _is_kept(name, before, after)} | self.together
        old, new = ({name: version[name] for name in version if name in changed} for version in (before, after))
        document = carried(stored.document, self._stored(old), self._stored(new))
        return Canonical(document, difference(self._view(document), after))

    def stored_path(self, path: Path) -> Path:
        """See Shape."""
        stored_names = self.plan.stored_path(path)
        if stored_names is not None:
            return stored_names
        if self.plan.has_array(path):
            raise NotImplementedYet(f"{'.'.join(path)} is not kept in a form that lists can be asked by.")
        return (RESIDUE_STEP, *(step for name in path[:-1] for step in ("in", name)), "set", path[-1])

    def stored_values(self, path: Path, value: Any) -> tuple[Any, ...]:
        """See Shape."""
        if path == ("@type",) and value == self.plan.component:
            return (self.type_name,)
        turn = self.plan.values_at(path)
        return turn(value) if turn else (value,)

    def keeps_values(self, path: Path) -> bool:
        """See Shape."""
        renamed = path == ("@type",) and self.plan.component != self.type_name
        return not renamed and self.plan.values_at(path) is None

    def _stored(self, document: Document) -> Document:
        """Returns what a v4 document says in the stored shape, without its residue."""
        return self.marks.fill(self.schema_name, self.plan.up(document))

    def _view(self, document: Document) -> Document:
        """Returns what the rows show of a stored document; marks that its places tell are left out."""
        shown: Document = self.plan.down(self.marks.unfill(self.schema_name, document))
        return {name: value for name, value in shown.items() if name not in self.hidden}


def _is_kept(name: str, before: Document, after: Document) -> bool:
    return name in before and name in after and is_same(before[name], after[name])


def same_shape() -> Shape:
    """Returns the shape of the version that is stored."""
    return _Same()


def v4_shape(
    rows: Rows, v4: Mapping[str, Schema], v5: Mapping[str, Schema], v4_name: str, v5_name: str, marks: TypeMarks
) -> Shape:
    """Returns the v4 shape of a resource whose read schemas are `v4_name` among the v4 components, `v5_name` among
    v5's."""
    declared = flatten(v4.get(v4_name, {}), v4).properties
    hidden = flatten(v5.get(v5_name, {}), v5).properties.keys() - declared.keys()
    plan = build_conversion(v4_name, v4, rows, {name for name, schema in v5.items() if "oneOf" not in schema})
    moved = {name for row in plan.rows for v4_path, path in row.paths.items() for name in (v4_path, *(path or ()))}
    return _Seen(plan, marks, v5_name, type_name(v5_name), frozenset(hidden), frozenset(moved | {"@type"}))
