"""The house rules that a test can see: sizes, names, docstrings, words that are ours."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    path
    for folder in ("common", "ctk", "benchmarks", "specs", *(f"tmf{n}" for n in (620, 621, 622, 629, 632, 666, 683)))
    for path in sorted((ROOT / folder).rglob("*.py"))
]
sources = pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ROOT)) for path in SOURCES])


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@sources
def test_modules_and_functions_are_small(path: Path):
    text = path.read_text()
    assert text.count("\n") <= 300
    long = [f.name for f in functions(ast.parse(text)) if (f.end_lineno or 0) - f.lineno + 1 > 40]
    assert long == []


@sources
def test_a_module_says_what_it_is_for(path: Path):
    told = ast.get_docstring(ast.parse(path.read_text()))
    assert told, path
    assert told[0].isupper() or told[0] in "`'"
    assert path.stem not in ("utils", "helpers", "misc", "manager")


@sources
def test_public_functions_have_their_contract(path: Path):
    tree = ast.parse(path.read_text())
    tops = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    missing = [node.name for node in tops if not node.name.startswith("_") and not ast.get_docstring(node)]
    assert missing == []


@sources
def test_nothing_is_left_for_later(path: Path):
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", path.read_text())


def test_no_branch_in_common_names_an_api():
    named = [
        str(path)
        for path in SOURCES
        if path.parts[-2] != "seed"
        and "common" in path.parts
        and re.search(r"TMF6\d\d|tmf6\d\d", re.sub(r'""".*?"""|#.*', "", path.read_text(), flags=re.DOTALL))
    ]
    assert named == []


def test_nothing_refers_to_the_shared_folder_at_run_time():
    assert [str(path) for path in SOURCES if "shared/" in path.read_text()] == []
