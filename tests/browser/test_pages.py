"""The pages in a real browser, Debian's headless Chromium: front page, Swagger UI, one real call from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from common import apis
from tests.running import Running, running_suite


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_suite(tmp_path_factory.mktemp("browser")) as running:
        yield running


def found(browser: Chrome, selector: str) -> WebElement:
    """The element of a CSS selector, once it is there and shown."""
    wait = WebDriverWait(browser, 30)
    return wait.until(
        lambda driver: next((e for e in driver.find_elements(By.CSS_SELECTOR, selector) if e.is_displayed()), None)
    )


def loaded_from(browser: Chrome) -> set[str]:
    """The addresses that the page loaded anything from."""
    script = "return performance.getEntriesByType('resource').map(e => e.name)"
    return set(browser.execute_script(script))


def test_the_front_page_leads_to_every_document_and_page(suite: Running, browser: Chrome):
    browser.get(suite.url + "/")
    assert {e.get_attribute("id") for e in browser.find_elements(By.CSS_SELECTOR, "section.card")} == {
        api.code for api in apis.declared()
    }
    links = {e.get_attribute("href") for e in browser.find_elements(By.CSS_SELECTOR, "a")}
    assert len(links) == 14 * 3 + 2
    for link in links:
        answer = httpx.get(str(link))
        assert answer.status_code == 200, link
    assert all(name.startswith(suite.url) for name in loaded_from(browser))


@pytest.mark.parametrize("base", [version.base for api in apis.declared() for version in api.versions])
def test_swagger_ui_shows_every_document_without_the_internet(suite: Running, browser: Chrome, base: str):
    browser.get(f"{suite.url}{base}/ui/")
    assert found(browser, ".opblock")
    assert all(name.startswith((suite.url, "data:")) for name in loaded_from(browser))
    errors = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert errors == []


def test_a_call_made_in_swagger_ui_reaches_the_server(suite: Running, browser: Chrome, tmp_path: Path):
    path = "/tmf-api/troubleTicket/v5/troubleTicket"
    body = {"description": "seen in the browser", "severity": "minor", "ticketType": "fault", "id": "from-the-browser"}
    assert httpx.post(suite.url + path, json=body).status_code == 201
    browser.get(f"{suite.url}/tmf-api/troubleTicket/v5/ui/#/troubleTicket/retrieveTroubleTicket")
    block = "#operations-troubleTicket-retrieveTroubleTicket"
    found(browser, f"{block} .try-out__btn").click()
    found(browser, f'{block} tr[data-param-name="id"] input').send_keys("from-the-browser")
    found(browser, f"{block} .execute").click()
    answer = found(browser, f"{block} .live-responses-table .response-col_description .microlight")
    assert "seen in the browser" in answer.text
    assert found(browser, f"{block} .live-responses-table tbody .response-col_status").text.startswith("200")
    browser.save_screenshot(str(tmp_path / "call.png"))
