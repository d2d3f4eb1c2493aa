"""Which dialect a media type names, and applying a patch in it; the old document is never changed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping

from common.document import Document, Json
from common.errors import BadRequest
from common.patch.merge import merge
from common.patch.operations import IsArray, apply_operations
from common.patch.query import expand

Patcher = Callable[[Document, Json, IsArray], Document]


def _merged(document: Document, patch: Json, _is_array: IsArray) -> Document:
    if not isinstance(patch, dict):
        raise BadRequest("A merge patch is a JSON object (RFC 7396).")
    changed: Document = merge(document, patch)
    return changed


def _operated(document: Document, patch: Json, is_array: IsArray) -> Document:
    return apply_operations(copy.deepcopy(document), patch, is_array, lambda _document, operation: [operation])


def _queried(document: Document, patch: Json, is_array: IsArray) -> Document:
    return apply_operations(copy.deepcopy(document), patch, is_array, expand)


DIALECTS: Mapping[str, Patcher] = {
    "application/json": _merged,
    "application/merge-patch+json": _merged,
    "application/json-patch+json": _operated,
    "application/json-patch-query+json": _queried,
    "application/json-patch+query": _queried,
    "application/json-patch+query+json": _queried,
}
"""By media type, (old document, parsed patch, which paths are arrays) -> new document; raises BadRequest."""
