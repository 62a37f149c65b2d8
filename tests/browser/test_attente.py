"""Between a choice and its answer a page says that it is being filled, and nothing moves; no answer is told too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

Visit = Callable[..., int]
CALLBACK = "**/_dash-update-component*"
PLACES = "() => Array.from(document.querySelectorAll('.parties .partie'), (one) => one.getBoundingClientRect().top)"


def test_a_view_being_filled_says_so_and_nothing_moves(page: Page, visit: Visit, seen: Any) -> None:
    visit("/fr/caarud")
    held: list[Route] = []
    parts = page.locator(".parties")
    assert parts.get_attribute("aria-busy") != "true"
    places = page.evaluate(PLACES)
    page.route(CALLBACK, lambda route: held.append(route))
    with page.expect_request(CALLBACK):
        page.locator("form[data-etat] select").first.select_option(index=1)
    expect(parts).to_have_attribute("aria-busy", "true")
    assert page.evaluate(PLACES) == places
    for route in held:
        route.continue_()
    page.unroute(CALLBACK)
    expect(parts).to_have_attribute("aria-busy", "false")
    page.go_back()
    expect(parts).to_have_attribute("aria-busy", "false")
    assert seen.errors == []


def test_where_no_answer_comes_the_page_is_asked_for_again(page: Page, visit: Visit) -> None:
    page.clock.install()
    visit("/fr/caarud")
    page.route(CALLBACK, lambda route: None)
    page.locator("form[data-etat] select").first.select_option(index=1)
    address = page.url
    assert "indicateur=" in address
    with page.expect_navigation(url=address):
        page.clock.run_for(16_000)
    assert page.locator("form[data-etat] select").first.evaluate("(one) => one.selectedIndex") == 1
