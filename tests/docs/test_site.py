"""The site of the pages needs nothing from elsewhere. `make check` builds it as well, and fails at a broken link."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.tables import ROOT

MKDOCS = (sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir")


def build_site(site: Path, *more: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Builds the site of a folder with `mkdocs.yml` and returns the finished process."""
    environ = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        [*MKDOCS, str(site), *more], cwd=folder, env=environ, capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    process = build_site(folder)
    assert process.returncode == 0, process.stderr
    return folder


def test_every_page_becomes_a_page_of_the_site(site: Path):
    pages = {page.stem for page in (ROOT / "docs").glob("*.md")}
    assert pages <= {page.stem for page in site.glob("*.html")}


def test_no_list_or_table_is_lost_in_a_paragraph(site: Path):
    paragraphs = [
        text for page in site.glob("*.html") for text in re.findall(r"<p>.*?</p>", page.read_text(), re.DOTALL)
    ]
    assert [text for text in paragraphs if re.search(r"\n *(?:- |\| |```)", text)] == []
    assert len(paragraphs) > 50


def test_the_site_loads_nothing_from_elsewhere(site: Path):
    external_load = re.compile(
        r"<(?:script|img|iframe)[^>]*\bsrc=\"?(?:https?:)?//|<link[^>]*\brel=\"?(?:stylesheet|preconnect)[^>]*//"
    )
    assert [page.name for page in site.glob("*.html") if external_load.search(page.read_text())] == []
    styles = [
        style
        for style in site.rglob("*.css")
        if re.search(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", style.read_text())
    ]
    assert styles == []


def test_a_link_that_leads_nowhere_fails(tmp_path: Path):
    (tmp_path / "docs").mkdir()
    settings = (ROOT / "mkdocs.yml").read_text().partition("nav:\n  - index.md")[0]
    (tmp_path / "mkdocs.yml").write_text(settings + "nav:\n  - index.md\n")
    (tmp_path / "docs" / "index.md").write_text("# Here\n\n[away](away.md)\n")
    process = build_site(tmp_path / "site", folder=tmp_path)
    assert process.returncode != 0
    assert "away.md" in process.stderr
