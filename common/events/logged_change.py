"""A change as the log has it, with its events as versions send them."""

from __future__ import annotations

import orjson

from common.document import Document
from common.events.channel import Channel
from common.events.envelope import event_document
from common.events.kinds import EventType
from common.store.event_log import logged
from common.store.outbox import Entry


class LoggedChange:
    """A change read from the log. Reuses and mutates `entry`; do not read it afterwards."""

    def __init__(self, entry: Entry):
        self.logged = logged(entry)
        self._events: dict[tuple[str, str], tuple[Document, bytes]] = {}

    @property
    def seq(self) -> int:
        """Returns its number in the log of its API."""
        return self.logged.seq

    @property
    def key(self) -> str:
        """Returns the resource as `collection/id`."""
        return f"{self.logged.collection}/{self.logged.stored.id}"

    def event(self, channel: Channel, event_type: EventType) -> tuple[Document, bytes]:
        """Returns its event of this type, as a document and as JSON. Renders each event once and keeps it."""
        name = (channel.version_key, event_type.kind)
        if name not in self._events:
            document = event_document(channel, event_type, self.logged)
            self._events[name] = (document, orjson.dumps(document))
        return self._events[name]
