"""Products, plan, coverage and indicators in a browser: quiet, accessible, whole on a phone, walked from end to end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.eveil import awake

Visit = Callable[..., int]
PAGES = {"produits": 3, "pilotage": 2, "couverture": 0, "indicateurs": 0, "indicateurs/lits_identifies": 1}


def violations(page: Page) -> list[tuple[str, str]]:
    results = Axe().run(page)
    return [(item["id"], item["nodes"][0]["html"][:200]) for item in results.response["violations"]]


@pytest.mark.parametrize(("slug", "graphs"), PAGES.items())
def test_page_is_quiet_drawn_and_accessible(slug: str, graphs: int, page: Page, visit: Visit, seen: Any) -> None:
    assert visit(f"/fr/{slug}") == 200
    page.wait_for_function("n => document.querySelectorAll('.js-plotly-plot .main-svg').length >= n", arg=graphs)
    for details in page.locator(".parties details").all():
        details.evaluate("node => { node.open = true; }")
    assert violations(page) == []
    assert seen.errors == []
    assert seen.strangers == []


@pytest.mark.parametrize("slug", PAGES)
def test_page_fits_a_phone_in_the_dark(slug: str, page: Page, visit: Visit) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    visit(f"/en/{slug}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def test_the_chain_is_walked_from_an_action_to_the_evidence_and_back(page: Page, visit: Visit) -> None:
    visit("/fr/pilotage")
    page.locator(".partie--actions").get_by_role("link", name="Lits identifiés").first.click()
    awake(page)
    expect(page.locator("h1")).to_have_text("Lits identifiés")
    page.locator(".partie--chaine a[href*='/fr/couverture']").click()
    awake(page)
    page.locator("#flux-plan_lits summary").click()
    page.locator("#flux-plan_lits").get_by_role("link", name="Lits identifiés").click()
    awake(page)
    page.locator(".partie--chaine a[href*='#action-1.10']").click()
    expect(page).to_have_url(re.compile(r"/fr/pilotage#action-1\.10$"))
    expect(page.locator('[id="action-1.10"]')).to_be_in_viewport()


def test_a_group_of_the_menu_opens_by_keyboard_and_closes_on_escape(page: Page, visit: Visit) -> None:
    visit("/en/pilotage")
    group = page.locator("nav.navigation summary", has_text="Data")
    group.focus()
    page.keyboard.press("Enter")
    expect(page.locator("nav.navigation").get_by_role("link", name="Coverage")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("nav.navigation").get_by_role("link", name="Coverage")).to_be_hidden()
    expect(group).to_be_focused()


def test_a_choice_of_status_is_in_the_address_and_in_the_table(page: Page, visit: Visit) -> None:
    visit("/fr/pilotage")
    page.get_by_label("Statut", exact=True).select_option("abandonnee")
    expect(page).to_have_url(re.compile("statut=abandonnee"))
    expect(page.locator(".partie--actions tbody tr")).to_have_count(1)
