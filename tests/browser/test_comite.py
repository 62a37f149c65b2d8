"""The committee in a browser: from the menu to the document, quiet, accessible, whole on a phone, frozen by a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import fixtures_comite
import pytest
from axe_playwright_python.sync_playwright import Axe
from fixtures_release import write_releases
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, launched
from tests.browser.eveil import awake

REPORT = "rapport/comite-fr.pdf"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small release with what a review reads, and a document in its place."""
    folder = tmp_path_factory.mktemp("comite")
    releases = write_releases(folder / "releases", instead=fixtures_comite.tables())
    paper = releases / "2026.3.0+demo" / REPORT
    paper.parent.mkdir()
    paper.write_bytes(b"%PDF-1.7\n%%EOF\n")
    with launched(releases, folder) as running:
        yield running


def opened(page: Page, site: Server, address: str) -> None:
    page.goto(site.url + address)
    awake(page)
    page.wait_for_load_state("networkidle")


def test_the_committee_prepares_its_review(page: Page, site: Server, seen: Any) -> None:
    opened(page, site, "/fr/")
    page.locator("nav.navigation summary", has_text="Plan").click()
    page.get_by_role("link", name="Revue du comité").click()
    awake(page)
    expect(page.locator("h1")).to_have_text("Revue trimestrielle du comité")
    expect(page.locator(".partie--surveiller")).to_contain_text("Paris 18e")
    page.locator("select[name=trimestre]").select_option("2026-T2")
    expect(page).to_have_url(re.compile("trimestre=2026-T2"))
    expect(page.locator(".partie--decisions")).to_contain_text("Décision D.")
    expect(page.locator(".partie--decisions")).not_to_contain_text("Décision A.")
    page.get_by_role("link", name="Lien vers cette revue").click()
    awake(page)
    expect(page).to_have_url(re.compile(r"release=2026\.3\.0%2Bdemo.*trimestre=2026-T2"))
    page.go_back()
    page.go_back()
    awake(page)
    expect(page.locator(".partie--decisions")).to_contain_text("Décision A.")
    with page.expect_download() as paper:
        page.get_by_role("link", name="Télécharger la revue").click()
    assert paper.value.url.endswith(f"/donnees/2026.3.0+demo/{REPORT}")
    assert seen.errors == []


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (320, "dark")])
def test_the_page_is_accessible_and_fits(lang: str, width: int, scheme: Any, page: Page, site: Server) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    opened(page, site, f"/{lang}/comite")
    for details in page.locator(".parties details").all():
        details.evaluate("node => { node.open = true; }")
    results = Axe().run(page)
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in results.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
