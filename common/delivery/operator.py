"""What the operator sees and does: subscriptions, attempts, dead letters, and sending again.

All documents are plain JSON without a secret: headers by name, a callback without its query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from common.clock import micros, text
from common.delivery.pending import pending_from_record as pending_from
from common.document import Document
from common.errors import Conflict, InvalidQuery, NotFound
from common.events.channel import Channel, channel_at
from common.events.envelope import event_document
from common.hub.event_filter import parse_event_filter
from common.hub.subscription import Subscription, subscription_from_record
from common.query.language import FilterLimits, Limits
from common.store.database import Database
from common.store.event_log import logged

StoredRecord = Mapping[str, Any]

COUNTED = 1000
"""How far the dead letters of one subscription are counted; they are long."""

_BATCH = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_799_000_000
# Every query was judged when it was registered, by settings that may be narrower by now; none allows more than this.
_JUDGED = Limits(1, 1, 0, 1000, FilterLimits(4000, 50, 1000))


@dataclass(frozen=True, slots=True)
class DeliveryOperator:
    """The operator's view of one database. Every method raises StoreUnavailable where the store does not answer.

    `channels`: the served ones, in whose shape dead letters are shown.
    `now`: tells the time. Moments are whole microseconds since 1970.
    """

    database: Database
    channels: Iterable[Channel]
    now: Callable[[], datetime]

    async def every_subscription(self) -> list[Document]:
        """Returns all subscriptions in the order of their creation, the ended ones included, each with its progress."""
        subscriptions = [subscription_from_record(record) for record in await self.database.subscriptions.every()]
        heads = {log: await self._head(log) for log in {subscription.log for subscription in subscriptions}}
        ordered = sorted(subscriptions, key=lambda subscription: (subscription.created, subscription.id))
        return [
            _with_progress(subscription, await self._progress(subscription), heads[subscription.log])
            for subscription in ordered
        ]

    async def one_subscription(self, identifier: str) -> Document:
        """Returns a subscription with its progress and the numbers of its waiting events and dead letters.

        Counts dead letters up to `COUNTED`; `deadLettersRelation` is `gte` where there are more. Raises NotFound.
        """
        subscription = subscription_from_record(await self.database.subscriptions.get(identifier))
        head = await self._head(subscription.log)
        dead = len(await self.database.deliveries.dead(identifier, "", COUNTED + 1))
        counts: Document = {
            "waiting": len(await self.database.deliveries.waiting(identifier)),
            "deadLetters": min(dead, COUNTED),
            **({"deadLettersRelation": "gte"} if dead > COUNTED else {}),
        }
        return {**_with_progress(subscription, await self._progress(subscription), head), **counts}

    async def attempts(self, identifier: str, since: int, limit: int) -> list[Document]:
        """Returns the last attempts at a subscription since a moment, newest first. Raises NotFound."""
        await self.database.subscriptions.get(identifier)
        records = await self.database.deliveries.attempts(identifier, _moment(since), limit)
        return [_attempt(record) for record in records]

    async def dead_letters(self, subscription: str | None, after: str, limit: int) -> list[Document]:
        """Returns at most `limit` dead letters of a subscription, or of all, by their ids, behind `after`."""
        return [_letter(record) for record in await self.database.deliveries.dead(subscription, after, limit)]

    async def dead_letter(self, identifier: str) -> Document:
        """Returns a dead letter with its event as it would be sent, or None for it where the subscription is gone or
        its version is not served here. Raises NotFound."""
        letter = await self.database.deliveries.letter(identifier)
        try:
            event = self._event(
                letter, subscription_from_record(await self.database.subscriptions.get(letter["subscription"]))
            )
        except NotFound:
            event = None
        return {**_letter(letter), "event": event}

    async def replay(self, identifier: str) -> Document:
        """Sets a dead letter back among the waiting events, to be tried as long as a new one.

        Returns how many were `replayed` and how many `left`. Raises NotFound. Raises Conflict where its subscription is
        gone or has ended.
        """
        letter = await self.database.deliveries.letter(identifier)
        await self._require_running(letter["subscription"])
        await self._send_again([letter])
        return {"replayed": 1, "left": 0}

    async def replay_all(self, subscription: str | None) -> Document:
        """Sets back all dead letters of a subscription, or all there are.

        Returns how many were `replayed`, and how many are `left` because their subscription is gone or has ended.
        Raises Conflict where the one subscription is gone or has ended.
        """
        if subscription is not None:
            await self._require_running(subscription)
        records = await self.database.subscriptions.every()
        running = {record["_id"] for record in records if not subscription_from_record(record).ended}
        replayed = left = 0
        after = ""
        # By id, so that one which dies again meanwhile is not met again.
        while letters := await self.database.deliveries.dead(subscription, after, _BATCH):
            after = letters[-1]["_id"]
            wanted = [letter for letter in letters if letter["subscription"] in running]
            await self._send_again(wanted)
            replayed += len(wanted)
            left += len(letters) - len(wanted)
        return {"replayed": replayed, "left": left}

    async def discard(self, identifier: str) -> None:
        """Forgets a dead letter. Raises NotFound."""
        if not await self.database.deliveries.discard([identifier]):
            raise NotFound(f'There is no dead letter with the id "{identifier}".')

    async def replay_from(self, identifier: str, moment: int) -> Document:
        """Moves a subscription back to a moment: everything logged since is sent again.

        One that has not come so far stays where it is, so that nothing is left out. Returns its position and lag.
        Raises NotFound. Raises Conflict where it has ended.
        """
        subscription = subscription_from_record(await self.database.subscriptions.get(identifier))
        if subscription.ended:
            raise Conflict(_ENDED.format(identifier, subscription.ended))
        before = await self.database.log.before(subscription.log, moment)
        position: int = (await self.database.subscriptions.progress(identifier))["position"]
        if before < position:
            await self.database.subscriptions.go_back(identifier, before)
            position = before
        head = await self._head(subscription.log)
        return {"subscription": identifier, "position": position, "lag": max(0, head - position)}

    async def _head(self, log: str) -> int:
        """Returns the number of the last entry of a log."""
        return (await self.database.log.bounds(log))[1]

    async def _progress(self, subscription: Subscription) -> StoredRecord:
        try:
            return await self.database.subscriptions.progress(subscription.id)
        except NotFound:  # unsubscribed since it was read
            return {"position": subscription.start}

    async def _require_running(self, identifier: str) -> None:
        try:
            subscription = subscription_from_record(await self.database.subscriptions.get(identifier))
        except NotFound as error:
            raise Conflict(f"{error.message} Its dead letters cannot be replayed.") from error
        if subscription.ended:
            raise Conflict(_ENDED.format(identifier, subscription.ended))

    async def _send_again(self, letters: Sequence[StoredRecord]) -> None:
        """Sets dead letters back. Keeps them as waiting before it discards them, so that a crash loses nothing."""
        now = micros(self.now())
        events = [replace(pending_from(letter), attempts=0, due=0, reason="", happened=now) for letter in letters]
        await self.database.deliveries.set_aside([event.record() for event in events])
        await self.database.deliveries.discard([letter["_id"] for letter in letters])
        await self.database.subscriptions.tell()

    def _event(self, letter: StoredRecord, subscription: Subscription) -> Document | None:
        """Returns the event of a dead letter in the shape of its subscription.

        Returns None where the version no longer has it, or the log had forgotten it when it died. Raises NotFound where
        the version is not served here.
        """
        channel = channel_at(self.channels, subscription.api, subscription.version)
        if not letter["entry"]:
            return None
        change = logged(deepcopy(letter["entry"]))
        event_type = channel.event_type_of(change.collection, letter["kind"])
        if event_type is None:
            return None
        event = event_document(channel, event_type, change)
        try:
            return parse_event_filter(subscription.query, channel, _JUDGED).part(event_type, event)
        except InvalidQuery:  # written for a document that has changed since
            return event


_ENDED = 'The subscription "{}" has ended ({}); nothing is sent to it again.'


def _with_progress(subscription: Subscription, progress: StoredRecord, head: int) -> Document:
    """Returns a subscription without its secrets, and how far it is in a log that ends at `head`."""
    paused = progress.get("paused_until", 0)
    return {
        "id": subscription.id,
        "api": subscription.api,
        "version": subscription.version,
        "callback": _without_query(subscription.callback),
        "query": subscription.query,
        "headers": sorted(subscription.headers),
        "credentials": subscription.credentials(),
        "batch": subscription.batch,
        "created": text(_moment(subscription.created)),
        "ended": subscription.ended,
        "position": progress["position"],
        "lag": max(0, head - progress["position"]),
        "failures": progress.get("failures", 0),
        "pausedUntil": text(_moment(paused)) if paused else None,
        "reason": progress.get("reason", ""),
    }


def _without_query(callback: str) -> str:
    """Returns scheme, host and path of an address: its query may hold a secret."""
    parts = urlsplit(callback)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _attempt(record: StoredRecord) -> Document:
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


def _letter(record: StoredRecord) -> Document:
    """Returns a dead letter without its event. The log's entry knows when the change happened, also of one that was
    replayed before."""
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
    """Returns microseconds since 1970 as an instant, the nearest that there is."""
    return _EPOCH + timedelta(microseconds=min(max(at, 0), _LATEST))
