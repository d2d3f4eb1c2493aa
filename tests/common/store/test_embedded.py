"""How each local store is started: on loopback, over its own data, and so that an acknowledged write is on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.store import embedded
from common.store.connection import connect

_SECANTUSD = ["--host", "127.0.0.1", "--port", "7", "--storage-path", "/d/{name}", "--config", "/d/{name}.toml"]
FLAGS = {
    # It has kept a journal always since 6.1, and knows no flag for it.
    "mongod": ["--dbpath", "/d/mongod", "--port", "7", "--bind_ip", "127.0.0.1"],
    # It syncs no journal for who asks it by `journal`, but for this flag.
    "secantusd-rs": [*_SECANTUSD, "--sync-on-commit"],
    # It syncs the journal for every write that asks it to.
    "secantusd-py": [*_SECANTUSD, "--log-level", "WARNING"],
}


@pytest.mark.parametrize("server", embedded.SERVERS, ids=lambda server: server.name)
def test_each_store_is_started_with_these_flags(server: embedded.Server):
    store = embedded.Embedded(server, "/bin/store", Path("/d") / server.name, Path("/d/store.log"))
    flags = [flag.format(name=server.name) for flag in FLAGS[server.name]]
    assert list(store.command(7)) == ["/bin/store", *flags]


def test_every_client_of_a_local_store_asks_for_the_journal():
    with connect(embedded.uri(7)) as client:
        assert client.write_concern.document == {"w": "majority", "j": True}
