"""One suite for the tests of the kit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ctk.suite import judged_suite


@pytest.fixture(scope="package")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running suite that the kit may judge; it ends with the kit's tests, for it works while idle."""
    with judged_suite(tmp_path_factory.mktemp("ctk")) as url:
        yield url
