"""English pages are written as English is: no space before a colon, a semicolon or a per cent sign, no French noun."""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

import pytest
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.router import SLUGS, href

EVENTS = Path(__file__).resolve().parents[2] / "data" / "reference" / "evenements.csv"
PAGES = [*(href("en", slug) for slug in SLUGS), "/en/services/consultation-cocaine-bizia"]
QUOTED = re.compile(r'<(q|span|cite)[^>]*lang="fr"[^>]*>.*?</\1>', re.DOTALL)
FRENCH = re.compile("[^\n]{0,40}(?:\\w[\u00a0\u202f ][;:?!]|[0-9][\u00a0\u202f]%|«)[^\n]{0,20}")


@pytest.fixture(scope="module")
def client(small_releases: Path) -> Client:
    return create_app(small_releases).server.test_client()


@pytest.mark.parametrize("address", PAGES)
def test_english_pages_keep_no_french_spacing(client: Client, address: str) -> None:
    text = client.get(address).get_data(as_text=True).split("<main", 1)[1].split("</main>")[0]
    said = html.unescape(re.sub("<[^>]+>", "\n", QUOTED.sub("", text)))
    assert FRENCH.findall(said) == []


def test_a_french_summary_would_be_seen() -> None:
    assert FRENCH.search("BIZIA, 2010\u00a0: 29 people\u202f; EGO")
    assert FRENCH.search("12\u00a0%")


def test_events_call_a_rest_space_by_its_english_name() -> None:
    with EVENTS.open(encoding="utf-8", newline="") as file:
        titles = {row["id"]: row["intitule_en"] for row in csv.DictReader(file)}
    assert not [title for title in titles.values() if re.search("espaces? de repos", title, re.IGNORECASE)]
    assert titles["EV039"] == "Opening of the rest space, porte de la Chapelle"
