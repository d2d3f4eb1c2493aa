"""The end of tasks that take their time."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from common.work.ending import ended


async def slow(may_end: asyncio.Event) -> None:
    """Ends when it may, however often it is cancelled."""
    while not may_end.is_set():
        with suppress(asyncio.CancelledError):
            await may_end.wait()


async def test_who_is_cancelled_while_it_ends_tasks_waits_for_them_all_the_same():
    may_end = asyncio.Event()
    tasks = [asyncio.create_task(slow(may_end)) for _ in range(3)]
    await asyncio.sleep(0)
    ending = asyncio.create_task(ended(*tasks))
    await asyncio.sleep(0)
    ending.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    was_done = ending.done()
    may_end.set()
    assert not was_done
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert all(task.done() for task in tasks)
