"""Every page, both languages: it answers, says its language, keeps the console quiet, asks no one else, passes axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Visit = Callable[..., int]
SLUGS = ("", "scenes", "repos", "hopital", "caarud", "chiffres", "donnees", "methode", "accessibilite")
ADDRESSES = [f"/{lang}/{slug}" for lang in ("fr", "en") for slug in SLUGS]
WITH_GRAPHS = {"scenes": 2, "repos": 3, "hopital": 3, "caarud": 3}


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_is_whole_quiet_and_alone(address: str, page: Page, visit: Visit, seen: Any) -> None:
    assert visit(address) == 200
    assert page.locator("html").get_attribute("lang") == address[1:3]
    assert page.locator(".bandeau").is_visible()
    assert page.locator("h1").inner_text()
    assert page.locator(".parties").inner_text().strip()
    assert seen.errors == []
    assert seen.strangers == []
    assert seen.stock_plotly == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_has_no_accessibility_violation(address: str, page: Page, visit: Visit) -> None:
    visit(address)
    for details in page.locator(".parties details").all()[:2]:
        details.evaluate("node => { node.open = true; }")
    results = Axe().run(page)
    assert [
        (item["id"], item["impact"], item["nodes"][0]["html"][:200]) for item in results.response["violations"]
    ] == []


@pytest.mark.parametrize(("slug", "count"), WITH_GRAPHS.items())
def test_graphs_are_drawn_with_all_that_stands_around_them(slug: str, count: int, page: Page, visit: Visit) -> None:
    visit(f"/fr/{slug}")
    page.wait_for_function("n => document.querySelectorAll('.js-plotly-plot .main-svg').length >= n", arg=count)
    for selector in (".resume", ".sous-titre", ".source", "details.donnees table", '.liens a[href^="/extrait/"]'):
        assert page.locator(f".parties {selector}").count() >= count, selector


@pytest.mark.parametrize("slug", SLUGS)
def test_page_fits_a_phone_in_the_dark(slug: str, page: Page, visit: Visit) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    visit(f"/fr/{slug}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    results = Axe().run(page)
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in results.response["violations"]] == []


@pytest.mark.parametrize("address", ["/fr/nulle-part", "/fr/scenes?trimestre=demain", "/en/?couleur=bleu"])
def test_error_pages_pass_axe_too(address: str, page: Page, server: Any) -> None:
    answer = page.goto(server.url + address)
    assert answer is not None
    assert answer.status in (400, 404)
    assert page.locator(".pied").evaluate("node => getComputedStyle(node).borderTopStyle") == "solid"
    assert page.locator(".bandeau").count() == 0
    assert Axe().run(page).violations_count == 0
