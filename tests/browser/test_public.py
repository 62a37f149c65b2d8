"""Two readers: a resident who looks for a place, a journalist who leaves with a chart, its file and its citation."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.eveil import awake

Visit = Callable[..., int]


def violations(page: Page) -> list[Any]:
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:160]) for one in found]


def test_a_resident_finds_a_place_and_its_neighbours(page: Page, visit: Visit, seen: Any) -> None:
    visit("/fr/")
    page.locator(".parties #trouver").fill("75019")
    page.locator(".parties #trouver").press("Enter")
    page.wait_for_url("**/fr/territoires?q=75019")
    page.get_by_role("link", name="Paris 19e").first.click()
    page.wait_for_url("**/fr/territoires/arrondissement-75119")
    awake(page)
    assert page.locator("h1").inner_text() == "Paris 19e"
    names = page.locator(".parties .multiples__nom").all_inner_texts()
    assert names[0] == "Paris 19e"
    assert "Paris 18e" in names
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert seen.errors == []


def test_a_word_is_searched_without_its_accents_and_nothing_found_is_explained(page: Page, visit: Visit) -> None:
    visit("/fr/glossaire")
    box = page.locator(".cherche input")
    box.fill("reduction des risques")
    box.press("Enter")
    page.wait_for_url("**/fr/recherche?q=reduction*")
    expect(page.locator(".parties .trouvailles a", has_text="réduction des risques").first).to_be_visible()
    page.locator("#champ-q").fill("zzzz")
    expect(page.locator(".parties .resume")).to_contain_text("zzzz")
    assert page.locator(".parties .trouvailles").count() == 0
    assert page.locator('.parties a[href="/fr/glossaire"]').count() == 1


def test_a_journalist_leaves_with_image_citation_and_frame(page: Page, visit: Visit, seen: Any, tmp_path: Path) -> None:
    visit("/en/repos")
    section = page.locator(".parties .partie--mensuel")
    page.wait_for_function("document.querySelector('.partie--mensuel .main-svg')")
    for kind in ("svg", "png"):
        with page.expect_download() as coming:
            section.locator(f"[data-image={kind}]").click()
        coming.value.save_as(tmp_path / f"chart.{kind}")
    drawn = "".join(ElementTree.parse(tmp_path / "chart.svg").getroot().itertext())
    assert "release" in drawn
    assert section.locator(".graphique__constat").inner_text().split()[-1] in drawn
    for event in section.locator(".evenements li strong").all_inner_texts():
        assert event.replace("\u00a0", " ") in drawn
    assert (tmp_path / "chart.png").read_bytes()[:4] == b"\x89PNG"
    section.locator(".graphique__partage summary").click()
    citation, link, frame = section.locator(".graphique__texte").all_inner_texts()
    assert link in citation
    assert "release=" in link
    source = re.search(r'src="([^"]+)"', frame)
    assert source is not None
    answer = page.goto(html.unescape(source[1]))
    assert answer is not None
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    awake(page)
    assert page.locator(".entete, .pied").count() == 0
    assert page.locator(".parties h2").count() == 1
    assert violations(page) == []
    assert seen.errors == []


def test_a_word_is_defined_on_focus_and_put_away_by_escape(page: Page, visit: Visit) -> None:
    visit("/fr/")
    term = page.locator(".parties .mot__terme").first
    meaning = page.locator(".parties .mot__sens").first
    assert not meaning.is_visible()
    term.focus()
    assert meaning.is_visible()
    page.keyboard.press("Escape")
    assert not meaning.is_visible()


def test_the_bubble_of_a_chart_is_put_away_by_escape(page: Page, visit: Visit, seen: Any) -> None:
    visit("/fr/caarud")
    chart = page.locator(".parties .js-plotly-plot").first
    chart.scroll_into_view_if_needed()
    box = chart.locator(".point").last.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2 - 4, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(chart.locator(".hoverlayer .hovertext").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(chart.locator(".hoverlayer .hovertext")).to_have_count(0)
    assert seen.errors == []
