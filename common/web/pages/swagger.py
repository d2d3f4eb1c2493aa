"""Swagger UI for every document, by connexion: it resolves every operation of each one, and serves the pages.

The documents' operations do not reach connexion's own router: `common.web` answers them in front of it, by one
dictionary look-up (benchmarks/ has the numbers). Connexion still resolves every operation of every document, and
one that nothing answers stops the start.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connexion import AsyncApp
from connexion.exceptions import InvalidSpecification, ResolverError
from connexion.middleware.swagger_ui import SwaggerUIMiddleware
from connexion.options import SwaggerUIOptions
from connexion.resolver import Resolution, Resolver

from common.errors import StartRefused


@dataclass(frozen=True, slots=True)
class Shown:
    """A document to show: its file, for messages, its base path, and its content as read."""

    file: str
    base: str
    raw: Mapping[str, Any]


class _Answered(Resolver):
    """Resolves an operation that is answered in front of connexion; raises ResolverError for any other."""

    def __init__(self, base: str, answered: Collection[tuple[str, str]]):
        super().__init__()
        self._base = base
        self._answered = answered

    def resolve(self, operation: Any) -> Resolution:
        """See connexion.resolver.Resolver."""
        if (self._base, operation.operation_id) not in self._answered:
            raise ResolverError(f"nothing answers the operation {operation.operation_id}")
        return Resolution(_in_front, operation.operation_id)


async def _in_front() -> None:
    """Stands for common.web, which answers before connexion is asked."""


def swagger_ui(documents: Iterable[Shown], answered: Collection[tuple[str, str]]) -> AsyncApp:
    """Returns the application that serves `{base}/ui/` of every document; `answered` are (base, operation id) pairs."""
    app = AsyncApp("tmf", middlewares=[SwaggerUIMiddleware])
    for shown in documents:
        # The page reads the document from common.web.pages.documents: connexion would render it anew for every
        # reader. It is given the operations alone: it takes 2.4 s to judge fourteen whole documents, which the tests
        # do.
        options = SwaggerUIOptions(serve_spec=False, spec_path="/openapi.json")
        try:
            resolver = _Answered(shown.base, answered)
            app.add_api(_operations(shown), base_path=shown.base, resolver=resolver, swagger_ui_options=options)
        except (InvalidSpecification, ResolverError) as error:
            raise StartRefused(f"The document {shown.file} cannot be loaded: {error}") from error
    return app


def _operations(shown: Shown) -> dict[str, Any]:
    """Returns the document without what its operations are asked with and answer."""
    answers = {"default": {"description": "see the document"}}
    paths = {
        path: {method: {"operationId": node.get("operationId"), "responses": answers} for method, node in item.items()}
        for path, item in shown.raw["paths"].items()
    }
    info = {name: str(shown.raw["info"][name]) for name in ("title", "version")}
    return {"openapi": "3.0.3", "info": info, "servers": [{"url": shown.base}], "paths": paths}
