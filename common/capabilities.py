"""The capability document that each API and version answers at its base path: what is served, what lists can be asked
in, within which limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import orjson

from common.binding import LoadedDocument, ServedOperation
from common.document import Document, Path
from common.errors import NotImplementedYet
from common.openapi import Operation
from common.patch.apply import DIALECTS
from common.query.conditions import Compare, Condition, OneOf
from common.query.pairs import SUFFIXES, SYMBOLS
from common.query.parse import MOST_FIELDS, MOST_KEYS
from common.query.stored import stored_condition
from common.resource import V4
from common.resource_view import ResourceView
from common.responses import JSON
from common.schema.flat import Attribute, Attributes
from common.settings import Settings

_STEPS = 3
"""The most steps of a listed attribute path; longer ones would make the document large and say nothing new."""

_EQUALITY = ("eq", "ne")
_ORDERED = (*_EQUALITY, "gt", "gte", "lt", "lte")
_OPERATORS = {
    "string": (*_ORDERED, "regex"),
    "date-time": _ORDERED,
    "number": _ORDERED,
    "integer": _ORDERED,
    "boolean": _EQUALITY,
    "any": (*_ORDERED, "regex"),
}
_SORTABLE = ("string", "date-time", "number", "integer", "boolean")
_NOT_SERVED = (
    ("$ alone", "$"),
    ("a path without a filter", "$.id"),
    ("a filter over the values of an object", "$[?@[?@.id=='x']]"),
    ("a filter over an attribute that is no array", "$.id[?@.id=='x']"),
    ("an array position", "$[0]"),
    ("a slice", "$[0:2]"),
    ("a wildcard", "$[*]"),
    ("descendants", "$..id"),
    ("several selectors in one pair of brackets", "$['id','href']"),
    ("a condition on @ alone, the whole resource or the plain value in an array", "$[?@=='x']"),
    ("$ inside a filter", "$[?$.id=='x']"),
    ("a comparison of two paths", "$[?@.id==@.href]"),
    ("a comparison of two values", "$[?1==1]"),
    ("the function length()", "$[?length(@.id)==1]"),
    ("the function count()", "$[?count(@.id)==1]"),
    ("the function value()", "$[?value(@.id)=='x']"),
    ("match() and search() with a pattern that is not a text", "$[?match(@.id,@.href)]"),
)
_COUNTS = {
    "X-Total-Count": "how many resources match",
    "X-Result-Count": "how many of them the answer holds",
    "X-Total-Count-Relation": "gte where the total was not counted to its end",
}


def capability_documents(
    documents: Iterable[LoadedDocument], operations: Sequence[ServedOperation], settings: Settings
) -> dict[str, tuple[bytes, str]]:
    """Returns every capability document as it is answered, (JSON, media type), by base path and by every alias of
    it."""
    rendered: dict[str, tuple[bytes, str]] = {}
    for loaded in documents:
        served = [row for row in operations if row.version is loaded.version]
        content = orjson.dumps(_document(loaded, served, settings))
        rendered.update(dict.fromkeys((loaded.version.base, *loaded.version.aliases), (content, JSON)))
    return rendered


def _document(loaded: LoadedDocument, served: Sequence[ServedOperation], settings: Settings) -> Document:
    """Returns the capability document of one version; addresses begin with the public address where one is set."""
    origin, version = (settings.web.public_url or "").rstrip("/"), loaded.version
    listeners = [row.operation.segment for row in served if row.operation.verb == "listen"]
    return {
        "api": loaded.api.code,
        "title": loaded.api.title,
        "version": version.name,
        "documentVersion": str(loaded.document.raw["info"]["version"]),
        "base": origin + version.base,
        "aliases": [origin + alias for alias in version.aliases],
        "versions": [{"version": version.name, "base": origin + version.base} for version in loaded.api.versions],
        "documents": {
            "json": f"{origin}{version.base}/openapi.json",
            "yaml": f"{origin}{version.base}/openapi.yaml",
            "ui": f"{origin}{version.base}/ui/",
        },
        "resources": list(_resources(served, origin)),
        "query": _query(version.name, settings.query.strict_fields),
        "limits": _limits(settings),
        "eventTypes": [segment[0].upper() + segment[1:] for segment in listeners],
        "notifications": any(row.channel is not None for row in served),
    }


def _resources(served: Sequence[ServedOperation], origin: str) -> Iterator[Document]:
    """Yields every resource of one version, in the document's order."""
    by_name: dict[str, tuple[ResourceView, list[Operation]]] = {}
    for row in served:
        if row.view is not None:
            by_name.setdefault(row.view.name, (row.view, []))[1].append(row.operation)
    for view, operations in by_name.values():
        verbs = [operation.verb for operation in operations]
        patched = {"patchTypes": list(DIALECTS)} if "patch" in verbs else {}
        yield {"name": view.name, "path": origin + view.path, "verbs": verbs, **patched, **_asked(view)}


def _asked(view: ResourceView) -> Document:
    """Returns what a list can be filtered and sorted by, and which of it is indexed."""
    attributes = list(_attributes(view))
    indexed = {("id",), *(tuple(dotted.split(".")) for dotted in view.resource.index_paths)}
    names = [
        attribute["name"]
        for attribute in attributes
        if view.shape.stored_path(tuple(attribute["name"].split("."))) in indexed
    ]
    return {"indexed": names, "attributes": attributes}


def _attributes(view: ResourceView) -> Iterator[Document]:
    """Yields every declared attribute that a condition can name; objects alone, and what is not kept as such, are
    left out."""
    for path in _paths(view.language.attributes):
        attribute = view.language.attribute(path)
        kind = _kind(attribute)
        if kind not in _OPERATORS or not _is_served(OneOf(path, ()), view):
            continue
        is_ordered = _is_served(Compare(path, "gt", ""), view)
        yield {
            "name": ".".join(path),
            "type": kind,
            "many": attribute.many,
            "operators": _OPERATORS[kind] if is_ordered else _EQUALITY,
            "sortable": is_ordered and kind in _SORTABLE and not attribute.many,
        }


def _is_served(condition: Condition, view: ResourceView) -> bool:
    """Returns whether the store can be asked this of the attribute; in what it keeps in another form equality alone
    is found, and in what it keeps nowhere as such nothing."""
    try:
        stored_condition(condition, view.shape, view.path)
    except NotImplementedYet:
        return False
    return True


def _paths(declared: Attributes, path: Path = (), way: frozenset[frozenset[str]] = frozenset()) -> Iterator[Path]:
    """Yields the declared paths in the document's order; below an object that holds the same names as one on the way
    to it there is nothing new, and they end."""
    names = declared.names_below(path)
    if frozenset(names) in way:
        return
    for name in names:
        yield (*path, name)
        if len(path) + 1 < _STEPS:
            yield from _paths(declared, (*path, name), way | {frozenset(names)})


def _kind(attribute: Attribute) -> str:
    """Returns the declared type; a text that is an instant is a date-time."""
    return attribute.format if (attribute.kind, attribute.format) == ("string", "date-time") else attribute.kind


def _query(version: str, strict_fields: bool) -> Document:
    """Returns how a list is asked, the same for every resource of the version."""
    cursors = () if version == V4 else ("after", "before")
    return {
        "operators": {
            name: {"suffix": f".{name}", "symbols": [symbol for symbol, meant in SYMBOLS.items() if meant == name]}
            for name in SUFFIXES
        },
        "alternatives": [",", ";", "repeated name"],
        "elementForm": "array[attribute=value].attribute",
        "attributes": f"Listed are paths of up to {_STEPS} steps; longer ones, up to filterDepth, are asked alike. A "
        "last step before = that is called as an operator is one; an attribute of such a name takes a suffix: "
        "a.regex.eq=x.",
        "filter": {
            "parameter": "filter",
            "language": "RFC 9535",
            "also": ["=~"],
            "functions": ["match", "search"],
            "notServed": [{"construct": construct, "example": example} for construct, example in _NOT_SERVED],
        },
        "sort": {"parameter": "sort", "separator": ",", "descending": "-", "ascending": ["", "+"]},
        "fields": {
            "parameter": "fields",
            "none": "none",
            "always": _always(version, strict_fields),
            "onWrites": version != V4,
        },
        "paging": {"parameters": ["offset", "limit", *cursors], "links": "Link (RFC 8288)", "partial": 206},
        "counts": _COUNTS,
    }


def _always(version: str, strict_fields: bool) -> list[str]:
    """Returns the attributes that come along whatever `fields` chooses."""
    if version != V4:
        return ["id", "href", "@type"]
    return [] if strict_fields else ["id", "href"]


def _limits(settings: Settings) -> Document:
    """Returns the bounds of one request; what goes beyond is refused, save for the count, which ends there."""
    return {
        "pageDefault": settings.query.page_default,
        "pageMost": settings.query.page_limit,
        "skip": settings.query.skip_limit,
        "conditions": settings.query.condition_limit,
        "filterLength": settings.query.filter_length,
        "filterDepth": settings.query.filter_depth,
        "regexLength": settings.query.regex_length,
        "sortKeys": MOST_KEYS,
        "fields": MOST_FIELDS,
        "count": settings.query.count_limit,
        "querySeconds": settings.query.seconds,
        "bodyBytes": settings.web.body_limit,
        "bodyDepth": settings.web.body_depth,
    }
