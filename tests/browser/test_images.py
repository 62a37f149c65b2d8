"""Maps and key charts as they are seen: nothing uncoloured, no legend cut, no chart empty, whatever the fonts.

Maps are compared with grids kept in ``references``; OBSERVATOIRE_REFERENCES=1 writes them anew, to be looked at before
they are committed. Charts, whose frame follows the fonts, are measured in the page instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import image

Visit = Callable[..., int]
FOLLOWED = "/fr/carte?indicateur=scenes_presence_max"
MAPS = {
    "carte": (FOLLOWED, "light"),
    "carte-sombre": (FOLLOWED, "dark"),
    "carte-paris": (f"{FOLLOWED}&cadre=paris&periode=2025-T2", "light"),
    "aval": ("/fr/aval", "light"),
}
# Of 1 600 squares, those that another machine may draw otherwise along borders and hatches.
STRAY = 40
LEGEND = """() => [...document.querySelectorAll(".atlas")].map((figure) => {
  const colour = (node, name) => getComputedStyle(node)[name];
  const box = figure.getBoundingClientRect();
  const entries = [...figure.querySelectorAll(".legende li")].map((entry) => {
    const swatch = entry.querySelector(".pave");
    const mark = swatch.className.split("pave--")[1];
    const shape = figure.querySelector(`[data-lieu].${mark}`);
    const seen = entry.getBoundingClientRect();
    return {
      mark,
      cut: !seen.width || seen.right > box.right + 1 || entry.scrollWidth > entry.clientWidth + 1,
      same: !shape || /^url/.test(colour(shape, "fill")) || colour(shape, "fill") === colour(swatch, "backgroundColor"),
    };
  });
  const marks = new Set([...figure.querySelectorAll("[data-lieu]")].map((shape) => shape.getAttribute("class")));
  return { entries, untold: [...marks].filter((mark) => !entries.some((entry) => entry.mark === mark)) };
})"""
CHARTS = """() => [...document.querySelectorAll(".js-plotly-plot")].filter((one) => one.offsetHeight).map((graph) => {
  const frame = graph.querySelector(".main-svg").getBoundingClientRect();
  const marks = [...graph.querySelectorAll(".points path, path.js-line, .barlayer path")];
  const seen = marks.map((mark) => mark.getBoundingClientRect()).filter((box) => box.width + box.height > 1);
  const texts = [...graph.querySelectorAll("text")].map((text) => text.getBoundingClientRect());
  const words = texts.filter((box) => box.width);
  const out = (box) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
  return { marks: seen.length, outside: seen.filter(out).length, cut: words.filter(out).length, words: words.length };
})"""
KEY_CHARTS = {"/fr/scenes": 1, "/fr/repos": 2, "/fr/caarud": 2, "/fr/hopital": 2, "/fr/objectifs": 1}


def shown(page: Page, visit: Visit, name: str) -> image.Grid:
    address, theme = MAPS[name]
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    visit(address)
    return image.grid_of(page, page.locator(".atlas__cadre").first)


@pytest.mark.parametrize("name", MAPS)
def test_a_map_is_drawn_as_it_was(name: str, page: Page, visit: Visit) -> None:
    grid = shown(page, visit, name)
    if os.environ.get("OBSERVATOIRE_REFERENCES") == "1":
        image.keep(name, grid)
    assert image.squares_apart(grid, image.reference(name)) <= STRAY


@pytest.mark.parametrize("harm", ["removeAttribute('class')", "remove()", "setAttribute('class', 'k4')"])
def test_a_territory_uncoloured_absent_or_of_another_class_is_seen(harm: str, page: Page, visit: Visit) -> None:
    shown(page, visit, "carte")
    page.evaluate(f"() => document.querySelector('.atlas [data-lieu]:not(.k4)').{harm}")
    grid = image.grid_of(page, page.locator(".atlas__cadre").first)
    assert image.squares_apart(grid, image.reference("carte")) > STRAY


@pytest.mark.parametrize(
    "address", [FOLLOWED, f"{FOLLOWED}&compare=scenes_part_jours_actifs", "/en/aval", "/fr/maraudes"]
)
@pytest.mark.parametrize("width", [320, 1366])
def test_a_legend_is_whole_and_in_the_colours_of_its_map(address: str, width: int, page: Page, visit: Visit) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    visit(address)
    maps: list[dict[str, Any]] = page.evaluate(LEGEND)
    assert maps
    for one in maps:
        assert len(one["entries"]) > 1
        assert [entry for entry in one["entries"] if entry["cut"] or not entry["same"]] == []
        assert one["untold"] == []


@pytest.mark.parametrize("address", KEY_CHARTS)
def test_a_chart_is_neither_empty_nor_cut(address: str, page: Page, visit: Visit) -> None:
    visit(address)
    least = KEY_CHARTS[address]
    page.wait_for_function("n => document.querySelectorAll('.js-plotly-plot .main-svg').length >= n", arg=least)
    charts = page.evaluate(CHARTS)
    assert len(charts) >= least
    for one in charts:
        assert one["marks"] > 0
        assert one["words"] > 2
        assert (one["outside"], one["cut"]) == (0, 0)


def test_a_chart_without_its_marks_is_seen(page: Page, visit: Visit) -> None:
    visit("/fr/scenes")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.evaluate("() => window.Plotly.restyle(document.querySelector('.js-plotly-plot'), { visible: false })")
    assert page.evaluate(CHARTS)[0]["marks"] == 0
