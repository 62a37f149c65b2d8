"""What is read on the published values: courses towards the targets, control limits of daily attendance."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.integration.house import REFERENCE, House


@pytest.fixture(scope="module")
def data(demo: House) -> Path:
    return demo.releases / "2026.3.0+demo" / "data"


@pytest.fixture(scope="module")
def courses(data: Path) -> pd.DataFrame:
    return duckdb.sql(f"from '{data}/trajectoires.parquet'").df().set_index("objectif")


@pytest.fixture(scope="module")
def control(data: Path) -> pd.DataFrame:
    return duckdb.sql(f"from '{data}/controle_quotidien.parquet'").df()


def test_every_target_has_its_course(courses: pd.DataFrame) -> None:
    transcribed = pd.read_csv(REFERENCE / "objectifs.csv")["id"]
    assert set(courses.index) == set(transcribed)


def test_a_target_met_says_since_when_and_projects_nothing(courses: pd.DataFrame) -> None:
    met = courses[courses["etat"] == "atteinte"]
    assert len(met)
    assert met["depuis"].notna().all()
    assert met["projection"].isna().all()


def test_a_target_not_met_has_a_date_with_its_uncertainty_or_a_reason(courses: pd.DataFrame) -> None:
    awaited = courses[courses["etat"] == "non_atteinte"]
    dated = awaited[awaited["projection"].notna()]
    assert len(dated)
    assert (dated["projection_tot"] <= dated["projection"]).all()
    assert awaited[awaited["projection_tard"].isna()]["raison"].notna().all()


def test_actions_given_up_leave_no_date_for_all_of_them(courses: pd.DataFrame) -> None:
    found = courses.loc["actions_plan_crack", ["etat", "raison", "projection_tot", "projection"]]
    assert found.fillna("").tolist() == ["non_atteinte", "hors_de_portee", "", ""]


def test_a_delay_in_days_is_never_judged_on_another_level_or_unit(courses: pd.DataFrame) -> None:
    """The median delay is published by unit of a hospital, not for the region: nothing can be said of the region."""
    assert courses.loc["admission_5_jours", "etat"] == "indeterminee"
    assert courses.loc["admission_5_jours", "raison"] == "sans_serie"


def test_limits_start_anew_each_year_and_at_the_transfer(control: pd.DataFrame) -> None:
    days = control[(control["service_id"] == "espace-repos-chapelle") & (control["indicateur"] == "repos_passages")]
    starts = days.groupby("segment")["jour"].min().dt.strftime("%Y-%m-%d")
    assert {"2021-01-01", "2023-06-01", "2026-01-01"} <= set(starts)


def test_a_signal_agrees_with_its_limits(control: pd.DataFrame) -> None:
    above = control[control["signal"] == "au_dessus"]
    below = control[control["signal"] == "au_dessous"]
    plain = control[control["signal"] == "aucun"].dropna(subset=["valeur"])
    assert len(above)
    assert len(below)
    assert (above["valeur"] > above["limite_haute"]).all()
    assert (below["valeur"] < below["limite_basse"]).all()
    assert ((plain["valeur"] >= plain["limite_basse"]) & (plain["valeur"] <= plain["limite_haute"])).all()
    assert len(plain) > len(control) / 4


def test_no_secret_day_shows_its_value(data: Path, control: pd.DataFrame) -> None:
    secret = duckdb.sql(
        f"select indicateur, modalite as service_id, periode_debut::date as jour from '{data}/observations.parquet' "
        "where granularite = 'jour' and statut = 'secret'"
    ).df()
    assert len(secret)
    assert secret.merge(control, on=["indicateur", "service_id", "jour"])["valeur"].isna().all()
