"""What tests of deliveries use: a stage and a listener, both real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.hub.receiver import Receiver, receiver
from tests.hub.stage import Stage, staged


@pytest.fixture
async def stage(store_uri: str) -> AsyncIterator[Stage]:
    """The suite in this process, and dispatchers as a test wants them."""
    async with staged(store_uri) as made:
        yield made


@pytest.fixture
def heard() -> Iterator[Receiver]:
    """A listener."""
    with receiver() as made:
        yield made
