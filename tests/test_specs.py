"""The documents in specs/: valid OpenAPI, and nothing of the published facts missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

from common.resource import SPECS

DOCUMENTS = sorted(SPECS.glob("*.yaml"))
SHARED = SPECS.parent.parent / "shared"
documents = pytest.mark.parametrize("file", DOCUMENTS, ids=[file.stem for file in DOCUMENTS])


def test_there_are_fourteen():
    assert len(DOCUMENTS) == 14


@documents
def test_a_document_is_valid_openapi(file: Path):
    document = yaml.load(file.read_bytes(), yaml.CSafeLoader)
    assert [str(error) for error in OpenAPIV30SpecValidator(document).iter_errors()] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"THE FACTS OF THE PUBLISHED DOCUMENTS ARE NOT AT {SHARED}")
@documents
def test_nothing_of_the_published_facts_is_missing(file: Path):
    command = [str(SHARED / "tools" / "compare_spec.py"), str(SHARED / "facts" / file.name), str(file)]
    done = subprocess.run([sys.executable, *command, "--subset", "--ignore", "servers"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
