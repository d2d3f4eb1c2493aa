"""Does the background work of one process: those shares of it that are its own, and what every process does.

Any number of processes divide the shares among themselves; each share has one owner at a time
(`common.work.membership`). What the work is, the rows say.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from common.errors import StoreUnavailable
from common.work.ending import ended
from common.work.membership import BEAT_SECONDS, Membership

_LOG = logging.getLogger(__name__)

StillMine = Callable[[], bool]
"""Returns True while this process may act on a share, and no other can have taken it."""


@dataclass(frozen=True, slots=True)
class Work:
    """One row of the table of background work.

    `name`: of the share, the same in every process.
    `run`: does the work until the function that it is given returns False, or until it is cancelled. It is started
    again after it has returned or raised, and then finds out from the store where it stands.
    """

    name: str
    run: Callable[[StillMine], Awaitable[None]]


@dataclass(slots=True)
class Worker:
    """One background process.

    `works`: the shares, divided among all processes; `membership` says which are this one's.
    `everywhere`: what each process runs for itself, whatever shares it has.
    `closing`: awaited one after the other when all tasks have ended.
    """

    membership: Membership
    works: Sequence[Work]
    everywhere: Sequence[Work] = ()
    closing: Sequence[Callable[[], Awaitable[None]]] = ()
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _stopping: bool = False

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, then leaves every share to others. The store may come and go meanwhile.

        Tasks end one by one: `everywhere` first, then `works` from the last row to the first. Until all is closed this
        process lives in the eyes of the others, so that none takes a share too early.
        """
        beating, sharing = asyncio.create_task(self._beat()), asyncio.create_task(self._share())
        try:
            await stop.wait()
        finally:
            self._stopping = True
            await ended(sharing)
            await self._end(work.name for work in (*self.everywhere, *reversed(self.works)))
            for close in self.closing:
                await close()
            await ended(beating)
            with suppress(StoreUnavailable):
                await self.membership.leave()

    async def _beat(self) -> None:
        while not self._stopping:
            with suppress(StoreUnavailable):
                await self.membership.beat()
            await asyncio.sleep(BEAT_SECONDS)

    async def _share(self) -> None:
        """Takes and hands over shares, and keeps their tasks running."""
        while not self._stopping:
            try:
                self._start(self.everywhere)
                if self.membership.may_act():
                    await self._review()
            except StoreUnavailable:
                pass
            except Exception:
                _LOG.exception("The worker goes on after a failure of its own")
            await asyncio.sleep(BEAT_SECONDS)

    async def _review(self) -> None:
        """Brings the tasks in line with the shares. Raises StoreUnavailable."""
        surplus = await self.membership.review()
        # A share is handed over when its work has ended, not before.
        await self._end(share.name for share in surplus)
        await self.membership.hand_over(surplus)
        mine = self.membership.mine
        await self._end(work.name for work in self.works if work.name not in mine)
        if self.membership.may_act():
            self._start(work for work in self.works if work.name in mine)

    def _start(self, works: Iterable[Work]) -> None:
        """Starts those works that are not running."""
        for work in works:
            if work.name not in self._tasks or self._tasks[work.name].done():
                self._tasks[work.name] = asyncio.create_task(self._do(work))

    async def _end(self, names: Iterable[str]) -> None:
        for name in names:
            if task := self._tasks.pop(name, None):
                await ended(task)

    async def _do(self, work: Work) -> None:
        """Runs a work once; after a failure the task lasts a little longer, and with it the pause before the next."""
        try:
            await work.run(lambda: self._may_do(work))
        except StoreUnavailable:
            await asyncio.sleep(BEAT_SECONDS)
        except Exception:
            _LOG.exception("The work %s begins anew", work.name)
            await asyncio.sleep(BEAT_SECONDS)

    def _may_do(self, work: Work) -> bool:
        if work.name not in self._tasks:
            return False
        return work in self.everywhere or (self.membership.may_act() and work.name in self.membership.mine)
