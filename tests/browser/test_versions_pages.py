"""Versions and corrections in a browser: quiet, accessible, whole on a phone; the form changes the figure followed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.eveil import awake

Visit = Callable[..., int]
SLUGS = ("versions", "corrections")


def violations(page: Page) -> list[tuple[str, str]]:
    results = Axe().run(page)
    return [(item["id"], item["nodes"][0]["html"][:200]) for item in results.response["violations"]]


@pytest.mark.parametrize("slug", SLUGS)
def test_page_is_quiet_and_accessible(slug: str, page: Page, visit: Visit, seen: Any) -> None:
    assert visit(f"/fr/{slug}") == 200
    awake(page)
    assert violations(page) == []
    assert seen.errors == []
    assert seen.strangers == []


@pytest.mark.parametrize("slug", SLUGS)
def test_page_fits_a_phone_in_the_dark(slug: str, page: Page, visit: Visit) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    visit(f"/en/{slug}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def test_the_figure_followed_is_in_the_address(page: Page, visit: Visit) -> None:
    visit("/fr/versions")
    awake(page)
    page.get_by_label("Indicateur", exact=True).select_option("caarud_pipes")
    expect(page).to_have_url(re.compile("indicateur=caarud_pipes"))
    expect(page.locator(".partie--suivi caption")).to_contain_text("Pipes")
