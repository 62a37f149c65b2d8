"""Real and simulated rows: never one line, one bar or one summary under the same name."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pandas as pd
import pytest
from fixtures_release import observations, write_releases
from test_figures_series import legend, line, role
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.figures.barres import barres
from dashboard.figures.series import quotidien, serie
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte.origines import named_apart
from publish.charte.summaries import resume_serie

WORDS = {"reel": "données réelles", "simule": "données simulées"}
CELLS = (("2025-T1", 40), ("2025-T2", 50), ("2026-T1", 60), ("2026-T2", 70))
MIXED = line(*CELLS).assign(origine=["reel", "reel", "simule", "simule"])


def test_one_line_of_several_origins_is_refused() -> None:
    with pytest.raises(ValueError, match="several origins"):
        serie(MIXED, lang="fr", unit_label="personnes")
    with pytest.raises(ValueError, match="several origins"):
        quotidien(MIXED.assign(mediane=1.0), lang="fr", unit_label="personnes")


def test_bars_of_one_name_and_several_origins_are_refused() -> None:
    with pytest.raises(ValueError, match="several origins"):
        barres(MIXED, lang="fr", unit_label="personnes")


def test_named_apart_they_are_two_lines_that_tell_their_origin() -> None:
    figure = serie(named_apart(MIXED, WORDS), lang="fr", unit_label="personnes")
    assert [trace["y"] for trace in role(figure, "valeur")] == [[40, 50], [60, 70]]
    assert {"Île-de-France (données réelles)", "Île-de-France (données simulées)"} <= set(legend(figure))


def test_the_summary_does_not_compare_a_simulated_quarter_to_a_real_one() -> None:
    words = resume_serie(named_apart(MIXED, WORDS), lang="fr", unit_label="personnes").replace("\u00a0", " ")
    assert "Île-de-France (données réelles)" in words
    assert "20 de plus" not in words


@pytest.mark.parametrize("origin", ["reel", "simule"])
def test_one_origin_is_drawn_under_its_own_name(origin: str) -> None:
    whole = line(*CELLS).assign(origine=origin)
    pd.testing.assert_frame_equal(named_apart(whole, WORDS), whole)
    assert len(role(serie(whole, lang="fr", unit_label=""), "valeur")) == 1


@pytest.fixture(scope="module")
def mixed_pages(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A demonstration release made of somebody's own rows, those of one feed alone being simulated."""
    rows = observations()
    kept = rows.assign(origine=rows["origine"].where(rows["source"] == "plan_lits", "reel"))
    root = write_releases(tmp_path_factory.mktemp("origines"), instead={"observations": kept})
    return create_app(root).server.test_client()


@pytest.mark.parametrize(
    ("lang", "own", "invented"), [("fr", "Données réelles", "Données simulées"), ("en", "Real data", "Simulated data")]
)
def test_a_demonstration_with_rows_of_its_own_says_of_each_figure_what_it_is(
    mixed_pages: Client, lang: Lang, own: str, invented: str
) -> None:
    t, home = texts(lang), mixed_pages.get(f"/{lang}/").get_data(as_text=True)
    assert own in home
    assert invented in home
    assert t("accueil.series.simule") in html.unescape(home)
    assert not [key for key in ("bandeau.titre", "bandeau.texte") if re.search(r"toutes les|every series", t(key))]
    for address, mark in (("territoires/departement-75", own), ("themes/caarud", own), ("themes/hopital", invented)):
        said = re.findall(r'class="origine[^"]*">([^<]+)', mixed_pages.get(f"/{lang}/{address}").get_data(as_text=True))
        assert said
        assert mark in said


def test_a_home_without_a_simulated_figure_does_not_say_how_to_read_one(tmp_path: Path) -> None:
    root = write_releases(tmp_path, instead={"observations": observations().assign(origine="reel")})
    home = create_app(root).server.test_client().get("/fr/").get_data(as_text=True)
    assert texts("fr")("accueil.series.simule") not in html.unescape(home)
