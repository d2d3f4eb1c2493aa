"""Ends a task of this process for sure."""

from __future__ import annotations

import asyncio

_LOST_SECONDS = 5.0


async def ended(task: asyncio.Task[None]) -> None:
    """Ends a task and waits for it. A cancellation may be lost where the driver waits for something that comes at that
    very moment (asyncio.wait_for of Python 3.11), so it is said again; what goes on for ever also looks whether it
    should."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_LOST_SECONDS)
