"""Nothing is lost on 320 pixels, nor at 200 % on a laptop (640): pages do not scroll sideways, no word is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from dashboard.router import LANGUAGES, SLUGS, Lang, href
from tests.browser.conftest import Server
from tests.browser.eveil import awake

WIDTHS = (320, 640)
ITEMS = ("services/espace-repos-chapelle", "indicateurs/repos_passages_jour", "territoires/arrondissement-75119")
# What is wider than the page, or is cut, outside of what scrolls by itself; then words that leave their chart.
CUT = """() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const wide = document.documentElement.clientWidth;
  const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowX);
  const held = (one) => Boolean(one) && (scrolls(one) || held(one.parentElement));
  const named = (one) => `${one.tagName} ${one.getAttribute("class")}: ${one.textContent.trim().slice(0, 40)}`;
  const found = document.documentElement.scrollWidth > wide ? [`page ${document.documentElement.scrollWidth}`] : [];
  for (const one of document.body.querySelectorAll("*")) {
    if (one.closest(".evitement, .annonce, template, option, .mot__sens, #js-plotly-tester")) continue;
    if (one.closest("svg") && !["svg", "text"].includes(one.tagName)) continue;
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const box = one.getBoundingClientRect();
    const out = box.width && box.height && (box.right > wide + 1 || box.left < -1);
    if (out && !held(one)) found.push(`out ${named(one)}`);
    const hides = /hidden|clip/.test(getComputedStyle(one).overflowX) && one.clientWidth > 2;
    if (hides && one.scrollWidth > one.clientWidth + 1 && one.textContent.trim()) found.push(`cut ${named(one)}`);
  }
  for (const graph of document.querySelectorAll(".js-plotly-plot")) {
    const box = graph.getBoundingClientRect();
    for (const one of box.height ? graph.querySelectorAll(".main-svg text") : []) {
      const text = one.getBoundingClientRect();
      if (text.width && (text.left < box.left - 2 || text.right > box.right + 2)) found.push(`chart ${named(one)}`);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def narrow(browser: Browser) -> Iterator[Page]:
    """One page for all addresses, as narrow as a page must be."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 800}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def lost(page: Page, width: int) -> list[str]:
    """What is lost. Widths grow from one asking to the next: a chart is drawn again a while after its page shrinks."""
    page.set_viewport_size({"width": width, "height": 800})
    return [f"{width} px: {one}" for one in page.evaluate(CUT)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_lost_at_320_pixels_nor_at_200_per_cent(narrow: Page, server: Server, lang: Lang) -> None:
    found = {}
    for address in (*(href(lang, slug) for slug in SLUGS), *(f"/{lang}/{item}" for item in ITEMS)):
        narrow.set_viewport_size({"width": WIDTHS[0], "height": 800})
        answer = narrow.goto(server.url + address)
        assert answer is not None
        assert answer.status == 200
        found[address] = [one for width in WIDTHS for one in lost(narrow, width)]
    assert {address: some for address, some in found.items() if some} == {}


def test_words_of_charts_fit_320_pixels(narrow: Page, server: Server) -> None:
    """French is the longer language."""
    narrow.set_viewport_size({"width": WIDTHS[0], "height": 800})
    found = {}
    for slug in ("accueil", "repos", "hopital", "caarud", "hebergement", "resultats", "produits", "aval", "comite"):
        narrow.goto(server.url + href("fr", slug))
        if narrow.locator(".graphe--attente").count():
            awake(narrow)
            narrow.wait_for_load_state("networkidle")
            assert narrow.locator(".main-svg").count(), slug
            found[slug] = lost(narrow, WIDTHS[0])
    assert len(found) > 4
    assert {slug: some for slug, some in found.items() if some} == {}


def test_what_is_cut_would_be_seen(narrow: Page, server: Server) -> None:
    narrow.goto(server.url + "/fr/glossaire")
    assert lost(narrow, 320) == []
    narrow.evaluate("document.querySelector('dd').style.cssText = 'white-space: nowrap; overflow: hidden'")
    assert [one for one in lost(narrow, 320) if "cut DD" in one]
    narrow.evaluate("document.querySelector('dd').style.cssText = 'white-space: nowrap; width: 600px'")
    assert [one for one in lost(narrow, 320) if "page" in one]
