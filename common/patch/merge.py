"""JSON merge patch, RFC 7396: an object merges, `null` removes, everything else (arrays too) replaces."""

from __future__ import annotations

from common.document import Json


def merge(target: Json, patch: Json) -> Json:
    """Returns the target after the patch; shares what did not change with `target`, which stays as it was."""
    if not isinstance(patch, dict):
        return patch
    changed = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = merge(changed.get(name), value)
    return changed
