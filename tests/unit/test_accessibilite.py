"""The accessibility grid is whole and keeps its contract; the statement says what the grid says, in both languages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from werkzeug.test import Client

from dashboard.accessibilite import ADDRESS, FILE, counts, degree, grid, rate
from dashboard.app import create_app
from dashboard.router import SLUGS, href
from etl.validate import check
from publish.charte.formats import quantite
from schemas.contract import load_contract

# Criteria of each of the thirteen themes of RGAA 4.1: 106 in all.
SIZES = {1: 9, 2: 2, 3: 3, 4: 13, 5: 8, 6: 2, 7: 5, 8: 10, 9: 4, 10: 14, 11: 13, 12: 11, 13: 12}


@pytest.fixture(scope="module")
def client(small_releases: Path) -> Client:
    return create_app(small_releases).server.test_client()


def page(client: Client, lang: str) -> str:
    answer = client.get(f"/{lang}/accessibilite")
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def test_the_grid_keeps_its_contract(tmp_path: Path) -> None:
    report = check(FILE, load_contract("rgaa", kind="site"), references=tmp_path)
    assert report.valid, report.to_text()


def test_the_grid_has_every_criterion_once_in_order() -> None:
    expected = [f"{theme}.{place}" for theme, size in SIZES.items() for place in range(1, size + 1)]
    assert [one.number for one in grid()] == expected
    assert Counter(one.theme for one in grid()) == SIZES


def test_the_rate_is_what_is_met_of_what_was_judged() -> None:
    few = [replace(grid()[0], status=status) for status in ("C", "C", "C", "NC", "NA", "NT")]
    assert rate(few) == 75.0
    assert degree(few) == "partielle"
    assert degree([one for one in few if one.status != "NC"]) == "totale"
    assert rate(few[4:]) is None
    assert degree([few[0], few[3], few[3]]) == degree(few[4:]) == "non"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_statement_says_the_rate_and_every_criterion_with_what_was_seen(client: Client, lang: str) -> None:
    text, found = page(client, lang), counts(grid())
    assert quantite(rate(grid()) or 0, "%", lang, 0) in text
    for status, place in (("NC", "non_conformites"), ("NT", "non_testes")):
        section = re.search(rf'<section class="partie partie--{place}">.*?</section>', text, re.DOTALL)
        assert section is not None
        assert section.group(0).count("<li>") == found[status] > 0
        listed = [one for one in grid() if one.status == status]
        assert all(one.asks[lang] in section.group(0) and one.checked[lang] in section.group(0) for one in listed)
    assert all(f'<th scope="row">{one.number}</th>' in text for one in grid())


@pytest.mark.parametrize(("lang", "words"), [("fr", "partiellement conforme"), ("en", "partly compliant")])
def test_every_footer_leads_to_the_statement_and_says_the_state(client: Client, lang: str, words: str) -> None:
    text = client.get(f"/{lang}/").get_data(as_text=True)
    footer = unescape(text[text.index("<footer") :])
    assert re.search(rf'<a href="/{lang}/accessibilite">[^<]*{words}</a>', footer)


def test_the_grid_can_be_downloaded(client: Client) -> None:
    with client.get(ADDRESS) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/csv")
        assert answer.get_data() == FILE.read_bytes()
    assert f'href="{ADDRESS}"' in page(client, "fr")


def test_each_page_has_the_same_menu_then_the_same_search(client: Client) -> None:
    """What criteria 12.1, 12.2 and 12.5 are said to be met on."""
    said = {one.number: one.status for one in grid()}
    assert (said["12.1"], said["12.2"], said["12.5"]) == ("C", "C", "C")
    found = set()
    for slug in SLUGS:
        header = client.get(href("fr", slug)).get_data(as_text=True).split("<header", 1)[1].split("</header>")[0]
        assert header.index('class="cherche"') < header.index('class="navigation"')
        form = re.search(r"<form[^>]*>", header)
        addresses = tuple(re.findall(r'href="(/fr/[^"]*)"', header.split('class="navigation"')[1]))
        found.add((form and form.group(0), addresses))
    assert len(found) == 1
    ((form_tag, addresses),) = found
    assert 'action="/fr/recherche"' in str(form_tag)
    assert len(addresses) > 20
