"""Where everything is served: every declared address, found by one or two dictionary look-ups."""

from __future__ import annotations

from collections.abc import Iterable

from common.binding import ServedOperation


class Routes:
    """Every served address. A collection path and an item path differ by one step, so two look-ups find any of them."""

    def __init__(self, operations: Iterable[ServedOperation]):
        self._plain: dict[str, dict[str, ServedOperation]] = {}
        self._items: dict[str, dict[str, ServedOperation]] = {}
        self.versions: dict[str, str] = {}
        for operation in operations:
            for base in (operation.version.base, *operation.version.aliases):
                self.versions[base] = operation.version.name
                path = base + operation.operation.path
                table = self._items if path.endswith("/{id}") else self._plain
                table.setdefault(path.removesuffix("/{id}"), {})[operation.operation.method] = operation

    def find(self, path: str) -> tuple[dict[str, ServedOperation], str | None] | None:
        """Returns the operations at a path by method, and the path's id. Returns None where no document declares the
        path."""
        methods = self._plain.get(path)
        if methods is not None:
            return methods, None
        parent, _, identifier = path.rpartition("/")
        methods = self._items.get(parent)
        return (methods, identifier) if methods is not None and identifier else None

    def version_of(self, path: str) -> str:
        """Returns the version whose error bodies a path gets; v5 where it belongs to none."""
        return next((name for base, name in self.versions.items() if path.startswith(base + "/")), "v5")
