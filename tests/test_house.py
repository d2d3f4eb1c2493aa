"""The house rules that a test can see: sizes, names, docstrings, words that are ours."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from common import apis
from common.settings import codes
from tests.imports import contracts

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    path
    for folder in ("common", "ctk", "benchmarks", "specs", *(code.lower() for code in codes()))
    for path in sorted((ROOT / folder).rglob("*.py"))
]
COMMON = [path for path in SOURCES if path.relative_to(ROOT).parts[0] == "common"]
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


def words_of(path: Path) -> frozenset[str]:
    return frozenset(own_words(ast.parse(path.read_text())))


def own_words(tree: ast.AST) -> Iterator[str]:
    """Every text and name of a module, without its docstrings."""
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                child.value.value = None  # a docstring, or the one below a constant
    for node in ast.walk(tree):
        yield from (text for _, text in ast.iter_fields(node) if isinstance(text, str))


def test_no_branch_in_common_names_an_api():
    named = [str(path) for path in COMMON if any(re.search(r"(?i)tmf\d{3}", word) for word in words_of(path))]
    assert named == []


def test_no_module_in_common_names_a_resource_of_an_api():
    """But for the two types that a reference to a party may name (TMF630), by which references are told apart."""
    resources = [resource for api in apis.declared() for resource in api.resources]
    names = {name for one in resources for name in (one.name, one.v4_name) if name}
    names |= {name[0].upper() + name[1:] for name in names}
    named = {(path.name, word) for path in COMMON for word in words_of(path) if word in names}
    assert named == {("type_marks.py", "Individual"), ("type_marks.py", "Organization")}


@pytest.mark.parametrize("name", ["setup.cfg", "pyproject.toml", "Makefile", "ruff.toml", "NOTICE"])
def test_no_list_beside_the_folders_names_an_api(name: str):
    assert re.findall(r"(?i)tmf\d{3}", (ROOT / name).read_text()) == []


def test_the_contracts_are_about_every_api_package():
    lists = (ROOT / "setup.cfg").read_text().count("    tmfNNN\n")
    assert lists >= 4
    assert [contracts().count(f"    {code.lower()}\n") for code in codes()] == [lists] * len(codes())


def test_the_readme_has_a_row_for_every_api():
    rows = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| TMF")]
    for api in apis.declared():
        row = next(line for line in rows if line.startswith(f"| {api.code} "))
        assert [version.name for version in api.versions if f"`{version.base}`" not in row] == []


def test_nothing_refers_to_the_shared_folder_at_run_time():
    assert [str(path) for path in SOURCES if "shared/" in path.read_text()] == []
