"""A suite's life: it starts, serves, comes through mishaps, and ends without a trace."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from common.serve.child import TETHER
from tests.serve.running import Running, eventually

Start = Callable[..., Running]


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_a_wish_to_stop_ends_store_and_servers(start: Start, wish: signal.Signals) -> None:
    suite = start().ready()
    assert suite.children("secantusd") or suite.children("mongod")
    assert len(suite.children("common.serve.web")) == 3
    # Ctrl-C at a terminal reaches the processes of the supervisor's session alone: none of the children is in it.
    assert os.getsid(suite.pid) not in {os.getsid(pid) for pid in suite.children()}
    suite.tell(wish)
    assert suite.exit_code() == 0
    assert suite.left() == []


MONGOD = """#!/bin/sh
{python} -P {tether} $$ {store} --port "$4" --storage-path "$2" &
trap 'kill $!; wait $!; echo "$@" > "$2/stopped"; exit 0' TERM
wait $!
"""


def test_a_mongod_on_path_comes_first_and_is_waited_for_at_the_end(start: Start, tmp_path: Path) -> None:
    program, data = tmp_path / "mongod", tmp_path / "data"
    store = shutil.which("secantusd-py", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    program.write_text(MONGOD.format(python=sys.executable, tether=TETHER, store=store))
    program.chmod(0o755)
    suite = start("--data-dir", str(data), PATH=f"{tmp_path}:{os.environ['PATH']}").ready()
    assert suite.stop() == 0
    told = (data / "mongod" / "stopped").read_text().split()
    assert [*told[:3], *told[4:]] == ["--dbpath", str(data / "mongod"), "--port", "--bind_ip", "127.0.0.1"]


def test_with_mongodb_uri_no_store_is_started(start: Start, store_uri: str, tmp_path: Path) -> None:
    data = tmp_path / "untouched"
    suite = start("--data-dir", str(data), MONGODB_URI=store_uri).ready()
    assert all("common.serve.web" in Path(f"/proc/{pid}/cmdline").read_text() for pid in suite.children())
    assert not data.exists()
    suite.tell(signal.SIGHUP)
    assert suite.exit_code() == 0
    assert suite.left() == []


def test_the_addresses_are_printed(start: Start, store_uri: str) -> None:
    suite = start("--public-url", "https://apis.example/tmf", MONGODB_URI=store_uri).ready()
    assert f"Listens at: http://127.0.0.1:{suite.port}\n" in suite.out
    assert "TMF999 Toy v5: https://apis.example/tmf/tmf-api/toy/v5\n" in suite.out
    assert "TMF999 v5 Swagger UI: https://apis.example/tmf/tmf-api/toy/v5/ui/\n" in suite.out
    assert "Health: https://apis.example/tmf/health/ready\n" in suite.out
    assert suite.ask("GET", "/health/ready") == (200, "ready")


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_a_request_under_way_is_finished_before_the_end(
    start: Start, store_uri: str, tmp_path: Path, wish: signal.Signals
) -> None:
    suite = start("--data-dir", str(tmp_path), MONGODB_URI=store_uri).ready()
    connection = suite.connection()
    connection.request("GET", "/slow")
    answer = connection.getresponse()
    assert answer.read(6) == b"begun "
    suite.tell(wish)
    eventually(lambda: suite.answers("/pid") is None, "the end of listening")
    (tmp_path / "go").touch()
    assert answer.read() == b"finished"
    connection.close()
    assert suite.exit_code() == 0
    assert suite.left() == []


def test_a_second_ctrl_c_does_not_wait_for_requests(start: Start, store_uri: str) -> None:
    suite = start(MONGODB_URI=store_uri, TMF_GRACEFUL_SECONDS="3600").ready()
    connection = suite.connection()
    connection.request("GET", "/slow")
    assert connection.getresponse().read(6) == b"begun "
    suite.tell(signal.SIGINT)
    eventually(lambda: suite.answers("/pid") is None, "the end of listening")
    suite.tell(signal.SIGINT)
    assert suite.exit_code() == 0
    assert "is killed before it has finished" in suite.err
    eventually(lambda: not suite.left(), "the end of the workers")
    connection.close()


def test_a_stop_while_it_waits_for_its_store_is_clean(start: Start, dead_port: int) -> None:
    suite = start(MONGODB_URI=f"mongodb://127.0.0.1:{dead_port}", TMF_STORE_SECONDS="3600")
    eventually(lambda: Path(f"/proc/{suite.pid}/task").exists() and _catches(suite.pid, signal.SIGTERM), "the handlers")
    assert suite.stop() == 0
    assert suite.err + suite.out == ""


def test_two_suites_run_side_by_side_and_each_finds_its_data_again(start: Start, tmp_path: Path) -> None:
    suites = {name: start("--data-dir", str(tmp_path / name)) for name in ("one", "two")}
    for name, suite in suites.items():
        assert suite.ready().ask("PUT", f"/kept/{name}") == (200, name)
    assert {name: suite.ask("GET", "/kept") for name, suite in suites.items()} == {
        "one": (200, "one"),
        "two": (200, "two"),
    }
    assert suites["one"].stop() == 0
    again = start("--data-dir", str(tmp_path / "one")).ready()
    assert again.ask("GET", "/kept") == (200, "one")
    assert suites["two"].ask("GET", "/kept") == (200, "two")


def test_the_data_is_the_owners_alone(start: Start, tmp_path: Path) -> None:
    start("--data-dir", str(tmp_path / "data")).ready()
    entries = [tmp_path / "data", *(tmp_path / "data").iterdir()]
    assert len(entries) >= 4
    assert [path for path in entries if path.stat().st_mode & 0o077] == []


def test_kill_9_of_the_supervisor_leaves_no_process_and_loses_nothing(start: Start, tmp_path: Path) -> None:
    suite = start("--data-dir", str(tmp_path / "data")).ready()
    assert suite.ask("PUT", "/kept/safe") == (200, "safe")
    assert len(suite.children()) == 4
    suite.tell(signal.SIGKILL)
    eventually(lambda: not suite.left(), "the end of every process")
    again = start("--data-dir", str(tmp_path / "data")).ready()
    assert again.ask("GET", "/kept") == (200, "safe")


def test_a_store_that_is_killed_comes_back_with_its_data(start: Start) -> None:
    suite = start().ready()
    assert suite.ask("PUT", "/kept/safe") == (200, "safe")
    servers = suite.children("common.serve.web")
    (store,) = set(suite.children()) - set(servers)
    os.kill(store, signal.SIGKILL)
    eventually(lambda: "it is started again" in suite.err, "the restart")
    eventually(lambda: suite.answers("/kept") == (200, "safe"), "the store's return")
    assert suite.children("common.serve.web") == servers
    assert f"(pid {store}) ended (SIGKILL)" in suite.err
    assert suite.stop() == 0
    assert suite.left() == []


def test_a_worker_that_is_killed_is_replaced(start: Start, store_uri: str) -> None:
    suite = start(MONGODB_URI=store_uri).ready()
    worker = int(suite.ask("GET", "/pid")[1])
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: worker not in (now := suite.children("common.serve.web")) and len(now) == 3, "the replacement")
    eventually(lambda: suite.answers("/health/ready") == (200, "ready"), "an answer")


def test_a_web_server_that_is_killed_comes_back_at_its_port(start: Start) -> None:
    suite = start().ready()
    before = suite.children("common.serve.web")
    os.kill(min(before), signal.SIGKILL)
    eventually(
        lambda: f"The web server (pid {min(before)}) ended (SIGKILL); it is started again" in suite.err, "a word"
    )
    eventually(lambda: len(set(suite.children("common.serve.web")) - set(before)) == 3, "the new web servers")
    eventually(lambda: suite.answers("/health/ready") == (200, "ready"), "an answer")
    assert suite.stop() == 0
    assert suite.left() == []


def test_six_ends_of_several_children_end_no_suite(start: Start) -> None:
    suite = start().ready()
    for _ in range(3):
        master = min(suite.children("common.serve.web"))
        (store,) = set(suite.children()) - set(suite.children("common.serve.web"))
        os.kill(store, signal.SIGKILL)
        os.kill(master, signal.SIGKILL)
        eventually(lambda gone={store, master}: not gone & set(suite.children()), "the ends")  # type: ignore[misc]
        eventually(lambda: suite.answers("/health/ready") == (200, "ready"), "the return")
        eventually(lambda: len(suite.children("common.serve.web")) == 3 and len(suite.children()) == 4, "all processes")
    assert suite.stop() == 0
    assert suite.left() == []


def _catches(pid: int, number: signal.Signals) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:")).split()[1]
    return bool(int(caught, 16) >> (number - 1) & 1)
