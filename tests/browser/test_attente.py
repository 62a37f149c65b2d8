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


MOVED = """(rail) => {
  const before = history.length;
  for (let step = 0; step < 4; step += 1) {
    rail.value = String(Number(rail.value) - 1);
    for (const kind of ["input", "change"]) rail.dispatchEvent(new Event(kind, { bubbles: true }));
  }
  return before;
}"""


def test_a_slider_that_goes_past_periods_asks_for_the_first_and_the_last(page: Page, visit: Visit) -> None:
    visit("/fr/scenes")
    rail, periods = page.locator("input[type=range]"), page.locator("select[name=trimestre] option")
    last = int(rail.input_value())
    before = rail.evaluate(MOVED)
    page.wait_for_url(f"**trimestre={periods.nth(last - 4).get_attribute('value')}*")
    expect(page.locator(".parties")).to_have_attribute("aria-busy", "false")
    assert page.evaluate("history.length") == before + 2
