"""Own code that is called with what listener paths receive: what it is told, and how it is named and found."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from importlib import import_module

from common.document import Document
from common.errors import Refusal, StartRefused

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event as own code is told of it: `type` is that of the listener path, `event` the document as it was sent,
    with what was missing of `eventType` and (v5) `@type`; each callback has a document of its own."""

    api: str
    version: str
    type: str
    event: Document


Callback = Callable[[ReceivedEvent], Awaitable[None] | None]
"""Called at least once for every event; what it raises makes the sender send again. A coroutine function runs in the
event loop, any other in a thread, so that it may block."""


def named_callbacks(names: Iterable[str]) -> tuple[Callback, ...]:
    """The functions that the setting TMF_LISTENERS names as `package.module:function`; raises StartRefused."""
    return tuple(_named_callback(name) for name in names)


def _named_callback(name: str) -> Callback:
    module, _, function = name.partition(":")
    try:
        callback: Callback = getattr(import_module(module), function)
    except Exception as error:  # own code may fail in any way when it is imported
        told = f"{type(error).__name__}: {error}"
        raise StartRefused(f"TMF_LISTENERS names {name}, which cannot be imported: {told}.") from error
    if not callable(callback):
        raise StartRefused(f"TMF_LISTENERS names {name}, which is no function: {type(callback).__name__}.")
    return callback


async def tell(callbacks: Iterable[Callback], heard: ReceivedEvent) -> None:
    """Calls every callback, one after the other; raises Refusal at the first that raises, whose story goes to the log
    and not to the sender."""
    for callback in callbacks:
        own = replace(heard, event=deepcopy(heard.event))
        try:
            is_coroutine = inspect.iscoroutinefunction(callback)
            answer = callback(own) if is_coroutine else await asyncio.to_thread(callback, own)
            if inspect.isawaitable(answer):
                await answer
        except Exception as error:
            _LOG.exception("The callback %r failed on an event of type %s", callback, heard.type)
            raise Refusal("The event could not be taken here; please send it again.") from error
