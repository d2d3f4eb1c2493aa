"""`tmf check`, as people call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ctk.standard.profile import profiles
from tests.ctk.minimal import minimal_server

_TMF = str(Path(sys.executable).with_name("tmf"))
_FEW = ("--area", "create", "--area", "delete", "--level", "certify")


def run(*given: str, command: tuple[str, ...] = (_TMF, "check")) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command, *given], capture_output=True, text=True, timeout=120)


def test_a_server_that_holds_is_0_and_written_into_every_report(tmp_path: Path):
    files = {kind: tmp_path / f"report.{kind}" for kind in ("json", "junit", "html")}
    flags = [part for kind, file in files.items() for part in (f"--{kind}", str(file))]
    with minimal_server("TMF621-v4") as url:
        done = run(url, *_FEW, *flags, "--header", "Authorization: Bearer quite-secret")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "TMF621-v4" in done.stdout
    data = json.loads(files["json"].read_text())
    assert data["level"] == "certify"
    assert ElementTree.parse(files["junit"]).getroot().iter("testcase")
    assert "<html" in files["html"].read_text()
    assert not any("quite-secret" in file.read_text() for file in files.values())
    assert "quite-secret" not in done.stdout + done.stderr


def test_a_server_that_does_not_hold_is_1_and_says_what_is_wrong():
    with minimal_server("TMF621-v4") as url:
        done = run(url, "--area", "concurrency", "--level", "best")
    assert done.returncode == 1
    assert "CON-" in done.stdout


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("http://127.0.0.1:9",), "no API answers"),
        (("nowhere",), "no http address"),
        (("http://127.0.0.1:9", "--api", "TMF999-v4"), "TMF999-v4"),
        (("http://127.0.0.1:9", "--header", "nonsense-secret"), "Name: value"),
        (("http://127.0.0.1:9", "--level", "gold"), "gold"),
    ],
)
def test_what_cannot_be_judged_is_2_and_said(given: tuple[str, ...], told: str):
    done = run(*given)
    assert done.returncode == 2
    assert told in done.stderr
    assert "secret" not in done.stderr


def test_the_kit_runs_without_the_servers_command():
    with minimal_server("TMF629-v5") as url:
        base = url + profiles()["TMF629-v5"].base
        done = run(base, *_FEW, command=(sys.executable, "-m", "ctk"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "TMF629-v5" in done.stdout
    assert "TMF621" not in done.stdout


def test_payloads_of_the_users_own_are_sent(tmp_path: Path):
    own = tmp_path / "own.yaml"
    body = {"description": "ours", "severity": "minor", "ticketType": "query"}
    own.write_text(json.dumps({"TMF621-v4": {"troubleTicket": {"minimal": body, "full": body}}}))
    report = tmp_path / "report.json"
    with minimal_server("TMF621-v4") as url:
        run(url, "--area", "create", "--payloads", str(own), "--json", str(report), "--level", "best")
    assert "ours" in report.read_text()
    assert "Harbour Row" not in report.read_text()


def test_a_file_of_payloads_that_cannot_be_used_is_refused(tmp_path: Path):
    own = tmp_path / "own.yaml"
    own.write_text(json.dumps({"TMF621-v4": {"troubleTicket": {"medium": {}}}}))
    with minimal_server("TMF621-v4") as url:
        done = run(url, "--payloads", str(own))
    assert done.returncode == 2
    assert "TMF621-v4.troubleTicket has minimal or full" in done.stderr
