"""The sinks: what events can be published to besides subscribers; one row for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from common.errors import StartRefused
from common.events.channel import Channel
from common.settings import Settings
from common.store.event_log import EventLog
from common.store.sinks import SinkProgress
from common.work.worker import StillMine


class Sink(Protocol):
    """A sink of one process, for all APIs."""

    async def run(
        self, log: str, channels: Iterable[Channel], entries: EventLog, progress: SinkProgress, still_mine: StillMine
    ) -> None:
        """Publishes the log of this name from the noted position on, for as long as `still_mine()`."""

    async def close(self) -> None:
        """Gives up what is under way. Called when no `run` runs any more."""


@dataclass(frozen=True, slots=True)
class SinkKind:
    """A kind of sink.

    `name`: in the names of its shares and of its positions; also the extra that it needs.
    `module`: has the function `sink`, from an address to a Sink; imported only where the sink is wanted.
    `setting`: the variable that holds the address.
    `address`: reads the address from the settings; None where the sink is not wanted.
    """

    name: str
    module: str
    setting: str
    address: Callable[[Settings], str | None]


SINKS = (SinkKind("kafka", "common.work.kafka", "TMF_KAFKA", lambda settings: settings.delivery.kafka),)


def open_sinks(settings: Settings) -> dict[str, Sink]:
    """Returns the wanted sinks by their names. Raises StartRefused where the extra of one is not installed."""
    return {kind.name: _opened(kind, address) for kind in SINKS if (address := kind.address(settings))}


def _opened(kind: SinkKind, address: str) -> Sink:
    try:
        module = import_module(kind.module)
    except ImportError as error:
        install = f".venv/bin/pip install -e '.[{kind.name}]'"
        raise StartRefused(f"{kind.setting} is set, which needs the extra {kind.name}: {install}.") from error
    sink: Sink = module.sink(address)
    return sink
