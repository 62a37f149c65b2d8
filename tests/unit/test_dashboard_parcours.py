"""Pages of pathways: housing, downstream care, outcomes, outreach rounds."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import fixtures_release
import pandas as pd
import pytest
from fixtures_registre import real_tables
from fixtures_release import write_releases
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.pages.aval import hosted
from dashboard.queries import Selection
from publish.charte.retours import of_frame
from publish.reader import Releases

FEEDS = {
    "hebergement": "plan_hebergement",
    "aval": "plan_aval",
    "resultats": "plan_resultats",
    "maraudes": "plan_maraudes",
}


@pytest.fixture(scope="module")
def client(small_releases: Path) -> Client:
    return create_app(small_releases).server.test_client()


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[-500:]
    return answer.get_data(as_text=True).replace("\u00a0", " ").replace("\u202f", " ")


def section(page: str, name: str) -> str:
    return page.split(f'class="partie partie--{name}"')[1].split("</section>")[0]


def extracts(part: str) -> list[str]:
    return [address.replace("&amp;", "&") for address in re.findall(r'href="(/extrait/[^"]+)"', part)]


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).get_data(as_text=True))))


@pytest.mark.parametrize(("slug", "feed"), FEEDS.items())
def test_every_section_has_rows_of_its_feed_and_their_csv(client: Client, slug: str, feed: str) -> None:
    page = text(client, f"/fr/{slug}")
    for name in (name for name in PAGES[slug].sections if name != "publies"):
        part = section(page, name)
        (address,) = extracts(part)
        rows = rows_of(client, address)
        assert rows, name
        assert {row["source"] for row in rows} == {feed}
        assert f"({feed})" in part
        assert "Données simulées" in part
        assert "<table" in part


@pytest.mark.parametrize("slug", FEEDS)
def test_a_release_without_the_feed_says_so(tmp_path: Path, slug: str) -> None:
    frame = fixtures_release.observations()
    write_releases(tmp_path, instead={"observations": frame[~frame["source"].isin(FEEDS.values())]})
    client = create_app(tmp_path).server.test_client()
    assert "aucune ligne de ce flux" in text(client, f"/fr/{slug}")
    assert "no row of this feed" in text(client, f"/en/{slug}")


def test_housing_shows_the_published_places_apart(client: Client, small_releases: Path) -> None:
    page = text(client, "/fr/hebergement?service=assore")
    assert "assore" in extracts(section(page, "evolution"))[0]
    assert 'href="/fr/services/assore"' in section(page, "services")
    assert section(page, "destinations").count("<tr>") == 1 + 4


def test_housing_publishes_real_figures_with_their_source(tmp_path: Path) -> None:
    write_releases(tmp_path, instead=real_tables())
    part = section(text(create_app(tmp_path).server.test_client(), "/fr/hebergement"), "publies")
    assert "510 places" in part
    assert "Données réelles" in part
    assert "simulé" not in part.split("</h2>")[1].replace("places simulées", "")


def test_downstream_shows_a_whole_year_first(client: Client) -> None:
    page = text(client, "/fr/aval")
    assert '<option value="2025" selected' in page
    assert "Le délai médian n’existe que par trimestre" in section(page, "regions")
    assert "Délai d'aval" not in section(page, "regions")


def test_downstream_shows_the_delay_of_a_quarter(client: Client) -> None:
    part = section(text(client, "/fr/aval?periode=2026-T1&genre=smr_a"), "regions")
    assert "Délai d'aval (jours)" in part
    assert "n’existe que par trimestre" not in part
    assert "Normandie" in part
    assert "Auvergne-Rhône-Alpes" in part
    together = section(text(client, "/fr/aval?periode=2026-T1"), "regions")
    assert "et par genre de structure" in together
    assert "Délai d'aval" not in together


def test_downstream_table_never_leaves_a_cell_without_a_word(client: Client) -> None:
    part = section(text(client, "/fr/aval?periode=2026-T1"), "structures")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", part)
    assert cells
    assert all(re.sub(r"<[^>]+>", "", cell).strip() for cell in cells)
    assert "sans objet" in part  # the country has no delay: nothing was expected there
    assert "Ensemble – soins médicaux" in part


def test_downstream_draws_the_two_targets(client: Client) -> None:
    part = section(text(client, "/fr/aval"), "objectifs")
    assert "50 places" in part
    assert "250 places" in part
    assert 'href="/fr/objectifs#aval_places"' in part


def test_the_map_has_every_mainland_region_and_says_what_is_not_expected(small_releases: Path) -> None:
    release = Releases(small_releases).release("latest")
    selection = Selection(("aval_places",), ("region",), (), ("annee",), ("2025",), ("ensemble",))
    frame = hosted(release, selection, "fr").set_index("territoire_code")
    assert list(frame.index) == ["11", "28", "84", "94"]
    assert frame.loc["94", "statut"] == "non_applicable"
    assert frame["valeur"].isna()["11"]
    assert frame.loc["28", "statut"] == "valeur"


def test_outcomes_show_their_intervals_and_departments(client: Client) -> None:
    page = text(client, "/fr/resultats?territoire=departement:93")
    assert "Seine-Saint-Denis" in section(page, "cohortes")
    assert 'class="intervalle"' in section(page, "tableau")
    assert "Seine-Saint-Denis" in section(page, "departements")
    assert "statut--secret" in section(page, "departements") + section(page, "tableau")


def test_outcomes_start_from_the_region_even_where_others_have_cohorts(tmp_path: Path) -> None:
    frame, places = (fixtures_release.tables()[name] for name in ("observations", "territoires"))
    mine = frame[(frame["source"] == "plan_resultats") & (frame["territoire_niveau"] == "region")]
    other = places.iloc[[1]].assign(code="01", nom="Guadeloupe")
    instead = {
        "observations": pd.concat([frame, mine.assign(territoire_code="01")]),
        "territoires": pd.concat([places, other]),
    }
    page = text(create_app(write_releases(tmp_path, instead=instead)).server.test_client(), "/fr/resultats")
    assert page.index('<option value="region:01"') < page.index('<option value="region:11" selected')


def test_outreach_tells_lines_from_territories(client: Client) -> None:
    page = text(client, "/fr/maraudes")
    assert "Métro, ligne 4" in section(page, "lignes")
    assert section(page, "lignes").index("ligne 4") < section(page, "lignes").index("ligne 12")
    part = section(page, "tableau")
    assert part.index("Île-de-France") < part.index("Paris 18e") < part.index("Métro, ligne 4")
    assert "septembre 2026" in section(page, "personnes")


@pytest.mark.parametrize("cut", ["ligne_metro", "structure", "service"])
def test_lines_structures_and_services_each_have_their_own_returns(cut: str) -> None:
    shared = {"indicateur": "a", "territoire_niveau": "region", "ventilation": cut, "attendues": 1}
    returns = of_frame(pd.DataFrame([shared | {"modalite": name, "recues": got} for name, got in (("x", 0), ("y", 1))]))
    assert returns is not None
    assert (returns.received, returns.expected) == (1, 2)


def test_a_table_of_measures_tells_the_returns_of_each_row_and_only_there(client: Client) -> None:
    part = section(text(client, "/fr/maraudes"), "tableau")
    assert "Déclarations utiles / attendues" in part
    assert "2/2" in part
    assert "reçues sur" not in part.split("<table")[0]


@pytest.mark.parametrize(
    "address",
    [
        "/fr/aval?periode=1999",
        "/fr/aval?genre=palais",
        "/fr/aval?indicateur=aval_orientations",
        "/fr/hebergement?service=hopital-a",
        "/fr/resultats?territoire=departement:75&periode=2030-T1",
        "/fr/maraudes?indicateur=maraudes_personnes",
    ],
)
def test_a_choice_the_release_does_not_have_is_refused(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400
