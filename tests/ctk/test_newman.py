"""Postman collections run by the real newman against a small server of the test, and what is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ctk.foreign.newman import VERSION, NewmanRefused, run_collection
from ctk.rule import Level
from ctk.verdict.ledger import Verdict
from ctk.verdict.outcome import ApiResult, tally

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
PASSED, FAILED, UNTESTED = Verdict


class Answers(BaseHTTPRequestHandler):
    """Answers a POST with what was sent and 201, `/slow` never, anything else with 200 and bytes that are no text."""

    def do_GET(self) -> None:
        if self.path.startswith("/slow"):
            self.server.released.wait(30)  # type: ignore[attr-defined]
        self.answer(200, b"\xff<b>")

    def do_POST(self) -> None:
        self.answer(201, self.rfile.read(int(self.headers["content-length"])))

    def answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *told: Any) -> None:
        return


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as made:
        made.released = threading.Event()  # type: ignore[attr-defined]
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_address[1]}"
        made.released.set()  # type: ignore[attr-defined]
        made.shutdown()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where newman is put by the first test that needs it, as by the first run of a user."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        pytest.skip("NODE AND NPM ARE NOT INSTALLED: NOTHING OF NEWMAN IS TESTED")
    asked = subprocess.run([npm, "view", f"newman@{VERSION}", "version"], capture_output=True, text=True, timeout=60)
    if asked.returncode:
        pytest.skip(f"NPM'S REGISTRY IS OUT OF REACH, NOTHING OF NEWMAN IS TESTED: {asked.stderr[-300:]}")
    return tmp_path_factory.mktemp("newman") / "new"


def request(name: str, url: str, *tests: str, script: str = "test", **other: Any) -> dict[str, Any]:
    event = [{"listen": script, "script": {"type": "text/javascript", "exec": list(tests)}}] if tests else []
    return {"name": name, "event": event, "request": {"method": "GET", "url": url, **other}}


def collection(folder: Path, *items: dict[str, Any]) -> Path:
    file = folder / "kit $(touch x) ;.json"
    file.write_text(json.dumps({"info": {"name": "My kit", "schema": SCHEMA}, "item": items}))
    return file


def found(checked: ApiResult) -> list[tuple[str, str, str, Verdict]]:
    return [(f.assertion.rule.id, f.assertion.item, f.assertion.rule.name, f.verdict) for f in checked.findings]


def test_every_assertion_of_a_collection_is_a_finding_with_its_exchange(server: str, folder: Path, tmp_path: Path):
    post = {"method": "POST", "body": {"mode": "raw", "raw": '{"name":"one"}'}}
    tests = [
        "pm.test('is made', () => pm.response.to.have.status(201));",
        "pm.test('is a teapot', () => pm.response.to.have.status(418));",
        "pm.test.skip('is for later', () => {});",
    ]
    inner = {"name": "folder", "item": [request("make", "{{baseUrl}}/thing?a=1&b={{host}}", *tests, **post)]}
    file = collection(tmp_path, inner, request("look", "{{url}}/x"))
    checked = run_collection(file, server, folder, None, 60)
    assert found(checked) == [
        ("NWM-01", "make", "is made", PASSED),
        ("NWM-02", "make", "is a teapot", FAILED),
        ("NWM-03", "make", "is for later", UNTESTED),
        ("NWM-04", "look", "the request is asserted about", UNTESTED),
    ]
    assert (checked.name, checked.base) == ("My kit", server)
    failed = checked.findings[1]
    assert failed.reason == "expected response to have status code 418 but got 201"
    assert failed.assertion.rule.area == "newman"
    assert failed.assertion.level == Level.certify
    assert failed.assertion.rule.source == f"{file.name}, request make"
    (exchange,) = failed.exchanges
    assert (exchange.method, exchange.url, exchange.status) == ("POST", f"{server}/thing?a=1&b={server}", 201)
    assert exchange.sent == exchange.content == b'{"name":"one"}'
    assert exchange.headers["content-length"] == "14"
    assert "postmanruntime" in exchange.sent_headers["user-agent"].lower()
    assert checked.findings[3].exchanges[0].content == b"\xff<b>"
    assert not (tmp_path / "x").exists()


def test_no_answer_and_a_broken_script_are_failures(server: str, folder: Path, tmp_path: Path):
    file = collection(
        tmp_path,
        request("dead", "http://127.0.0.1:1/x", "pm.test('holds of nothing', () => {});"),
        request("broken", "{{baseUrl}}/x", "throw new Error('boo');"),
        request("broken before", "{{baseUrl}}/x", "throw new Error('bah');", script="prerequest"),
    )
    checked = run_collection(file, server, folder, None, 60)
    assert [finding.verdict for finding in checked.findings] == [UNTESTED, FAILED, FAILED, FAILED]
    assert [finding.reason for finding in checked.findings] == [
        "no answer came",
        "no answer came: ECONNREFUSED",
        "the script broke: boo",
        "the script broke: bah",
    ]


def test_a_request_whose_script_makes_another_one_is_told_once(server: str, folder: Path, tmp_path: Path):
    script = (
        "pm.sendRequest(pm.environment.get('url'), (e, r) => pm.test('both', () => pm.expect(r.code).to.equal(200)));"
    )
    checked = run_collection(collection(tmp_path, request("two", "{{url}}/x", script)), server, folder, None, 60)
    assert found(checked) == [("NWM-01", "two", "both", PASSED)]


def test_a_collection_without_requests_is_not_tested(server: str, folder: Path, tmp_path: Path):
    checked = run_collection(collection(tmp_path), server, folder, None, 60)
    assert tally(checked.findings).verdict == UNTESTED
    assert [finding.reason for finding in checked.findings] == ["it has no request"]


def test_an_environment_gives_variables_and_its_secrets_are_not_kept(server: str, folder: Path, tmp_path: Path):
    rows = [{"key": "thing", "value": "cat"}, {"key": "token", "value": "geheim", "type": "secret"}]
    environment = tmp_path / "environment.json"
    environment.write_text(json.dumps({"name": "mine", "values": rows}))
    test = "pm.test(pm.environment.get('token'), () => pm.expect(pm.environment.get('token')).to.equal('x'));"
    post = {"method": "POST", "header": [{"key": "x-token", "value": "{{token}}"}]}
    post["body"] = {"mode": "raw", "raw": "{{token}}"}
    file = collection(tmp_path, request("send", "{{url}}/{{thing}}?key={{token}}", test, **post))
    checked = run_collection(file, server, folder, environment, 60)
    assert checked.findings[0].exchanges[0].url.startswith(f"{server}/cat?key=(secret")
    assert "geheim" not in repr(checked)


def test_newman_reads_no_file_outside_the_collections_folder(server: str, folder: Path, tmp_path: Path):
    outside = tmp_path / "outside.txt"
    outside.write_text("private")
    inside = tmp_path / "inside"
    inside.mkdir()
    post = {"method": "POST", "body": {"mode": "file", "file": {"src": str(outside)}}}
    checked = run_collection(collection(inside, request("steal", "{{url}}/x", **post)), server, folder, None, 60)
    assert "private" not in repr(checked)


def test_a_collection_that_does_not_end_is_stopped(server: str, folder: Path, tmp_path: Path):
    with pytest.raises(NewmanRefused, match=r"After 3 seconds the collection .* did not end\."):
        run_collection(collection(tmp_path, request("slow", "{{url}}/slow")), server, folder, None, 3)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no json", "is no JSON"),
        ("[]", "is no Postman collection in format v2"),
        ('{"info": {}, "item": []}', "is no Postman collection in format v2"),
        ('{"info": {"schema": "https://x/collection/v1.0.0/c.json"}, "item": []}', "is no Postman collection"),
        ('{"id": "1", "requests": []}', "is no Postman collection in format v2"),
    ],
)
def test_what_is_no_collection_is_refused_before_anything_is_installed(tmp_path: Path, text: str, told: str):
    file = tmp_path / "c.json"
    file.write_text(text)
    with pytest.raises(NewmanRefused, match=told):
        run_collection(file, "http://127.0.0.1:1", tmp_path / "newman", None, 5)
    assert not (tmp_path / "newman").exists()


def test_a_file_that_is_not_there_and_an_environment_that_is_none_are_refused(tmp_path: Path):
    with pytest.raises(NewmanRefused, match=r"no\.json cannot be read: No such file"):
        run_collection(tmp_path / "no.json", "http://127.0.0.1:1", tmp_path, None, 5)
    file = collection(tmp_path)
    with pytest.raises(NewmanRefused, match="is no Postman environment"):
        run_collection(file, "http://127.0.0.1:1", tmp_path, file, 5)


def programs(folder: Path, **scripts: str) -> str:
    """A search path with these programs only."""
    folder.mkdir()
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_a_machine_without_node_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", programs(tmp_path / "bin"))
    with pytest.raises(NewmanRefused, match="npm is not installed"):
        run_collection(collection(tmp_path), "http://127.0.0.1:1", tmp_path / "newman", None, 5)


def test_a_failing_installation_is_refused_with_its_last_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    npm = "echo 1; echo 2; echo 3; echo 4; echo npm error network is down >&2; echo for good >&2; exit 1"
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", npm=npm, node="exit 0"))
    with pytest.raises(NewmanRefused, match=r"into .*: 2 / 3 / 4 / npm error network is down / for good"):
        run_collection(collection(tmp_path), "http://127.0.0.1:1", tmp_path / "newman", None, 5)


def test_a_newman_that_makes_no_report_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    package = tmp_path / "newman" / "node_modules" / "newman"
    package.mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"version": VERSION}))
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", node="echo it broke; exit 1") + os.pathsep + "/bin")
    with pytest.raises(NewmanRefused, match=r"newman made no report about .*: it broke"):
        run_collection(collection(tmp_path), "http://127.0.0.1:1", tmp_path / "newman", None, 5)
