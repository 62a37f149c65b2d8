"""Missing returns are counted once each, and told in the subtitle, on the page and on the home page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fixtures_release import observations, write_releases

from dashboard.app import create_app
from dashboard.i18n import catalogue
from dashboard.router import LANGUAGES
from publish.charte.retours import Returns, of_frame, of_row, subtitle


def rows(*received: Any, **columns: Any) -> pd.DataFrame:
    """Months that end in September 2026, one return expected of three each."""
    months = pd.period_range(end="2026-09", periods=len(received), freq="M")
    base = {
        "indicateur": "i", "territoire_niveau": "region", "ventilation": "ensemble", "modalite": "tous",
        "granularite": "mois", "periode": [str(month) for month in months],
        "periode_debut": [month.start_time for month in months], "attendues": 3, "recues": received, "provisoire": True,
    }  # fmt: skip
    return pd.DataFrame(base | columns)


def test_services_add_up_and_other_breakdowns_repeat_the_same_returns() -> None:
    assert of_frame(rows(3, 1, ventilation="service", modalite=["a", "b"])) == Returns(4, 6, True)
    assert of_frame(rows(3, 1, ventilation="genre_scene", modalite=["a", "b"])) == Returns(1, 3, True, least=True)
    assert of_frame(rows(3, 1, indicateur=["i", "j"])) == Returns(1, 3, True, least=True)
    assert of_frame(rows(None, None)) is None


def test_a_row_that_expects_nothing_lacks_nothing() -> None:
    assert of_row(next(rows(None).itertuples())) is None
    assert of_row(next(rows(3).itertuples())) == Returns(3, 3, True)


def test_the_subtitle_tells_the_last_period_of_a_series_and_the_only_one_of_bars() -> None:
    said = subtitle(rows(3, 2), "fr").replace("\u00a0", " ")
    assert said == "en septembre 2026, 2 déclarations utiles sur 3 attendues, valeurs provisoires"
    assert subtitle(rows(1, provisoire=False), "fr") == "1 déclaration utile sur 3 attendues, valeurs incomplètes"
    assert subtitle(rows(0), "en") == "0 usable returns of 3 expected, provisional values"
    assert subtitle(rows(2, 3), "fr") == ""


def test_of_days_the_subtitle_counts_all_those_shown() -> None:
    assert subtitle(rows(1, 0, 1, granularite="jour", attendues=1), "fr").startswith("2 déclarations utiles sur 3")


@pytest.fixture(scope="module")
def lacking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small release, each period of hospitals and of harm reduction lacking one return of two."""
    frame = observations()
    frame.loc[frame["source"].isin(["plan_lits", "caarud_activite"]), "recues"] = 1
    return write_releases(tmp_path_factory.mktemp("retours"), instead={"observations": frame})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_tell_what_is_missing_and_compare_nothing(lacking: Path, lang: str) -> None:
    client = create_app(lacking).server.test_client()
    counted = {"fr": "1 déclaration utile sur 2 attendues", "en": "1 usable return of 2 expected"}[lang]
    refused = {"fr": "ne peut pas être faite", "en": "cannot be made"}[lang]
    for slug in ("hopital", "caarud"):
        text = client.get(f"/{lang}/{slug}").get_data(as_text=True)
        assert counted in text.split('class="sous-titre"')[1].split("</p>")[0]
        assert counted in text.split('class="resume"')[1].split("</p>")[0]
        assert refused in text
    assert text.count({"fr": "un an plus tôt", "en": "a year earlier"}[lang]) == 0
    home = client.get(f"/{lang}/").get_data(as_text=True)
    told = [part.split("</p>")[0] for part in home.split('class="tuile__suite"')[1:]]
    assert sum(counted in part for part in told) == home.count("plan_lits)") + home.count("caarud_activite)") > 0


def test_texts_are_in_both_languages() -> None:
    keys = [{key for key in catalogue(lang) if key.startswith("retours.")} for lang in LANGUAGES]
    assert keys[0] == keys[1] != set()


def test_of_measures_some_of_which_are_more_complete_it_says_whose_returns_it_tells() -> None:
    said = subtitle(rows(1, 3, indicateur=["i", "j"], periode_debut=pd.Timestamp("2026-09-01")), "fr")
    assert said == "1 déclaration utile sur 3 attendues pour la valeur la moins complète, valeurs provisoires"
    alike = subtitle(rows(1, 1, indicateur=["i", "j"], periode_debut=pd.Timestamp("2026-09-01")), "en")
    assert alike == "1 usable return of 3 expected, provisional values"
