"""The published trends: from published values alone, and told in words that its polarity allows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from etl.statistics import count_trends, panel_of, share_trends
from tests.integration.house import House

KEY = ["indicateur", "territoire_niveau", "territoire_code", "ventilation", "modalite"]


@pytest.fixture(scope="module")
def data(demo: House) -> Path:
    return demo.releases / "2026.3.0+demo" / "data"


@pytest.fixture(scope="module")
def tendances(data: Path) -> pd.DataFrame:
    return duckdb.sql(f"from '{data}/tendances.parquet'").df()


def test_anyone_finds_the_same_trends_from_the_published_file(data: Path, tendances: pd.DataFrame) -> None:
    for genre, indicator, test in (
        ("part", "lits_part_admis_5_jours", share_trends),
        ("effectif", "repos_passages", count_trends),
    ):
        series = duckdb.sql(
            f"select * from read_csv('{data}/observations.csv', types = {{'territoire_code': 'varchar'}}) "
            f"where indicateur = '{indicator}' and granularite = 'trimestre'"
        ).df()
        if genre == "effectif":
            series["denominateur"] = float("nan")
        # A quarter that the feed begins in is not whole.
        series = series.merge(tendances[[*KEY, "premier_trimestre"]], on=KEY)
        keys, panel = panel_of(series[series["periode"] >= series["premier_trimestre"]], KEY)
        again = keys.assign(direction=[trend.direction for trend in test(panel)])
        published = tendances.merge(again, on=KEY, suffixes=("", "_relue"))
        assert len(published) == len(again) > 0
        assert (published["direction"] == published["direction_relue"]).all()


def test_no_trend_begins_in_a_quarter_that_its_feed_begins_in(data: Path, tendances: pd.DataFrame) -> None:
    first = duckdb.sql(
        f"select source, max(debut) as debut from (select source, min(periode_debut) as debut "
        f"from '{data}/observations.parquet' group by source, granularite) group by source"
    ).df()
    begun = tendances.merge(first, on="source")
    quarters = pd.PeriodIndex(begun["premier_trimestre"].str.replace("-T", "Q"), freq="Q").start_time
    assert (quarters >= pd.to_datetime(begun["debut"])).all()
    assert tendances.query("indicateur == 'maraudes_contacts'")["premier_trimestre"].min() == "2019-T4"


def test_each_kind_of_answer_is_given_somewhere(tendances: pd.DataFrame) -> None:
    assert {"hausse", "sans_tendance_demontree", "indeterminee"} <= set(tendances["direction"])
    assert {"trop_de_secrets", "trop_court"} <= set(tendances["raison"].dropna())


def test_nothing_is_better_or_worse_without_a_polarity(data: Path, tendances: pd.DataFrame) -> None:
    polarity = duckdb.sql(f"select indicateur, polarite from '{data}/indicateurs.parquet'").df()
    neutral = tendances.merge(polarity, on="indicateur").query("polarite == 'aucune'")
    assert len(neutral)
    assert not neutral["formulation"].str.contains("favorable").any()


def test_stocks_and_medians_are_not_tested(tendances: pd.DataFrame) -> None:
    assert not {"lits_finances", "lits_identifies", "lits_delai_median_jours"} & set(tendances["indicateur"])
