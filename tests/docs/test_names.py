"""What papers and docstrings name is there: modules, their classes and functions, files and folders.

The kit has a test of its own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.docs.tables import ROOT
from tests.docs.test_links import PAPERS

SOURCES = [
    path
    for folder in ("common", "benchmarks", "specs", "tests/docs", *sorted(p.name for p in ROOT.glob("tmf[0-9]*")))
    for path in sorted((ROOT / folder).rglob("*.py"))
]
_TOPS = r"(?:common|ctk|specs|benchmarks|tests|docs|deploy|tmf\d{3})"
_DOTTED = re.compile(r"(?<![\w./-])(?:common|ctk|specs|benchmarks|tests)(?:\.[A-Za-z_]\w*)+\b(?!\()")
_SLASHED = re.compile(rf"(?<![\w./-]){_TOPS}/[\w./-]*\w")
_UNOPENABLE = re.compile(
    r"(?<!docs/)(?<!\")\b(?:protocol|documents|stack|performance|processes|redesign)\.md\b|of the plan\b"
)
_SUFFIXES = (".py", ".md", ".yaml", ".json", ".cfg")


@cache
def public_names(module: Path) -> frozenset[str]:
    """Returns what a module defines at its top level, and the members of its classes as `Class.member`."""
    names: set[str] = set()
    for node in ast.parse(module.read_text()).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name, body=body):
                names |= {name, *(f"{name}.{member}" for member in _members(body))}
            case ast.Assign(targets=targets):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.ImportFrom(names=imported):
                names |= {alias.asname or alias.name for alias in imported}
    return frozenset(names)


def _members(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def is_there(dotted: str) -> bool:
    """Returns True if a dotted name is a module, a package, or something that a module defines."""
    steps = dotted.split(".")
    for cut in range(len(steps), 0, -1):
        place = ROOT.joinpath(*steps[:cut])
        module = place.with_suffix(".py") if place.with_suffix(".py").is_file() else place / "__init__.py"
        if module.is_file():
            return cut == len(steps) or ".".join(steps[cut:]) in public_names(module)
    return False


def dead_names(text: str) -> list[str]:
    """Returns the dotted names and the paths in a text that lead nowhere."""
    dotted = [name for name in _DOTTED.findall(text) if not f".{name.rsplit('.', 1)[-1]}".endswith(_SUFFIXES)]
    paths = [path for path in _SLASHED.findall(text) if not re.search(r"NNN|nnn|AREA", path)]
    return [name for name in dotted if not is_there(name)] + [path for path in paths if not _exists(path)]


def _exists(path: str) -> bool:
    place = ROOT / path
    return place.exists() or any(place.with_name(place.name + suffix).exists() for suffix in _SUFFIXES)


def docstrings(path: Path) -> Iterator[str]:
    """Yields the docstrings of a module, also those below a constant or a field."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


NAMING = [*PAPERS, ROOT / "specs" / "ERRATA.md", ROOT / "ctk" / "MUTANTS.md"]


@pytest.mark.parametrize("paper", NAMING, ids=[paper.name for paper in NAMING])
def test_a_paper_names_nothing_that_is_gone(paper: Path):
    assert dead_names(paper.read_text()) == []


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ROOT)) for path in SOURCES])
def test_a_docstring_names_nothing_that_is_gone(path: Path):
    assert [name for text in docstrings(path) for name in dead_names(text)] == []


def test_no_source_cites_a_paper_that_is_not_in_the_project():
    own = {Path(__file__), ROOT / "tests" / "ctk" / "test_citations.py"}  # they name what nothing else may
    files = [path for path in (*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))) if path not in own]
    citations = [
        f"{path.relative_to(ROOT)}: {match[0]}" for path in files for match in _UNOPENABLE.finditer(path.read_text())
    ]
    assert citations == []


def test_a_name_that_is_gone_is_found():
    text = "See `common.errors.Refusal`, `common.nowhere`, `common.errors.Nothing`, common/app.py and `common/plan`."
    assert dead_names(text) == ["common.nowhere", "common.errors.Nothing", "common/plan"]
