"""Housing, downstream care, outcomes and outreach rounds in a real browser: drawn, quiet and accessible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Visit = Callable[..., int]
GRAPHS = {"hebergement": 2, "aval": 1, "resultats": 2, "maraudes": 3}
ADDRESSES = [f"/{lang}/{slug}" for lang in ("fr", "en") for slug in GRAPHS]


def violations(page: Page) -> list[tuple[str, str]]:
    return [(item["id"], item["nodes"][0]["html"][:200]) for item in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_is_drawn_quiet_and_accessible(address: str, page: Page, visit: Visit, seen: Any) -> None:
    assert visit(address) == 200
    count = GRAPHS[address.rsplit("/", 1)[1]]
    page.wait_for_function("n => document.querySelectorAll('.js-plotly-plot .main-svg').length >= n", arg=count)
    for details in page.locator(".parties details").all()[:2]:
        details.evaluate("node => { node.open = true; }")
    assert violations(page) == []
    assert seen.errors == []
    assert seen.strangers == []


@pytest.mark.parametrize("slug", GRAPHS)
def test_page_fits_a_phone_in_the_dark(slug: str, page: Page, visit: Visit) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    visit(f"/fr/{slug}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def test_arcs_leave_the_origin_for_each_host_region_and_are_told_with_it(page: Page, visit: Visit) -> None:
    visit("/fr/aval")
    arcs = page.locator(".partie--carte .atlas__arc")
    starts = {(arc.get_attribute("d") or "").split("Q")[0] for arc in arcs.all()}
    assert len(starts) == 1
    assert arcs.count() == 2
    region = arcs.first.get_attribute("data-vers")
    page.locator(f'.partie--carte [data-lieu="{region}"]').focus()
    bubble = page.locator(".partie--carte .atlas__bulle")
    assert arcs.first.get_attribute("data-mots") in bubble.inner_text().splitlines()
    label = page.locator(f'.partie--carte [data-lieu="{region}"]').get_attribute("aria-label") or ""
    assert label.split(", ") == ", ".join(bubble.inner_text().splitlines()).split(", ")


def test_the_keyboard_changes_the_period_and_reaches_the_table(page: Page, visit: Visit) -> None:
    visit("/fr/aval")
    page.locator("#champ-periode").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**/fr/aval?periode=*")
    page.wait_for_function("() => document.querySelector('.partie--regions caption').textContent.includes('trimestre')")
    region = page.locator(".partie--regions [role=region]")
    region.focus()
    assert region.evaluate("node => node === document.activeElement")


def test_changing_the_indicator_redraws_the_outcomes(page: Page, visit: Visit) -> None:
    visit("/fr/resultats")
    page.select_option("#champ-indicateur", "resultats_part_sortie_precoce")
    page.wait_for_url("**/fr/resultats?indicateur=resultats_part_sortie_precoce")
    page.wait_for_function("() => document.querySelector('.partie--cohortes h2').textContent.includes('précoce')")
    page.go_back()
    page.wait_for_function("() => document.querySelector('.partie--cohortes h2').textContent.includes('8')")
