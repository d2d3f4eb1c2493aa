"""specs/ERRATA.md tells of everything that the servers let pass, and of no type that is not there."""

from __future__ import annotations

import re

import pytest

from common import apis
from common.resource import Leniency
from tests.api.test_examples import BROKEN
from tests.specs_clients.check import NAMES, SPECS, read

TEXT = (SPECS / "ERRATA.md").read_text(encoding="utf-8")
SECTIONS = {part[:6]: part for part in TEXT.split("\n## ")}
LENIENCIES = [(api.code, leniency) for api in apis.declared() for leniency in api.leniencies]


@pytest.mark.parametrize(("code", "leniency"), LENIENCIES)
def test_a_leniency_is_told(code: str, leniency: Leniency):
    about = [line for line in SECTIONS[code].splitlines() if f"`{leniency.schema}`" in line and "lenienc" in line]
    assert any(f"`{leniency.required or leniency.value}`" in line for line in about)


def test_a_broken_example_is_named():
    assert [name for name in BROKEN if f"`{name}`" not in TEXT] == []


@pytest.mark.parametrize("code", [code for code in SECTIONS if code.startswith("TMF")])
def test_every_type_that_is_named_is_there(code: str):
    names = {schema for name in NAMES if name.startswith(code) for schema in read(name)["components"]["schemas"]}
    told = set(re.findall(r"`([A-Z]\w+(?:_FVO|_MVO|_Create|_Update|Payload|Type|Ref))`", SECTIONS[code]))
    assert told - names == set()
