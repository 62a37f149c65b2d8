"""Maps in a real browser: played without the server, walked with arrows, compared, framed, read without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.eveil import awake

Visit = Callable[..., int]
FOLLOWED = "/fr/carte?indicateur=scenes_presence_max"


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def shown(page: Page) -> str:
    return page.locator(".atlas [data-periode]").first.inner_text()


def faster(page: Page) -> None:
    """A pace for tests: what is tried is the order of things, not how long a reader looks at each."""
    page.evaluate("() => { document.querySelector('.lecteur option:checked').value = '60'; }")


@pytest.mark.parametrize("address", ["/fr/carte", "/en/carte?compare=2026-T1", f"{FOLLOWED}&cadre=paris"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_map_is_drawn_quiet_and_accessible(address: str, theme: Any, page: Page, visit: Visit, seen: Any) -> None:
    page.emulate_media(color_scheme=theme)
    assert visit(address) == 200
    assert page.locator(".atlas [data-lieu]").count() > 1
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in Axe().run(page).response["violations"]] == []
    assert seen.errors == []
    assert seen.strangers == []


@pytest.mark.parametrize("width", [320, 390])
def test_a_map_fits_a_narrow_screen(width: int, page: Page, visit: Visit) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    visit("/fr/carte?compare=2026-T1")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


WATCH = """() => {
  window.passed = [];
  document.addEventListener("observatoire:periode", () => window.passed.push({
    told: document.querySelector(".atlas [data-periode]").textContent,
    marks: [...document.querySelectorAll(".atlas [data-lieu]")].map((one) => one.getAttribute("class")).join(),
    asked: performance.getEntriesByType("resource").length,
    height: document.documentElement.scrollHeight,
  }));
}"""


def test_playing_goes_through_every_quarter_without_the_server_nor_a_jump(page: Page, visit: Visit) -> None:
    page.emulate_media(reduced_motion="no-preference")
    visit(f"{FOLLOWED}&periode=2025-T1")
    faster(page)
    page.evaluate(WATCH)
    page.get_by_role("button", name="Lire").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_role("button", name="Lire")).to_be_visible()
    passed = page.evaluate("window.passed")
    options = page.locator("select[name=periode] option").all_text_contents()
    assert [step["told"] for step in passed] == options[1:]
    assert len({step["marks"] for step in passed}) > 1
    assert len({step["asked"] for step in passed}) == 1
    assert len({step["height"] for step in passed}) == 1
    expect(page.locator(".partie--carte .sous-titre")).to_contain_text(options[-1])
    assert asked(page) == {}


def test_pause_keeps_the_quarter_in_the_address_and_the_server_writes_the_rest(page: Page, visit: Visit) -> None:
    page.emulate_media(reduced_motion="no-preference")
    visit(f"{FOLLOWED}&periode=2025-T1")
    page.evaluate("() => { document.querySelector('.lecteur option:checked').value = '400'; }")
    page.get_by_role("button", name="Lire").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".atlas [data-periode]")).not_to_have_text("1er\u00a0trimestre\u00a02025")
    page.keyboard.press("Enter")
    stopped = shown(page)
    assert page.locator("select[name=periode]").input_value() == asked(page)["periode"]
    expect(page.locator(".partie--carte .sous-titre")).to_contain_text(stopped)
    page.wait_for_timeout(900)
    assert shown(page) == stopped


def test_less_motion_slows_the_player_and_removes_transitions(page: Page, visit: Visit) -> None:
    visit(f"{FOLLOWED}&periode=2025-T1")
    faster(page)
    shape = page.locator(".atlas [data-lieu]").first
    assert shape.evaluate("node => getComputedStyle(node).transitionDuration") == "0s"
    page.get_by_role("button", name="Lire").click()
    page.wait_for_timeout(600)
    assert shown(page) == "1er\u00a0trimestre\u00a02025"
    page.emulate_media(reduced_motion="no-preference")
    assert shape.evaluate("node => getComputedStyle(node).transitionDuration") != "0s"


def test_the_keyboard_walks_over_the_territories_and_hears_what_the_eye_reads(page: Page, visit: Visit) -> None:
    visit(FOLLOWED)
    first = page.locator('.atlas [data-lieu][tabindex="0"]')
    first.focus()
    bubble, heard = page.locator(".atlas__bulle"), []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "Home"):
        page.keyboard.press(key)
        label = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert ", ".join(bubble.inner_text().splitlines()) == label
        heard.append(label)
    assert len(set(heard)) >= 3
    assert page.locator('.atlas [data-lieu][tabindex="0"]').count() == 1
    outline = page.locator(".atlas__vise")
    assert outline.get_attribute("d") == page.evaluate("document.activeElement.getAttribute('d')")
    page.keyboard.press("Escape")
    expect(bubble).to_be_hidden()


def test_hand_keyboard_and_table_tell_the_same(page: Page, visit: Visit) -> None:
    visit(FOLLOWED)
    page.locator(".partie--carte details.donnees:not(.graphique__partage)").evaluate("node => { node.open = true; }")
    rows = {
        row.locator("th").inner_text(): row.locator("td").nth(1).inner_text().strip()
        for row in page.locator(".partie--carte tbody tr").all()
    }
    assert len(rows) > 2
    said = {}
    for shape in page.locator(".atlas [data-lieu]").all():
        shape.hover()
        name, _, words = page.locator(".atlas__bulle").inner_text().splitlines()[:3]
        said[name] = words
        assert shape.get_attribute("aria-label").startswith(f"{name}, ")
    for name, value in rows.items():
        assert said[name].startswith(value.removesuffix("p")), (name, said[name], value)


def test_two_quarters_stand_side_by_side_and_only_one_follows_the_slider(page: Page, visit: Visit) -> None:
    visit(f"{FOLLOWED}&compare=2025-T1")
    told = page.locator(".atlas [data-periode]")
    assert told.nth(1).inner_text() == "1er\u00a0trimestre\u00a02025"
    legends = page.locator(".atlas .legende").all_inner_texts()
    assert legends[0] == legends[1]
    page.locator("input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    expect(told.first).to_have_text("2e\u00a0trimestre\u00a02026")
    assert told.nth(1).inner_text() == "1er\u00a0trimestre\u00a02025"
    page.locator(".atlas").first.locator("[data-lieu]").first.hover()
    for bubble in page.locator(".atlas__bulle").all():
        expect(bubble).to_be_visible()
    names = {bubble.inner_text().splitlines()[0] for bubble in page.locator(".atlas__bulle").all()}
    assert len(names) == 1


REPLACED = """() => {
  const first = document.querySelector(".atlas");
  const root = document.documentElement;
  new MutationObserver(() => {
    const bubble = document.querySelector(".atlas__bulle");
    if (bubble && !first.isConnected && !("dit" in root.dataset)) root.dataset.dit = bubble.textContent;
  }).observe(document.querySelector("main"), { childList: true, subtree: true });
}"""


def test_what_a_hand_aims_at_is_still_told_when_the_server_answers(page: Page, visit: Visit) -> None:
    visit(FOLLOWED)
    page.evaluate(REPLACED)
    held: list[Route] = []
    page.route("**/_dash-update-component*", lambda route: held.append(route))
    page.locator("input[type=range]").focus()
    with page.expect_request("**/_dash-update-component*"):
        page.keyboard.press("ArrowLeft")
    page.locator(".atlas [data-lieu]").first.hover()
    bubble = page.locator(".atlas__bulle")
    expect(bubble).to_be_visible()
    told = str(bubble.text_content())
    for route in held:
        route.continue_()
    expect(page.locator("html")).to_have_attribute("data-dit", told)
    expect(bubble).to_have_text(told)


def test_two_indicators_stand_side_by_side_each_with_its_legend(page: Page, visit: Visit) -> None:
    visit(FOLLOWED)
    page.select_option("select[name=compare]", "scenes_part_jours_actifs")
    page.wait_for_url("**compare=scenes_part_jours_actifs*")
    expect(page.locator(".atlas")).to_have_count(2)
    legends = page.locator(".atlas .legende__titre").all_inner_texts()
    assert len(set(legends)) == 2
    page.locator("input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    for told in page.locator(".atlas [data-periode]").all():
        expect(told).to_have_text("2e\u00a0trimestre\u00a02026")


def test_the_frame_can_be_narrowed_to_paris(page: Page, visit: Visit) -> None:
    visit(FOLLOWED)
    whole = page.locator(".atlas__dessin").get_attribute("viewBox")
    page.select_option("select[name=cadre]", "paris")
    page.wait_for_url("**cadre=paris*")
    expect(page.locator(".atlas__dessin")).not_to_have_attribute("viewBox", whole)


def test_another_indicator_brings_its_own_choices_and_history_goes_back_and_forward(page: Page, visit: Visit) -> None:
    visit(f"{FOLLOWED}&periode=2025-T2")
    title = page.locator(".partie--carte h2").inner_text()
    page.select_option("select[name=indicateur]", "caarud_file_active")
    page.wait_for_url("**indicateur=caarud_file_active*")
    awake(page)
    assert asked(page) == {"indicateur": "caarud_file_active"}
    assert page.locator("select[name=niveau]").input_value() == "departement"
    assert page.locator("select[name=periode] option").last.inner_text() == "2025"
    page.go_back()
    expect(page.locator(".partie--carte h2")).to_have_text(title)
    awake(page)
    assert page.locator("select[name=periode]").input_value() == "2025-T2"
    assert shown(page) == "2e\u00a0trimestre\u00a02025"
    page.go_forward()
    expect(page.locator(".partie--carte h2")).not_to_have_text(title)


def test_a_map_is_whole_without_a_script(browser: Browser, server: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.url}/fr/carte")
    picture = page.get_by_role("img").first
    assert picture.is_visible()
    fills = page.locator(".atlas [data-lieu]").evaluate_all("all => all.map(one => getComputedStyle(one).fill)")
    assert len(set(fills)) > 1
    assert "rgb(0, 0, 0)" not in fills
    assert page.locator(".lecteur").is_hidden()
    context.close()
