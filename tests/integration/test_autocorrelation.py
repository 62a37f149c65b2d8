"""Moran's I: exact on figures worked by hand and on a published example, and found again from the published files."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from publish.spatial import MINIMUM, Autocorrelation, autocorrelation
from tests.integration.house import House

RING = {str(place): [str((place - 1) % 20), str((place + 1) % 20)] for place in range(20)}
HALVES = [1.0] * 10 + [3.0] * 10


@pytest.fixture(scope="module")
def data(demo: House) -> Path:
    return demo.releases / "2026.3.0+demo" / "data"


@pytest.fixture(scope="module")
def published(data: Path) -> pd.DataFrame:
    return duckdb.sql(f"from '{data}/autocorrelation.parquet'").df()


def test_neighbours_that_all_differ_give_minus_one() -> None:
    found = autocorrelation([0.0, 1.0] * 10, RING)
    assert found.i == pytest.approx(-1.0)
    assert found.attendu == pytest.approx(-1 / 19, abs=1e-6)
    assert found.p == 0.002


def test_two_halves_of_a_ring_give_eight_tenths() -> None:
    """Sixteen of the twenty have two neighbours like them, four have one of each."""
    found = autocorrelation(HALVES, RING)
    assert found.i == pytest.approx(0.8)
    assert found.p == 0.002


def test_weights_are_row_standardised() -> None:
    """Twenty in a line: z is -1 then 1; the ends weigh their one neighbour 1, so that I = (2 + 16 + 0) / 20."""
    line = {str(place): [str(near) for near in (place - 1, place + 1) if 0 <= near < 20] for place in range(20)}
    assert autocorrelation(HALVES, line).i == pytest.approx(18 / 20)


def test_published_example_of_sudden_infant_deaths() -> None:
    """North Carolina 1974, first example of esda that replicates OpenGeoDa: I = 0.248."""
    from libpysal import examples, io

    with closing(io.open(examples.get_path("sids2.gal"))) as file:
        weights = file.read()
    with closing(io.open(examples.get_path("sids2.dbf"))) as table:
        rates = np.array(table.by_col("SIDR74"))
    found = autocorrelation(rates.tolist(), {code: weights.neighbors[code] for code in weights.id_order})
    assert found.i == pytest.approx(0.248, abs=5e-4)
    assert found.p is not None
    assert found.p <= 0.01


def test_too_few_or_equal_territories_give_a_reason() -> None:
    few = {code: near for code, near in RING.items() if int(code) < MINIMUM - 1}
    assert autocorrelation(HALVES[:-1], few) == Autocorrelation(raison="trop_peu_de_territoires")
    assert autocorrelation([2.0] * 20, RING) == Autocorrelation(raison="non_calculable")


def test_draws_are_the_same_each_time_and_leave_the_generator_as_it_was() -> None:
    values = np.random.default_rng(5).normal(size=20).tolist()
    np.random.seed(11)
    first = autocorrelation(values, RING)
    left = np.random.random()
    np.random.seed(11)
    assert left == np.random.random()
    assert autocorrelation(values, RING) == first


def test_anyone_finds_the_same_index_from_the_published_files(data: Path, published: pd.DataFrame) -> None:
    near = _neighbours(data)
    rows = duckdb.sql(
        f"select * from read_csv('{data}/observations.csv', types = {{'territoire_code': 'varchar'}}) "
        "where indicateur in ('scenes_presence_max', 'scenes_part_jours_actifs') and granularite = 'trimestre' "
        "and ventilation = 'ensemble' and territoire_niveau in ('arrondissement', 'commune') "
        "and left(territoire_code, 2) in ('75', '92', '93', '94')"
    ).df()
    quarters = dict(list(rows.groupby(["indicateur", "periode"])))
    assert len(published) == len(quarters)
    for row in published.itertuples():
        quarter = quarters[row.indicateur, row.periode]
        values = quarter.dropna(subset=["valeur"]).set_index("territoire_code")["valeur"].to_dict()
        linked = {code: [other for other in near[code] if other in values] for code in values}
        linked = {code: others for code, others in linked.items() if others}
        assert (row.territoires, row.isoles) == (len(linked), len(values) - len(linked))
        assert row.secrets == (quarter["statut"] == "secret").sum()
        assert len(quarter) == len(values) + row.secrets + row.non_rapportes + row.non_applicables
        if len(linked) >= 20:
            assert row.i == pytest.approx(_by_hand(values, linked), abs=1e-6)
        else:
            assert row.raison == "trop_peu_de_territoires"
            assert np.isnan(row.i)


def test_both_answers_are_given_somewhere(published: pd.DataFrame) -> None:
    assert published["i"].notna().any()
    assert (published["raison"] == "trop_peu_de_territoires").any()
    assert set(published["origine"]) == {"simule"}
    assert published.groupby("indicateur")["provisoire"].sum().min() >= 1


def test_nothing_imports_esda_before_it_is_needed() -> None:
    script = "import sys, observatoire, publish.release; sys.exit('esda' in sys.modules or 'libpysal' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def _neighbours(data: Path) -> dict[str, list[str]]:
    near: dict[str, list[str]] = defaultdict(list)
    pairs = duckdb.sql(
        f"select code, voisin_code from read_csv('{data}/adjacences.csv', all_varchar = true)"
    ).fetchall()
    for code, other in pairs:
        near[code].append(other)
    return near


def _by_hand(values: dict[str, float], linked: dict[str, list[str]]) -> float:
    """The formula itself, over the territories that have a neighbour: the weights add up to their number."""
    mean = sum(values[code] for code in linked) / len(linked)
    products = sum(
        (values[code] - mean) * (values[other] - mean) / len(others)
        for code, others in linked.items()
        for other in others
    )
    return products / sum((values[code] - mean) ** 2 for code in linked)
