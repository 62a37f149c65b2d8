"""English pages are written as English is: no space before a colon, a semicolon or a per cent sign, no French noun."""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

import pytest
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.i18n import texts
from dashboard.router import SLUGS, href

EVENTS = Path(__file__).resolve().parents[2] / "data" / "reference" / "evenements.csv"
PAGES = [*(href("en", slug) for slug in SLUGS), "/en/services/consultation-cocaine-bizia"]
QUOTED = re.compile(r'<(q|span|cite)[^>]*lang="fr"[^>]*>.*?</\1>', re.DOTALL)
QUOTED_OR_CODE = re.compile(r'<(\w+)(?:[^>]*\slang="fr"[^>]*)>.*?</\1>|<(code|script|style)\b.*?</\2>', re.DOTALL)
# Little words that English lacks.
WORDS = re.compile(
    r"[^\n]{0,40}(?<![\w’'-])(?:les|des|une|dans|cette|avec|aucune?|sont|pour|qui|aux|trimestre)(?![\w’'-])[^\n]{0,40}"
)
KEYS = re.compile(r"(?<![\w/.#@-])[a-z]+(?:_[a-z]+)*(?:\.[a-z_]+){1,3}(?![\w.(/@-])")
FRENCH = re.compile("[^\n]{0,40}(?:\\w[\u00a0\u202f ][;:?!]|[0-9][\u00a0\u202f]%|«)[^\n]{0,20}")


@pytest.fixture(scope="module")
def client(small_releases: Path) -> Client:
    return create_app(small_releases).server.test_client()


@pytest.mark.parametrize("address", PAGES)
def test_english_pages_keep_no_french_spacing(client: Client, address: str) -> None:
    text = client.get(address).get_data(as_text=True).split("<main", 1)[1].split("</main>")[0]
    said = html.unescape(re.sub("<[^>]+>", "\n", QUOTED.sub("", text)))
    assert FRENCH.findall(said) == []


def test_french_texts_keep_the_spaces_of_french_typography() -> None:
    wrong = re.compile(r"(?:^|(?<=\S)) [:;!?%»](?!\w)|« |'|(?<=[a-zé])[;!?](?!\w)")
    said = {key: text for key, text in texts("fr").entries.items() if not key.startswith("api.outil.")}
    assert {key: text for key, text in said.items() if wrong.search(text)} == {}


def test_a_french_summary_would_be_seen() -> None:
    assert FRENCH.search("BIZIA, 2010\u00a0: 29 people\u202f; EGO")
    assert FRENCH.search("12\u00a0%")


def test_events_call_a_rest_space_by_its_english_name() -> None:
    with EVENTS.open(encoding="utf-8", newline="") as file:
        titles = {row["id"]: row["intitule_en"] for row in csv.DictReader(file)}
    assert not [title for title in titles.values() if re.search("espaces? de repos", title, re.IGNORECASE)]
    assert titles["EV039"] == "Opening of the rest space, porte de la Chapelle"


def said_by(client: Client, address: str) -> tuple[str, str]:
    """The language of a page, and its words without what is marked as French or as code."""
    text = client.get(address).get_data(as_text=True)
    body = QUOTED_OR_CODE.sub("", text.split("<body", 1)[1].split(">", 1)[1])
    return re.findall(r'<html lang="(..)"', text)[0], html.unescape(re.sub("<[^>]+>", "\n", body))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_speaks_its_language_and_shows_no_key(client: Client, slug: str) -> None:
    catalogue = set(texts("fr").entries)
    for lang in ("fr", "en"):
        declared, said = said_by(client, href(lang, slug))
        assert declared == lang
        assert [word for word in KEYS.findall(said) if word in catalogue and not word.endswith(".csv")] == []
        found = WORDS.findall(said)
        assert bool(found) == (lang == "fr"), found[:5]


def test_a_key_would_be_seen() -> None:
    assert KEYS.findall("Map atlas.aide") == ["atlas.aide"]
    assert WORDS.search("Places des arrondissements")


def test_english_names_of_what_is_published_call_a_rest_space_so() -> None:
    for table, column in (("chiffres_publies", "mesure_en"), ("services", "nom_en")):
        with (EVENTS.parent / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            names = [row[column] for row in csv.DictReader(file)]
        assert [name for name in names if re.search("espaces? de repos", name, re.IGNORECASE)] == []
        assert [name for name in names if "rest space" in name.lower()]
