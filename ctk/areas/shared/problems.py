"""Problems of a resource in the other version of its API that nobody can help."""

from __future__ import annotations

from collections.abc import Sequence


def outer(problems: Sequence[str], depth: int) -> list[str]:
    """The problems of a content in the other version without those of parts that lack what only that version demands
    of them: nobody can know it. `depth` is how deep the resource lies."""
    return [
        one
        for one in problems
        if not one.endswith("is a required property") or len(one.partition(":")[0].strip("/").split("/")) <= depth
    ]
