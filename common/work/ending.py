"""Ends tasks of this process for sure."""

from __future__ import annotations

import asyncio

_LOST_SECONDS = 5.0


async def ended(*tasks: asyncio.Task[None]) -> None:
    """Cancels tasks and returns when all of them have ended.

    A cancellation is repeated until it works: the driver may lose one where it waits for something that comes at that
    very moment (asyncio.wait_for of Python 3.11). For the same reason every endless loop also looks whether it should
    go on. Raises CancelledError where the caller is cancelled meanwhile, and not before the tasks have ended.
    """
    cancelled = None
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        try:
            await asyncio.wait(running, timeout=_LOST_SECONDS)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled
