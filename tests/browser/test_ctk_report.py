"""The HTML report of the conformance kit in a real browser, Debian's headless Chromium, opened as a file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from ctk.exchange import Exchange
from ctk.report.compare import compared
from ctk.report.page import as_html
from ctk.report.plain import as_data
from ctk.rule import Assertion, Level, Rule
from ctk.verdict.ledger import Finding, Verdict
from ctk.verdict.outcome import ApiResult, Outcome

_HOSTILE = b"</pre></details><script>document.title = 'taken'</script><img src=http://127.0.0.1:9/x onerror=alert(1)>"


def exchange(content: bytes) -> Exchange:
    url = "http://server/troubleTicket"
    return Exchange("POST", url, "", {"accept": "text/x-asked"}, b'{"name":"sent"}', 500, {"x-told": "yes"}, content)


def finding(number: int, verdict: Verdict, *exchanges: Exchange) -> Finding:
    rule = Rule(f"CRE-{number:02d}", "create", "what it says", {"v5": Level.standard}, "resource", (), "TMF630")
    told = "" if verdict == Verdict.PASSED else f"wrong in case {number}"
    return Finding(Assertion(rule, "TMF621-v5", "troubleTicket", "", Level.standard), verdict, told, exchanges)


def outcome(*findings: Finding) -> Outcome:
    checked = ApiResult("TMF621-v5", "Trouble Ticket", "http://server", findings)
    return Outcome("http://server", Level.best, datetime(2026, 1, 2, tzinfo=UTC), 1.0, (checked,))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = outcome(
        finding(1, Verdict.PASSED),
        finding(2, Verdict.FAILED, exchange(b'{"id":"answered"}')),
        finding(3, Verdict.FAILED, exchange(_HOSTILE)),
        finding(4, Verdict.NOT_TESTED),
    )
    earlier = as_data(outcome(finding(2, Verdict.PASSED)))
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(as_html(compared(as_data(found), earlier)), encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def browser(browser: Chrome, report: str) -> Chrome:
    """The browser with the report open and an empty log."""
    browser.get_log("browser")
    browser.get(report)
    return browser


def failures(browser: Chrome) -> list[WebElement]:
    return browser.find_elements(By.CSS_SELECTOR, "details.failure")


def test_the_headline_says_the_verdict(browser: Chrome):
    verdict = browser.find_element(By.ID, "verdict")
    assert verdict.is_displayed()
    assert verdict.text == "✗ Failed: 2 of 3 tested assertions do not hold; 1 not tested"
    assert "http://server" in browser.find_element(By.TAG_NAME, "header").text


def test_a_failure_opens_on_a_click_and_shows_its_request_and_answer(browser: Chrome):
    first = failures(browser)[0]
    assert "wrong in case 2" in first.text
    request, answer = first.find_elements(By.TAG_NAME, "pre")
    assert not request.is_displayed()
    first.find_element(By.TAG_NAME, "summary").click()
    assert request.text == 'POST http://server/troubleTicket\naccept: text/x-asked\n\n{\n  "name": "sent"\n}'
    assert answer.text == 'Status 500\nx-told: yes\n\n{\n  "id": "answered"\n}'


def test_what_a_server_sent_is_text_and_nothing_is_loaded(browser: Chrome):
    failures(browser)[1].find_element(By.TAG_NAME, "summary").click()
    assert _HOSTILE.decode() in failures(browser)[1].text
    assert browser.title == "Conformance of http://server: failed"
    assert browser.find_elements(By.TAG_NAME, "img") == []
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert browser.get_log("browser") == []


def test_a_script_that_is_not_the_reports_own_does_not_run(browser: Chrome):
    add = "const s = document.createElement('script'); s.textContent = 'document.title = 1'; document.body.append(s)"
    browser.execute_script(add)
    assert browser.title == "Conformance of http://server: failed"
    assert "Content Security Policy" in browser.get_log("browser")[0]["message"]


def test_failures_can_be_opened_all_and_filtered_by_words(browser: Chrome):
    browser.find_element(By.ID, "open").click()
    assert [one.get_attribute("open") for one in failures(browser)] == ["true", "true"]
    browser.find_element(By.ID, "close").click()
    assert [one.get_attribute("open") for one in failures(browser)] == [None, None]
    words = browser.find_element(By.ID, "filter")
    words.send_keys("create CRE-03")
    assert [one.is_displayed() for one in failures(browser)] == [False, True]
    assert browser.find_element(By.ID, "told").text == "1 of 2 failures shown"
    words.send_keys(*[Keys.BACKSPACE] * 20)
    assert [one.is_displayed() for one in failures(browser)] == [True, True]


def test_the_page_is_no_wider_than_the_window(browser: Chrome):
    wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    browser.find_element(By.ID, "open").click()
    assert browser.execute_script(wide) == 0


def test_what_failed_since_the_earlier_run_is_shown(browser: Chrome):
    told = browser.find_element(By.ID, "comparison").text
    assert "Newly failed: 1" in told
    assert "wrong in case 2" in told
