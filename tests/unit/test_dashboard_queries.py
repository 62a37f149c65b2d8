"""What pages ask of a release, and how cells, figures and HTML are written from the answers."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dash import dcc, html
from fixtures_release import QUARTERS

from dashboard.components.balises import join, tag
from dashboard.components.cellules import coverage_text, interval_text
from dashboard.components.chiffre import big_value, place_text
from dashboard.components.glossaire import with_terms
from dashboard.components.statique import to_html
from dashboard.pages.accueil import FEATURED
from dashboard.pages.chiffres import folded, found
from dashboard.queries import (
    Selection,
    count_rows,
    daily,
    events,
    extract,
    map_places,
    mapped,
    measured,
    modalities,
    neighbours,
    observations,
    periods,
    published,
    selection_from,
)
from publish.charte.mots import figure_value, period_text, value_text
from publish.reader import Release, Releases
from schemas.errors import UsageError

MAP = Selection(
    ("scenes_presence_max",), ("arrondissement", "commune"), (), ("trimestre",), ("2026-T3",), ("ensemble",)
)


@pytest.fixture(scope="module")
def release(small_releases: Path) -> Release:
    return Releases(small_releases).release()


def test_selection_goes_to_an_address_and_back() -> None:
    selection = Selection(("a", "b"), ("region",), ("11",), periode=("2026-T3",))
    pairs = [tuple(pair.split("=")) for pair in selection.search().removeprefix("?").split("&")]
    assert selection_from((name, value) for name, value in pairs) == selection


def test_selection_on_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="valeur"):
        selection_from([("valeur", "3")])


def test_extract_has_every_column_and_only_the_rows_asked_for(release: Release) -> None:
    frame = extract(release, Selection(("caarud_pipes",), ("departement",), granularite=("annee",)))
    assert set(frame["territoire_code"]) == {"75", "93"}
    assert list(frame.columns) == list(release.query("select * from observations limit 0").columns)
    assert len(extract(release, Selection())) == count_rows(release, "observations")


def test_observations_are_named_in_the_language(release: Release) -> None:
    by_service = Selection(("repos_passages",), ("region",), granularite=("mois",), ventilation=("service",))
    assert set(observations(release, by_service, "en")["nom"]) == {"Rest space"}
    by_place = Selection(("caarud_pipes",), ("departement",))
    assert set(observations(release, by_place, "fr")["nom"]) == {"Paris", "Seine-Saint-Denis"}


def test_map_has_every_territory_once_and_marks_where_nothing_is_expected(release: Release) -> None:
    frame = mapped(release, MAP, "fr")
    places = list(zip(frame["territoire_niveau"], frame["territoire_code"], strict=True))
    assert sorted(places) == sorted(map_places(release))
    lone = mapped(release, Selection(**{**vars(MAP), "territoire_code": ("75118",)}), "fr")
    assert set(lone.loc[lone["territoire_code"] != "75118", "statut"]) == {"non_applicable"}
    assert lone["provisoire"].dtype == bool


def test_neighbours_are_those_of_the_territory(release: Release) -> None:
    assert neighbours(release, "arrondissement", "75119") == (("arrondissement", "75118"), ("commune", "93001"))
    assert neighbours(release, "arrondissement", "75110") == ()


def test_map_of_nothing_is_empty(release: Release) -> None:
    assert mapped(release, Selection(("rien",)), "fr").empty


def test_daily_has_the_median_of_the_week_of_each_day_from_monday_to_sunday(release: Release) -> None:
    frame = daily(release, "repos_passages", "espace-repos-chapelle", "fr")
    told = 0
    for monday in frame.loc[frame["periode_debut"].dt.day_of_week == 0, "periode_debut"]:
        days = (frame["periode_debut"] >= monday) & (frame["periode_debut"] < monday + pd.Timedelta(days=7))
        values = frame.loc[days, "valeur"].dropna()
        if len(values) >= 4:
            assert set(frame.loc[days, "mediane"]) == {statistics.median(values)}
            told += 1
        else:
            assert frame.loc[days, "mediane"].isna().all()
    assert told >= 3
    assert frame["periode"].is_monotonic_increasing


def test_what_can_be_chosen_comes_from_the_release(release: Release) -> None:
    assert periods(release, "trend_scenes", "trimestre") == QUARTERS
    assert modalities(release, "trend_scenes", "trimestre", "genre_scene") == ("scene_ouverte",)
    assert measured(release, "trend_scenes", "trimestre") == (
        "scenes_jours_observes",
        "scenes_part_jours_actifs",
        "scenes_presence_max",
    )


def test_events_are_dated_and_in_the_language(release: Release) -> None:
    frame = events(release, "en")
    assert list(frame["libelle"]) == ["Dismantling of a scene", "Opening of a place"]
    assert frame["date"].is_monotonic_increasing


def test_count_of_a_table_that_is_not_there_is_refused(release: Release) -> None:
    with pytest.raises(UsageError):
        count_rows(release, 'observations"; drop table x; --')


def test_search_ignores_case_and_accents_and_wants_every_word(release: Release) -> None:
    frame = published(release, "fr")
    assert list(found(frame, "COCAINE basee")["id"]) == ["CP002"]
    assert len(found(frame, "")) == len(frame)
    assert found(frame, "crack boulevard").empty
    assert folded("Été 13\u202f000") == "ete 13000"


def _cell(**more: Any) -> pd.Series:
    cell = {"valeur": 12.5, "statut": "valeur", "unite": "pourcent", "borne_basse": 10.0, "borne_haute": 15.0}
    return pd.Series({**cell, "recues": 2, "attendues": 3, **more})


@pytest.mark.parametrize(
    ("cell", "french", "english"),
    [
        (_cell(), "12,5\u00a0%", "12.5%"),
        (_cell(valeur=0.0, statut="zero", unite="lits"), "0\u00a0lit", "0\u00a0beds"),
        (_cell(valeur=None, statut="secret"), "secret", "secret"),
        (_cell(valeur=float("nan"), statut="non_rapporte"), "non rapporté", "not reported"),
        (_cell(valeur=None, statut="non_applicable"), "sans objet", "not applicable"),
    ],
)
def test_a_cell_says_its_value_or_its_status(cell: pd.Series, french: str, english: str) -> None:
    assert value_text(cell, "fr") == french
    assert value_text(cell, "en") == english


def test_interval_and_coverage() -> None:
    assert interval_text(_cell(), "fr") == "de 10 à 15"
    assert interval_text(_cell(borne_basse=None), "fr") == "–"
    assert coverage_text(_cell()) == "2/3"
    assert coverage_text(_cell(attendues=None)) == "–"


def test_published_figures_keep_their_precision_and_their_range(release: Release) -> None:
    rows = published(release, "fr").set_index("id", drop=False)
    assert figure_value(rows.loc["CP001"], "fr") == "environ 13\u202f000\u00a0personnes"
    assert figure_value(rows.loc["CP001"], "en") == "about 13,000\u00a0people"
    assert "[12\u202f000–14\u202f000]" in figure_value(rows.loc["CP002"], "fr")
    assert figure_value(rows.loc["CP005"], "fr") == "énoncé sans nombre"
    assert place_text(rows.loc["CP003"], "fr") == "boulevard Ney, 2019"
    assert place_text(rows.loc["CP001"], "fr") == "Île-de-France, 2019"
    assert to_html(big_value(rows.loc["CP004"], "fr")) == "33<small> actions</small>"


def test_featured_figures_are_in_the_committed_table() -> None:
    path = Path(__file__).resolve().parents[2] / "data" / "reference" / "chiffres_publies.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    pairs = list(zip(table["mesure"], table["periode"], strict=True))
    assert [pairs.count(pair) for pair in FEATURED] == [1] * len(FEATURED)


def test_period_of_a_published_figure_may_be_a_span() -> None:
    assert period_text("2019/2023-07", "fr") == "2019–juillet\u00a02023"


def test_first_use_of_a_term_carries_its_definition() -> None:
    pieces = with_terms("Les CAARUD, puis les CAARUD.", "fr")
    marked = [piece for piece in pieces if isinstance(piece, html.Span)]
    assert len(marked) == 1
    word, meaning = marked[0].children
    assert "réduction des risques" in "".join(map(str, meaning.children))
    assert getattr(word, "aria-describedby") == meaning.id


def test_html_of_components_is_escaped_and_whole() -> None:
    node = html.Div(
        [html.P("a < b & c", className="x"), html.Br(), dcc.Store(id="s"), None, 3], **{"aria-label": 'd"e'}
    )
    assert to_html(node) == '<div aria-label="d&quot;e"><p class="x">a &lt; b &amp; c</p><br>3</div>'
    assert to_html(dcc.Graph(id="g")) == '<div class="graphe graphe--attente"></div>'
    assert to_html(html.Details("x", open=True)) == "<details open>x</details>"


def test_html_of_tags_is_escaped_and_whole() -> None:
    assert str(tag("a", "x<y", href="/?a=1&b=2", data_langue="fr", class_="z", hidden=False)) == (
        '<a href="/?a=1&amp;b=2" data-langue="fr" class="z">x&lt;y</a>'
    )
    assert str(join(tag("br"), None, "&")) == "<br>&amp;"


@pytest.mark.parametrize("words", ["12800", "12 800", "12\u00a0800", "12\u202f800", "12\u2009800"])
def test_a_number_is_found_whatever_sets_its_thousands_apart(release: Release, words: str) -> None:
    assert list(found(published(release, "fr"), words)["id"]) == ["CP002"]


def test_thousands_are_joined_and_neighbouring_numbers_are_not() -> None:
    assert folded("12\u202f800 usagers, 1\u00a0234\u00a0567") == "12800 usagers, 1234567"
    assert folded("2019 150 passages") == "2019 150 passages"
    assert folded("[12 00 – 14 000]") == "[12 00 – 14000]"


@pytest.mark.parametrize("words", ["'", "\u2019", "%", "''", "(", "\\\\"])
def test_a_lone_sign_is_a_word_like_any_other(release: Release, words: str) -> None:
    frame = published(release, "fr").assign(lieu="l\u2019espace (100 %)")
    assert len(found(frame, words)) in (0, len(frame))
    assert len(found(frame, "l'espace")) == len(found(frame, "l\u2019espace")) == len(frame)
