"""Shares of the work: one owner each, fair parts, a take-over when an owner falls silent; over the real store."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest

from common.store.connection import Connection, connect
from common.store.leases import Leases
from common.work.membership import Membership

SHARES = [f"share/{number}" for number in range(10)]


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def leases(store_uri: str) -> AsyncIterator[Leases]:
    """The leases of a database of their own."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    connection = Connection(store_uri, name)
    yield Leases(connection)
    await connection.close()
    with connect(store_uri) as client:
        client.drop_database(name)


async def look(*members: Membership) -> None:
    """Every member lives, and looks at the shares; what it has too many of it hands over."""
    for one in members:
        await one.beat()
        await one.hand_over(await one.review())


async def test_one_member_has_all_and_two_have_half_each(leases: Leases):
    clock = Clock()
    first, second = (Membership(name, SHARES, leases, clock) for name in ("a", "b"))
    await look(first)
    assert set(first.mine) == set(SHARES)
    for _ in range(2):
        await look(second, first)
    await look(second)
    assert len(first.mine) == len(second.mine) == 5
    assert set(first.mine) | set(second.mine) == set(SHARES)


async def test_the_shares_of_a_silent_member_are_taken_and_it_may_not_act(leases: Leases):
    clock = Clock()
    first, second = (Membership(name, SHARES, leases, clock) for name in ("a", "b"))
    for _ in range(3):
        await look(first, second)
    assert first.may_act()
    for _ in range(10):
        clock.seconds += 0.5
        await look(second)
    assert not first.may_act()
    assert set(second.mine) == set(SHARES)
    await first.beat()
    assert first.mine == {}
    await first.review()
    assert set(first.mine) & set(second.mine) == set()


async def test_a_member_that_leaves_frees_everything_at_once(leases: Leases):
    clock = Clock()
    first, second = (Membership(name, SHARES, leases, clock) for name in ("a", "b"))
    await look(first)
    await first.leave()
    await look(second)
    assert set(second.mine) == set(SHARES)


async def test_of_two_that_want_one_share_one_gets_it(leases: Leases):
    share = (await leases.shares(["share/0"]))[0]
    assert await leases.take(share, "a")
    assert not await leases.take(share, "b")
    again = (await leases.shares(["share/0"]))[0]
    assert (again.owner, again.term) == ("a", 1)
    assert await leases.take(again, "b")
    assert not await leases.take(again, "c")
