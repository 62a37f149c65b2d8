"""Figures of the plan and of prices: each status its own filling, each absence its word, no line between prices."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.figures.plan import FILLINGS, budget, statuts
from dashboard.figures.prix import prix


def steps(**values: list[float | None]) -> pd.DataFrame:
    """Two periods of several steps; None was not reported."""
    rows = [
        {
            "periode": f"2026-T{place + 1}",
            "etape": step,
            "nom": step,
            "valeur": float("nan") if value is None else value,
            "statut": "non_rapporte" if value is None else "valeur" if value else "zero",
            "provisoire": place == 1,
        }
        for step, series in values.items()
        for place, value in enumerate(series)
    ]
    return pd.DataFrame(rows)


def test_carried_out_and_partly_carried_out_are_two_bars_that_look_different() -> None:
    figure = statuts(steps(realisee=[3, 4], partiellement_realisee=[2, 1]), lang="fr", unit_label="actions")
    bars = {trace["name"]: trace for trace in figure["data"] if trace.get("hovertext")}
    assert bars["realisee"]["y"] == [3, 4]
    assert bars["partiellement_realisee"]["y"] == [2, 1]
    assert "pattern" not in bars["realisee"]["marker"]
    assert bars["partiellement_realisee"]["marker"]["pattern"]["shape"] == "/"
    assert len(set(FILLINGS.values())) == len(FILLINGS)


def test_a_period_not_reported_has_a_word_and_no_bar() -> None:
    figure = budget(steps(prevu=[1.5, 2.0], depense=[None, 3.0]), lang="fr", unit_label="millions d'euros")
    (spent,) = (trace for trace in figure["data"] if trace["name"] == "depense")
    assert spent["y"] == [None, 3.0]
    assert "non rapporté" in spent["hovertext"][0]
    assert [note["x"] for note in figure["layout"]["annotations"] if note["text"] == "non rapporté"] == [0]


def test_a_provisional_period_is_shaded() -> None:
    figure = statuts(steps(realisee=[3, 4]), lang="en", unit_label="actions")
    assert [(shape["x0"], shape["x1"]) for shape in figure["layout"]["shapes"]] == [(0.5, 1.5)]


def prices() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "semestre": ["2025-S1", "2025-S2", "2026-S1"],
            "prix_min": [10.0, None, 12.0],
            "prix_median": [20.0, None, 21.0],
            "prix_max": [30.0, None, 35.0],
            "absence": ["", "non disponible", ""],
        }
    )


def test_prices_are_ranges_with_a_median_and_no_line_between_half_years() -> None:
    figure = prix(prices(), lang="fr", unit_label="euros la dose")
    ranges, medians = figure["data"]
    assert ranges["y"] == [10.0, 30.0, None, 12.0, 35.0, None]
    assert medians["mode"] == "markers"
    assert medians["y"] == [20.0, 21.0]
    assert "de 12 à 35" in medians["hovertext"][1]
    assert [note["x"] for note in figure["layout"]["annotations"] if note["text"] == "non disponible"] == ["2025-S2"]


def test_no_price_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="no price"):
        prix(prices().assign(prix_median=float("nan")), lang="fr", unit_label="euros la dose")
