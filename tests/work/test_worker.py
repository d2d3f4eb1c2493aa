"""Workers over real leases: who does what, failures, hand-over, the order of the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import pytest

from common.errors import StoreUnavailable
from common.store.leases import Leases
from common.work.membership import Membership
from common.work.worker import StillMine, Work, Worker
from tests.hub.stage import eventually

NAMES = [f"share/{number}" for number in range(4)]


class Board:
    """Who does which share at the moment, and everything that has happened; a share that two do is an error."""

    def __init__(self) -> None:
        self.owners: dict[str, str] = {}
        self.events: list[str] = []

    async def do(self, worker: str, share: str, still_mine: StillMine) -> None:
        """Does a share until it is cancelled; the end takes a while."""
        assert share not in self.owners
        assert still_mine()
        self.owners[share] = worker
        try:
            await asyncio.Event().wait()
        finally:
            assert not still_mine()
            await asyncio.sleep(0.1)
            del self.owners[share]
            self.events.append(f"{share} ended")

    def count(self, worker: str) -> int:
        """Returns how many shares a worker does."""
        return list(self.owners.values()).count(worker)


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the worker has logged; what an earlier test leaves behind may be logged at any time."""
    return [record.getMessage() for record in caplog.records if record.name.startswith("common.")]


@asynccontextmanager
async def working(worker: Worker) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


def member(leases: Leases, board: Board, name: str) -> Worker:
    """A worker that does the shares on the board."""
    works = [Work(share, partial(board.do, name, share)) for share in NAMES]
    return Worker(Membership(name, NAMES, leases), works)


async def test_two_workers_divide_the_works_and_one_takes_over_what_the_other_leaves(
    leases: Leases, caplog: pytest.LogCaptureFixture
):
    board = Board()
    async with working(member(leases, board, "a")):
        await eventually(lambda: board.count("a") == 4, "the work of one")
        async with working(member(leases, board, "b")):
            await eventually(lambda: board.count("a") == board.count("b") == 2, "the division")
        await eventually(lambda: board.count("a") == 4, "the take-over")
    assert board.owners == {}
    # No share was ever begun by one before the other had ended it.
    assert messages(caplog) == []


async def returns(_still_mine: StillMine) -> None:
    """Has nothing to do."""


async def fails(_still_mine: StillMine) -> None:
    """Meets an error of its own."""
    raise ValueError("broken")


async def is_refused(_still_mine: StillMine) -> None:
    """Meets a store that does not answer."""
    raise StoreUnavailable


@pytest.mark.parametrize(("run", "logged"), [(returns, False), (fails, True), (is_refused, False)])
async def test_a_work_that_ends_is_begun_anew_and_only_an_error_is_logged(
    leases: Leases,
    caplog: pytest.LogCaptureFixture,
    run: Callable[[StillMine], Awaitable[None]],
    logged: bool,
):
    begun = 0

    async def counted(still_mine: StillMine) -> None:
        nonlocal begun
        begun += 1
        await run(still_mine)

    with caplog.at_level(logging.INFO):
        async with working(Worker(Membership("a", ["one"], leases), [Work("one", counted)])):
            await eventually(lambda: begun > 1, "the second begin")
    assert set(messages(caplog)) == ({"The work one begins anew"} if logged else set())


async def test_what_every_process_does_runs_beside_the_shares(leases: Leases):
    board = Board()
    async with AsyncExitStack() as stack:
        for name in ("a", "b"):
            worker = member(leases, board, name)
            worker.everywhere = [Work("own", partial(board.do, name, f"own of {name}"))]
            await stack.enter_async_context(working(worker))
        await eventually(lambda: board.count("a") == board.count("b") == 3, "the work of both")
        assert {"own of a", "own of b"} <= board.owners.keys()


async def test_everything_has_ended_before_it_is_closed_and_the_shares_are_free_then(leases: Leases):
    board = Board()
    worker = member(leases, board, "a")
    worker.everywhere = [Work("own", partial(board.do, "a", "own"))]

    async def close(name: str) -> None:
        assert all(share.owner == "a" for share in await leases.shares(NAMES))
        board.events.append(f"{name} closed")

    worker.closing = [partial(close, "first"), partial(close, "second")]
    async with working(worker):
        await eventually(lambda: board.count("a") == 5, "the work")
    ends = [f"{share} ended" for share in ("own", *reversed(NAMES))]
    assert board.events == [*ends, "first closed", "second closed"]
    assert [share.owner for share in await leases.shares(NAMES)] == [None] * 4
    assert await leases.beats() == {}
