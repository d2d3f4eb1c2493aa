"""The five operations of a resource, as every document of the suite declares them."""

from __future__ import annotations

from collections.abc import Mapping

_OPERATIONS: Mapping[str, tuple[str, str]] = {
    "list": ("get", "/{}"),
    "create": ("post", "/{}"),
    "retrieve": ("get", "/{}/{{id}}"),
    "patch": ("patch", "/{}/{{id}}"),
    "delete": ("delete", "/{}/{{id}}"),
}
VERBS = tuple(_OPERATIONS)


def operation_of(verb: str, resource: str) -> tuple[str, str]:
    """Returns method (small letters) and path (`/troubleTicket/{id}`) of a resource's operation."""
    method, path = _OPERATIONS[verb]
    return method, path.format(resource)
