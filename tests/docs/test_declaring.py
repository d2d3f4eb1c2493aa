"""docs/declaring.md explains every field of a declaration and every pattern of a view, and nothing that is gone."""

from __future__ import annotations

import re
from dataclasses import fields
from types import ModuleType

import pytest

from common.resource import Api, Leniency, Resource, Version
from common.seed.share import Kind, PlotShare
from common.views import patterns
from tests.docs.tables import ROOT

PAGE = (ROOT / "docs" / "declaring.md").read_text()
DIFFERENCE = type(patterns.WHOLE_AMOUNT)
CLASSES: dict[str, type] = {
    "Api": Api,
    "Version": Version,
    "Resource": Resource,
    "Leniency": Leniency,
    "Difference": DIFFERENCE,
    "PlotShare": PlotShare,
    "Kind": Kind,
}
VIEW_MODULES = (patterns, __import__(DIFFERENCE.__module__, fromlist=["*"]))


def first_cells(section: str, table: int | None = None) -> list[str]:
    """Returns the names in the first column of a section's tables, in order; of one table if its number is given."""
    text = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert text, f"docs/declaring.md has no section {section}"
    tables = re.findall(r"(?:^\|.*\n)+", text[1], re.MULTILINE)
    selection = tables if table is None else [tables[table]]
    return [name for rows in selection for name in re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE)]


def view_names(module: ModuleType) -> set[str]:
    """Returns the public names of a module that are a difference or make one."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (
            isinstance(value, DIFFERENCE)
            or (callable(value) and getattr(value, "__annotations__", {}).get("return") == DIFFERENCE.__name__)
        )
    }


@pytest.mark.parametrize("name", CLASSES)
def test_every_field_is_explained(name: str):
    page_names = first_cells(name, 0 if name == "Difference" else None)
    code_names = [field.name for field in fields(CLASSES[name])]
    missing = [field for field in code_names if field not in page_names]
    invented = [field for field in page_names if field not in code_names]
    assert missing == [], f"docs/declaring.md, section {name}, does not explain: {', '.join(missing)}"
    assert invented == [], f"docs/declaring.md, section {name}, explains what is no field: {', '.join(invented)}"
    assert len(page_names) == len(set(page_names))


def test_every_pattern_is_explained():
    page_names = set(first_cells("Difference", 1))
    code_names = set().union(*(view_names(module) for module in VIEW_MODULES))
    assert page_names == code_names
    assert len(page_names) > 10


def test_every_field_has_an_example():
    rows = [line for line in PAGE.splitlines() if re.match(r"\| `\w+` \|", line)]
    assert [row for row in rows if not row.removesuffix(" |").rsplit(" | ", 1)[-1].strip()] == []
