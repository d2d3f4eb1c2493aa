"""What of a logged change one subscriber gets: which events, and with which content."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from common.delivery.log_cache import LoggedChange
from common.delivery.pending import PendingEvent
from common.events.announcer import CONTENT
from common.events.channel import Channel
from common.events.envelope import event_id
from common.hub.event_filter import EventFilter
from common.hub.subscription import Subscription
from common.store.base import Announcement


@dataclass(frozen=True, slots=True)
class SubscriberEvents:
    """A subscription with the channel it was made at and what its query asks for."""

    subscription: Subscription
    channel: Channel
    interest: EventFilter

    def wanted(self, told: LoggedChange) -> list[PendingEvent]:
        """The events of a change that are asked for, in their order."""
        found = []
        change = told.logged.announcement
        for place, kind in enumerate(change.kinds):
            known = self.channel.event_type_of(told.logged.collection, kind)
            if (
                known is None
                or self._sees_nothing(known.kind, change)
                or not self.interest.wants(known, told.event(self.channel, known)[0])
            ):
                continue
            where = (self.subscription.id, told.logged.api, told.seq, place)
            found.append(PendingEvent(*where, kind, event_id(change.id, kind), known.name, told.key, change.at))
        return found

    def _sees_nothing(self, kind: str, change: Announcement) -> bool:
        """True for a change of content that this version does not show."""
        return kind == CONTENT and not change.changed.get(self.channel.version.name)

    def body(self, told: LoggedChange, event: PendingEvent) -> bytes | None:
        """The event as it is sent; None where the version has no such event any more."""
        known = self.channel.event_type_of(told.logged.collection, event.kind)
        if known is None:
            return None
        document, body = told.event(self.channel, known)
        part = self.interest.part(known, document)
        return body if part is document else orjson.dumps(part)
