"""What a reader does: move the quarter by keyboard, go back, search, change language, download, do without a script."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.eveil import awake

Visit = Callable[..., int]
FILLS = """() => [...document.querySelectorAll('.partie--carte [data-lieu]')]
    .map(path => getComputedStyle(path).fill).join()"""


def _quarter(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("trimestre", [""])[0]


def test_slider_by_keyboard_changes_the_map_the_words_and_the_address(page: Page, visit: Visit, seen: Any) -> None:
    visit("/fr/scenes")
    assert page.locator(".partie--carte [data-lieu]").count() > 3
    before, title = page.evaluate(FILLS), page.locator(".partie--carte .sous-titre").inner_text()
    rail = page.locator("input[type=range]")
    rail.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".partie--carte .sous-titre")).not_to_have_text(title)
    page.wait_for_function(f"before => ({FILLS})() !== before", arg=before)
    assert _quarter(page)
    assert page.evaluate("document.activeElement.type") == "range"
    chosen = page.locator("select[name=trimestre] option:checked").inner_text()
    assert rail.get_attribute("aria-valuetext") == chosen
    assert chosen in page.locator(".partie--carte .sous-titre").inner_text()
    assert page.locator("#annonce").inner_text()
    assert seen.errors == []


def test_back_button_restores_the_view_and_the_form(page: Page, visit: Visit) -> None:
    visit("/fr/scenes")
    first = page.locator(".partie--carte .sous-titre").inner_text()
    page.locator("input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".partie--carte .sous-titre")).not_to_have_text(first)
    page.go_back()
    expect(page.locator(".partie--carte .sous-titre")).to_have_text(first)
    assert _quarter(page) == ""
    rail = page.locator("input[type=range]")
    assert rail.input_value() == rail.get_attribute("max")
    page.go_forward()
    expect(page.locator(".partie--carte .sous-titre")).not_to_have_text(first)
    assert rail.input_value() != rail.get_attribute("max")


def test_a_copied_address_opens_the_same_view(page: Page, visit: Visit) -> None:
    visit("/fr/scenes")
    page.locator("input[type=range]").focus()
    page.keyboard.press("Home")
    page.wait_for_url("**trimestre=**")
    address, last = urlsplit(page.url), page.locator("select[name=trimestre] option:checked").inner_text()
    visit(f"{address.path}?{address.query}")
    assert last in page.locator(".partie--carte .sous-titre").inner_text()
    assert page.locator("input[type=range]").input_value() == "0"


def test_search_of_published_figures(page: Page, visit: Visit, seen: Any) -> None:
    visit("/fr/chiffres")
    count = page.locator(".compte").inner_text()
    rows = page.locator(".tableau tbody tr")
    total = rows.count()
    page.get_by_role("searchbox", name="Chercher", exact=True).fill("ARS crack 2019")
    expect(page.locator(".compte")).not_to_have_text(count)
    assert 0 < rows.count() < total
    assert parse_qs(urlsplit(page.url).query)["q"] == ["ARS crack 2019"]
    page.get_by_role("searchbox", name="Chercher", exact=True).fill("zzzz")
    expect(page.locator(".vide")).to_be_visible()
    assert seen.errors == []


def test_anomalies_can_be_listed_alone(page: Page, visit: Visit) -> None:
    visit("/fr/chiffres?precision=anomalies")
    rows = page.locator(".tableau tbody tr")
    assert rows.count() > 0
    assert page.locator(".tableau tbody tr .etiquette--anomalie").count() == rows.count()


def test_language_link_keeps_the_view(page: Page, visit: Visit) -> None:
    visit("/fr/scenes")
    page.locator("input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**trimestre=**")
    quarter = _quarter(page)
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/scenes?**")
    assert _quarter(page) == quarter


def test_downloads_answer(page: Page, visit: Visit, server: Any) -> None:
    visit("/fr/donnees")
    links = [link.get_attribute("href") or "" for link in page.locator('.parties a[href^="/donnees/"]').all()]
    assert any(link.endswith("observations.csv") for link in links)
    assert {page.request.get(server.url + link).status for link in links} == {200}


def test_the_csv_of_a_chart_holds_the_rows_it_shows(page: Page, visit: Visit, server: Any) -> None:
    visit("/fr/caarud")
    for name in ("annees", "departements", "materiel"):
        link = page.locator(f'.partie--{name} a[href^="/extrait/"]').get_attribute("href") or ""
        answer = page.request.get(server.url + link)
        assert answer.status == 200
        assert len(answer.text().splitlines()) - 1 == page.locator(f".partie--{name} tbody tr").count()


def test_everything_can_be_read_without_a_script(browser: Browser, server: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.url}/fr/caarud")
    assert page.locator("h1").is_visible()
    assert page.locator("#premier-rendu .resume").first.is_visible()
    page.locator("select[name=annee]").select_option(index=1)
    page.get_by_role("button", name="Appliquer").click()
    assert "annee=" in page.url
    context.close()


def test_first_tab_stop_skips_to_the_content(page: Page, visit: Visit) -> None:
    visit("/fr/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "evitement"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_the_server_imports_nothing_heavy_and_needs_no_warehouse(page: Page, visit: Visit, own_server: Any) -> None:
    assert list(own_server.releases.rglob("*.duckdb")) == []
    for slug in ("", "scenes", "repos", "hopital", "chiffres", "donnees"):
        assert visit(f"/fr/{slug}", own_server.url) == 200
    own_server.process.send_signal(signal.SIGTERM)
    assert own_server.process.wait(timeout=PATIENCE / 1000) == 0
    assert json.loads(own_server.imported.read_text(encoding="utf-8")) == []


def test_a_chart_leads_to_the_page_of_its_indicator(page: Page, visit: Visit) -> None:
    visit("/en/caarud")
    page.locator('.partie--annees a[href*="/en/indicateurs/"]').click()
    awake(page)
    expect(page).to_have_url(re.compile("/en/indicateurs/caarud_file_active$"))
    expect(page.locator(".partie--identite dl")).to_contain_text("caarud_file_active")


def test_an_address_opens_the_definition_it_names(page: Page, visit: Visit) -> None:
    visit("/en/methode#caarud_file_active")
    definition = page.locator("#caarud_file_active")
    expect(definition.locator("dl")).to_be_visible()
    expect(definition).to_be_in_viewport()
