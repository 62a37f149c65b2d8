"""Static pages opened from the disk in Chromium, without scripts: seen whole on a phone, in the dark, on paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from etl.simulate import FEEDS, simulate
from tests.integration.house import House

VERSION = "2026.3.0+demo"
PAGES = (
    *("index.html", "publication.html", "methode.html", "secret.html", "statistiques.html", "corrections.html"),
    *(f"{kind}/index.html" for kind in ("indicateurs", "territoires", "services", "jeux")),
    *("indicateurs/scenes_presence_max.html", "indicateurs/caarud_part_femmes.html"),
    *("territoires/arrondissement-75118.html", "services/espace-repos-chapelle.html", "jeux/observations.html"),
)
DRAWN = "indicateurs/scenes_presence_max.html"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a release of two feeds, alone in a folder: what a reader who copied ``site/`` has."""
    folder = tmp_path_factory.mktemp("pages")
    house = House(folder / "data")
    for feed in FEEDS:
        if feed in ("trend_scenes", "plan_espaces_repos", "caarud_activite"):
            house.ingest(feed, simulate(feed, folder / "inbox", seed=7))
    house.build()
    house.release(VERSION)
    shutil.copytree(house.releases / VERSION / "site", folder / "site")
    return folder / "site"


@pytest.fixture(scope="module", params=[("fr", "light"), ("en", "dark")], ids=["fr-clair", "en-sombre"])
def reading(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[str, Page]]:
    """A language, and a page of a browser that prefers a theme: colours do not depend on the language."""
    lang, theme = request.param
    context = browser.new_context(viewport={"width": 1366, "height": 900}, color_scheme=theme)
    yield lang, context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_accessibility_violation(name: str, reading: tuple[str, Page], site: Path) -> None:
    lang, page = reading
    page.goto((site / lang / name).as_uri())
    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("h1").inner_text()
    found = Axe().run(page).response["violations"]
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in found] == []


def test_pages_are_read_without_scripts_from_page_to_page(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="Read in English").click()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Indicators").click()
    page.get_by_role("link", name="People present at once at a scene, high end").click()
    assert page.get_by_role("img").first.is_visible()
    assert page.locator(".bandeau").is_visible()
    page.get_by_role("link", name="Français").click()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.url.endswith("/fr/indicateurs/scenes_presence_max.html")
    assert {url.split(":")[0] for url in asked} == {"file"}
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(name: str, browser: Browser, site: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto((site / "fr" / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_a_phone_is_shown_the_narrow_drawing_and_paper_the_wide_one(browser: Browser, site: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto((site / "fr" / DRAWN).as_uri())
    shown = page.locator(".image--large").is_visible(), page.locator(".image--etroit").is_visible()
    page.emulate_media(media="print")
    printed = page.locator(".image--large").is_visible(), page.locator(".image--etroit").is_visible()
    assert (shown, printed) == ((False, True), (True, False))
    context.close()


def test_a_secret_territory_is_hatched_and_not_painted(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / "fr" / DRAWN).as_uri())
    hatched = page.locator(".image--carte .lieu-forme.secret").first
    assert hatched.evaluate("node => getComputedStyle(node).fill").startswith('url("#carte-secret")')
    painted = page.locator(".image--carte .lieu-forme.k4").first
    assert painted.evaluate("node => getComputedStyle(node).fill").startswith("rgb(")
    page.context.close()
