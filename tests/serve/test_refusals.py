"""What keeps a suite from starting is told in one sentence, with exit code 1, and nothing goes on running."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.serve.running import Running

Start = Callable[..., Running]


def refusal(suite: Running) -> str:
    """The one sentence that a start was refused with."""
    assert suite.exit_code() == 1
    assert suite.out == ""
    (line,) = suite.err.splitlines()
    assert line.startswith("tmf: ")
    assert line.endswith(".")
    assert suite.left() == []
    return line.removeprefix("tmf: ")


@pytest.mark.parametrize("reuse", [0, 1])
def test_a_port_in_use(start: Start, tmp_path: Path, reuse: int) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, reuse)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = refusal(start("--port", str(port), "--data-dir", str(tmp_path / "data")))
    assert told.startswith(f"Port {port} at 127.0.0.1 is not to be had: Address already in use")
    assert not (tmp_path / "data").exists()


def test_the_port_of_another_suite(start: Start, store_uri: str) -> None:
    first = start(MONGODB_URI=store_uri).ready()
    told = refusal(start("--port", str(first.port), MONGODB_URI=store_uri))
    assert told.startswith(f"Port {first.port} at 127.0.0.1 is not to be had")
    assert first.ask("GET", "/health/ready") == (200, "ready")


def test_an_unknown_host(start: Start) -> None:
    assert "host.invalid is unknown" in refusal(start("--host", "host.invalid"))


@pytest.mark.parametrize("below", ["", "/data"])
def test_a_file_in_the_place_of_the_data_directory(start: Start, tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    told = refusal(start("--data-dir", f"{tmp_path}/file{below}"))
    assert told.startswith(f"The data directory {tmp_path}/file{below} cannot be used: ")


def test_a_data_directory_that_another_suite_uses(start: Start, tmp_path: Path) -> None:
    first = start("--data-dir", str(tmp_path / "data")).ready()
    told = refusal(start("--data-dir", str(tmp_path / "data")))
    assert told.startswith(f"The data directory {tmp_path}/data is used by another suite")
    assert first.ask("PUT", "/kept/safe") == (200, "safe")


def test_a_store_that_is_not_installed(start: Start) -> None:
    assert "mongod is not on PATH" in refusal(start("--store", "mongod", PATH="/nowhere"))


def test_data_of_a_store_that_is_not_installed(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data/mongod/journal").mkdir(parents=True)
    told = refusal(start("--data-dir", str(tmp_path / "data"), PATH="/nowhere"))
    assert told == f"The data in {tmp_path}/data was written by mongod, which is not installed."


def test_a_store_that_ends_at_once(start: Start, tmp_path: Path) -> None:
    program = tmp_path / "mongod"
    program.write_text("#!/bin/sh\necho no room left\nexit 14\n")
    program.chmod(0o755)
    told = refusal(start("--store", "mongod", "--data-dir", str(tmp_path / "data"), PATH=f"{tmp_path}:/bin:/usr/bin"))
    assert told.startswith("The store mongod ended (exit code 14) before it answered")
    assert str(tmp_path / "data/store.log") in told
    assert (tmp_path / "data/store.log").read_text() == "no room left\n"


def test_a_mongodb_that_does_not_answer(start: Start, dead_port: int) -> None:
    uri = f"mongodb://someone:s3cret@127.0.0.1:{dead_port}/?authSource=admin"
    told = refusal(start(MONGODB_URI=uri, TMF_STORE_SECONDS="1"))
    assert told.startswith(f"The store at mongodb://127.0.0.1:{dead_port}/ did not answer within 1 seconds")


def test_a_mongodb_address_that_the_driver_refuses(start: Start) -> None:
    told = refusal(start(MONGODB_URI="mongodb://someone:s3cret@127.0.0.1:99999/"))
    assert told.startswith("MONGODB_URI, which names mongodb://127.0.0.1:99999/, is no address")


def test_an_application_that_refuses_to_start(start: Start, store_uri: str) -> None:
    suite = start(MONGODB_URI=store_uri, TMF_DATABASE="refused")
    assert refusal(suite) == "The database refused is refused."


@pytest.mark.parametrize(
    ("flags", "environ", "told"),
    [
        (("--port", "eighty"), {}, "--port is 'eighty', it must be a whole number"),
        ((), {"TMF_WORKERS": "0"}, "TMF_WORKERS is '0', it must be"),
        ((), {"TMF_WORKER": "2"}, "TMF_WORKER is not a setting; the nearest name is TMF_WORKERS"),
    ],
)
def test_a_bad_setting(start: Start, flags: tuple[str, ...], environ: dict[str, str], told: str) -> None:
    assert told in refusal(start(*flags, **environ))
