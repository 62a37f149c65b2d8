"""Comparisons and wordings, as tables."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from etl.statistics import compare, compare_to_target, is_shortlisted, wording
from schemas.contract import ROOT
from schemas.errors import ContractBroken


def codes(name: str) -> list[str]:
    return [entry["value"] for entry in json.loads(Path(ROOT / "codes" / f"{name}.json").read_text("utf-8"))]


@pytest.mark.parametrize(
    ("polarity", "low", "high", "expected"),
    [
        ("hausse_favorable", 11, 15, "meilleur"),
        ("hausse_favorable", 5, 9, "moins_bon"),
        ("baisse_favorable", 11, 15, "moins_bon"),
        ("baisse_favorable", 5, 9, "meilleur"),
        ("aucune", 11, 15, "superieur"),
        ("aucune", 5, 9, "inferieur"),
        ("hausse_favorable", 9, 11, "similaire"),
        ("hausse_favorable", 10, 12, "similaire"),
        ("hausse_favorable", 8, 10, "similaire"),
        ("hausse_favorable", np.nan, 12, "indetermine"),
    ],
)
def test_an_interval_is_compared_with_a_benchmark_of_ten(polarity: str, low: float, high: float, expected: str) -> None:
    assert compare([low], [high], 10.0, polarity=polarity).tolist() == [expected]


def test_a_benchmark_that_is_absent_leaves_nothing_to_say() -> None:
    assert compare([1.0], [2.0], [np.nan], polarity="aucune").tolist() == ["indetermine"]


def test_every_polarity_of_the_list_is_known_and_no_other() -> None:
    for polarity in codes("polarite"):
        assert compare([1.0], [2.0], 3.0, polarity=polarity)[0] in ("meilleur", "moins_bon", "inferieur")
    with pytest.raises(ContractBroken, match="favorable"):
        compare([1.0], [2.0], 3.0, polarity="up")


NAN = np.nan


@pytest.mark.parametrize(
    ("operator", "value", "low", "high", "expected"),
    [
        (">=", 12, 10, 14, "atteinte"),
        (">", 12, 10, 14, "dans_l_intervalle"),
        (">=", 12, 9, 14, "dans_l_intervalle"),
        (">=", 8, 7, 9.9, "non_atteinte"),
        (">=", 10, NAN, NAN, "atteinte"),
        (">", 10, NAN, NAN, "non_atteinte"),
        ("<", 8, 7, 9.9, "atteinte"),
        ("<", 8, 7, 10, "dans_l_intervalle"),
        ("<=", 8, 7, 10, "atteinte"),
        ("<", 12, 11, 13, "non_atteinte"),
        ("=", 10, NAN, NAN, "atteinte"),
        ("=", 9, NAN, NAN, "non_atteinte"),
        ("=", 10, 9, 11, "dans_l_intervalle"),
        ("=", 8, 7, 9, "non_atteinte"),
        (">=", NAN, NAN, NAN, "indetermine"),
    ],
)
def test_an_interval_is_compared_with_a_target_of_ten(
    operator: str, value: float, low: float, high: float, expected: str
) -> None:
    assert compare_to_target([value], [low], [high], target=10, operator=operator).tolist() == [expected]


def test_every_operator_of_the_list_is_known_and_no_other() -> None:
    for operator in codes("operateur_cible"):
        compare_to_target([1.0], [NAN], [NAN], target=10, operator=operator)
    with pytest.raises(ContractBroken, match="≥"):
        compare_to_target([1.0], [NAN], [NAN], target=10, operator="≥")


@pytest.mark.parametrize(
    ("direction", "polarity", "expected"),
    [
        ("hausse", "hausse_favorable", "hausse_favorable"),
        ("hausse", "baisse_favorable", "hausse_defavorable"),
        ("hausse", "aucune", "hausse_neutre"),
        ("baisse", "hausse_favorable", "baisse_defavorable"),
        ("baisse", "baisse_favorable", "baisse_favorable"),
        ("baisse", "aucune", "baisse_neutre"),
        ("sans_tendance_demontree", "hausse_favorable", "sans_tendance_demontree"),
        ("indeterminee", "aucune", "indeterminee"),
    ],
)
def test_a_trend_is_good_or_bad_only_by_its_polarity(direction: str, polarity: str, expected: str) -> None:
    assert wording(direction, polarity) == expected


def test_an_unknown_direction_is_refused() -> None:
    with pytest.raises(ContractBroken, match="stable"):
        wording("stable", "aucune")


@pytest.mark.parametrize(
    ("comparison", "told", "expected"),
    [
        ("moins_bon", "hausse_defavorable", True),
        ("moins_bon", "baisse_favorable", False),
        ("similaire", "hausse_defavorable", False),
        ("inferieur", "baisse_neutre", False),
    ],
)
def test_the_shortlist_is_worse_and_worsening(comparison: str, told: str, expected: bool) -> None:
    assert is_shortlisted(comparison, told) is expected
