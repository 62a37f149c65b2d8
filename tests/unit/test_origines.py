"""Real and simulated rows: never one line, one bar or one summary under the same name."""

from __future__ import annotations

import pandas as pd
import pytest
from test_figures_series import legend, line, role

from dashboard.figures.barres import barres
from dashboard.figures.series import quotidien, serie
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
