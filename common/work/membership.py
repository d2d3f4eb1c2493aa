"""One dispatcher among others: which shares of the work are its own, and until when it may act on them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence

from common.store.leases import Leases, Share

BEAT_SECONDS = 0.5
_DEAD_AFTER = 4.0
"""Seconds for which a member's beat stands still until others take its shares."""

_SURE_FOR = 2.5
"""Seconds after its last beat for which a member may act: less than the others wait."""


class Membership:
    """The member `name` among those that share the work `shares`; `clock` counts seconds and never goes back."""

    def __init__(self, name: str, shares: Iterable[str], leases: Leases, clock: Callable[[], float] = time.monotonic):
        self.name = name
        self.mine: dict[str, Share] = {}
        self._shares = tuple(shares)
        self._leases = leases
        self._clock = clock
        self._sure_until = -math.inf
        self._seen: dict[str, tuple[int, float]] = {}

    def may_act(self) -> bool:
        """True while nobody else can have taken the shares."""
        return self._clock() < self._sure_until

    async def beat(self) -> None:
        """Tells the others that this member lives. Raises StoreUnavailable."""
        begun = self._clock()
        await self._leases.beat(self.name)
        if self.mine and begun >= self._sure_until + (_DEAD_AFTER - _SURE_FOR):
            # It was silent for so long that others may have taken everything.
            self.mine = {}
        self._sure_until = begun + _SURE_FOR

    async def review(self) -> list[Share]:
        """Looks at who has what, takes what this member should have, and gives the shares that it has too many of; they
        are still its own until they are handed over. Raises StoreUnavailable."""
        living = await self._living()
        shares = await self._leases.shares(self._shares)
        self.mine = {share.name: share for share in shares if share.owner == self.name}
        fair = math.ceil(len(shares) / max(1, len(living)))
        for share in shares:
            if len(self.mine) >= fair:
                break
            if share.owner not in living and await self._leases.take(share, self.name):
                self.mine[share.name] = Share(share.name, self.name, share.term + 1)
        return list(self.mine.values())[fair:]

    async def hand_over(self, shares: Sequence[Share]) -> None:
        """Leaves shares to whoever wants them; their work must have ended. Raises StoreUnavailable."""
        for share in shares:
            await self._leases.take(share, None)
            self.mine.pop(share.name, None)

    async def leave(self) -> None:
        """Hands everything over and is no member any more. Raises StoreUnavailable."""
        await self.hand_over(list(self.mine.values()))
        await self._leases.forget(self.name)

    async def _living(self) -> set[str]:
        """The members whose beat moves; those long gone are taken off the list."""
        now, living = self._clock(), {self.name}
        for member, beat in (await self._leases.beats()).items():
            known = self._seen.get(member)
            if known is None or known[0] != beat:
                self._seen[member] = (beat, now)
            elif member != self.name and now - known[1] > _DEAD_AFTER:
                await self._leases.forget(member)
                continue
            living.add(member)
        return living
