"""What the operator sees and does: subscriptions, attempts, dead letters, and sending again.

All that it tells is plain JSON without a secret: headers by name, a callback without its query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from common.clock import micros, text
from common.delivery.pending import from_record as pending_from
from common.document import Document
from common.errors import Conflict, InvalidQuery, NotFound
from common.events.channel import Channel, channel_at
from common.events.envelope import event_document
from common.hub.event_filter import parse_event_filter
from common.hub.subscription import Subscription, from_record
from common.query.language import FilterLimits, Limits
from common.store.deliveries import Deliveries
from common.store.event_log import EventLog, logged
from common.store.subscriptions import Subscriptions

Record = Mapping[str, Any]

COUNTED = 1000
"""How far the dead letters of one subscription are counted; they are long."""

_BATCH = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_799_000_000
# Every query was judged when it was registered, by settings that may be narrower by now; none allows more than this.
_JUDGED = Limits(1, 1, 0, 1000, FilterLimits(4000, 50, 1000))


@dataclass(frozen=True, slots=True)
class DeliveryOperator:
    """What the operator works with. `channels`: the served ones, in whose shape dead letters are shown. Moments are
    whole microseconds since 1970; every method raises StoreUnavailable where the store does not answer."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    log: EventLog
    channels: Iterable[Channel]
    now: Callable[[], datetime]

    async def every_subscription(self) -> list[Document]:
        """All subscriptions in the order of their creation, the ended ones included, each with its progress."""
        found = [from_record(one) for one in await self.subscriptions.every()]
        heads = {api: (await self.log.bounds(api))[1] for api in {one.api for one in found}}
        ordered = sorted(found, key=lambda one: (one.created, one.id))
        return [_with_progress(one, await self._progress(one), heads[one.api]) for one in ordered]

    async def one_subscription(self, identifier: str) -> Document:
        """A subscription with its progress and the numbers of its waiting events and dead letters, the latter counted
        up to `COUNTED`: `deadLettersRelation` is then `gte`. Raises NotFound."""
        found = from_record(await self.subscriptions.get(identifier))
        _, head = await self.log.bounds(found.api)
        dead = len(await self.deliveries.dead(identifier, "", COUNTED + 1))
        counts: Document = {
            "waiting": len(await self.deliveries.waiting(identifier)),
            "deadLetters": min(dead, COUNTED),
            **({"deadLettersRelation": "gte"} if dead > COUNTED else {}),
        }
        return {**_with_progress(found, await self._progress(found), head), **counts}

    async def attempts(self, identifier: str, since: int, limit: int) -> list[Document]:
        """The last attempts at a subscription since a moment, newest first. Raises NotFound."""
        await self.subscriptions.get(identifier)
        return [_attempt(one) for one in await self.deliveries.attempts(identifier, _moment(since), limit)]

    async def dead_letters(self, subscription: str | None, after: str, limit: int) -> list[Document]:
        """At most so many dead letters of a subscription, or of all, in the order of their ids, behind `after`."""
        return [_letter(one) for one in await self.deliveries.dead(subscription, after, limit)]

    async def dead_letter(self, identifier: str) -> Document:
        """A dead letter and its event as it would be sent: None where the subscription is gone, or its version is not
        served here. Raises NotFound."""
        letter = await self.deliveries.letter(identifier)
        try:
            event = self._event(letter, from_record(await self.subscriptions.get(letter["subscription"])))
        except NotFound:
            event = None
        return {**_letter(letter), "event": event}

    async def replay(self, identifier: str) -> Document:
        """Sets a dead letter back among the waiting events, with its whole time before it; how many were `replayed` and
        how many `left`. Raises NotFound, and Conflict where its subscription is gone or has ended."""
        letter = await self.deliveries.letter(identifier)
        await self._require_running(letter["subscription"])
        await self._send_again([letter])
        return {"replayed": 1, "left": 0}

    async def replay_all(self, subscription: str | None) -> Document:
        """Sets back all dead letters of a subscription, or all there are but those that are `left` because their
        subscription is gone or has ended. Raises Conflict for the letters of one such subscription."""
        if subscription is not None:
            await self._require_running(subscription)
        running = {one["_id"] for one in await self.subscriptions.every() if not from_record(one).ended}
        replayed = left = 0
        after = ""
        # By id, so that one which dies again meanwhile is not met again.
        while letters := await self.deliveries.dead(subscription, after, _BATCH):
            after = letters[-1]["_id"]
            chosen = [one for one in letters if one["subscription"] in running]
            await self._send_again(chosen)
            replayed += len(chosen)
            left += len(letters) - len(chosen)
        return {"replayed": replayed, "left": left}

    async def discard(self, identifier: str) -> None:
        """Forgets a dead letter. Raises NotFound."""
        if not await self.deliveries.discard([identifier]):
            raise NotFound(f'There is no dead letter with the id "{identifier}".')

    async def replay_from(self, identifier: str, moment: int) -> Document:
        """Returns a subscription to a moment: everything logged since is sent again. One that has not come so far stays
        where it is, so that nothing is left out. Its position and lag. Raises NotFound, and Conflict where it has
        ended."""
        found = from_record(await self.subscriptions.get(identifier))
        if found.ended:
            raise Conflict(_ENDED.format(identifier, found.ended))
        place = await self.log.before(found.api, moment)
        position: int = (await self.subscriptions.progress(identifier))["position"]
        if place < position:
            await self.subscriptions.go_back(identifier, place)
            position = place
        _, head = await self.log.bounds(found.api)
        return {"subscription": identifier, "position": position, "lag": max(0, head - position)}

    async def _progress(self, of: Subscription) -> Record:
        try:
            return await self.subscriptions.progress(of.id)
        except NotFound:  # unsubscribed since it was read
            return {"position": of.start}

    async def _require_running(self, identifier: str) -> None:
        try:
            found = from_record(await self.subscriptions.get(identifier))
        except NotFound as error:
            raise Conflict(f"{error.message} Its dead letters cannot be replayed.") from error
        if found.ended:
            raise Conflict(_ENDED.format(identifier, found.ended))

    async def _send_again(self, letters: Sequence[Record]) -> None:
        """PendingEvent first and dead no longer afterwards, so that a crash between the two loses nothing."""
        now = micros(self.now())
        waiting = [replace(pending_from(one), attempts=0, due=0, reason="", happened=now) for one in letters]
        await self.deliveries.set_aside([one.record() for one in waiting])
        await self.deliveries.discard([one["_id"] for one in letters])
        await self.subscriptions.tell()

    def _event(self, letter: Record, subscription: Subscription) -> Document | None:
        """The event of a dead letter in the shape of its subscription; None where the version no longer has it, or the
        log had forgotten it when it died. Raises NotFound where the version is not served here."""
        channel = channel_at(self.channels, subscription.api, subscription.version)
        if not letter["entry"]:
            return None
        change = logged(deepcopy(letter["entry"]))
        told = channel.event_type_of(change.collection, letter["kind"])
        if told is None:
            return None
        event = event_document(channel, told, change)
        try:
            return parse_event_filter(subscription.query, channel, _JUDGED).part(told, event)
        except InvalidQuery:  # written for a document that has changed since
            return event


_ENDED = 'The subscription "{}" has ended ({}); nothing is sent to it again.'


def _with_progress(one: Subscription, progress: Record, head: int) -> Document:
    """A subscription without its secrets, and how far it is in a log that ends at `head`."""
    given = {"headers": one.headers, "oauth": one.oauth, "signature": one.secret}
    paused = progress.get("paused_until", 0)
    return {
        "id": one.id,
        "api": one.api,
        "version": one.version,
        "callback": _place(one.callback),
        "query": one.query,
        "headers": sorted(one.headers),
        "credentials": [name for name, value in given.items() if value],
        "batch": one.batch,
        "created": text(_moment(one.created)),
        "ended": one.ended,
        "position": progress["position"],
        "lag": max(0, head - progress["position"]),
        "failures": progress.get("failures", 0),
        "pausedUntil": text(_moment(paused)) if paused else None,
        "reason": progress.get("reason", ""),
    }


def _place(callback: str) -> str:
    """Scheme, host and path of an address: its query may hold a secret."""
    parts = urlsplit(callback)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _attempt(record: Record) -> Document:
    return {
        "at": text(record["at"].replace(tzinfo=UTC)),  # the driver gives UTC and does not say so
        "event": record["event"],
        "type": record["type"],
        "resource": record["key"],
        "attempt": record["attempt"],
        "status": record["status"],
        "error": record["error"],
        "milliseconds": record["milliseconds"],
    }


def _letter(record: Record) -> Document:
    """A dead letter without its event; the log's entry knows when the change happened, also of one replayed before."""
    happened = record["entry"]["at"] if record["entry"] else record["happened"]
    return {
        "id": record["_id"],
        "subscription": record["subscription"],
        "api": record["api"],
        "eventId": record["event"],
        "eventType": record["type"],
        "resource": record["key"],
        "attempts": record["attempts"],
        "reason": record["reason"],
        "happened": text(_moment(happened)),
        "died": text(_moment(record["died"])),
    }


def _moment(at: int) -> datetime:
    """Microseconds since 1970 as an instant; the nearest that is one."""
    return _EPOCH + timedelta(microseconds=min(max(at, 0), _LATEST))
