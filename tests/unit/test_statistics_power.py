"""The published size and power are those that the committed script computes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from etl.statistics.power import (
    COUNTS,
    OF_SHARES,
    SEED,
    Result,
    Scenario,
    draw,
    draw_shares,
    measure,
    measure_shares,
    read_csv,
    scenarios,
    table,
    tables,
    write_csv,
)

DOCS = Path(__file__).parents[2] / "docs"
PUBLISHED = read_csv(DOCS / "statistics_power.csv")
KEPT = [row for row in PUBLISHED if row.methode == "retenu"]


def test_the_documentation_shows_the_results_of_the_file() -> None:
    text = (DOCS / "statistics.md").read_text("utf-8")
    assert all(part in text for part in tables(PUBLISHED).split("\n\n"))


def test_a_scenario_computed_again_gives_what_is_published() -> None:
    rank = 40
    scenario = list(scenarios(COUNTS))[rank]
    again = {row.methode: row for row in measure(scenario, series=2000, rng=np.random.default_rng([SEED, rank]))}
    published = [row for row in PUBLISHED if row.methode in again and same(row, scenario)]
    assert len(published) == 6
    for row in published:
        found = again[row.methode]
        # A p-value on the very edge may fall on either side, from one machine to another.
        assert (found.part_hausse, found.part_baisse) == pytest.approx((row.part_hausse, row.part_baisse), abs=0.002)


def same(row: Result, scenario: Scenario) -> bool:
    told = (row.points, row.moyenne, row.correlation, row.evolution_par_an)
    return told == (scenario.points, scenario.mean, scenario.correlation, round(scenario.change - 1, 4))


def test_what_is_claimed_of_the_test_kept() -> None:
    """Size at most 5 % up to a correlation of 0.3, and one trend in two found from 16 quarters on for counts of 30."""
    none = [row for row in KEPT if row.evolution_par_an == 0]
    assert max(row.part_hausse + row.part_baisse for row in none if row.correlation < 0.5) <= 0.05
    assert max(row.part_hausse + row.part_baisse for row in none) < 0.12
    long = [row for row in KEPT if row.points >= 16 and row.moyenne >= 30 and row.evolution_par_an != 0]
    assert min(max(row.part_hausse, row.part_baisse) for row in long) > 0.5


def test_counts_are_drawn_with_the_moments_of_their_scenario() -> None:
    counts = draw(Scenario(8, 30.0, 3.0, 0.6, 1.0), series=20_000, rng=np.random.default_rng(1))
    middle = counts[:, 1]  # where the season is nil
    assert middle.mean() == pytest.approx(30, rel=0.02)
    assert middle.var() / middle.mean() == pytest.approx(3, rel=0.05)
    assert np.corrcoef(counts[:, 3], counts[:, 4])[0, 1] == pytest.approx(0.6 * 2 / 3, abs=0.04)


def test_shares_are_drawn_with_the_moments_of_their_scenario() -> None:
    counts = draw_shares(Scenario(8, 30.0, 3.0, 0.0, 1.0), series=5_000, rng=np.random.default_rng(1))[:, 1]
    assert counts.mean() == pytest.approx(30, rel=0.02)
    assert counts.var() / (100 * 0.3 * 0.7) == pytest.approx(3, rel=0.08)


def test_shares_are_measured_by_the_same_test() -> None:
    rising = Scenario(16, 60.0, 2.0, 0.0, 2.0)
    found = measure_shares(rising, series=20, rng=np.random.default_rng(1))
    assert (found.methode, found.part_hausse, found.part_baisse) == (OF_SHARES, 1, 0)


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_csv(PUBLISHED, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == (DOCS / "statistics_power.csv").read_bytes()


def test_a_cell_is_the_size_and_the_mean_power() -> None:
    none = Result("m", 8, 5.0, 1.5, 0.0, 0.0, 0.02, 0.01)
    fall, rise = replace(none, evolution_par_an=-0.25, part_baisse=0.4), replace(none, evolution_par_an=0.3333)
    assert "| 3.0 / 21 |" in table([none, fall, replace(rise, part_hausse=0.02)])
