"""Limits of ordinary days: what is drawn, what is said, what the table and the file carry."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import fixtures_release
import pandas as pd
import pytest
from fixtures_release import write_releases
from test_figures_series import legend, line, role
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.components.controle import counted
from dashboard.figures.series import quotidien

SERVICE = "espace-repos-chapelle"
SIGNALS = ("aucun", "au_dessus", "au_dessous", "serie", "proche", "aucun", "non_calcule")


def days() -> pd.DataFrame:
    """Seven days, one of each signal; the sixth is secret, the last has no limits."""
    cells = [(f"2026-03-{day:02d}", "secret" if day == 6 else 100 + day) for day in range(1, 8)]
    limits = [50.0] * 6 + [float("nan")]
    return line(*cells).assign(
        mediane=104.0, signal=SIGNALS, limite_basse=limits, limite_haute=[200.0] * 6 + [float("nan")]
    )


def test_the_days_out_of_the_ordinary_have_a_shape_and_words_of_their_own() -> None:
    figure = quotidien(days(), lang="fr", unit_label="passages")
    marks = {trace["meta"]["signal"]: trace for trace in role(figure, "signal")}
    assert {name: trace["y"] for name, trace in marks.items()} == {
        "au_dessus": [102.0], "au_dessous": [103.0], "suite": [104.0, 105.0],
    }  # fmt: skip
    assert len({trace["marker"]["symbol"] for trace in marks.values()}) == 3
    assert "hors de l’ordinaire" in marks["au_dessus"]["hovertext"][0]
    assert "de 50 à 200" in marks["au_dessus"]["hovertext"][0]
    assert {"jour ordinaire, selon le jour de la semaine", "au-dessus de la limite haute"} <= set(legend(figure))


def test_the_band_stops_where_no_limit_is_known_and_the_axis_holds_it() -> None:
    figure = quotidien(days(), lang="fr", unit_label="passages")
    (band,) = role(figure, "limites")
    assert max(date for date in band["x"] if date) == "2026-03-06"
    assert set(band["y"]) == {50.0, 200.0}
    assert figure["layout"]["yaxis"]["range"][1] > 200


def test_without_limits_nothing_is_added() -> None:
    plain = days().drop(columns=["signal", "limite_basse", "limite_haute"])
    figure = quotidien(plain, lang="fr", unit_label="passages")
    assert not role(figure, "limites")
    assert not role(figure, "signal")


def test_the_sentence_counts_days_and_asks_for_a_cause() -> None:
    said = counted(days(), "2026", "fr").replace("\u202f", " ")
    assert "2 jours hors des limites sur 5 jours publiés qui en ont (1 au-dessus, 1 au-dessous)" in said
    assert "2 autres jours font partie d’une suite" in said
    assert "demande d’en chercher la cause ; ce n’est pas une conclusion" in said
    assert "Pour 1 jour, il n’y a pas de limites" in said
    assert "2 days beyond the limits out of 5" in counted(days(), "2026", "en")


def control() -> pd.DataFrame:
    """Limits for every day of the small release; the first published day is above."""
    rows = fixtures_release.observations()
    mine = rows[(rows["indicateur"] == "repos_passages") & (rows["granularite"] == "jour")]
    published = mine["valeur"].notna()
    first = published & ~published.shift(fill_value=False).cummax()
    return pd.DataFrame(
        {
            "indicateur": "repos_passages", "service_id": SERVICE, "jour": mine["periode_debut"],
            "valeur": mine["valeur"], "segment": 0, "centre": 40.0, "limite_basse": 10.0, "limite_haute": 90.0,
            "signal": first.map({True: "au_dessus", False: "aucun"}),
            "origine": "simule",
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    root: Path = write_releases(tmp_path_factory.mktemp("controle"), instead={"controle_quotidien": control()})
    return create_app(root).server.test_client()


def test_the_page_says_it_and_its_file_carries_the_limits(client: Client) -> None:
    page = client.get("/fr/repos").get_data(as_text=True)
    part = page.split('class="partie partie--quotidien"')[1].split("</section>")[0]
    assert "En 2026, 1 jour hors des limites" in part
    assert "Limites d’un jour ordinaire" in part
    address = re.findall(r'href="(/extrait/[^"]+jours\.csv[^"]+)"', part)[0].replace("&amp;", "&")
    rows = list(csv.DictReader(io.StringIO(client.get(address).get_data(as_text=True))))
    assert len(rows) == part.count('scope="row"')
    assert {row["limite_haute"] for row in rows} == {"90.0"}
    assert [row["signal"] for row in rows].count("au_dessus") == 1
    assert rows[0]["periode"] == rows[0]["periode_debut"]


@pytest.mark.parametrize("query", ["", "indicateur=repos_passages&service=inconnu&annee=2026"])
def test_days_that_are_not_there_are_refused_in_words(client: Client, query: str) -> None:
    answer = client.get(f"/extrait/latest/jours.csv?{query}")
    assert answer.status_code == 400
    assert "Paramètres : indicateur, service, annee" in answer.get_data(as_text=True)
