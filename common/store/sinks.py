"""How far each sink has got in each API's log; a sink is a reader that never goes away, such as Kafka."""

from __future__ import annotations

from common.store.connection import Connection, Records, answering


class SinkProgress:
    """The positions of all sinks. Every method raises StoreUnavailable where the server does not answer."""

    def __init__(self, connection: Connection):
        self._connection = connection

    async def position(self, sink: str, api: str) -> int:
        """Returns the number up to which the sink has everything, 0 where it is new."""
        async with answering():
            row = await self._positions.find_one({"_id": _name(sink, api)})
        return row["position"] if row else 0

    async def advance(self, sink: str, api: str, position: int) -> None:
        """Notes that the sink has everything up to `position`; a position never falls."""
        async with answering():
            await self._positions.update_one({"_id": _name(sink, api)}, {"$max": {"position": position}}, upsert=True)

    @property
    def _positions(self) -> Records:
        return self._connection.collection("sink_progress")


def _name(sink: str, api: str) -> str:
    return f"{sink}/{api}"
