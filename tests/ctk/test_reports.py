"""The reports of a run, made of outcomes that are written by hand: data, comparison, JUnit XML, HTML, the terminal."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree

import pytest
from rich.console import Console

from ctk.exchange import Exchange
from ctk.report import compare, junit, page, plain, shown, terminal
from ctk.rule import Assertion, Level, Rule
from ctk.run import Step
from ctk.verdict.ledger import Finding, Verdict
from ctk.verdict.outcome import ApiResult, Outcome

HOSTILE = b"<script>alert(1)</script>\x00\x1b[2J\xff\xfe]]>&amp;\"'\xe2\x80\xae\xef\xbf\xbf"
SECRETS = ("geheim", "hunter2")


def exchange(**other: Any) -> Exchange:
    plain_one = Exchange(
        "POST", "http://127.0.0.1:1/tmf-api/troubleTicket/v5/troubleTicket", "post /troubleTicket",
        {"accept": "application/json"}, b'{"name":"one"}', 201, {"content-type": "application/json"}, b'{"id":"7"}',
    )  # fmt: skip
    return replace(plain_one, **other)


def finding(
    number: int, verdict: Verdict = Verdict.PASSED, told: str = "", shown_by: Sequence[Exchange] = (), **asked: str
) -> Finding:
    area = asked.get("area", "create")
    rule = Rule(f"CRE-{number:02d}", area, "what it says", {"v5": Level.standard}, "resource", (), "TMF630 part 1")
    subject = Assertion(
        rule, "TMF621-v5", asked.get("resource", "troubleTicket"), asked.get("item", ""), Level.standard
    )
    return Finding(subject, verdict, told, tuple(shown_by))


def outcome(*findings: Finding, url: str = "http://127.0.0.1:1") -> Outcome:
    base = f"{url}/tmf-api/troubleTicket/v5"
    checked = ApiResult("TMF621-v5", "Trouble Ticket", base, tuple(findings))
    return Outcome(url, Level.best, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 1.23456, (checked,))


def failing(**other: Any) -> Outcome:
    return outcome(finding(1, Verdict.FAILED, "found 201, wanted 200", [exchange(**other)]))


def mixed() -> Outcome:
    return outcome(
        finding(1),
        finding(2, Verdict.FAILED, "it answered 500", [exchange()]),
        finding(3, Verdict.NOT_TESTED, "there is no hub", area="hub"),
        finding(4, Verdict.NOT_TESTED, "there is no hub", area="hub", resource=""),
    )


def everything(one: Outcome) -> str:
    """All reports of an outcome in one text."""
    data = plain.as_data(one)
    console = Console(file=io.StringIO(), width=200)
    terminal.show(one, console)
    return "\n".join(
        [json.dumps(data), junit.as_xml(data).decode(), page.as_html(data), cast(io.StringIO, console.file).getvalue()]
    )


# data


def test_the_data_has_the_counts_of_the_run_of_each_area_and_of_each_resource():
    data = plain.as_data(mixed())
    numbers = {"verdict": "failed", "passed": 1, "failed": 1, "not_tested": 2, "score": 0.5}
    assert {name: data[name] for name in numbers} == numbers
    assert {name: data["checked"][0][name] for name in numbers} == numbers
    hub = {"area": "hub", "verdict": "not tested", "passed": 0, "failed": 0, "not_tested": 2, "score": None}
    assert data["checked"][0]["areas"][1] == hub
    resources = [(one["resource"], one["verdict"], len(one["areas"])) for one in data["checked"][0]["resources"]]
    assert resources == [("troubleTicket", "failed", 2), ("", "not tested", 1)]
    assert (data["url"], data["level"], data["begun"]) == ("http://127.0.0.1:1", "best", "2026-01-02T03:04:05+00:00")


def test_the_data_is_json_and_the_same_each_time():
    assert json.loads(json.dumps(plain.as_data(mixed()))) == plain.as_data(mixed())
    assert everything(mixed()) == everything(mixed())
    headers = {"b": "2", "a": "1"}
    turned = dict(reversed(headers.items()))
    assert everything(failing(headers=headers)) == everything(failing(headers=turned))


def test_an_exchange_that_shows_two_failures_is_written_once():
    findings = [finding(number, Verdict.FAILED, "wrong", [exchange()]) for number in (1, 2)]
    (checked,) = plain.as_data(outcome(*findings))["checked"]
    assert len(checked["exchanges"]) == 1
    assert [one["exchanges"] for one in checked["findings"]] == [[0], [0]]


def test_a_long_body_is_cut_and_says_what_is_left_out():
    assert shown.body(b"x" * 4000) == {"text": "x" * 4000, "left_out": 0}
    assert shown.body(b"x" * 4007) == {"text": "x" * 4000, "left_out": 7}
    assert everything(failing(content=b"x" * 4007)).count("7 more characters") == 2


def test_bytes_that_are_no_text_are_shown_escaped():
    assert shown.body(b"a\xff\x00\x1bz\r\n") == {"text": "a\\xff\\x00\\x1bz\n", "left_out": 0}
    assert shown.clean("\ud800\ufffe\u202e") == "\\ud800\\ufffe\\u202e"


def test_a_score_is_whole_only_where_everything_passed():
    findings = [*(finding(number) for number in range(19_999)), finding(20_000, Verdict.FAILED, "wrong")]
    score = plain.as_data(outcome(*findings))["score"]
    assert score < 1
    assert plain.percent(score) == "99.9 %"
    assert plain.percent(1.0) == "100 %"
    assert plain.percent(None) == "–"


# secrets


@pytest.mark.parametrize(
    "name", ["authorization", "Cookie", "SET-COOKIE", "Proxy-Authorization", "x-api-key"]
)  # fmt: skip
def test_headers_with_credentials_are_hidden_in_every_report(name: str):
    for place in ("sent_headers", "headers"):
        told = everything(failing(**{place: {name: "Bearer geheim"}}))
        assert "geheim" not in told
        assert f"{name}: (hidden)" in told
    echoed = json.dumps({"headers": {name: 'Bearer "geheim"'}}).encode()
    assert "geheim" not in everything(failing(content=echoed))
    told = f"found {{'{name}': 'geheim'}}, wanted nothing"
    assert "(hidden)'}, wanted" in everything(outcome(finding(1, Verdict.FAILED, told)))
    assert "geheim" not in everything(outcome(finding(1, Verdict.FAILED, told)))
    assert "geheim" not in everything(failing(content=f"GET / HTTP/1.1\r\n{name}: geheim\r\n\r\n".encode()))


def test_user_names_and_passwords_in_addresses_are_hidden_in_every_report():
    address = "http://geheim:hunter2@127.0.0.1:1"
    found = finding(
        1, Verdict.FAILED, f"GET {address}/x: ConnectError",
        [exchange(url=f"{address}/x?mail=a@b", content=json.dumps({"href": f"{address}/x"}).encode())],
    )  # fmt: skip
    told = everything(outcome(found, url=address))
    assert [one for one in SECRETS if one in told] == []
    assert "http://(hidden)@127.0.0.1:1/x?mail=a@b" in told


# comparison


def written(folder: Path, one: Outcome) -> Path:
    file = folder / "earlier.json"
    file.write_text(json.dumps(plain.as_data(one)))
    return file


def test_a_comparison_says_what_became_of_each_assertion(tmp_path: Path):
    passed, failed, untested = Verdict
    before = [passed, untested, failed, untested, passed, failed, passed]
    after = [failed, failed, passed, passed, untested, untested, passed]
    earlier = outcome(*(finding(n, verdict, "why") for n, verdict in enumerate(before)), finding(8))
    now = outcome(*(finding(n, verdict, "why") for n, verdict in enumerate(after)), finding(9))
    comparison = compare.compared(plain.as_data(now), compare.read_report(written(tmp_path, earlier)))["comparison"]
    assert {kind: [row["rule"] for row in comparison[kind]] for kind in compare.CHANGE_KINDS} == {
        "newly_failed": ["CRE-00", "CRE-01"],
        "mended": ["CRE-02"],
        "newly_tested": ["CRE-03"],
        "no_longer_tested": ["CRE-04", "CRE-05"],
        "new": ["CRE-09"],
        "gone": ["CRE-08"],
    }
    assert comparison["newly_failed"][1]["before"] == "not tested"
    assert comparison["earlier"]["begun"] == "2026-01-02T03:04:05+00:00"


def test_an_assertion_of_a_collection_is_known_again_by_its_name_and_not_by_its_number(tmp_path: Path):
    one, other = (finding(n, resource="", item="look", area="newman") for n in (1, 2))
    newly_named = replace(other.assertion.rule, name="another thing")
    other = replace(other, assertion=replace(other.assertion, rule=newly_named))
    again = replace(one, assertion=replace(one.assertion, rule=replace(one.assertion.rule, id="CRE-02")))
    twice = replace(one, assertion=replace(one.assertion, rule=replace(one.assertion.rule, id="CRE-03")))
    earlier = compare.read_report(written(tmp_path, outcome(one)))
    comparison = compare.compared(plain.as_data(outcome(other, again, twice)), earlier)["comparison"]
    assert [row["name"] for row in comparison["new"]] == ["another thing", "what it says"]
    assert comparison["gone"] == []


def test_a_run_compared_with_itself_has_no_difference(tmp_path: Path):
    comparison = compare.compared(plain.as_data(mixed()), compare.read_report(written(tmp_path, mixed())))["comparison"]
    assert [comparison[kind] for kind in compare.CHANGE_KINDS] == [[]] * 6


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("no JSON", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it does not say that it is a report of `tmf check`"),
        ('{"report": "tmf check", "format": 99}', "its format is 99, and this version reads 1"),
        ('{"report": "tmf check", "format": 1}', "it has no text in `url`"),
        (json.dumps(plain.as_data(mixed()) | {"checked": 3}), "it has no list in `checked`"),
        (json.dumps(plain.as_data(mixed()) | {"checked": [3]}), "`checked` has an element without a name"),
        (json.dumps(plain.as_data(mixed()) | {"checked": [{"name": "a"}]}), "a has no list of findings"),
        (
            json.dumps(plain.as_data(mixed()) | {"checked": [{"name": "a", "findings": [{"rule": 1}]}]}),
            "a has a finding that is not understood",
        ),
    ],
)
def test_a_file_that_is_no_report_is_refused_with_its_name_and_what_is_wrong(tmp_path: Path, text: str, wrong: str):
    file = tmp_path / "old.json"
    file.write_text(text)
    with pytest.raises(compare.ReportRefused) as refusal:
        compare.read_report(file)
    assert str(refusal.value) == f"{file} is no report of an earlier run: {wrong}."


def test_a_report_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(compare.ReportRefused, match=r"no\.json cannot be read: No such file or directory"):
        compare.read_report(tmp_path / "no.json")


# JUnit XML


def test_junit_has_a_suite_per_area_and_a_case_per_assertion():
    root = ElementTree.fromstring(junit.as_xml(plain.as_data(mixed())))
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("4", "1", "2")
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["TMF621-v5 create", "TMF621-v5 hub"]
    assert suites["TMF621-v5 create"].get("tests") == "2"
    passed, failed = suites["TMF621-v5 create"]
    assert (passed.get("classname"), passed.get("name")) == ("TMF621-v5.create", "CRE-01 troubleTicket: what it says")
    assert len(passed) == 0
    assert failed[0].tag == "failure"
    assert failed[0].get("message") == "it answered 500"
    assert '{"name":"one"}' in (failed[0].text or "")
    assert '{"id":"7"}' in (failed[0].text or "")
    assert [case[0].get("message") for case in suites["TMF621-v5 hub"]] == ["there is no hub"] * 2


def test_junit_is_valid_whatever_a_server_sends():
    every = "".join(map(chr, [*range(0x100), 0x202E, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF]))
    found = finding(
        1, Verdict.FAILED, every, [exchange(content=HOSTILE + bytes(range(256)), headers={"x": every, every: "y"})]
    )  # fmt: skip
    xml = junit.as_xml(plain.as_data(outcome(found)))
    failure = ElementTree.fromstring(xml).find(".//failure")
    assert failure is not None
    assert "<script>alert(1)</script>\\x00\\x1b[2J\\xff\\xfe]]>" in (failure.text or "")


# HTML


def test_the_page_has_the_verdict_the_failures_and_what_was_not_tested():
    html = page.as_html(plain.as_data(mixed()))
    for told in ("Failed: 1 of 2 tested assertions do not hold", "it answered 500", "2 × there is no hub", "50 %"):
        assert told in html
    assert "(the API itself)" in html
    assert 'id="comparison"' not in html


def test_the_page_shows_hostile_bodies_as_text_and_loads_nothing():
    found = finding(1, Verdict.FAILED, HOSTILE.decode("latin-1"), [exchange(content=HOSTILE, url="http://x/" + "<b>")])
    html = page.as_html(plain.as_data(outcome(found, url="http://x/<script>")))
    assert html.count("<script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "default-src &#39;none&#39;" in html
    assert [name for name in ("src=", "@import", "url(", "<link", "javascript:") if name in html] == []
    html.encode()


def test_the_page_shows_a_comparison_where_one_is_given(tmp_path: Path):
    earlier = compare.read_report(written(tmp_path, outcome(finding(2))))
    html = page.as_html(compare.compared(plain.as_data(mixed()), earlier))
    assert "Newly failed: 1" in html
    assert "Mended: none" in html


def test_json_is_shown_on_indented_lines_with_every_value_as_it_was_sent():
    text = r'{"a":[1.0,{}],"b":"{\"x\", ]"}'
    assert page.pretty(text) == '{\n  "a": [\n    1.0,\n    {}\n  ],\n  "b": "{\\"x\\", ]"\n}'
    assert json.loads(page.pretty(text)) == json.loads(text)
    assert page.pretty('[{"a":"cut of') == '[\n  {\n    "a": "cut of'
    assert page.pretty("no json, at all") == "no json, at all"
    assert len(page.pretty("[" * 4000)) < 4000 * 50


# terminal


def printed(one: Outcome, width: int = 200) -> str:
    file = io.StringIO()
    terminal.show(one, Console(file=file, width=width))
    return file.getvalue()


def test_the_terminal_shows_areas_failures_and_a_last_line():
    told = printed(mixed())
    assert "CRE-02 TMF621-v5 troubleTicket: what it says: it answered 500" in told
    assert told.splitlines()[-1] == "FAILED at level best: 1 passed, 1 failed, 2 not tested; 1.2 seconds"


def test_the_terminal_shows_fifty_failures_and_how_many_more_there_are():
    told = printed(outcome(*(finding(number, Verdict.FAILED, "wrong") for number in range(53))))
    assert told.count(": wrong") == 50
    assert "and 3 more, see the report" in told


def test_a_server_cannot_move_the_cursor_or_use_markup():
    told = printed(outcome(finding(1, Verdict.FAILED, "[red]x[/red] [/] \x1b[2J\nPASSED at level best", item="[b]")))
    assert "[red]x[/red] [/] \\x1b[2J PASSED" in told
    assert "\x1b" not in told


def steps(watch: terminal.Watch) -> None:
    for area, resource, verdict in (("create", "a", Verdict.PASSED), ("create", "b", Verdict.FAILED), ("hub", "a", "")):
        step = (SimpleNamespace(profile=SimpleNamespace(name="TMF621-v5")), SimpleNamespace(name=area), resource)
        watch(cast(Step, step), [finding(1, verdict)] if isinstance(verdict, Verdict) else [])


def test_progress_is_a_line_per_area_where_there_is_no_terminal():
    file = io.StringIO()
    with terminal.watching(Console(file=file)) as watch:
        steps(watch)
    assert file.getvalue().splitlines() == [
        "TMF621-v5 create: 1 passed, 1 failed, 0 not tested",
        "TMF621-v5 hub: 0 passed, 0 failed, 0 not tested",
    ]


def test_progress_is_live_on_a_terminal():
    file = io.StringIO()
    with terminal.watching(Console(file=file, force_terminal=True, width=100)) as watch:
        steps(watch)
    assert "TMF621-v5 create: 1 passed, 1 failed, 0 not tested" in file.getvalue()
    assert "\x1b[" in file.getvalue()


# exit codes


def test_the_exit_code_says_what_was_found():
    assert outcome(finding(1), finding(2, Verdict.NOT_TESTED, "why")).exit_code == 0
    assert mixed().exit_code == 1
    assert outcome(finding(1, Verdict.NOT_TESTED, "why")).exit_code == 2
    assert plain.as_data(mixed())["exit_code"] == 1
