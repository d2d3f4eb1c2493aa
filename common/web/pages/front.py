"""The front page at `/`: which APIs and versions are served, their documents, Swagger UI, the health of the suite."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from flask import Flask, render_template

from common.resource import Api


@dataclass(frozen=True, slots=True)
class Card:
    """One API as the front page shows it: `rows` are (version name, document version, base path)."""

    code: str
    title: str
    rows: tuple[tuple[str, str, str], ...]


def cards(served: Sequence[tuple[Api, str, str, str]]) -> tuple[Card, ...]:
    """Returns the cards of the served APIs in the order of their codes; `served`: (API, version name, document version,
    base path) of every document."""
    by_code: dict[str, Card] = {}
    for api, version, number, base in served:
        rows = by_code[api.code].rows if api.code in by_code else ()
        by_code[api.code] = Card(api.code, api.title, (*rows, (version, number, base)))
    return tuple(by_code[code] for code in sorted(by_code))


def front_page(shown: Sequence[Card], release: str) -> Callable[[Any, Any, Any], Awaitable[None]]:
    """Returns the Flask application of the operator's pages, as an ASGI application."""
    pages = Flask(__name__)

    @pages.get("/")
    def index() -> str:
        return render_template("index.html", cards=shown, release=release)

    # a2wsgi and Flask each write the protocol's types in their own way.
    return cast("Callable[[Any, Any, Any], Awaitable[None]]", WSGIMiddleware(cast("Any", pages)))
