"""The events of a logged change that one subscriber gets, and their content."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass

import orjson

from common.delivery.log_cache import LogCache
from common.delivery.pending import PendingEvent
from common.events.announcer import CONTENT
from common.events.channel import Channel
from common.events.envelope import event_id
from common.events.logged_change import LoggedChange
from common.hub.event_filter import EventFilter
from common.hub.subscription import Subscription
from common.store.base import Announcement


@dataclass(frozen=True, slots=True)
class SubscriberEvents:
    """A subscription, the channel that it was made at, and the filter that its query writes."""

    subscription: Subscription
    channel: Channel
    event_filter: EventFilter

    def wanted(self, change: LoggedChange) -> list[PendingEvent]:
        """Returns the events of a change that the subscriber asks for, in the order of their kinds."""
        events = []
        announced = change.logged.announcement
        for position, kind in enumerate(announced.kinds):
            event_type = self.channel.event_type_of(change.logged.collection, kind)
            if (
                event_type is None
                or self._sees_nothing(event_type.kind, announced)
                or not self.event_filter.wants(event_type, change.event(self.channel, event_type)[0])
            ):
                continue
            where = (self.subscription.id, change.logged.api, change.seq, position)
            identifier = event_id(announced.id, kind)
            events.append(PendingEvent(*where, kind, identifier, event_type.name, change.key, announced.at))
        return events

    def _sees_nothing(self, kind: str, announced: Announcement) -> bool:
        """Returns True for a change of content that this version does not show."""
        return kind == CONTENT and not announced.changed.get(self.channel.version_key)

    async def request_body(self, events: Iterable[PendingEvent], log: LogCache) -> bytes | None:
        """Returns the body of the request that brings these events: a list where the subscription takes batches.

        Returns None where the log has forgotten all of them. Raises StoreUnavailable.
        """
        bodies = [body for event in events if (body := await self._body(event, log))]
        if not bodies:
            return None
        return b"[" + b",".join(bodies) + b"]" if self.subscription.batch else bodies[0]

    async def _body(self, event: PendingEvent, log: LogCache) -> bytes | None:
        """Returns the event as it is sent. Returns None where log or version has it no more."""
        change = LoggedChange(deepcopy(dict(event.entry))) if event.entry else await log.change(event.seq)
        event_type = self.channel.event_type_of(change.logged.collection, event.kind) if change else None
        if change is None or event_type is None:
            return None
        document, body = change.event(self.channel, event_type)
        part = self.event_filter.part(event_type, document)
        return body if part is document else orjson.dumps(part)
