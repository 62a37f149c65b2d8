"""A page is whole before Dash, which starts when a chart is near or a form touched; nothing moves or is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.pages import PAGES
from dashboard.router import SLUGS, href

# Bytes on the wire; layout shift as the browser scores it.
ASLEEP, AWAKE = 120_000, 900_000
SHIFT = 0.05
SHIFTS = """
window.decalage = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.decalage += one.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
DRAWN = "() => document.querySelectorAll('.js-plotly-plot .main-svg').length > 0"


@pytest.fixture
def weighed(page: Page) -> Iterator[Callable[[], int]]:
    """Bytes the page was sent so far, heads of answers included."""
    sizes: list[int] = []

    def add(request: Any) -> None:
        size = request.sizes()
        sizes.append(size["responseBodySize"] + size["responseHeadersSize"])

    page.on("requestfinished", add)
    yield lambda: sum(sizes)
    page.remove_listener("requestfinished", add)


def dash_asked(page: Page) -> list[str]:
    """What was fetched for Dash and plotly."""
    names: list[str] = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    return [name for name in names if "/_dash" in name or "plotly" in name]


def test_home_is_light_until_its_chart_is_near_and_does_not_move(
    page: Page, server: Any, weighed: Callable[[], int], seen: Any
) -> None:
    page.add_init_script(SHIFTS)
    page.goto(f"{server.url}/fr/", wait_until="networkidle")
    assert dash_asked(page) == []
    assert 0 < weighed() < ASLEEP
    height = page.evaluate("document.documentElement.scrollHeight")
    page.locator(".partie--mensuel").scroll_into_view_if_needed()
    page.wait_for_function(DRAWN)
    page.wait_for_load_state("networkidle")
    assert ASLEEP < weighed() < AWAKE
    assert abs(page.evaluate("document.documentElement.scrollHeight") - height) <= 2
    assert page.evaluate("window.decalage") <= SHIFT
    assert seen.errors == []


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if not PAGES[slug].moves])
def test_a_page_without_chart_or_form_never_names_dash(slug: str, page: Page, server: Any) -> None:
    page.goto(server.url + href("fr", slug), wait_until="networkidle")
    page.evaluate("window.dispatchEvent(new Event('_dashprivate_pushstate'))")
    assert page.locator("template").count() == 0
    assert dash_asked(page) == []


def test_what_the_reader_opened_and_where_he_was_stay(page: Page, server: Any) -> None:
    page.goto(f"{server.url}/fr/objectifs", wait_until="networkidle")
    assert page.locator("#premier-rendu").count() == 1
    details = page.locator(".parties details").first
    details.locator("summary").click()
    page.locator("#premier-rendu a[href]").first.focus()
    focused = page.evaluate("document.activeElement.outerHTML")
    page.evaluate("document.querySelector('.graphe--attente').scrollIntoView()")
    page.wait_for_function(DRAWN)
    expect(page.locator("#premier-rendu")).to_have_count(0)
    assert details.get_attribute("open") is not None
    assert page.evaluate("document.activeElement.outerHTML") == focused


def test_a_form_touched_before_dash_is_there_is_answered_and_said(page: Page, server: Any) -> None:
    page.goto(f"{server.url}/fr/couverture", wait_until="networkidle")
    assert dash_asked(page) == []
    choice = page.locator("form[data-etat] select").first
    others = [one for one in choice.locator("option").all() if one.get_attribute("selected") is None]
    choice.select_option(others[0].get_attribute("value"))
    expect(page.locator("#premier-rendu")).to_have_count(0)
    expect(page.locator("#annonce")).not_to_be_empty()
    awake = page.locator(".parties").inner_text()
    page.reload(wait_until="networkidle")
    assert page.locator(".parties").inner_text() == awake
