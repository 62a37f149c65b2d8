"""The register, a service, the targets, history: whole, quiet, accessible, by keyboard, by phone, without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

Visit = Callable[..., int]
PATHS = (
    "services",
    "services/espace-repos-chapelle",
    "services/haltes-soins-addictions",
    "objectifs",
    "histoire",
    "consultations",
)
ADDRESSES = [f"/{lang}/{path}" for lang in ("fr", "en") for path in PATHS]
WITH_GRAPHS = {"services/espace-repos-chapelle": 1, "objectifs": 2, "consultations": 3}


def _violations(page: Page) -> list[tuple[str, str]]:
    violations = Axe().run(page).response["violations"]
    return [(item["id"], item["nodes"][0]["html"][:200]) for item in violations]


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_is_whole_quiet_alone_and_accessible(address: str, page: Page, visit: Visit, seen: Any) -> None:
    assert visit(address) == 200
    assert page.locator("html").get_attribute("lang") == address[1:3]
    assert page.locator("h1").count() == 1
    assert page.locator(".navigation a[aria-current]").count() == 1
    for details in page.locator(".parties details").all()[:2]:
        details.evaluate("node => { node.open = true; }")
    assert _violations(page) == []
    assert seen.errors == []
    assert seen.strangers == []


@pytest.mark.parametrize("path", PATHS)
def test_page_fits_a_phone_in_the_dark(path: str, page: Page, visit: Visit) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    visit(f"/fr/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert _violations(page) == []


@pytest.mark.parametrize(("path", "count"), WITH_GRAPHS.items())
def test_graphs_are_drawn_with_all_that_stands_around_them(path: str, count: int, page: Page, visit: Visit) -> None:
    visit(f"/fr/{path}")
    page.wait_for_function("n => document.querySelectorAll('.js-plotly-plot .main-svg').length >= n", arg=count)
    for selector in (".resume", ".sous-titre", ".source", "details.donnees table", '.liens a[href^="/extrait/"]'):
        assert page.locator(f".parties {selector}").count() >= count, selector


def test_real_charts_say_that_they_are_real_and_simulated_ones_that_they_are_not(page: Page, visit: Visit) -> None:
    visit("/fr/consultations")
    assert page.locator(".parties .origine--reel").count() >= 3
    assert page.locator(".parties .origine--simule").count() == 0
    visit("/fr/objectifs")
    assert page.locator(".parties .source .origine--simule").count() >= 2


def test_register_is_cut_and_a_service_reached_by_keyboard(page: Page, visit: Visit, seen: Any) -> None:
    visit("/fr/services")
    total = page.locator(".service").count()
    page.get_by_label("Statut").focus()
    page.keyboard.type("pas encore")
    page.wait_for_url("**statut=non_ouvert")
    expect(page.locator(".partie--compte .compte")).to_contain_text("5 services sur 66")
    assert 0 < page.locator(".service").count() < total
    link = page.locator(".service a", has_text="Haltes soins addictions")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/services/haltes-soins-addictions")
    expect(page.locator("h1")).to_have_text("Haltes soins addictions")
    expect(page.locator(".parties .etat").first).to_have_text("pas encore ouvert")
    assert seen.errors == []


def test_the_indicator_drawn_is_in_the_address(page: Page, visit: Visit) -> None:
    visit("/fr/services/espace-repos-chapelle")
    before = page.locator(".partie--service-courbe h2").inner_text()
    page.locator("select[name=indicateur]").select_option("repos_part_femmes")
    page.wait_for_url("**indicateur=repos_part_femmes")
    expect(page.locator(".partie--service-courbe h2")).not_to_have_text(before)
    visit(urlsplit(page.url).path + "?" + urlsplit(page.url).query)
    assert page.locator(".partie--service-courbe h2").inner_text() != before


def test_language_link_keeps_the_service(page: Page, visit: Visit) -> None:
    visit("/fr/services/assore")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/services/assore")
    assert page.locator("html").get_attribute("lang") == "en"


def test_target_of_the_overview_leads_to_its_section(page: Page, visit: Visit) -> None:
    visit("/fr/objectifs")
    page.locator('.objectifs a[href="#lits_identifies"]').click()
    expect(page.locator("#lits_identifies")).to_be_in_viewport()


def test_the_csv_of_a_chart_of_history_holds_its_rows(page: Page, visit: Visit, server: Any) -> None:
    visit("/fr/consultations")
    part = page.locator(".partie--consultations-personnes")
    answer = page.request.get(server.url + (part.locator('a[href^="/extrait/"]').get_attribute("href") or ""))
    assert answer.status == 200
    assert len(answer.text().splitlines()) - 1 == part.locator("tbody tr").count() == 8


def test_register_can_be_read_and_cut_without_a_script(browser: Browser, server: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.url}/fr/services")
    page.get_by_label("Genre", exact=True).select_option("hsa")
    page.get_by_role("button", name="Appliquer").click()
    assert "genre=hsa" in page.url
    assert page.locator(".service").count() == 3
    context.close()


def test_an_unknown_service_is_told_in_words(page: Page, server: Any) -> None:
    answer = page.goto(f"{server.url}/en/services/nowhere")
    assert answer is not None
    assert answer.status == 404
    assert "/en/services/nowhere" in page.locator("main").inner_text()
    assert _violations(page) == []
