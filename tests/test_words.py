"""The trade's words: docstrings begin with a verb, names say what a value is, a public name means one thing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_house import SOURCES

ROOT = Path(__file__).resolve().parent.parent
_VERB = re.compile(r"[A-Z][a-z]+s,?\b")
_NO_VERBS = frozenset({"This", "Its", "Microseconds", "Seconds", "Attributes", "Names", "Events", "Words", "Rows"})
_NO_NAMES = frozenset({"told", "one", "found", "heard"})
"""Participles and numerals that had many meanings: a value is named by what it is."""

_MODULES = [path for path in SOURCES if path.relative_to(ROOT).parts[0] != "benchmarks"]
modules = pytest.mark.parametrize("path", _MODULES, ids=[str(path.relative_to(ROOT)) for path in _MODULES])

ACCEPTED = {"main": "where a program begins, by the custom of the language"}
"""Public names of functions, classes and constants that several modules of a package have, and why."""


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _has_noun(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """True for what is read like an attribute, and for a command, whose docstring is the help of a command line."""
    decorators = [ast.unparse(decorator) for decorator in function.decorator_list]
    return any(re.search(r"property|command|group", decorator) for decorator in decorators)


@modules
def test_a_docstring_begins_with_a_verb(path: Path):
    docstrings = {f.name: ast.get_docstring(f) for f in _functions(path) if not _has_noun(f)}
    words = {name: text.split()[0] for name, text in docstrings.items() if text and not text.startswith("See ")}
    assert {name: word for name, word in words.items() if not _VERB.match(word) or word in _NO_VERBS} == {}


@modules
def test_a_value_is_named_by_what_it_is(path: Path):
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name.lstrip("_"))
    assert names & _NO_NAMES == set()


def _public_names(package: str) -> dict[str, list[str]]:
    """Where each public name of a package's modules is made."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            names: list[str] = []
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names = [node.name]
            elif isinstance(node, ast.Assign):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names = [node.target.id]
            for name in names:
                if not name.startswith("_"):
                    places[name].append(str(path.relative_to(ROOT)))
    return places


def _shared(package: str) -> dict[str, list[str]]:
    """The names that several modules have. The kit's areas are left out: their checks are called as their rules are."""
    named = {
        name: [place for place in places if not place.startswith("ctk/areas/")]
        for name, places in _public_names(package).items()
    }
    return {name: places for name, places in named.items() if len(places) > 1}


def test_a_public_name_has_one_meaning():
    shared = {name: places for package in ("common", "ctk") for name, places in _shared(package).items()}
    assert {name: places for name, places in shared.items() if name not in ACCEPTED} == {}
    assert set(ACCEPTED) - set(shared) == set(), "no longer shared"
