"""Findings in titles, spellings that meet, places that are found, sections that may be embedded."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from fixtures_release import VERSION, tables, without, write_releases
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.components.etincelle import sparkline
from dashboard.components.glossaire import anchor, terms
from dashboard.plier import folded
from publish.charte.constats import constat


@pytest.fixture(scope="module")
def client(small_releases: Path) -> Client:
    made: Client = create_app(small_releases).server.test_client()
    return made


def rows(*cells: tuple[str, str, float | None, str]) -> pd.DataFrame:
    """Quarters of places: name, quarter, value, status."""
    frame = pd.DataFrame(cells, columns=["nom", "periode", "valeur", "statut"])
    starts = [pd.Period(code.replace("T", "Q"), freq="Q").start_time for code in frame["periode"]]
    return frame.assign(
        territoire_niveau="arrondissement", territoire_code=frame["nom"], indicateur="i", modalite="tous",
        origine="reel", unite="personnes", periode_debut=starts, attendues=None, recues=None, provisoire=False,
    )  # fmt: skip


KEPT = f"release={quote(VERSION)}"
NOW, BEFORE = ("A", "2026-T3", 159, "valeur"), ("A", "2025-T3", 160, "valeur")
LOW, HIGH = ("A", "2026-T3", 12, "valeur"), ("B", "2026-T3", 30, "valeur")
HIDDEN, MISSING = ("A", "2026-T3", None, "secret"), ("B", "2026-T3", None, "non_rapporte")


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (rows(BEFORE, NOW), "159 personnes au 3e trimestre 2026, 1 de moins qu’un an plus tôt"),
        (rows(("A", "2025-T3", None, "secret"), NOW), "159 personnes au 3e trimestre 2026"),
        (rows(LOW, HIGH), "Plus haute valeur publiée au 3e trimestre 2026 : B, 30 personnes"),
        (rows(LOW, MISSING), "A : 12 personnes au 3e trimestre 2026"),
        (rows(BEFORE, HIDDEN), "Dernière valeur publiée : 160 personnes au 3e trimestre 2025"),
        (rows(HIDDEN, MISSING), ""),
        (rows(LOW, ("B", "2026-T3", 12, "valeur")), ""),
    ],
)
def test_a_title_says_what_is_published_and_no_more(frame: pd.DataFrame, said: str) -> None:
    assert constat(frame, lang="fr").replace("\u00a0", " ").replace("\u202f", " ") == said


def test_a_missing_return_is_no_fall() -> None:
    frame = rows(("A", "2025-T3", 160, "valeur"), ("A", "2026-T3", 80, "valeur")).assign(attendues=2, recues=[2, 1])
    assert "plus tôt" not in constat(frame, lang="fr")


def test_a_trend_is_told_where_the_test_found_one() -> None:
    frame = rows(("A", "2026-T3", 80, "valeur"))
    shown = pd.Series({"direction": "hausse", "formulation": "hausse_defavorable"})
    unknown = pd.Series({"direction": "indeterminee", "formulation": "indeterminee"})
    assert constat(frame, lang="en", trend=shown).endswith("; trend increasing, which is unfavourable")
    assert "trend" not in constat(frame, lang="en", trend=unknown)


def test_two_spellings_meet() -> None:
    assert folded("Épinay-sur-Seine") == folded("epinay sur seine")
    assert folded("L’Œuvre") == "l oeuvre"


@pytest.mark.parametrize(("asked", "item"), [("75019", "arrondissement-75119"), ("93300", "commune-93001")])
def test_a_place_is_found_by_its_postcode(client: Client, asked: str, item: str) -> None:
    page = client.get(f"/fr/territoires?q={asked}").get_data(as_text=True)
    assert re.findall(r'href="/fr/territoires/([^"]+)"', page) == [item]
    assert f"/fr/territoires/{item}" in client.get(f"/fr/recherche?q={asked}").get_data(as_text=True)


def test_places_are_listed_by_level_then_by_name(tmp_path: Path) -> None:
    places = tables()["territoires"].replace({"Aubervilliers": "Romainville", "Paris 10e": "Paris 2e"})
    root = write_releases(tmp_path, instead={"territoires": places})
    page = create_app(root).server.test_client().get("/fr/territoires").get_data(as_text=True)
    main = page.split("<main", 1)[1].split("</main>")[0]
    levels = [
        (title, re.findall(r">([^<>]+)</a>", names)) for title, names in re.findall(r"<h2>(.+?)</h2>(.+?)</ul>", main)
    ]
    assert levels[:2] == [
        ("Arrondissements municipaux", ["Paris 2e", "Paris 18e", "Paris 19e"]),
        ("Communes", ["Pantin", "Romainville"]),
    ]
    assert [title for title, _ in levels[2:]] == ["Départements", "Région"]


def test_a_place_shows_the_last_value_and_why_there_is_none_since(tmp_path: Path) -> None:
    frame = tables()["observations"]
    mine = frame["territoire_code"].eq("75119") & frame["indicateur"].eq("scenes_presence_max")
    frame.loc[mine, ["valeur", "statut", "provisoire"]] = [41.0, "valeur", False]
    frame.loc[mine & frame["periode"].eq("2026-T3"), ["valeur", "statut"]] = [None, "non_rapporte"]
    root = write_releases(tmp_path, instead={"observations": frame})
    page = create_app(root).server.test_client().get("/fr/territoires/arrondissement-75119").get_data(as_text=True)
    (row,) = (row for row in page.split("partie--themes", 1)[1].split("<tr>") if ">Présence maximale</a>" in row)
    told = " ".join(re.sub(r"<[^>]+>", " ", row).replace("\u00a0", " ").split())
    assert "41 personnes 2e trimestre 2026 3e trimestre 2026 : non rapporté" in told


def test_a_release_without_postcodes_is_searched_by_name(tmp_path: Path) -> None:
    root = write_releases(tmp_path)
    without(root / VERSION, ("codes_postaux",))
    known = create_app(root).server.test_client()
    assert "Aucun territoire ne répond" in known.get("/fr/territoires?q=93300").get_data(as_text=True)
    assert "arrondissement-75119" in known.get("/fr/territoires?q=19e").get_data(as_text=True)


def test_a_small_line_stops_where_nothing_is_published() -> None:
    drawn = sparkline([1.0, 2.0, None, 3.0, 4.0, None, 5.0], "x")
    assert drawn.count("<polyline") == 2
    assert drawn.count("etincelle__point") == 1
    assert sparkline([None, None], "x") == ""


def test_every_term_has_a_meaning_and_a_place_of_its_own() -> None:
    for lang in ("fr", "en"):
        words = terms(lang)
        assert all(meaning for _, meaning in words)
        assert len({anchor(word) for word, _ in words}) == len(words)


def test_one_section_alone_may_stand_elsewhere(client: Client) -> None:
    alone = client.get("/fr/repos?vue=mensuel")
    assert "frame-ancestors *" in alone.headers["Content-Security-Policy"]
    assert '<header class="entete"' not in alone.get_data(as_text=True)
    assert "frame-ancestors 'none'" in client.get("/fr/repos").headers["Content-Security-Policy"]
    refused = client.get("/fr/repos?vue=ailleurs")
    assert refused.status_code == 400
    assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"]


def test_a_territory_that_has_no_page_is_a_404(client: Client) -> None:
    assert client.get("/fr/territoires/arrondissement-69381").status_code == 404
    assert client.get("/fr/themes/rien").status_code == 404


def test_search_finds_each_kind(client: Client) -> None:
    for question, kind in (
        ("75019", "Territoires"),
        ("file active", "Glossaire"),
        ("observations", "Tables de données"),
    ):
        assert f"<h2>{kind}</h2>" in client.get("/fr/recherche", query_string={"q": question}).get_data(as_text=True)


def test_a_release_that_is_asked_for_is_kept_from_the_home_page_on(client: Client) -> None:
    text = client.get(f"/fr/?{KEPT}").get_data(as_text=True).split("<main", 1)[1].split("</main>")[0]
    ways = [one for one in re.findall(r'<a [^>]*href="(/fr/[^"#]+)', text) if "vue=" not in one]
    assert len(ways) > 10
    assert [one for one in ways if KEPT not in one] == []
    assert f'<input type="hidden" name="release" value="{VERSION}"' in text
    found = client.get(f"/en/recherche?q=crack&{KEPT}").get_data(as_text=True)
    links = re.findall(r'<li><a href="([^"]+)"', found.split("trouvailles", 1)[1])
    assert links
    assert all(KEPT in one for one in links[:3])
