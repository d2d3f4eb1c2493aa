"""Whatever the kit and the code cite can be opened: sources of rules, papers, and modules that docstrings name."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ctk.rule import Level, Rule, rules

ROOT = Path(__file__).parents[2]
PROTOCOL = ROOT / "docs" / "protocol.md"
FOLDERS = ("ctk", "common", "specs", "tests")

_PUBLIC = ("OpenAPI", "OWASP", "HTML")
"""Standards beside TMF630 and the RFCs that anybody can open by their name; "document" is `specs/TMFnnn-vN.json`."""

_SOURCE = re.compile(
    rf"TMF630 part [1-7]\b|\bRFC \d{{3,4}}\b|\b[Dd]ocuments?\b|docs/protocol\.md, section|\b(?:{'|'.join(_PUBLIC)})\b"
)
_SECTION = re.compile(r"docs/protocol\.md, sections? (\d)(?: and (\d))?")
_OTHER_PAPER = re.compile(r"\bour contract\b|\bours:|\bprotocol\b(?!\.md)|(?<!docs/)\bprotocol\.md")
_PAPER = re.compile(r"(?<![\w/.*-])((?:[\w.-]+/)*[\w-]+\.md)\b")
_PAPER_IN_WORDS = re.compile(r"\bof the plan\b")
_MODULE = re.compile(r"(?<![\w./-])((?:ctk|common|specs)(?:\.[A-Za-z_]\w*)+)")


def _words(file: Path) -> Iterator[str]:
    """Yields the docstrings and comments of a module."""
    text = file.read_text()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def _is_module(name: str) -> bool:
    """Returns whether a dotted name is a module, or something that stands in one (two levels deep at most)."""
    parts = name.split(".")
    for kept in range(len(parts), max(1, len(parts) - 3), -1):
        file = ROOT.joinpath(*parts[:kept])
        source = next((one for one in (file.with_suffix(".py"), file / "__init__.py") if one.is_file()), None)
        if source is None and not file.is_dir():
            continue
        rest = parts[kept:]
        return not rest or (
            source is not None and re.search(rf"\b{re.escape(rest[0])}\b", source.read_text()) is not None
        )
    return False


def _is_paper(name: str, file: Path) -> bool:
    """Returns whether a paper is in the repository: from its root, beside the module that names it, or in docs/.

    Whether docs/protocol.md is there is for the test of its sections to say.
    """
    return name == "docs/protocol.md" or any((folder / name).is_file() for folder in (ROOT, file.parent, ROOT / "docs"))


def _missing(folder: str, citation: re.Pattern[str], exists: Callable[[str, Path], bool]) -> list[str]:
    """Returns what modules of a folder name and nobody can find, each with its file."""
    return [
        f"{file.relative_to(ROOT)}: {name}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        if file != Path(__file__)
        for text in _words(file)
        for name in citation.findall(text)
        if not exists(name, file)
    ]


def _outside_protocol(rule: Rule) -> bool:
    """Returns whether a rule has a source beside docs/protocol.md."""
    return any(_SOURCE.search(part) and "docs/protocol.md" not in part for part in rule.source.split(";"))


@pytest.mark.parametrize("area", sorted({rule.area for rule in rules().values()}))
def test_every_rule_names_a_source_that_can_be_opened(area: str):
    of_area = [rule for rule in rules().values() if rule.area == area]
    assert [f"{rule.id}: {rule.source}" for rule in of_area if not _SOURCE.search(rule.source)] == []
    assert [f"{rule.id}: {rule.source}" for rule in of_area if _OTHER_PAPER.search(rule.source)] == []


def test_tmf630_is_cited_with_its_part_and_a_topic():
    wrong = [
        f"{rule.id}: {part.strip()}"
        for rule in rules().values()
        for part in rule.source.split(";")
        if "TMF630" in part and not re.search(r"TMF630 part [1-7](?: and part [1-7])?[,:]? \w", part)
    ]
    assert wrong == []


def test_what_our_protocol_alone_demands_is_asked_at_best_alone():
    """A server of another style is not failed by our own choices below the highest level."""
    wrong = [
        f"{rule.id}: {rule.source}"
        for rule in rules().values()
        if not _outside_protocol(rule) and min(rule.levels.values()) < Level.best
    ]
    assert wrong == []


def test_the_sections_of_the_protocol_that_rules_cite_exist():
    if not PROTOCOL.is_file():
        pytest.skip("docs/protocol.md IS NOT HERE YET: NOBODY HAS LOOKED WHETHER THE SECTIONS THAT RULES CITE EXIST")
    headings = set(re.findall(r"^#+ (\d)\b", PROTOCOL.read_text(), re.MULTILINE))
    sections = {
        (rule.id, number)
        for rule in rules().values()
        for match in _SECTION.findall(rule.source)
        for number in match
        if number
    }
    assert sections
    assert sorted(pair for pair in sections if pair[1] not in headings) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_paper_that_the_code_names_is_in_the_repository(folder: str):
    assert _missing(folder, _PAPER, _is_paper) + _missing(folder, _PAPER_IN_WORDS, lambda *_: False) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_module_that_the_code_names_can_be_found(folder: str):
    assert _missing(folder, _MODULE, lambda name, _: _is_module(name)) == []


def test_a_module_that_is_gone_is_not_found():
    assert [_is_module(name) for name in ("ctk.rule", "ctk.rule.Level", "ctk.areas.shared")] == [True] * 3
    assert [_is_module(name) for name in ("ctk.plan", "ctk.rule.NoSuchName", "specs.nothing")] == [False] * 3


def test_a_paper_that_is_not_here_is_not_found():
    assert _PAPER.findall("see documents.md of the plan and specs/ERRATA.md") == ["documents.md", "specs/ERRATA.md"]
    assert [_is_paper(name, Path(__file__)) for name in ("specs/ERRATA.md", "documents.md")] == [True, False]
