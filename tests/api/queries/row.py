"""One row of the table of what is found, and how rows are written down."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

BOTH = ("v5", "v4")
V5 = ("v5",)
V4 = ("v4",)


@dataclass(frozen=True)
class Row:
    """A query and the numbers of the resources that it finds, in their order where `ordered` (or where it sorts).

    `v4_query` is the same question where v4's names differ; `of` is the resource whose list is asked.
    """

    query: str
    expected: str
    versions: tuple[str, ...] = BOTH
    v4_query: str | None = None
    why: str = ""
    of: str = "productOffering"
    ordered: bool = False

    def query_in(self, version: str) -> str:
        """The query as the version's client writes it."""
        return self.v4_query if version == "v4" and self.v4_query is not None else self.query

    @property
    def in_order(self) -> bool:
        """Whether the order of what is found matters."""
        return self.ordered or "sort=" in self.query


def path(text: str) -> str:
    """A JSONPath as the parameter `filter`, encoded."""
    return "filter=" + quote(text, safe="")
