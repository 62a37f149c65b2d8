"""Housing, downstream care, outcomes and outreach rounds in a real browser: drawn, quiet and accessible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Visit = Callable[..., int]
GRAPHS = {"hebergement": 2, "aval": 2, "resultats": 2, "maraudes": 4}
ADDRESSES = [f"/{lang}/{slug}" for lang in ("fr", "en") for slug in GRAPHS]
ARCS = """() => Array.from(document.querySelectorAll(".partie--carte .js-plotly-plot")).flatMap(
    (graph) => graph.data.filter((trace) => trace.meta && trace.meta.role === "flux")
).map((trace) => ({ code: trace.meta.code, points: trace.x.length, width: trace.line.width, start: trace.x[0] }))"""


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


def test_arcs_leave_the_origin_for_each_host_region(page: Page, visit: Visit) -> None:
    visit("/fr/aval")
    page.wait_for_function("() => document.querySelectorAll('.partie--carte .js-plotly-plot .main-svg').length > 0")
    arcs = page.evaluate(ARCS)
    assert {arc["code"] for arc in arcs} <= {"28", "84"}
    assert arcs
    assert all(arc["points"] > 10 for arc in arcs)
    assert len({arc["start"] for arc in arcs}) == 1


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
