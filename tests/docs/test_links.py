"""The papers lead to what is there, in lines that fit a screen; the README is one page with a row for each API."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from common import apis
from tests.docs.tables import ROOT, WIDTH

PAPERS = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").glob("*.md"))]
papers = pytest.mark.parametrize("paper", PAPERS, ids=[paper.name for paper in PAPERS])
SECTIONS = (
    "1. Addresses",
    "2. Verbs and status codes",
    "3. Lists",
    "4. Bodies, patches and types",
    "5. Notifications",
    "6. Leniencies and traps",
)
_CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_MADE = re.compile(r"<!-- ([\w ]+) -->\n.*?<!-- end of \1 -->", re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Returns the anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


@papers
def test_every_link_leads_to_a_file_and_a_heading(paper: Path):
    links = re.findall(r"\]\(([^)\s]+)\)", _CODE.sub("", paper.read_text()))
    for link in (link for link in links if not link.startswith(("http:", "https:"))):
        name, _, anchor = link.partition("#")
        target = (paper.parent / name).resolve() if name else paper
        assert target.exists(), f"{paper.name} links to {link}, which is not there"
        assert not anchor or anchor in anchors(target), f"{paper.name} links to {link}, which is no heading"


@papers
def test_lines_fit_a_screen(paper: Path):
    text = _MADE.sub("", _CODE.sub("", paper.read_text()))
    assert [line for line in text.splitlines() if len(line) > WIDTH and not line.startswith("|")] == []


def test_the_readme_is_one_page():
    assert len((ROOT / "README.md").read_text().split()) <= 1000


def test_the_readme_links_to_every_page():
    text = (ROOT / "README.md").read_text()
    assert [
        page.name for page in (ROOT / "docs").glob("*.md") if page.name != "index.md" and page.name not in text
    ] == []


def test_the_readme_names_every_address():
    table = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| TMF")]
    assert len(table) == len(apis.declared())
    for api, row in zip(apis.declared(), table, strict=True):
        assert row.startswith(f"| {api.code} ")
        for version in api.versions:
            assert f"`{version.base}`" in row
            assert [alias for alias in version.aliases if f"`{alias.split('/')[-2]}`" not in row] == []


def test_the_protocol_has_the_sections_that_rules_cite():
    page = (ROOT / "docs" / "protocol.md").read_text()
    assert tuple(re.findall(r"^## (.+)$", page, re.MULTILINE)) == SECTIONS


def test_every_statement_of_the_protocol_has_its_source():
    page = (ROOT / "docs" / "protocol.md").read_text().partition("## 1.")[2]
    statements = re.findall(r"^- .*?(?=\n(?:[-#|\n]|$))", page, re.MULTILINE | re.DOTALL)
    sources = r"\((?:[^()]*)(?:TMF630-\d|RFC \d+|document|ERRATA|kits|ours)(?:[^()]*)\)$"
    assert [statement for statement in statements if not re.search(sources, statement)] == []
    assert len(statements) > 90


def test_a_rule_that_cites_the_protocol_alone_has_the_highest_level():
    rules = [
        rule for file in (ROOT / "ctk" / "rules").glob("*.yaml") for rule in yaml.safe_load(file.read_text())["rules"]
    ]
    citing = [rule for rule in rules if re.fullmatch(r"(?:\s*(?:docs/)?protocol(?:\.md)?,[^;]*;?)+", rule["source"])]
    levels = {rule["id"]: rule["level"] for rule in citing}
    harsh = {
        name
        for name, level in levels.items()
        if (set(level.values()) if isinstance(level, dict) else {level}) != {"best"}
    }
    assert harsh == set()
    assert len(citing) > 50
