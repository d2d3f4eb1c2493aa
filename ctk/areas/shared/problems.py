"""Problems of what the other version of an API shows: which of them a server can help."""

from __future__ import annotations

from collections.abc import Sequence


def of_known_parts(problems: Sequence[str], depth: int) -> list[str]:
    """Returns the problems without those of parts that lack an attribute which only the other version demands.

    Nobody can know such an attribute. `depth` is how deep the resource lies in what was checked (1: at its top).
    """
    return [
        problem
        for problem in problems
        if not problem.endswith("is a required property")
        or len(problem.partition(":")[0].strip("/").split("/")) <= depth
    ]
