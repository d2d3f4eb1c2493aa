"""JSON patch, RFC 6902, with the one widening of TMF630: `add` of an element to an array's own path appends it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from jsonpatch import JsonPatch, JsonPatchException, JsonPatchTestFailed
from jsonpointer import JsonPointer, JsonPointerException

from common.document import Document, Json, Path
from common.errors import BadRequest, BodyTooLarge
from common.schema.messages import shown

IsArray = Callable[[Path], bool]
"""Whether the document's schema declares an array at a path of names."""

Expand = Callable[[Document, dict[str, Any]], Iterable[dict[str, Any]]]
"""One operation as sent -> the operations with plain pointers that it stands for, given the document so far."""

_NAMES = ("add", "remove", "replace", "move", "copy", "test")
_MOST_OPERATIONS = 1000
_MOST_WRITTEN = 8_000_000
_INDEX = re.compile(r"0|[1-9][0-9]*")


def apply_operations(document: Document, patch: Json, is_array: IsArray, expand: Expand) -> Document:
    """Returns the document after all operations in order. Raises BadRequest naming the operation's number, path and
    rule.

    `document` may be changed in place: hand over a copy.
    """
    if not isinstance(patch, list) or not patch:
        raise BadRequest("A JSON patch is a non-empty array of operations (RFC 6902).")
    if len(patch) > _MOST_OPERATIONS:
        raise BadRequest(f"A JSON patch may hold {_MOST_OPERATIONS} operations, {len(patch)} were sent.")
    written = 0
    for number, operation in enumerate(patch):
        _require_operation(operation, number)
        for plain in expand(document, operation):
            written += _size(document, plain)
            if written > _MOST_WRITTEN:
                raise BodyTooLarge(f"/{number}: a patch may write {_MOST_WRITTEN} bytes; this one writes more.")
            document = _apply(document, _appended(document, plain, is_array), number)
    return document


def _size(document: Document, operation: dict[str, Any]) -> int:
    """Returns how many bytes an operation writes: copies double what they copy, and one value may go to many places."""
    value = operation.get("value")
    if operation["op"] == "copy":
        try:
            value = JsonPointer(operation["from"]).resolve(document, None)
        except JsonPointerException:
            return 0
    return len(orjson.dumps(value))


def _require_operation(operation: Json, number: int) -> None:
    """Raises BadRequest for what is no operation of RFC 6902."""
    if not isinstance(operation, dict) or operation.get("op") not in _NAMES:
        raise BadRequest(f"/{number}/op: {shown(operation)} is no operation; op is one of {', '.join(_NAMES)}.")
    name = operation["op"]
    if not isinstance(operation.get("path"), str):
        raise BadRequest(f'/{number}/path: the operation "{name}" needs a path, a text.')
    if name in ("add", "replace", "test") and "value" not in operation:
        raise BadRequest(f'/{number}/value: the operation "{name}" needs a value.')
    if name in ("move", "copy") and not isinstance(operation.get("from"), str):
        raise BadRequest(f'/{number}/from: the operation "{name}" needs the path it takes from, a text.')


def _apply(document: Document, operation: dict[str, Any], number: int) -> Document:
    where = f'/{number}: the operation "{operation["op"]}" at "{operation["path"]}"'
    try:
        changed: Json = JsonPatch([copy.deepcopy(operation)]).apply(document, in_place=True)
    except JsonPatchTestFailed as error:
        raise BadRequest(f"{where} failed: the value there is not {shown(operation['value'])}.") from error
    except (JsonPatchException, JsonPointerException) as error:
        raise BadRequest(f"{where} does not fit the resource: {error}.") from error
    if not isinstance(changed, dict):
        raise BadRequest(f"{where} would leave no JSON object.")
    return changed


def _appended(document: Document, operation: dict[str, Any], is_array: IsArray) -> dict[str, Any]:
    """Returns the operation; `add` of something that is no array to the path of an array means the array's end (TMF630
    part 5, examples)."""
    path = operation["path"]
    if operation["op"] != "add" or isinstance(operation["value"], list) or path in ("", "/") or path.endswith("/-"):
        return operation
    try:
        there = JsonPointer(path).resolve(document, None)
    except JsonPointerException:
        return operation
    if isinstance(there, list):
        return {**operation, "path": path + "/-"}
    if there is None and is_array(tuple(step for step in path.split("/")[1:] if not _INDEX.fullmatch(step))):
        return {**operation, "value": [operation["value"]]}
    return operation
